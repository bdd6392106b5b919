"""Which block each fragment of land goes to: its nearest, unless a barrier runs between."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from wangge.territory.designer import edges
from wangge.territory.designer.edges import Edges
from wangge.territory.designer.frame import Frame

Numbers = NDArray[np.int64]
Metres = NDArray[np.float64]
Shapes = NDArray[np.object_]

# Land between two barriers that is nowhere wider than this is the barrier itself: a river's bed, a road's lanes.
STRIP_M = 40.0
NOBODY = -1

Beside = list[dict[int, float]]  # by fragment: its neighbours with metres of common edge


def assigned(
    frame: Frame, fragments: Shapes, points: Shapes, sites: Metres, owners: Numbers, barriers: Shapes
) -> tuple[Numbers, Numbers, int]:
    """The unit of each fragment and of each block, and how many units have blocks; the others are open ground."""
    metres = frame.metres(fragments)
    found = edges.between(metres, barriers, edges.HAIR_M)
    free, barred = _beside(found, len(fragments))
    home, unit_of_block = _homes(fragments, points)
    nearest = shapely.STRtree(shapely.points(sites)).nearest(shapely.point_on_surface(metres))
    wish = unit_of_block[owners[nearest]]
    units = home.copy()
    _flood(units, free, wish)
    _flood(units, free)
    peopled = int(unit_of_block.max()) + 1
    opened = peopled
    strips: list[int] = []
    for group in _groups(units, free):
        if shapely.union_all(metres[group]).buffer(-STRIP_M / 2, quad_segs=2).is_empty:
            strips += group
        else:
            units[group] = opened
            opened += 1
    _flood(units, barred, wish, strips)
    _flood(units, _joined(free, barred), None, strips)
    for group in _groups(units, free):  # a strip with no neighbour at all, such as a small island
        units[group] = opened
        opened += 1
    return units, unit_of_block, peopled


def _beside(found: Edges, count: int) -> tuple[Beside, Beside]:
    """Neighbours without and across barriers."""
    free: Beside = [{} for _ in range(count)]
    barred: Beside = [{} for _ in range(count)]
    rows = zip(found.pairs.tolist(), found.open.tolist(), found.barred.tolist(), strict=True)
    for (one, other), opened, along in rows:
        for beside, length in ((free, opened), (barred, along)):
            if length > edges.HAIR_M:
                beside[one][other] = beside[other][one] = length
    return free, barred


def _joined(free: Beside, barred: Beside) -> Beside:
    return [{**one, **other} for one, other in zip(barred, free, strict=True)]


def _homes(fragments: Shapes, points: Shapes) -> tuple[Numbers, Numbers]:
    """The unit of each fragment that holds a block, and of each block; blocks in one fragment share a unit."""
    inside, holding = shapely.STRtree(fragments).query(points, "intersects")
    fragment = np.full(len(points), NOBODY)
    fragment[inside[::-1]] = holding[::-1]
    lost = np.flatnonzero(fragment == NOBODY)  # on the limit itself, by a tick
    if len(lost):
        fragment[lost] = shapely.STRtree(fragments).nearest(points[lost])
    with_block, unit_of_block = np.unique(fragment, return_inverse=True)
    home = np.full(len(fragments), NOBODY)
    home[with_block] = np.arange(len(with_block))
    return home, unit_of_block.reshape(-1)


def _flood(
    units: Numbers, beside: Beside, wish: Numbers | None = None, among: Iterable[int] | None = None
) -> None:
    """Give fragments without a unit to a neighbour's, along the longest edge first; with a wish only to that one."""
    open_to = {at for at in (range(len(units)) if among is None else among) if units[at] == NOBODY}
    queue: list[tuple[float, int, int]] = []

    def offer(to: int, unit: int, length: float) -> None:
        if to in open_to and (wish is None or wish[to] == unit):
            heapq.heappush(queue, (-length, to, unit))

    for at in sorted(open_to):
        for other, length in beside[at].items():
            if units[other] != NOBODY:
                offer(at, int(units[other]), length)
    while queue:
        _length, at, unit = heapq.heappop(queue)
        if at in open_to:
            open_to.discard(at)
            units[at] = unit
            for other, length in beside[at].items():
                offer(other, unit, length)


def _groups(units: Numbers, beside: Beside) -> Iterator[list[int]]:
    """Fragments without a unit, those together that no barrier parts."""
    left = set(np.flatnonzero(units == NOBODY).tolist())
    while left:
        queue = [left.pop()]
        group = []
        while queue:
            at = queue.pop()
            group.append(at)
            near = left & beside[at].keys()
            left -= near
            queue += near
        yield sorted(group)
