"""Boundaries out of the territory, as files that other programs and this one read."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.territory.basemap import in_force
from wangge.territory.codes import UNIT_GRID
from wangge.territory.formats.writing import Sheet
from wangge.territory.models import Area, UnitGrid
from wangge.territory.shapes import from_wkb

MOST = 200_000  # boundaries in one file


@dataclass(frozen=True)
class Wanted:
    """Which boundaries: of one level (or `UNIT_GRID`, or empty for all areas), below an area, of what may be seen."""

    level: str
    within: Area | None = None
    seen: Q = field(default_factory=Q)  # a condition on areas


def sheet_of(wanted: Wanted) -> Sheet:
    """The boundaries in force today with code, name, level, kind and parent; they go in again without a change.

    Raises `Refused` where there are none, or too many for one file.
    """
    rows = _unit_grids(wanted) if wanted.level == UNIT_GRID else _areas(wanted)
    if not rows:
        raise Refused(_("There is no boundary of this kind here."), "level")
    if len(rows) > MOST:
        raise Refused(
            _("These are more than %(most)s boundaries. Choose a smaller area.") % {"most": MOST}, "within"
        )
    names = ("code", "name", "level", "kind", "parent")
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    return Sheet(_name(wanted), columns, [from_wkb(row[5]) for row in rows])


def _name(wanted: Wanted) -> str:
    what = wanted.level or "areas"
    return f"{what}_{wanted.within.code}" if wanted.within else what


Row = tuple[str, str, str, str, str | None, bytes]


def _areas(wanted: Wanted) -> Sequence[Row]:
    found = Area.objects.filter(in_force(), wanted.seen).exclude(boundary=None)
    if wanted.level:
        found = found.filter(level=wanted.level)
    if wanted.within is not None:
        found = found.filter(path__startswith=wanted.within.path)
    stored = found.order_by("path").values_list("code", "name", "level", "kind", "parent__code", "boundary")
    return [
        (code, name, level, kind, parent, bytes(shape or b""))
        for code, name, level, kind, parent, shape in stored[: MOST + 1]
    ]


def _unit_grids(wanted: Wanted) -> Sequence[Row]:
    places = Area.objects.filter(wanted.seen)
    if wanted.within is not None:
        places = places.filter(path__startswith=wanted.within.path)
    found = UnitGrid.objects.filter(in_force(), community__in=places)
    stored = found.order_by("code").values_list("code", "community__code", "boundary")[: MOST + 1]
    return [(code, "", UNIT_GRID, "", community, bytes(shape)) for code, community, shape in stored]
