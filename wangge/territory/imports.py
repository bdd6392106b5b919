"""Files into the territory: all rows or none, as often as you like, a whole country in seconds."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import shapely
from django.db import connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from wangge.audit.actions import record_access
from wangge.territory import codes, lookup
from wangge.territory.areas_file import AreaRow
from wangge.territory.boundaries import BoundaryRow
from wangge.territory.bulk import (
    IncomingArea,
    IncomingUnitGrid,
    Outcome,
    store_areas,
    store_unit_grids,
)
from wangge.territory.following import locate_anew_soon
from wangge.territory.levels import RANK
from wangge.territory.models import Area, GridKind, Level, UnitGrid
from wangge.territory.row_errors import RowError, RowsRefused
from wangge.territory.shapes import area_m2, centre, from_wkb, to_wkb

SAME_DEGREES = 1.5e-7  # what rounding in another coordinate system may move

_USUAL_KIND = {Level.GRID: GridKind.GENERAL, Level.MICRO: GridKind.MICRO}


def known_levels() -> dict[str, str]:
    """The codes of all areas in force with their level: what a file may name as a parent."""
    return dict(Area.objects.filter(valid_to=None).values_list("code", "level"))


def known_boundaries() -> dict[str, BaseGeometry]:
    """The boundaries of all areas in force by code, in WGS84 degrees."""
    stored = Area.objects.filter(valid_to=None).exclude(boundary=None).values_list("code", "boundary")
    return {code: from_wkb(boundary) for code, boundary in stored if boundary}


def parents_of(rows: Sequence[BoundaryRow]) -> dict[str, str | None]:
    """The parent that each row will have: the one it names, the one it has, or the nearest by its digits."""
    known = _levels_with(rows, known_levels())
    stored = dict(
        Area.objects.filter(valid_to=None, parent__isnull=False).values_list("code", "parent__code")
    )
    return {
        row.code: stored[row.code]
        if row.parent_code is None and row.code in stored
        else _parent_of(row, known)
        for row in rows
    }


def _levels_with(rows: Sequence[BoundaryRow], existing: Mapping[str, str]) -> dict[str, str]:
    return {row.code: row.level for row in rows if row.level != codes.UNIT_GRID} | dict(existing)


@transaction.atomic
def import_areas(
    rows: Sequence[AreaRow], *, by: Model | None, at: datetime, dry_run: bool = False
) -> Outcome:
    """Create the areas whose codes are new and bring the others in line; nothing is deleted or retired.

    `rows` come without errors from `read_areas`. A dry run does all the work and takes it back.
    """
    incoming = [
        IncomingArea(r.code, r.name, r.level, r.kind, True, r.parent_code, True, r.valid_from) for r in rows
    ]
    return _finished(store_areas(incoming), "areas", by, at, dry_run)


@transaction.atomic
def import_boundaries(
    rows: Sequence[BoundaryRow], *, by: Model | None, at: datetime, dry_run: bool = False
) -> Outcome:
    """Give areas their boundaries; make areas and unit grids that are new, if the file names them and their parent.

    Raises `RowsRefused` with every row that cannot be placed. A dry run does all the work and takes it back.
    """
    placed = placed_rows(rows)
    areas = [_area(row, parent) for row, parent in placed if row.level != codes.UNIT_GRID]
    unit_grids = [
        IncomingUnitGrid(row.code, parent, to_wkb(row.geometry), area_m2(row.geometry))
        for row, parent in placed
        if row.level == codes.UNIT_GRID and parent
    ]
    return _finished(store_areas(areas) + store_unit_grids(unit_grids), "boundaries", by, at, dry_run)


def placed_rows(rows: Sequence[BoundaryRow]) -> list[tuple[BoundaryRow, str | None]]:
    """Each row with the code of its parent; raises `RowsRefused` with every row that cannot be placed."""
    existing = known_levels()
    known = _levels_with(rows, existing)
    parents = [_parent_of(row, known) for row in rows]
    placed = list(zip(_as_stored(rows), parents, strict=True))
    errors = [error for row, parent in placed if (error := _fault(row, parent, existing, known))]
    if errors:
        raise RowsRefused(errors)
    return placed


def _as_stored(rows: Sequence[BoundaryRow]) -> list[BoundaryRow]:
    """The rows, those that only begin their rings elsewhere or differ by a centimetre as they are stored already.

    Shapefiles turn every ring around; that is no change of a boundary.
    """
    stored = {False: known_boundaries(), True: _known_unit_grids()}
    return [
        replace(row, geometry=known)
        if (known := stored[row.level == codes.UNIT_GRID].get(row.code)) is not None
        and shapely.equals_exact(row.geometry, known, SAME_DEGREES, normalize=True)
        else row
        for row in rows
    ]


def _known_unit_grids() -> dict[str, BaseGeometry]:
    stored = UnitGrid.objects.filter(valid_to=None).values_list("code", "boundary")
    return {code: from_wkb(boundary) for code, boundary in stored}


def _finished(outcome: Outcome, what: str, by: Model | None, at: datetime, dry_run: bool) -> Outcome:
    connection.check_constraints()
    if dry_run:
        transaction.set_rollback(True)
    elif outcome.created or outcome.changed:
        record_access(
            f"{what}.imported",
            by=by,
            at=at,
            subject_kind="territory",
            detail={"created": outcome.created, "changed": outcome.changed},
        )
        lookup.changed()
        locate_anew_soon()
    return outcome


def _parent_of(row: BoundaryRow, known: Mapping[str, str]) -> str | None:
    """The parent the file names, without padding zeros if only that is known; else the nearest by digits that exists."""
    if row.parent_code is None:
        return next((code for code in codes.parents_by_digits(row.code) if code in known), None)
    shorter = (
        code
        for code in codes.parents_by_digits(row.parent_code)
        if not row.parent_code[len(code) :].strip("0")
    )
    return next((code for code in (row.parent_code, *shorter) if code in known), row.parent_code)


def _fault(
    row: BoundaryRow, parent: str | None, existing: Mapping[str, str], known: Mapping[str, str]
) -> RowError | None:
    if parent is not None and parent not in known:
        return RowError(row.row, "parent", _("The parent “%(code)s” does not exist.") % {"code": parent})
    if row.level == codes.UNIT_GRID:
        return _unit_grid_fault(row, parent, known)
    if existing.get(row.code, row.level) != row.level:
        return RowError(
            row.row, "level", _("“%(code)s” exists already with another level.") % {"code": row.code}
        )
    if parent is not None and RANK[known[parent]] >= RANK[row.level]:
        return RowError(
            row.row, "parent", _("The parent “%(code)s” is not of a higher level.") % {"code": parent}
        )
    return None if row.code in existing else _newcomer_fault(row, parent, known)


def _unit_grid_fault(row: BoundaryRow, parent: str | None, known: Mapping[str, str]) -> RowError | None:
    if parent is None or known[parent] != Level.COMMUNITY:
        return RowError(
            row.row, "parent", _("A unit grid belongs to a community, and this one names none that exists.")
        )
    return None


def _newcomer_fault(row: BoundaryRow, parent: str | None, known: Mapping[str, str]) -> RowError | None:
    if not row.name:
        return RowError(
            row.row, "name", _("“%(code)s” does not exist yet and has no name.") % {"code": row.code}
        )
    if parent is None and RANK[row.level] > min(RANK[level] for level in known.values()):
        return RowError(row.row, "parent", _("No parent of “%(code)s” is known.") % {"code": row.code})
    return None


def kind_of(row: BoundaryRow) -> str:
    """The kind of a new area: as the file says, else what is usual for its level."""
    return row.kind or str(_USUAL_KIND.get(Level(row.level), ""))


def _area(row: BoundaryRow, parent: str | None) -> IncomingArea:
    lon, lat = centre(row.geometry)
    return IncomingArea(
        code=row.code,
        name=row.name,
        level=row.level,
        kind=kind_of(row),
        sets_kind=row.kind is not None,
        parent_code=parent,
        sets_parent=row.parent_code is not None,
        valid_from=None,
        boundary=to_wkb(row.geometry),
        centre_lon=lon,
        centre_lat=lat,
    )
