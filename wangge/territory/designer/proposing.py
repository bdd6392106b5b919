"""One community divided into grids: contiguous, compact, balanced, with edges along barriers."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from wangge.territory.designer.blocks import Block
from wangge.territory.designer.remarks import Remark

Progress = Callable[[float], object]


@dataclass(frozen=True)
class Band:
    """How many households a grid should have, both ends included."""

    low: int
    high: int


@dataclass(frozen=True)
class Method:
    """A way of dividing, with what it is good for; `available` is False where its packages are not installed."""

    name: Promise
    good_for: Promise
    available: bool = True


@dataclass(frozen=True)
class Proposal:
    """`labels` give each block its grid, `parts` each grid its ground: without gap or overlap, all of the community."""

    labels: tuple[int, ...]
    parts: tuple[Polygon | MultiPolygon, ...]
    remarks: tuple[Remark, ...] = ()


METHODS = {
    "growing": Method(
        _("Growing"), _("Fast and always there: grids grow from the middle of where people live.")
    ),
    "maxp": Method(
        _("Max-p"), _("As many grids as the band allows, each as alike in place as can be."), False
    ),
    "skater": Method(_("SKATER"), _("Cuts the net of neighbours where it is weakest."), False),
}


def propose(
    blocks: Sequence[Block],
    community: BaseGeometry,
    barriers: Sequence[LineString],
    band: Band,
    *,
    method: str,
    seed: int = 0,
    progress: Progress = lambda done: None,
) -> Proposal:
    """Divide one community (WGS84); `progress` hears 0 to 1 and stops the work by raising."""
    progress(0.0)
    if not blocks:
        return Proposal((), (community,), (Remark("nothing"),))
    cells = _cells(blocks, community)
    labels = _grown(blocks, cells, band)
    progress(1.0)
    parts = [shapely.union_all(cells[labels == label]) for label in range(labels.max() + 1)]
    return Proposal(tuple(labels.tolist()), tuple(parts))


def _cells(blocks: Sequence[Block], community: BaseGeometry) -> np.ndarray:
    points = shapely.point_on_surface([block.shape for block in blocks])
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=community, ordered=True)
    )
    clipped: np.ndarray = shapely.intersection(cells, community)
    return clipped


def _grown(blocks: Sequence[Block], cells: np.ndarray, band: Band) -> np.ndarray:
    households = [block.households for block in blocks]
    goal = (band.low + band.high) / 2
    count = max(1, round(sum(households) / goal))
    one, other = shapely.STRtree(cells).query(cells, "touches")
    beside = [other[one == at].tolist() for at in range(len(cells))]
    middles = shapely.get_coordinates(shapely.centroid(cells))
    seeds = [0]
    while len(seeds) < min(count, len(cells)):
        gaps = np.min([np.hypot(*(middles - middles[s]).T) for s in seeds], axis=0)
        seeds.append(int(gaps.argmax()))
    labels = np.full(len(cells), -1)
    queue = [(0.0, label, seed) for label, seed in enumerate(seeds)]
    held = [0.0] * len(seeds)
    while queue:
        _weight, label, at = heapq.heappop(queue)
        if labels[at] >= 0:
            continue
        labels[at] = label
        held[label] += households[at]
        for near in beside[at]:
            if labels[near] < 0:
                heapq.heappush(queue, (held[label], label, near))
    labels[labels < 0] = 0
    return labels
