"""How many cases a lens shows, by cell of the map or by area: from the tally where it can, else from the cases."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db.models import Avg, Count, F, QuerySet

from wangge.cases.map.lens import ON_MAP, Lens, State
from wangge.cases.map.tally import WHOLE_WORLD, Part, by_area, by_cell
from wangge.cases.map.tally import Count as Counted
from wangge.cases.models import Case, MatterGroup
from wangge.cases.models.on_map import FINEST, IN_FINEST
from wangge.cases.permissions import AREA_ROLES, came_to, visible_cases
from wangge.cases.workflow import GRID_ROLES, UNIT_ROLES
from wangge.territory.cells import BITS, Range
from wangge.territory.models import Area, Level
from wangge.territory.scopes import Scope, scope_of

TALLIED = {State.ALL: "n", State.OPEN: "open", State.CLOSED: "closed"}
FINER_THAN_TALLIED = (Level.COMMUNITY, Level.GRID, Level.MICRO)
MOST_COUNTED = 1000
MOST_FINEST = 64  # cells of the tally's finest zoom in a tile of points
SEEING = AREA_ROLES | GRID_ROLES


def cases_of(lens: Lens) -> QuerySet[Case]:
    """The cases a lens shows."""
    return Case.objects.filter(lens.condition())


def cases_in(lens: Lens, span: Range) -> QuerySet[Case]:
    """Those in a span of cells."""
    found = cases_of(lens).filter(cell__range=span)
    first, last = span[0] >> IN_FINEST, span[1] >> IN_FINEST
    if last - first >= MOST_FINEST or not (lens.asked.since or lens.asked.until):
        return found
    return found.alias(finest=F("cell").bitrightshift(IN_FINEST)).filter(finest__in=range(first, last + 1))


def counts_in(lens: Lens, span: Range, zoom: int) -> list[Counted]:
    """Cases in a span of cells, counted in cells as large as tiles of a zoom."""
    counted = tallied_in(lens, span, zoom)
    return _by_cell(cases_of(lens), span, zoom) if counted is None else counted


def tallied_in(lens: Lens, span: Range, zoom: int) -> list[Counted] | None:
    """The same without reading those cases; None where the tally does not know enough."""
    part = tallied_part(lens) if zoom <= FINEST else None
    if part is None:
        return None
    return _together(by_cell(part, span, zoom), _by_cell(beyond_reach(lens), span, zoom))


def counts_by_path(lens: Lens) -> Counter[str]:
    """Cases by the path of the area they lie in: down to streets where the tally serves, else as it is."""
    part = tallied_part(lens)
    if part is None:
        return _by_path(cases_of(lens))
    counted = Counter({row.key: row.n for row in by_area(part)})
    return counted + _by_path(beyond_reach(lens))


def total(lens: Lens) -> int:
    """How many cases a lens shows; the sum of all counts of the map."""
    part = tallied_part(lens)
    if part is None:
        return cases_of(lens).count()
    return sum(row.n for row in by_area(part)) + beyond_reach(lens).count()


def without_place(lens: Lens) -> int:
    """How many cases fit what is asked and have no place, so that the map does not show them; at most MOST_COUNTED."""
    if lens.asked.near or lens.asked.place:
        return 0
    nowhere = replace(lens, asked=replace(lens.asked, place="none"))
    return cases_of(nowhere).order_by().values("pk")[:MOST_COUNTED].count()


def tallied_part(lens: Lens) -> Part | None:
    """The part of the tally that holds what a lens shows; None where it does not know enough.

    It knows streets and groups, and neither units nor deadlines nor places closer than a street. Who works for a unit
    sees its cases, few of all and from everywhere.
    """
    asked, scope = lens.asked, scope_of(lens.person)
    if asked.state not in TALLIED or asked.unit or asked.near or asked.place or scope.has(*UNIT_ROLES):
        return None
    paths = _paths(lens, scope)
    if paths is None:
        return None
    group = None
    if asked.group:
        group = MatterGroup.objects.filter(code=asked.group).values_list("pk", flat=True).first() or -1
    return Part(paths, asked.since, asked.until, group, TALLIED[asked.state])


def _paths(lens: Lens, scope: Scope) -> list[str] | None:
    """The paths of streets or wider areas that make up what a person sees here; None if any is finer."""
    reaches = scope.widest(SEEING)
    if lens.area:
        if lens.area.level in FINER_THAN_TALLIED:
            return None
        inside = lens.area.path
        reaches = [path if path.startswith(inside) else inside for path in reaches if _meet(path, inside)]
    ends = {int(path.strip("/").rsplit("/", 1)[-1]) for path in reaches}
    if Area.objects.filter(pk__in=ends, level__in=FINER_THAN_TALLIED).exists():
        return None
    return reaches


def _meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def beyond_reach(lens: Lens) -> QuerySet[Case]:
    """The few cases that came to a person from outside the areas of their posts."""
    came = came_to(lens.person)
    if came is None:
        return Case.objects.none()
    outside = ~scope_of(lens.person).within("area_path", SEEING)
    return Case.objects.filter(came, outside, visible_cases(lens.person), ON_MAP, lens.narrowing())


def _by_cell(cases: QuerySet[Case], span: Range, zoom: int) -> list[Counted]:
    in_span = cases if span == WHOLE_WORLD else cases.filter(cell__range=span)
    rows = (
        in_span.annotate(key=F("cell").bitrightshift(2 * (BITS - zoom)))
        .order_by()
        .values("key")
        .annotate(n=Count("pk"), lon=Avg("lon"), lat=Avg("lat"))
    )
    return [Counted(**row) for row in rows.values("key", "n", "lon", "lat")]


def _by_path(cases: QuerySet[Case]) -> Counter[str]:
    return Counter(dict(cases.order_by().values_list("area_path").annotate(Count("pk"))))


def _together(one: Sequence[Counted], other: Sequence[Counted]) -> list[Counted]:
    if not other:
        return list(one)
    found: dict[Any, Counted] = {}
    for row in (*one, *other):
        before = found.get(row.key)
        found[row.key] = _sum(before, row) if before else row
    return list(found.values())


def _sum(one: Counted, other: Counted) -> Counted:
    n = one.n + other.n
    return Counted(
        one.key, n, (one.lon * one.n + other.lon * other.n) / n, (one.lat * one.n + other.lat * other.n) / n
    )
