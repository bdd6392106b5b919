"""Boundaries from GeoJSON: brought to WGS84, mended where they can be, and every mending said.

Nothing here touches the database; `imports` stores what this module read.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from wangge.common.refusals import Refused
from wangge.territory import codes
from wangge.territory.coordinates import CRS, all_to_wgs84
from wangge.territory.files import read_text
from wangge.territory.levels import level_from
from wangge.territory.row_errors import RowError
from wangge.territory.shapes import area_m2, polygons_of, rounded, together

LIMIT_MB = 200
SLIVER_M2 = 1.0  # parts and holes smaller than this are traces of drawing, not land

# Names of coordinate systems a file may declare that mean plain longitude and latitude (CGCS2000 counts as WGS84).
_PLAIN_DEGREES = ("CRS84", "4326", "4490")


@dataclass(frozen=True)
class PropertyNames:
    """Under which property names to look, first found first served."""

    code: tuple[str, ...] = (
        "code",
        "adcode",
        "gridcode",
        "grid_code",
        "编码",
        "代码",
        "网格编码",
        "区划代码",
        "id",
    )
    name: tuple[str, ...] = ("name", "gridname", "grid_name", "名称", "网格名称")
    level: tuple[str, ...] = ("level", "层级", "级别")
    parent: tuple[str, ...] = (
        "parent_code",
        "parent",
        "parentcode",
        "pcode",
        "上级编码",
        "上级",
        "所属社区编码",
    )


@dataclass(frozen=True)
class BoundaryRow:
    """One boundary ready to be stored: geometry is a valid polygon or multipolygon in WGS84 degrees."""

    row: int
    code: str
    name: str
    level: str
    parent_code: str | None
    geometry: BaseGeometry
    notes: tuple[str, ...] = field(default=())


def read_boundaries(
    source: Path | BinaryIO,
    crs: CRS,
    *,
    level: str | None = None,
    names: PropertyNames | None = None,
    limit_mb: int = LIMIT_MB,
) -> tuple[list[BoundaryRow], list[RowError]]:
    """Rows and errors of a GeoJSON file whose degrees are in `crs`; a parent may come after its children.

    `level` is for files whose features do not name theirs. Raises `Refused` where the file as a whole cannot be read.
    """
    drafts: list[BoundaryRow] = []
    errors: list[RowError] = []
    first_row_of: dict[str, int] = {}
    for number, feature in enumerate(_features(read_text(source, limit_mb)), start=1):
        try:
            draft = _draft(number, feature, level, names or PropertyNames())
            if earlier := first_row_of.get(draft.code):
                raise Refused(
                    _("Code %(code)s was already used by row %(row)s.")
                    % {"code": draft.code, "row": earlier},
                    "code",
                )
        except Refused as refusal:
            errors.append(RowError(number, refusal.field or "", str(refusal)))
            continue
        first_row_of[draft.code] = number
        drafts.append(draft)
    rows = _in_wgs84(drafts, crs, errors)
    return rows, sorted(errors, key=lambda error: error.row)


def _in_wgs84(drafts: Sequence[BoundaryRow], crs: CRS, errors: list[RowError]) -> list[BoundaryRow]:
    """The drafts with their geometry brought to WGS84, all corners at once, then rounded and mended one by one."""
    shapes = np.array([draft.geometry for draft in drafts], dtype=object)
    moved = shapely.transform(shapes, lambda d: np.column_stack(all_to_wgs84(d[:, 0], d[:, 1], crs)))
    rows: list[BoundaryRow] = []
    for draft, shape in zip(drafts, moved.tolist(), strict=True):
        try:
            geometry, notes = _mended(rounded(shape))
        except Refused as refusal:
            errors.append(RowError(draft.row, refusal.field or "", str(refusal)))
            continue
        rows.append(replace(draft, geometry=geometry, notes=tuple(notes)))
    return rows


def _features(text: str) -> Iterator[Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(_("This is not GeoJSON: %(why)s.") % {"why": error}) from error
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        raise Refused(_("This is not a GeoJSON collection of features (FeatureCollection)."))
    _refuse_projected(content.get("crs"))
    return iter(content["features"])


def _refuse_projected(declared: Any) -> None:
    if declared and not any(plain in json.dumps(declared) for plain in _PLAIN_DEGREES):
        raise Refused(
            _(
                "The file says that its coordinates are %(crs)s. Export it in degrees of longitude and latitude."
            )
            % {"crs": json.dumps(declared, ensure_ascii=False)[:120]},
            "crs",
        )


def _draft(number: int, feature: Any, level: str | None, names: PropertyNames) -> BoundaryRow:
    """What the feature says, its polygons still in the degrees of the file."""
    if not isinstance(feature, dict):
        raise Refused(_("This is not a feature."))
    properties = feature.get("properties")
    properties = (
        {str(key).lower(): value for key, value in properties.items()} if isinstance(properties, dict) else {}
    )
    raw_code = _text(properties, names.code) or ("" if feature.get("id") is None else str(feature["id"]))
    found = level or level_from(_text(properties, names.level)) or codes.level_of(raw_code)
    if found is None:
        raise Refused(
            _("The level of “%(code)s” is not known. Name it with --level.") % {"code": raw_code}, "level"
        )
    code = codes.checked(raw_code, found)
    geometry = _read_geometry(feature.get("geometry"))
    name = _text(properties, names.name)[:100]
    return BoundaryRow(number, code, name, found, _parent(properties, names), geometry)


def _parent(properties: dict[str, Any], names: PropertyNames) -> str | None:
    """The parent's code; the widespread DataV files wrap it as {"parent": {"adcode": 370000}}."""
    wrapped = properties.get("parent")
    if isinstance(wrapped, dict):
        return _text(wrapped, names.code) or None
    return _text(properties, names.parent) or None


def _text(properties: dict[str, Any], names: tuple[str, ...]) -> str:
    """The first property that says something, as text; a whole number loses the .0 that some programs add."""
    for name in names:
        value = properties.get(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, (str, int, float)) and str(value).strip():
            return str(value).strip()
    return ""


def _read_geometry(geometry: Any) -> BaseGeometry:
    """Its polygons, perhaps invalid still."""
    if not geometry:
        raise Refused(_("There is no boundary."), "geometry")
    try:
        shape = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except GEOSException as error:
        raise Refused(_("The boundary cannot be read: %(why)s.") % {"why": error}, "geometry") from error
    polygons = polygons_of(shape)
    if not len(polygons) and not shape.is_empty:
        raise Refused(_("The boundary is a %(type)s, not an area.") % {"type": shape.geom_type}, "geometry")
    if not len(polygons) or shape.is_empty:
        raise Refused(_("The boundary is empty."), "geometry")
    _refuse_impossible_degrees(shape)
    return together(polygons)


def _refuse_impossible_degrees(shape: BaseGeometry) -> None:
    west, south, east, north = shape.bounds
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        raise Refused(_("The boundary has a corner that is not a number."), "geometry")
    if south >= 72 and north <= 138 and west >= 0 and east <= 56:
        raise Refused(_("Longitude and latitude look swapped. Longitude comes first."), "geometry")
    if max(abs(west), abs(east)) > 1000:
        raise Refused(
            _("The boundary is in metres. Export it in degrees of longitude and latitude."), "geometry"
        )
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise Refused(_("The boundary leaves the Earth: %(box)s.") % {"box": shape.bounds}, "geometry")


def _mended(shape: BaseGeometry) -> tuple[BaseGeometry, list[str]]:
    """A valid area and what was done to it. Raises `Refused` where no area is left."""
    notes: list[str] = []
    if not shape.is_valid:
        before, why = area_m2(shape), shapely.is_valid_reason(shape)
        polygons = polygons_of(shapely.make_valid(shape, method="structure", keep_collapsed=False))
        shape = together(polygons)
        notes.append(
            _("Mended (%(why)s): %(before).0f m² became %(after).0f m².")
            % {"why": why, "before": before, "after": area_m2(shape)}
        )
    shape, dropped = _without_slivers(shape)
    if dropped:
        notes.append(_("Left out %(count)s parts or holes smaller than a square metre.") % {"count": dropped})
    if shape.is_empty:
        raise Refused(_("The boundary encloses less than a square metre."), "geometry")
    return shape, notes


def _without_slivers(shape: BaseGeometry) -> tuple[BaseGeometry, int]:
    parts = polygons_of(shape)
    kept = [part for part in parts if area_m2(part) >= SLIVER_M2]
    dropped = len(parts) - len(kept)
    whole: list[BaseGeometry] = []
    for part in kept:
        holes = [hole for hole in part.interiors if area_m2(shapely.Polygon(hole)) >= SLIVER_M2]
        dropped += len(part.interiors) - len(holes)
        whole.append(shapely.Polygon(part.exterior, holes) if len(holes) < len(part.interiors) else part)
    if not dropped:
        return shape, 0
    return together(np.array(whole, dtype=object)) if whole else shapely.MultiPolygon(), dropped
