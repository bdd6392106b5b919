"""Boundaries from files: brought to WGS84, mended where they can be, and every mending said.

Nothing here touches the database; `imports` stores what this module read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import shapely
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from shapely.geometry.base import BaseGeometry

from wangge.common.refusals import Refused
from wangge.territory import codes
from wangge.territory.coordinates import CRS
from wangge.territory.formats.contents import Feature, geometry_of
from wangge.territory.formats.opening import LIMIT_MB, opened
from wangge.territory.formats.streaming import open_geojson
from wangge.territory.levels import kind_from, level_from
from wangge.territory.models import Level
from wangge.territory.row_errors import RowError
from wangge.territory.shapes import area_m2, polygons_of, rounded, together
from wangge.territory.systems import System, settled, to_wgs84

MANY = 500  # features brought to WGS84 at a time: the arrays of a whole province would fill the memory
SLIVER_M2 = 1.0  # parts and holes smaller than this are traces of drawing, not land
# By what GEOS calls it.
_FAULTS = {
    "Self-intersection": pgettext_lazy("boundary", "crosses itself"),
    "Ring Self-intersection": pgettext_lazy("boundary", "touches itself"),
    "Hole lies outside shell": pgettext_lazy("boundary", "a hole lies outside"),
    "Holes are nested": pgettext_lazy("boundary", "a hole in a hole"),
    "Interior is disconnected": pgettext_lazy("boundary", "holes cut it in two"),
    "Nested shells": pgettext_lazy("boundary", "one part inside another"),
    "Duplicate Rings": pgettext_lazy("boundary", "one part twice"),
    "Too few points in geometry component": pgettext_lazy("boundary", "too few corners"),
}


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
    kind: tuple[str, ...] = ("kind", "网格类别", "类别")
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
    kind: str | None = None  # of a grid, where the file says it


def read_boundaries(
    source: Path | BinaryIO,
    crs: System | None = None,
    *,
    level: str | None = None,
    names: PropertyNames | None = None,
    limit_mb: int = LIMIT_MB,
) -> tuple[list[BoundaryRow], list[RowError]]:
    """Rows and errors of a file, or of a stream of GeoJSON; `crs` is needed where the file does not say it.

    Raises `Refused` where the file as a whole cannot be read.
    """
    if not isinstance(source, Path):
        contents = open_geojson(source, limit_mb)
        return boundaries_of(contents.features, settled(crs, contents.system), level=level, names=names)
    with opened(source, limit_mb=limit_mb) as contents:
        return boundaries_of(contents.features, settled(crs, contents.system), level=level, names=names)


def boundaries_of(
    features: Iterable[Feature],
    system: System,
    *,
    level: str | None = None,
    names: PropertyNames | None = None,
) -> tuple[list[BoundaryRow], list[RowError]]:
    """Rows and errors of features whose coordinates are in `system`; a parent may come after its children.

    `level` is for files whose features do not name theirs.
    """
    rows: list[BoundaryRow] = []
    errors: list[RowError] = []
    drafts = _drafts(features, system, level, names or PropertyNames(), errors)
    while some := list(islice(drafts, MANY)):
        rows += _in_wgs84(some, system, errors)
    return rows, sorted(errors, key=lambda error: error.row)


def _drafts(
    features: Iterable[Feature],
    system: System,
    level: str | None,
    names: PropertyNames,
    errors: list[RowError],
) -> Iterator[BoundaryRow]:
    """What the features say, their polygons still in the coordinates of the file."""
    first_row_of: dict[str, int] = {}
    for feature in features:
        try:
            draft = _draft(feature, level, names, isinstance(system, CRS))
            _refuse_repeated(draft.code, first_row_of)
        except Refused as refusal:
            errors.append(RowError(feature.row, refusal.field or "", str(refusal)))
            continue
        first_row_of[draft.code] = feature.row
        yield draft


def _refuse_repeated(code: str, first_row_of: Mapping[str, int]) -> None:
    if earlier := first_row_of.get(code):
        raise Refused(
            _("Code %(code)s was already used by row %(row)s.") % {"code": code, "row": earlier}, "code"
        )


def _in_wgs84(drafts: Sequence[BoundaryRow], system: System, errors: list[RowError]) -> list[BoundaryRow]:
    """The drafts with their geometry brought to WGS84, all corners at once, then rounded and mended one by one."""
    shapes = np.array([draft.geometry for draft in drafts], dtype=object)
    moved = shapely.transform(shapes, lambda d: np.column_stack(to_wgs84(d[:, 0], d[:, 1], system)))
    rows: list[BoundaryRow] = []
    for draft, shape in zip(drafts, moved.tolist(), strict=True):
        try:
            _refuse_off_earth(shape)
            geometry, notes = _mended(rounded(shape))
        except Refused as refusal:
            errors.append(RowError(draft.row, refusal.field or "", str(refusal)))
            continue
        rows.append(replace(draft, geometry=geometry, notes=tuple(notes)))
    return rows


def _draft(feature: Feature, level: str | None, names: PropertyNames, in_degrees: bool) -> BoundaryRow:
    if feature.fault:
        raise Refused(feature.fault)
    said = feature.properties
    raw_code = _text(said, names.code)
    found = level or level_from(_text(said, names.level)) or codes.level_of(raw_code)
    if found is None:
        raise Refused(
            _("The level of “%(code)s” is not known. Please name it.") % {"code": raw_code}, "level"
        )
    code = codes.checked(raw_code, found)
    geometry = _area_of(feature)
    _refuse_impossible(geometry, in_degrees)
    return BoundaryRow(
        feature.row,
        code,
        _text(said, names.name)[:100],
        found,
        _parent(said, names),
        geometry,
        kind=kind_from(_text(said, names.kind)) if found in (Level.GRID, Level.MICRO) else None,
    )


def _parent(properties: Mapping[str, Any], names: PropertyNames) -> str | None:
    """The parent's code; the widespread DataV files wrap it as {"parent": {"adcode": 370000}}."""
    wrapped = properties.get("parent")
    if isinstance(wrapped, dict):
        return _text(wrapped, names.code) or None
    return _text(properties, names.parent) or None


def _text(properties: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """The first property that says something, as text; a whole number loses the .0 that some programs add."""
    for name in names:
        value = properties.get(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, (str, int, float)) and str(value).strip():
            return str(value).strip()
    return ""


def _area_of(feature: Feature) -> BaseGeometry:
    """Its polygons, perhaps invalid still."""
    shape = geometry_of(feature)
    if shape is None:
        raise Refused(_("There is no boundary."), "geometry")
    polygons = polygons_of(shape)
    if not len(polygons) and not shape.is_empty:
        raise Refused(_("The boundary is a %(type)s, not an area.") % {"type": shape.geom_type}, "geometry")
    if not len(polygons) or shape.is_empty:
        raise Refused(_("The boundary is empty."), "geometry")
    return together(polygons)


def _refuse_impossible(shape: BaseGeometry, in_degrees: bool) -> None:
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        raise Refused(_("The boundary has a corner that is not a number."), "geometry")
    west, south, east, north = shape.bounds
    if in_degrees and south >= 72 and north <= 138 and west >= 0 and east <= 56:
        raise Refused(_("Longitude and latitude look swapped. Longitude comes first."), "geometry")
    if in_degrees and max(abs(west), abs(east)) > 1000:
        raise Refused(in_metres(west), "geometry")


def in_metres(x: float) -> str:
    """What to do about coordinates that are metres; eight digits begin with the number of their three-degree zone."""
    zone = int(x // 1_000_000)
    if 25 <= zone <= 45:
        return _("The coordinates are in metres, by their first digits epsg:%(code)s. Please name it.") % {
            "code": 4488 + zone
        }
    return _(
        "The coordinates are in metres. Please name their system, such as epsg:4548 for the meridian 117°E."
    )


def _refuse_off_earth(shape: BaseGeometry) -> None:
    west, south, east, north = shape.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        box = ", ".join(f"{side:.6g}" for side in shape.bounds)
        raise Refused(_("The boundary leaves the Earth: %(box)s.") % {"box": box}, "geometry")


def _fault_of(shape: BaseGeometry) -> str:
    """What is wrong with an area and where, in words; GEOS says ``Self-intersection[118.9 32.9]``."""
    said = shapely.is_valid_reason(shape)
    kind, _bracket, place = said.partition("[")
    words = str(_FAULTS.get(kind, kind))
    return ", ".join([words, *(f"{float(axis):.5f}" for axis in place.rstrip("]").split()[:2])])


def _mended(shape: BaseGeometry) -> tuple[BaseGeometry, list[str]]:
    """A valid area and what was done to it. Raises `Refused` where no area is left."""
    notes: list[str] = []
    if not shape.is_valid:
        before, why = area_m2(shape), _fault_of(shape)
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
