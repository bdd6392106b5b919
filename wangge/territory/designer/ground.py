"""The ground of a community cut into units: the land around each block, with edges along barriers where one runs.

Everything is cut once from one noded net of lines on whole ticks (0.0000001°, as boundaries are kept), so that units
share every corner: no gap and no overlap can arise, nor does storing move anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from wangge.territory.designer import edges, lines
from wangge.territory.designer.blocks import Block
from wangge.territory.designer.edges import Edges
from wangge.territory.designer.fragments import assigned
from wangge.territory.designer.frame import Frame

Numbers = NDArray[np.int64]
Metres = NDArray[np.float64]
Shapes = NDArray[np.object_]

SMOOTH_M = 4.0  # corners of edges between units that deviate less are left out


@dataclass(frozen=True)
class Ground:
    """Units of land: those of blocks first, then open ground that barriers part from every block."""

    frame: Frame
    shapes: Shapes  # polygons in ticks, by unit
    unit_of_block: Numbers
    households: Numbers  # by unit
    peopled: int  # how many units have blocks
    outside: int  # blocks that lie outside the community
    edges: Edges  # between units, metres
    middles: Metres  # centres of gravity, metres, shape (units, 2)
    areas: Metres  # square metres
    grids: list[str]  # of most households of each unit today, empty for none

    @property
    def count(self) -> int:
        """How many units there are."""
        return len(self.shapes)


def laid_out(blocks: Sequence[Block], community: BaseGeometry, barriers: Sequence[LineString]) -> Ground:
    """Cut a community (WGS84) into units; there must be a block, wherever it lies."""
    frame = Frame.around(community)
    limit = frame.ticks(community)
    shapely.prepare(limit)
    shapes = frame.ticks(np.array([block.shape for block in blocks], dtype=object))
    points = shapely.point_on_surface(shapes)
    inside = shapely.intersects(limit, points)
    # Where all lie outside, the nearest gets the land.
    at = np.flatnonzero(inside) if inside.any() else shapely.distance(points, limit).argmin(keepdims=True)
    sites, owners = lines.sites(frame, shapes[at], points[at])
    across = lines.barriers(frame, limit, barriers)
    fragments = lines.fragments(frame, limit, sites, owners, across)
    unit_of_fragment, unit_of_inside, peopled = assigned(frame, fragments, points[at], sites, owners, across)
    units = _smoothed(frame, dissolved(fragments, unit_of_fragment), points[at], unit_of_inside)
    unit_of_block = unit_of_inside[shapely.STRtree(points[at]).nearest(points)]
    unit_of_block[at] = unit_of_inside
    metres = frame.metres(units)
    return Ground(
        frame, units, unit_of_block,
        np.bincount(unit_of_block, [block.households for block in blocks], len(units)).astype(np.int64),
        peopled, int((~inside).sum()),
        edges.between(metres, across, SMOOTH_M),
        shapely.get_coordinates(shapely.centroid(metres)),
        shapely.area(metres),
        _grids(blocks, unit_of_block, len(units)),
    )  # fmt: skip


def _grids(blocks: Sequence[Block], unit_of_block: Numbers, count: int) -> list[str]:
    shares: list[Counter[str]] = [Counter() for _ in range(count)]
    for block, unit in zip(blocks, unit_of_block.tolist(), strict=True):
        if block.grid:
            shares[unit][block.grid] += block.households + 1
    return [max(sorted(share), key=share.__getitem__, default="") for share in shares]


def dissolved(shapes: Shapes, labels: Numbers) -> Shapes:
    """Polygons that share their edges exactly, joined by label 0, 1, 2 …"""
    order = np.argsort(labels, kind="stable")
    groups = np.split(shapes[order], np.cumsum(np.bincount(labels))[:-1])
    found = [group[0] if len(group) == 1 else shapely.coverage_union_all(group) for group in groups]
    return np.array(found, dtype=object)


def _smoothed(frame: Frame, shapes: Shapes, points: Shapes, unit_of_point: Numbers) -> Shapes:
    """The units without needless corners between them, the limit untouched; as they were if a block lost its land."""
    if len(shapes) < 2:
        return shapes
    smooth = shapely.coverage_simplify(shapes, SMOOTH_M / frame.up, simplify_boundary=False)
    kept = shapely.intersects(smooth[unit_of_point], points) | ~shapely.intersects(
        shapes[unit_of_point], points
    )
    whole = shapely.is_valid(smooth).all() and not shapely.is_empty(smooth).any()
    return smooth if kept.all() and whole else shapes
