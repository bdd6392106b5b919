"""Facilities from a file of points: CSV or XLSX with lon and lat, or whatever else holds points. All rows or none, repeatable."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.audit.actions import record_access
from wangge.common.refusals import Refused
from wangge.registry.facilities import permissions
from wangge.registry.facilities.hints import Sample
from wangge.registry.facilities.reading import Reading, Row
from wangge.registry.facilities.telling import changed_in_words, new_in_words
from wangge.registry.models import Facility, FacilityClass
from wangge.territory import lookup
from wangge.territory.bulk import Outcome
from wangge.territory.cells import cell
from wangge.territory.formats.contents import Contents, Feature
from wangge.territory.formats.opening import opened
from wangge.territory.models import Area
from wangge.territory.row_errors import RowError, RowsRefused
from wangge.territory.systems import System, settled

BATCH = 5000
SHOWN = 50  # of what would be new or changed
# Where a file says nothing, a facility that is known keeps what it has.
_KEPT = ("state", "unit_id", "surveyed_on", "note")
_FIELDS = (
    "facility_class", "lon", "lat", "cell", "grid", "unit_grid", "state", "unit", "surveyed_on", "note",
)  # fmt: skip


@dataclass
class Told:
    """What a file brings, and what a person should know of it before it is stored."""

    outcome: Outcome = field(default_factory=lambda: Outcome(0, 0, 0))
    outside: int = 0  # points in no grid
    system: str = ""
    hint: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    left_over: Sequence[str] = ()
    new: list[str] = field(default_factory=list)  # the first ones, in words
    changes: list[str] = field(default_factory=list)


def import_facilities(
    path: Path,
    system: System | None,
    *,
    by: Account | None,
    at: datetime,
    layer: str | None = None,
    dry_run: bool = False,
    columns: Mapping[str, str] | None = None,
) -> Told:
    """Store the facilities of a file whose points are in `system`, where it does not say that itself.

    Those that are known are brought in line, nothing is deleted. Raises `RowsRefused` with every wrong row; then, and in
    a dry run, nothing is stored. Whoever it is by must keep the register wherever a point lies.
    """
    with transaction.atomic():
        told, errors = look_through(
            path, system, by=by, at=at, layer=layer, columns=columns or {}, is_dry=dry_run
        )
        if errors:
            raise RowsRefused(errors)
        if not dry_run and told.outcome.created + told.outcome.changed:
            detail = {"created": told.outcome.created, "changed": told.outcome.changed}
            record_access("facilities.imported", by=by, at=at, subject_kind="facility", detail=detail)
    return told


def look_through(
    path: Path,
    system: System | None,
    *,
    by: Account | None,
    at: datetime,
    layer: str | None,
    columns: Mapping[str, str],
    is_dry: bool = True,
    progress: Callable[[float], None] = lambda done: None,
) -> tuple[Told, list[RowError]]:
    """Read a file and say what it brings and what is wrong with its rows; unless dry, store it up to the first wrong row.

    Call it inside a transaction, to be rolled back where there are errors.
    """
    told, reading, keeper, sample = Told(), Reading(columns), _Keeper(by), Sample(by)
    with opened(path, layer=layer) as contents:
        rows = reading.rows(_told_of(contents, progress))
        in_system = settled(system, contents.system)
        while some := list(islice(rows, BATCH)):
            located = reading.located(some, in_system, keeper.refusals)
            sample.add(located)
            if not reading.errors:
                _take(located, timezone.localdate(at), told, is_dry)
    if not reading.first_row_of and not reading.errors:
        raise Refused(_("The file has no rows."))
    told.system, told.hint = str(in_system), sample.hint(in_system)
    told.columns, told.left_over = reading.columns, reading.left_over
    return told, sorted(reading.errors, key=lambda error: error.row)


def _told_of(contents: Contents, progress: Callable[[float], None]) -> Iterator[Feature]:
    for feature in contents.features:
        yield feature
        progress(contents.done)


class _Keeper:
    """Says for rows whether the person keeps the register there; None where that is so."""

    def __init__(self, by: Account | None) -> None:
        self.keeps = permissions.keeps(by)

    def refusals(self, rows: Sequence[Row]) -> list[str | None]:
        if self.keeps is None or not rows:
            return [None] * len(rows)
        lons, lats = (np.array([row.values[axis] for row in rows]) for axis in ("lon", "lat"))
        codes = [row.values["code"] for row in rows]
        known = Facility.objects.filter(code__in=codes).values_list("code", "grid_id")
        grids, before = lookup.grids_of(lons, lats), dict(known)
        allowed = self._allowed({*grids, *before.values()})
        return [
            self._why(grid, row.values["code"], before, allowed)
            for row, grid in zip(rows, grids, strict=True)
        ]

    def _allowed(self, grids: Iterable[int | None]) -> set[int | None]:
        assert self.keeps is not None
        paths = Area.objects.filter(pk__in=[grid for grid in grids if grid]).values_list("pk", "path")
        return {pk for pk, path in paths if self.keeps(path)}

    @staticmethod
    def _why(
        grid: int | None, code: str, before: Mapping[str, int | None], allowed: set[int | None]
    ) -> str | None:
        if grid is None:
            return _("This point lies in no grid; such facilities are brought by the system administrator.")
        if grid not in allowed:
            return _("This point lies outside the area in which you keep the register.")
        if code in before and before[code] not in allowed:
            return _("The facility with this code stands where you do not keep the register.")
        return None


def _take(rows: Sequence[Row], today: date, told: Told, is_dry: bool) -> None:
    lons, lats = (np.array([row.values[axis] for row in rows]) for axis in ("lon", "lat"))
    grids, unit_grids = lookup.grids_of(lons, lats), lookup.unit_grids_of(lons, lats)
    codes = [row.values["code"] for row in rows]
    known = {one.code: one for one in Facility.objects.filter(code__in=codes).select_related("unit")}
    new, changed = list[Facility](), list[Facility]()
    for row, grid, unit_grid in zip(rows, grids, unit_grids, strict=True):
        place = cell(row.values["lon"], row.values["lat"])
        said = row.values | {"cell": place, "grid_id": grid, "unit_grid_id": unit_grid}
        facility = known.get(said["code"])
        if facility is None:
            new.append(_made(said, today))
        elif others := _others(facility, said):
            if len(told.changes) < SHOWN:
                told.changes.append(changed_in_words(facility, others))
            for name, value in others.items():
                setattr(facility, name, value)
            changed.append(facility)
    if not is_dry:
        Facility.objects.bulk_create(new)
        # Ten times as quick as `bulk_update`, which makes an expression for each value of each row.
        Facility.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["code"], update_fields=_FIELDS
        )
    _tell_new(new, told)
    told.outcome += Outcome(len(new), len(changed), len(rows) - len(new) - len(changed))
    told.outside += sum(grid is None for grid in grids)


def _tell_new(new: Sequence[Facility], told: Told) -> None:
    shown = new[: SHOWN - len(told.new)]
    classes = FacilityClass.objects.in_bulk([one.facility_class_id for one in shown])
    told.new += [new_in_words(one.code, classes[one.facility_class_id]) for one in shown]


def _made(said: Mapping[str, Any], today: date) -> Facility:
    usual: dict[str, Any] = {
        "state": Facility.State.SOUND, "unit_id": None, "surveyed_on": today, "note": "",
    }  # fmt: skip
    return Facility(**{**said, **{name: said[name] or usual[name] for name in _KEPT}})


def _others(facility: Facility, said: Mapping[str, Any]) -> dict[str, Any]:
    """What the file says otherwise than the register."""
    told = {name: value for name, value in said.items() if value is not None or name not in _KEPT}
    return {name: value for name, value in told.items() if getattr(facility, name) != value}
