"""The net of neighbouring units that grids are made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    grids: list[str]  # today's, empty for none

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
        found.outer.tolist(), free, over, limit, within, ground.peopled, ground.grids,
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
