"""Figures by area: the areas one level below the part looked at, and the grids where most is open."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from wangge.cases.duty import areas_around
from wangge.insight.measures import CLOSED_LATELY, OPEN_CASES, OVERDUE, Look
from wangge.insight.permissions import in_sight
from wangge.insight.queries.addresses import Figure, figure, overview_url
from wangge.insight.queries.figures import RateFigure, Tally, rate_of
from wangge.insight.queries.lifetimes import name_in
from wangge.territory.models import Area, Level

LEVELS = (Level.CITY, Level.COUNTY, Level.STREET, Level.COMMUNITY)
HOT_PLACES = 5


@dataclass(frozen=True)
class AreaRow:
    """One area of the table; `url` opens its own overview, "" where there is nothing further inside."""

    name: str
    url: str
    open: Figure
    overdue: Figure
    closed: Figure
    in_time: RateFigure


@dataclass(frozen=True)
class Places:
    """The table of areas with the name of their level, and the hot grids."""

    level: str
    rows: Sequence[AreaRow]
    hot: Sequence[tuple[str, Figure]]


def places(look: Look, by_path: Mapping[str, Tally]) -> Places:
    """Fold the tallies of area paths into areas; one statement, two where the areas shown are grids."""
    hot = _hottest(by_path)
    known = _known(look, hot)
    level, shown = _shown(look, known)
    if not shown:
        level, shown = Level.GRID, _grids(look)
        known += shown
    names = {area.path: name_in(area, look.first_day) for area in known}
    names |= _ended(look, [path for path in by_path if path not in names])
    return Places(
        level=str(level.label),
        rows=_rows(look, by_path, shown, names),
        hot=[
            (
                name_of(path, names),
                figure(OPEN_CASES, by_path[path][OPEN_CASES.code], look, path=path, only_there=True),
            )
            for path in hot
        ],
    )


def _ended(look: Look, paths: Iterable[str]) -> dict[str, str]:
    """The names of areas that hold no longer and in which something is counted still."""
    keys = [areas_around(path)[-1] for path in paths]
    ended = Area.objects.filter(in_sight(look.person, "path"), pk__in=keys, valid_to__isnull=False)
    return {area.path: name_in(area, look.first_day) for area in ended.defer("boundary")} if keys else {}


def _hottest(by_path: Mapping[str, Tally]) -> list[str]:
    ranked = sorted(by_path, key=lambda path: (-by_path[path][OPEN_CASES.code], path))
    return [path for path in ranked[:HOT_PLACES] if by_path[path][OPEN_CASES.code]]


def name_of(path: str, names: Mapping[str, str]) -> str:
    """The name of an area; one that this person may not see, or that moved since, has none here."""
    return names.get(path) or _("Elsewhere")


def _known(look: Look, hot: Iterable[str]) -> list[Area]:
    """The areas of the part looked at down to communities, and the hot ones."""
    coarse = Q(path__startswith=look.path) & ~Q(level__in=[Level.GRID, Level.MICRO])
    return list(_areas(look).filter(coarse | Q(pk__in=[areas_around(path)[-1] for path in hot])))


def _grids(look: Look) -> list[Area]:
    return list(_areas(look).filter(path__startswith=look.path, level=Level.GRID).order_by("code"))


def _areas(look: Look) -> QuerySet[Area]:
    return Area.objects.filter(in_sight(look.person, "path"), valid_to=None).only(
        "path", "name", "level", "code", "valid_from", "valid_to"
    )


def _shown(look: Look, known: Iterable[Area]) -> tuple[Level, list[Area]]:
    """The first level inside the part looked at that has something to compare; none where only grids are left."""
    inside = [area for area in known if area.path.startswith(look.path) and area.path != look.path]
    for level in LEVELS:
        rows = [area for area in inside if area.level == level]
        if len(rows) > 1:
            return level, sorted(rows, key=lambda area: area.code)
    return Level.GRID, []


def _row_of(path: str, shown: set[str]) -> str:
    """The path of the shown area that an area lies in; "" for none."""
    parts = path.strip("/").split("/")
    beginnings = ("/" + "/".join(parts[:length]) + "/" for length in range(len(parts), 0, -1))
    return next((beginning for beginning in beginnings if beginning in shown), "")


def _rows(
    look: Look, by_path: Mapping[str, Tally], shown: Sequence[Area], names: Mapping[str, str]
) -> list[AreaRow]:
    sums: dict[str, Tally] = {area.path: Counter() for area in shown}
    elsewhere: dict[str, Tally] = {}
    for path, tally in by_path.items():
        if around := _row_of(path, set(sums)):
            sums[around].update(tally)
        else:
            elsewhere[path] = tally
    rows = [_row(look, names[area.path], sums[area.path], path=area.path) for area in shown]
    return rows + [
        _row(look, name_of(path, names), tally, path=path, only_there=True)
        for path, tally in sorted(elsewhere.items())
    ]


def _row(look: Look, name: str, tally: Tally, **part: Any) -> AreaRow:
    return AreaRow(
        name=name,
        url="" if part.get("only_there") else overview_url(look.at(**part)),
        open=figure(OPEN_CASES, tally[OPEN_CASES.code], look, **part),
        overdue=figure(OVERDUE, tally[OVERDUE.code], look, **part),
        closed=figure(CLOSED_LATELY, tally[CLOSED_LATELY.code], look, **part),
        in_time=rate_of(tally, look, **part),
    )


def trail(look: Look, area: Area | None) -> list[Area]:
    """The areas from the widest this person looks at down to this one, for the way back; one statement."""
    if area is None:
        return []
    around = Q(pk__in=areas_around(area.path))
    return list(Area.objects.filter(in_sight(look.person, "path"), around).defer("boundary").order_by("path"))
