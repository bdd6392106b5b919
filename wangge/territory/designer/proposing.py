"""One community divided into grids: contiguous, compact, balanced, with edges along barriers.

Side by side of the barriers by a fast method, then swaps at the borders into the band.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from wangge.territory.designer.blocks import Block
from wangge.territory.designer.dividing import NOBODY, divided
from wangge.territory.designer.ground import Ground, dissolved, laid_out
from wangge.territory.designer.methods import METHODS
from wangge.territory.designer.net import Net, net_of, pieces
from wangge.territory.designer.remarks import Remark

__all__ = ["METHODS", "Band", "Progress", "Proposal", "propose", "redrawn"]

Progress = Callable[[float], object]
Numbers = NDArray[np.int64]

LAID_OUT = 0.4  # of the work, when the ground is cut


@dataclass(frozen=True)
class Band:
    """How many households a grid should have, both ends included; at least 1, and the higher not below the lower."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if not 1 <= self.low <= self.high:
            raise ValueError(f"no band from {self.low} to {self.high}")


@dataclass(frozen=True)
class Proposal:
    """`labels` give each block its grid, `parts` each grid its ground: without gap or overlap, all of the community."""

    labels: tuple[int, ...]
    parts: tuple[Polygon | MultiPolygon, ...]
    remarks: tuple[Remark, ...] = ()


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
    ground = laid_out(blocks, community, barriers)
    progress(LAID_OUT)
    net = net_of(ground)
    labels = divided(
        net, band.low, band.high, method=method, seed=seed,
        progress=lambda done: progress(LAID_OUT + (1 - LAID_OUT) * done),
    )  # fmt: skip
    _annex(ground, net, labels)
    proposal = _drawn(blocks, ground, net, _in_reading_order(ground, labels), band)
    progress(1.0)
    return proposal


def redrawn(blocks: Sequence[Block], ground: Ground, labels: Sequence[int], band: Band) -> Proposal:
    """The proposal in which somebody gave the blocks these labels; those of one unit of land must have the same."""
    net, by_unit = net_of(ground), np.full(ground.count, NOBODY)
    by_unit[ground.unit_of_block] = labels
    _annex(ground, net, by_unit)
    return _drawn(blocks, ground, net, by_unit, band)


def _drawn(blocks: Sequence[Block], ground: Ground, net: Net, labels: Numbers, band: Band) -> Proposal:
    parts = ground.frame.degrees(dissolved(ground.shapes, labels))
    remarks = tuple(_remarks(blocks, ground, net, labels, parts, band))
    return Proposal(tuple(labels[ground.unit_of_block].tolist()), tuple(parts), remarks)


def _annex(ground: Ground, net: Net, labels: Numbers) -> None:
    """Open ground goes to the grid it has the longest common edge with, or else to the nearest."""
    shared: dict[int, dict[int, float]] = {at: {} for at in np.flatnonzero(labels == NOBODY).tolist()}
    lengths = ground.edges.open + ground.edges.barred
    for (one, other), length in zip(ground.edges.pairs.tolist(), lengths.tolist(), strict=True):
        for at, near in ((one, other), (other, one)):
            if at in shared:
                shared[at][near] = length
    while shared:
        at, label = max(
            ((at, label) for at, beside in shared.items() for label in _labels_beside(beside, labels)),
            key=lambda offer: (_length_with(shared[offer[0]], labels, offer[1]), -offer[0]),
            default=(NOBODY, NOBODY),
        )
        if at == NOBODY:
            break
        labels[at] = label
        del shared[at]
    having = np.flatnonzero(labels != NOBODY)
    for at in sorted(shared):
        labels[at] = labels[having[shapely.distance(ground.shapes[having], ground.shapes[at]).argmin()]]


def _labels_beside(beside: dict[int, float], labels: Numbers) -> set[int]:
    return {int(labels[near]) for near in beside} - {NOBODY}


def _length_with(beside: dict[int, float], labels: Numbers, label: int) -> float:
    return sum(length for near, length in beside.items() if labels[near] == label)


def _in_reading_order(ground: Ground, labels: Numbers) -> Numbers:
    """Labels counted as one reads a page: from the north-west, row by row."""
    count = int(labels.max()) + 1
    areas = np.bincount(labels, ground.areas, count)
    east, north = (
        np.bincount(labels, ground.areas * ground.middles[:, axis], count) / areas for axis in (0, 1)
    )
    row = np.floor((north.max() - north) / np.sqrt(areas.mean()))
    place = np.empty(count, dtype=np.int64)
    place[np.lexsort((east, row))] = np.arange(count)
    found: Numbers = place[labels]
    return found


def _remarks(
    blocks: Sequence[Block], ground: Ground, net: Net, labels: Numbers, parts: NDArray[np.object_], band: Band
) -> list[Remark]:
    held = np.bincount(labels, ground.households, len(parts)).astype(int)
    total = int(held.sum())
    found = [
        Remark("large_block", {"key": block.key, "households": block.households})
        for block in blocks
        if block.households > band.high
    ]
    if total < band.low:
        found.append(Remark("small", {"households": total}))
    counted = {
        "outside": ground.outside,
        "over_barrier": _over_barrier(net, labels),
        "out_of_band": int(((held < band.low) | (held > band.high)).sum()) if total >= band.low else 0,
        "apart": sum(part.geom_type == "MultiPolygon" for part in parts),
    }
    return found + [Remark(kind, {"count": count}) for kind, count in counted.items() if count]


def _over_barrier(net: Net, labels: Numbers) -> int:
    """How many grids have people on both sides of a barrier with no way around it inside the grid."""
    over = 0
    for label in range(int(labels.max()) + 1):
        mine = np.flatnonzero(labels == label).tolist()
        over += sum(piece[0] < net.peopled for piece in pieces(mine, net.free)) > 1
    return over
