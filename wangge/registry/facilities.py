"""Facilities from a file of points: CSV with lon and lat, or whatever else holds points. All rows or none, repeatable."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.models import Unit
from wangge.audit.actions import record_access
from wangge.common.refusals import Refused
from wangge.registry.models import Facility, FacilityClass
from wangge.registry.parts_data import STANDARD, read_parts
from wangge.territory import lookup
from wangge.territory.bulk import Outcome
from wangge.territory.cells import cell
from wangge.territory.formats.contents import Feature, geometry_of
from wangge.territory.formats.opening import opened
from wangge.territory.row_errors import RowError, RowsRefused
from wangge.territory.systems import System, settled, to_wgs84

BATCH = 5000
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "部件编码", "部件标识码", "标识码", "编码"),
    "class": ("class", "class_code", "部件类别", "类别代码", "小类代码", "类别", "部件名称"),
    "state": ("state", "部件状态", "状态"),
    "unit": ("unit", "unit_code", "养护单位", "权属单位", "主管部门", "单位"),
    "surveyed_on": ("surveyed_on", "普查日期", "调查日期", "采集日期"),
    "note": ("note", "备注"),
}
STATES: Mapping[str, str] = {
    "完好": "sound", "破损": "damaged", "丢失": "lost", "废弃": "abandoned", "移除": "removed",
    **{state: state for state in Facility.State.values},
}  # fmt: skip
CODE = re.compile(r"[0-9A-Za-z]{4,17}")
# Where a file says nothing, a facility that is known keeps what it has.
_KEPT = ("state", "unit_id", "surveyed_on", "note")


@dataclass(frozen=True)
class Told:
    """What a file brought, and how many of its points lie in no grid."""

    outcome: Outcome
    outside: int


@dataclass
class _Row:
    row: int
    values: dict[str, Any]


def store_classes() -> dict[str, int]:
    """Store what is missing of the 153 classes of the standard; return the keys of all of its classes by code."""
    FacilityClass.objects.bulk_create(
        [
            FacilityClass(
                standard=STANDARD,
                code=part.code,
                major_code=part.major_code,
                major_name=part.major_zh,
                major_name_en=part.major_en,
                name=part.name_zh,
                name_en=part.name_en,
            )
            for part in read_parts()
        ],
        ignore_conflicts=True,
    )
    return dict(FacilityClass.objects.filter(standard=STANDARD).values_list("code", "pk"))


@transaction.atomic
def import_facilities(
    path: Path,
    system: System | None,
    *,
    by: Model | None,
    at: datetime,
    layer: str | None = None,
    dry_run: bool = False,
) -> Told:
    """Store the facilities of a file whose points are in `system`, where it does not say that itself.

    Those that are known are brought in line, nothing is deleted. Raises `RowsRefused` with every wrong row; then, and in
    a dry run, nothing is stored.
    """
    reading, told = _Reading(), Told(Outcome(0, 0, 0), 0)
    with opened(path, layer=layer) as contents:
        rows = reading.rows(contents.features)
        settled_system = settled(system, contents.system)
        while some := list(islice(rows, BATCH)):
            located = reading.located(some, settled_system)
            if not reading.errors:
                one = _store(located, timezone.localdate(at))
                told = Told(told.outcome + one.outcome, told.outside + one.outside)
    if reading.errors:
        raise RowsRefused(sorted(reading.errors, key=lambda error: error.row))
    if not reading.first_row_of:
        raise Refused(_("%(file)s has no rows.") % {"file": path.name})
    if dry_run:
        transaction.set_rollback(True)
    elif told.outcome.created or told.outcome.changed:
        detail = {"created": told.outcome.created, "changed": told.outcome.changed}
        record_access("facilities.imported", by=by, at=at, subject_kind="facility", detail=detail)
    return told


class _Reading:
    """One pass over a file, which keeps its errors."""

    def __init__(self) -> None:
        self.errors: list[RowError] = []
        self.first_row_of: dict[str, int] = {}
        codes = store_classes()
        names = dict(FacilityClass.objects.filter(standard=STANDARD).values_list("name", "pk"))
        self.classes = names | codes
        units = Unit.objects.filter(closed_on=None)
        self.units = dict(units.values_list("name", "pk")) | dict(units.values_list("code", "pk"))

    def rows(self, features: Iterator[Feature]) -> Iterator[_Row]:
        """The rows that are right, their points still in the coordinates of the file."""
        for feature in features:
            try:
                values = self._values(feature)
                self._demand_new(values["code"], feature.row)
                yield _Row(feature.row, values)
            except Refused as refusal:
                self.errors.append(RowError(feature.row, refusal.field or "", str(refusal)))

    def _values(self, feature: Feature) -> dict[str, Any]:
        if feature.fault:
            raise Refused(feature.fault)
        said = {name: _said(feature.properties, ways) for name, ways in COLUMNS.items()}
        shape = geometry_of(feature)
        if shape is None or shape.geom_type != "Point" or shape.is_empty:
            raise Refused(_("There is no point: name it in columns lon and lat."), "lon")
        return {
            "code": _code(said["code"]),
            "facility_class_id": self._class(said["class"], said["code"]),
            "x": shape.x,
            "y": shape.y,
            "state": _known(STATES, said["state"], "state", _("“%(word)s” is no state of a facility.")),
            "unit_id": _known(self.units, said["unit"], "unit", _("There is no unit “%(word)s”.")),
            "surveyed_on": _day(said["surveyed_on"]),
            "note": said["note"][:1000] or None,
        }

    def _demand_new(self, code: str, row: int) -> None:
        if (earlier := self.first_row_of.setdefault(code, row)) != row:
            said = {"code": code, "row": earlier}
            raise Refused(_("Code %(code)s was already used by row %(row)s.") % said, "code")

    def _class(self, word: str, code: str) -> int:
        """The class that is named, else the one in the code: six digits of the county, then five of the class."""
        found = self.classes.get(word or code[6:11])
        if found is None:
            said = {"word": word or code[6:11]}
            raise Refused(_("There is no class of facilities “%(word)s” in the standard.") % said, "class")
        return found

    def located(self, rows: Sequence[_Row], system: System) -> list[_Row]:
        """The rows with their points in WGS84 degrees; those off the Earth are errors."""
        xs, ys = (np.array([row.values.pop(axis) for row in rows], dtype=np.float64) for axis in ("x", "y"))
        lons, lats = to_wgs84(xs, ys, system)
        good = np.isfinite(lons) & np.isfinite(lats) & (np.abs(lons) <= 180) & (np.abs(lats) < 85)
        for row, lon, lat, is_good in zip(rows, lons.tolist(), lats.tolist(), good.tolist(), strict=True):
            if is_good:
                row.values |= {"lon": round(lon, 7), "lat": round(lat, 7)}
            else:
                sentence = _(
                    "This is no point in degrees: longitude comes first, and the coordinate system must be right."
                )
                self.errors.append(RowError(row.row, "lon", sentence))
        return [row for row in rows if "lon" in row.values]


def _code(text: str) -> str:
    if not CODE.fullmatch(text):
        raise Refused(_("“%(code)s” is no code of a facility.") % {"code": text[:40]}, "code")
    return text


def _said(properties: Mapping[str, Any], ways: tuple[str, ...]) -> str:
    """The first column that says something, as text; a whole number loses the .0 that some programs add."""
    for way in ways:
        value = properties.get(way)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is not None and str(value).strip():
            return str(value).strip()
    return ""


def _known(known: Mapping[str, Any], word: str, field: str, sentence: str) -> Any:
    if word and word not in known:
        raise Refused(sentence % {"word": word[:40]}, field)
    return known.get(word)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10].replace("/", "-")) if text else None
    except ValueError:
        raise Refused(
            _("“%(word)s” is no day such as 2026-05-31.") % {"word": text[:40]}, "surveyed_on"
        ) from None


def _store(rows: Sequence[_Row], today: date) -> Told:
    lons, lats = (np.array([row.values[axis] for row in rows]) for axis in ("lon", "lat"))
    grids, unit_grids = lookup.grids_of(lons, lats), lookup.unit_grids_of(lons, lats)
    known = {one.code: one for one in Facility.objects.filter(code__in=[row.values["code"] for row in rows])}
    new, changed = list[Facility](), list[Facility]()
    for row, grid, unit_grid in zip(rows, grids, unit_grids, strict=True):
        place = cell(row.values["lon"], row.values["lat"])
        said = row.values | {"cell": place, "grid_id": grid, "unit_grid_id": unit_grid}
        facility = known.get(said["code"])
        if facility is None:
            new.append(_made(said, today))
        elif _brought_in_line(facility, said):
            changed.append(facility)
    Facility.objects.bulk_create(new)
    Facility.objects.bulk_update(changed, [*_FIELDS, "state", "unit", "surveyed_on", "note"])
    outcome = Outcome(len(new), len(changed), len(rows) - len(new) - len(changed))
    return Told(outcome, sum(grid is None for grid in grids))


_FIELDS = ("facility_class", "lon", "lat", "cell", "grid", "unit_grid")


def _made(said: Mapping[str, Any], today: date) -> Facility:
    usual: dict[str, Any] = {
        "state": Facility.State.SOUND, "unit_id": None, "surveyed_on": today, "note": "",
    }  # fmt: skip
    return Facility(**{**said, **{name: said[name] or usual[name] for name in _KEPT}})


def _brought_in_line(facility: Facility, said: Mapping[str, Any]) -> bool:
    """Change what the file says otherwise; tells whether there was anything."""
    told = {name: value for name, value in said.items() if value is not None or name not in _KEPT}
    others = {name: value for name, value in told.items() if getattr(facility, name) != value}
    for name, value in others.items():
        setattr(facility, name, value)
    return bool(others)
