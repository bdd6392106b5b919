"""The sides of barriers: where grids can be made apart from each other, and where two sides only do it together."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from wangge.territory.designer.net import Net, pieces


@dataclass(eq=False)
class Side:
    """Units that no barrier parts from each other, or several such sides that only together fit grids."""

    units: list[int]
    households: int
    peopled: bool


SideOf = dict[int, Side]  # by unit


def sides(net: Net, low: int, high: int) -> list[Side]:
    """Where grids can be made apart: sides of barriers, joined over a barrier where one alone fits no grid.

    Open ground without a block is no side of its own, and joins one only where it is the bridge to another.
    """
    side_of = _side_of(net, [])
    lonely: set[Side] = set()
    while True:
        waiting = [
            side
            for side in _each(side_of)
            if side.peopled and side not in lonely and not fits(side.households, low, high)
        ]
        if not waiting:
            return [side for side in _each(side_of) if side.peopled]
        side = min(waiting, key=lambda side: (side.households, side.units[0]))
        found = _reached(net, side, side_of)
        if found:
            whole = _joined(side, min(found, key=lambda way: _worth(way, side, low, high)))
            side_of.update(dict.fromkeys(whole.units, whole))
        else:
            lonely.add(side)


def fits(households: int, low: int, high: int) -> bool:
    """Whether so many households could be shared out into grids of the band at all."""
    return households >= low and households // low * high >= households


def joined_with_each(net: Net, side: Side, others: Sequence[Side]) -> list[tuple[Side, Side]]:
    """Each of the other sides that lies across a barrier, and this one joined with it; the longest barrier first."""
    found = _reached(net, side, _side_of(net, [side, *others]))
    near = sorted(found, key=lambda way: (len(way.bridges), -way.length, way.to.units[0]))
    return [(way.to, _joined(side, way)) for way in near]


@dataclass
class _Way:
    """From one side to another: open ground between, and the metres of barrier."""

    to: Side
    bridges: list[Side]
    length: float


def _side_of(net: Net, known: Sequence[Side]) -> SideOf:
    side_of = {at: side for side in known for at in side.units}
    for units in pieces([at for at in range(len(net)) if at not in side_of], net.free):
        side = Side(units, sum(net.households[at] for at in units), units[0] < net.peopled)
        side_of.update(dict.fromkeys(units, side))
    return side_of


def _each(side_of: SideOf) -> Collection[Side]:
    return dict.fromkeys(side for _at, side in sorted(side_of.items(), key=lambda item: item[0]))


def _worth(way: _Way, side: Side, low: int, high: int) -> tuple[bool, int, float, int]:
    """The less the better: together they fit, little open ground between, a long barrier."""
    whole = side.households + way.to.households
    return (not fits(whole, low, high), len(way.bridges), -way.length, way.to.units[0])


def _joined(side: Side, way: _Way) -> Side:
    together = [side, way.to, *way.bridges]
    return Side(sorted(at for one in together for at in one.units), sum(s.households for s in together), True)


def _reached(net: Net, side: Side, side_of: SideOf) -> list[_Way]:
    """Peopled sides next to this one, over barriers and open ground."""
    found: dict[Side, _Way] = {}
    seen = {side}
    queue: deque[tuple[Side, list[Side]]] = deque([(side, [])])
    while queue:
        here, bridges = queue.popleft()
        for near, length in _facing(net, here, side_of):
            if near is side:
                continue
            if near.peopled:
                found.setdefault(near, _Way(near, bridges, 0.0)).length += length
            elif near not in seen:
                seen.add(near)
                queue.append((near, [*bridges, near]))
    return list(found.values())


def _facing(net: Net, side: Side, side_of: SideOf) -> Iterator[tuple[Side, float]]:
    for at in side.units:
        for near in net.over[at]:
            if side_of[near] is not side:
                yield side_of[near], net.within[at][near]
