"""The lines a community is cut by: barriers, and the middle between the blocks of either side."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from wangge.territory.designer import edges
from wangge.territory.designer.frame import Frame
from wangge.territory.shapes import polygons_of

Numbers = NDArray[np.int64]
Metres = NDArray[np.float64]
Shapes = NDArray[np.object_]

SITES = 16  # points about a block's outline from which its land is measured
FINEST_M, COARSEST_M = 4.0, 10.0  # from point to point
# A barrier that runs along the community's own limit this close is the limit, drawn by somebody else.
BESIDE_LIMIT_M = 15.0
END_M = 30.0  # an end this near to another barrier, or to the limit, was meant to meet it
ROUGH_M = 0.5  # how far a middle line may be drawn from the middle


def sites(frame: Frame, shapes: Shapes, points: Shapes) -> tuple[Metres, Numbers]:
    """Points (metres) that stand for each block, with the block of each; no point twice.

    A polygon is stood for by points a little inside its outline, so that the line between two that touch runs along
    their common edge, and a line between two buildings runs through neither.
    """
    flat = frame.metres(shapes)
    step = np.clip(shapely.length(flat) / SITES, FINEST_M, COARSEST_M)
    within = shapely.buffer(flat, -0.4 * step, quad_segs=1)
    outlines, of = shapely.get_parts(within, return_index=True)
    solid = (shapely.get_type_id(outlines) == shapely.GeometryType.POLYGON) & ~shapely.is_empty(outlines)
    rings = shapely.segmentize(shapely.get_exterior_ring(outlines[solid]), step[of[solid]])
    around, at = shapely.get_coordinates(rings, return_index=True)
    middles = shapely.get_coordinates(frame.metres(points))
    sites = np.concatenate([middles, around])
    owners = np.concatenate([np.arange(len(shapes)), of[solid][at]])
    _keys, first = np.unique(edges.keys(sites), return_index=True)
    first.sort()
    return sites[first], owners[first]


def barriers(frame: Frame, limit: BaseGeometry, barriers: Sequence[LineString]) -> Shapes:
    """Barriers (metres) as they cross the community: without stretches that only follow its limit, ends met."""
    around = frame.metres(limit)
    flat = frame.metres(frame.ticks(np.array([one for one in barriers if not one.is_empty], dtype=object)))
    lines = _lines(shapely.intersection(flat, shapely.box(*around.bounds).buffer(BESIDE_LIMIT_M)))
    lines = lines[shapely.dwithin(around, lines, BESIDE_LIMIT_M)]
    if not len(lines):
        return np.array([], dtype=object)
    edge = shapely.boundary(around)
    beside = edge.buffer(BESIDE_LIMIT_M, quad_segs=2)
    near = _lines(shapely.intersection(lines, beside))
    along = near[shapely.length(near) > 4 * BESIDE_LIMIT_M]
    if len(along):
        lines = _lines(shapely.difference(lines, shapely.union_all(along).buffer(0.5, quad_segs=1)))
    met: Shapes = np.concatenate([lines, _bridged(lines, edge)])
    return met


def _lines(shapes: Shapes) -> Shapes:
    """The single lines in lines, multilines and collections."""
    parts: Shapes = shapely.get_parts(shapely.get_parts(shapes))
    found: Shapes = parts[
        (shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING) & ~shapely.is_empty(parts)
    ]
    return found


def _bridged(lines: Shapes, edge: BaseGeometry) -> Shapes:
    """The short lines by which ends that nearly meet another barrier, or the limit, do meet it (metres)."""
    if not len(lines):
        return lines
    all_lines = np.append(lines, edge)
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    of = np.tile(np.arange(len(lines)), 2)
    end, line = shapely.STRtree(all_lines).query(ends, "dwithin", END_M)
    others = line != of[end]
    end, line = end[others], line[others]
    gaps = shapely.distance(ends[end], all_lines[line])
    nearest = np.full(len(ends), np.inf)
    np.minimum.at(nearest, end, gaps)
    chosen = (gaps == nearest[end]) & (gaps > 0)
    bridges: Shapes = shapely.shortest_line(ends[end[chosen]], all_lines[line[chosen]])
    return bridges


def fragments(frame: Frame, limit: BaseGeometry, sites: Metres, owners: Numbers, barriers: Shapes) -> Shapes:
    """The faces of all lines together, in ticks: the limit, barriers, and the middle between blocks."""
    middle = frame.from_metres(_middle_lines(frame, limit, sites, owners))
    lines = np.concatenate([middle, frame.from_metres(barriers), [shapely.boundary(limit)]])
    noded = shapely.union_all(lines, grid_size=1.0)
    faces = polygons_of(shapely.polygonize(shapely.get_parts(shapely.get_parts(noded))))
    inside: Shapes = faces[shapely.contains_properly(limit, shapely.point_on_surface(faces))]
    return inside


def _middle_lines(frame: Frame, limit: BaseGeometry, sites: Metres, owners: Numbers) -> Shapes:
    """The edges of the Voronoi diagram of all sites that part two blocks, in metres."""
    if owners.max() == 0:
        return np.array([], dtype=object)
    around = frame.metres(limit).buffer(50)
    cells = shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=around, ordered=True)
    starts, ends, of = edges.segments(shapely.get_parts(cells))
    one, other = edges.twins(starts, ends)
    parting = one[owners[of[one]] != owners[of[other]]]
    lines = shapely.linestrings(np.stack([starts[parting], ends[parting]], axis=1))
    clipped = shapely.clip_by_rect(lines, *around.bounds)
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(_lines(clipped))))
    simple: Shapes = shapely.simplify(merged, ROUGH_M, preserve_topology=False)
    return simple
