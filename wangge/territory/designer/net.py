"""The net of neighbouring units that grids are made from, and how it falls apart where barriers run."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from wangge.territory.designer.ground import Ground

LEAST_M = 2.0  # units that share less are no neighbours
# Of an edge along a barrier only this much counts as length: that draws the limits of grids to barriers.
LIMIT_ON_BARRIER = 0.35
BARRIER_INSIDE = 0.8  # and what a metre of barrier inside a grid counts


@dataclass(frozen=True)
class Net:
    """Units with plain numbers and lists, as quick as Python walks them; lengths in metres."""

    households: list[int]
    area: list[float]
    at: list[tuple[float, float]]
    outer: list[float]  # along the limit of the community
    free: list[list[int]]  # neighbours with no barrier between
    over: list[list[int]]  # neighbours across one
    limit: list[dict[int, float]]  # how much the edge with a neighbour counts between two grids
    within: list[dict[int, float]]  # and inside one grid
    peopled: int

    def __len__(self) -> int:
        return len(self.households)


def net_of(ground: Ground) -> Net:
    """The net of a community's units."""
    count = ground.count
    free: list[list[int]] = [[] for _ in range(count)]
    over: list[list[int]] = [[] for _ in range(count)]
    limit: list[dict[int, float]] = [{} for _ in range(count)]
    within: list[dict[int, float]] = [{} for _ in range(count)]
    found = ground.edges
    rows = zip(found.pairs.tolist(), found.open.tolist(), found.barred.tolist(), strict=True)
    for (one, other), opened, barred in rows:
        if opened + barred < LEAST_M:
            continue
        way = free if opened >= max(LEAST_M, barred / 2) else over
        way[one].append(other)
        way[other].append(one)
        limit[one][other] = limit[other][one] = opened + LIMIT_ON_BARRIER * barred
        within[one][other] = within[other][one] = BARRIER_INSIDE * barred
    return Net(
        ground.households.tolist(), ground.areas.tolist(),
        [(x, y) for x, y in ground.middles.tolist()],
        found.outer.tolist(), free, over, limit, within, ground.peopled,
    )  # fmt: skip


def pieces(units: Iterable[int], ways: list[list[int]]) -> Iterator[list[int]]:
    """Units that hang together by the ways given, group by group, each in rising order."""
    left = set(units)
    for start in sorted(left):
        if start not in left:
            continue
        left.discard(start)
        found, queue = [start], [start]
        while queue:
            for near in ways[queue.pop()]:
                if near in left:
                    left.discard(near)
                    found.append(near)
                    queue.append(near)
        yield sorted(found)


@dataclass
class Side:
    """Units that no barrier parts from each other, or several such sides that only together fit grids."""

    units: list[int]
    households: int
    peopled: bool


def sides(net: Net, low: int, high: int) -> list[Side]:
    """Where grids can be made apart: sides of barriers, joined over a barrier only where one alone fits no grid.

    Open ground without a block is no side of its own, and joins one only where it is the bridge to another.
    """
    side_of: dict[int, Side] = {}
    for units in pieces(range(len(net)), net.free):
        side = Side(units, sum(net.households[at] for at in units), units[0] < net.peopled)
        side_of.update(dict.fromkeys(units, side))
    lonely: set[int] = set()
    while True:
        waiting = [
            side
            for side in _each(side_of)
            if side.peopled and id(side) not in lonely and not fits(side.households, low, high)
        ]
        if not waiting:
            return [side for side in _each(side_of) if side.peopled]
        side = min(waiting, key=lambda side: (side.households, side.units[0]))
        if not _join(net, side, side_of, low, high):
            lonely.add(id(side))


def _each(side_of: dict[int, Side]) -> Collection[Side]:
    return {id(side): side for _at, side in sorted(side_of.items())}.values()


def fits(households: int, low: int, high: int) -> bool:
    """Whether so many households could be shared out into grids of the band at all."""
    return households // low * high >= households if households >= low > 0 else False


def _join(net: Net, side: Side, side_of: dict[int, Side], low: int, high: int) -> bool:
    """Join a side with the neighbour that makes it fit, or else with the one along the longest barrier."""
    found = _reached(net, side, side_of)
    if not found:
        return False

    def worth(other: tuple[Side, list[Side], float]) -> tuple[bool, int, float, int]:
        whole = side.households + other[0].households
        return (not fits(whole, low, high), len(other[1]), -other[2], other[0].units[0])

    other, bridges, _length = min(found, key=worth)
    joined = [side, other, *bridges]
    whole = Side(
        sorted(at for one in joined for at in one.units), sum(one.households for one in joined), True
    )
    side_of.update(dict.fromkeys(whole.units, whole))
    return True


def _reached(net: Net, side: Side, side_of: dict[int, Side]) -> list[tuple[Side, list[Side], float]]:
    """Peopled sides next to this one, with the open ground between and the metres of barrier."""
    found: dict[int, tuple[Side, list[Side], float]] = {}
    seen = {id(side)}
    queue: deque[tuple[Side, list[Side]]] = deque([(side, [])])
    while queue:
        here, bridges = queue.popleft()
        for near, length in _facing(net, here, side_of):
            if near.peopled:
                if near is not side:
                    _side, before, sofar = found.setdefault(id(near), (near, bridges, 0.0))
                    found[id(near)] = (near, before, sofar + length)
            elif id(near) not in seen:
                seen.add(id(near))
                queue.append((near, [*bridges, near]))
    return list(found.values())


def _facing(net: Net, side: Side, side_of: dict[int, Side]) -> Iterator[tuple[Side, float]]:
    for at in side.units:
        for near in net.over[at]:
            if side_of[near] is not side:
                yield side_of[near], net.within[at][near]
