"""Edges that polygons of one net share: who lies beside whom, for how many metres, and where a barrier runs between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Metres = NDArray[np.float64]
Shapes = NDArray[np.object_]

HAIR_M = 0.1


@dataclass(frozen=True)
class Edges:
    """One row for each pair of neighbours, the smaller number first; lengths in metres."""

    pairs: Numbers  # shape (n, 2)
    open: Metres  # without a barrier
    barred: Metres  # along a barrier
    outer: Metres  # by polygon: what it shares with nobody


def segments(polygons: Shapes) -> tuple[Metres, Metres, Numbers]:
    """The straight pieces of all rings: starts, ends, and the polygon of each."""
    rings, of_ring = shapely.get_rings(polygons, return_index=True)
    at, of = shapely.get_coordinates(rings, return_index=True)
    going_on = of[1:] == of[:-1]
    return at[:-1][going_on], at[1:][going_on], of_ring[of[:-1][going_on]]


def twins(starts: Metres, ends: Metres) -> tuple[Numbers, Numbers]:
    """Indexes of the pieces that occur twice, once for each of two neighbours."""
    corners, number = np.unique(keys(np.concatenate([starts, ends])), return_inverse=True)
    number = number.reshape(2, -1)
    key = number.min(axis=0) * len(corners) + number.max(axis=0)
    order = np.argsort(key, kind="stable")
    same = np.flatnonzero((key[order][1:] == key[order][:-1]) & (number[0] != number[1])[order][1:])
    return order[same], order[same + 1]


def keys(places: Metres) -> Numbers:
    """One whole number for each place, the same for places in the same millimetre."""
    whole = np.round(places * 1000).astype(np.int64)
    found: Numbers = (whole[:, 0] << 32) + whole[:, 1]
    return found


def between(polygons: Shapes, barriers: Shapes, near: float) -> Edges:
    """The edges of polygons in metres whose corners agree exactly; `near` metres from a barrier is along it."""
    starts, ends, of = segments(polygons)
    lengths = np.hypot(*(ends - starts).T)
    one, other = twins(starts, ends)
    outer = np.bincount(of, lengths, len(polygons))
    for side in (one, other):
        outer -= np.bincount(of[side], lengths[side], len(polygons))
    barred = _along(starts[one], ends[one], barriers, near)
    low, high = np.minimum(of[one], of[other]), np.maximum(of[one], of[other])
    pair, row = np.unique(low * len(polygons) + high, return_inverse=True)
    pairs = np.stack(np.divmod(pair, len(polygons)), axis=1)
    return Edges(
        pairs,
        _summed(row, np.where(barred, 0.0, lengths[one]), len(pairs)),
        _summed(row, np.where(barred, lengths[one], 0.0), len(pairs)),
        np.maximum(outer, 0.0),
    )


def _summed(row: Numbers, lengths: Metres, count: int) -> Metres:
    return np.bincount(row, lengths, count).astype(float)


def _along(starts: Metres, ends: Metres, barriers: Shapes, near: float) -> NDArray[np.bool_]:
    """Which pieces run along a barrier: both ends and the middle lie by it."""
    found = np.ones(len(starts), dtype=bool)
    if not len(barriers):
        return ~found
    tree = shapely.STRtree(barriers)
    for place in (starts, (starts + ends) / 2, ends):
        by = np.zeros(len(starts), dtype=bool)
        by[tree.query(shapely.points(place), "dwithin", near)[0]] = True
        found &= by
    return found
