"""A county's grids designed anew, community by community, against the bare Voronoi diagram of the same points."""

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon

from wangge.territory.designer.blocks import Block
from wangge.territory.designer.frame import Frame
from wangge.territory.designer.lines import sites
from wangge.territory.designer.measures import measured
from wangge.territory.designer.proposing import Band, propose

SIZE = 10_000  # blocks: a county
SECONDS = 60.0

BLOCKS_PER_COMMUNITY = 160
SIDE_M = 1_000.0
METRE = 1e-5  # about so many degrees
WEST_SOUTH = (116.0, 32.0)
BAND = Band(300, 500)
METHOD = "growing"

Community = tuple[Polygon, list[Block], list[LineString]]


def run(size: int, seconds: float) -> list[dict[str, Any]]:
    """Divide communities with `size` blocks in all, as many of them as `seconds` seconds allow."""
    until = time.perf_counter() + seconds
    ours = theirs = 0.0
    blocks = grids = faults = 0
    for ground, buildings, roads in county(size):
        theirs += _bare(ground, buildings)
        start = time.perf_counter()
        proposal = propose(buildings, ground, roads, BAND, method=METHOD)
        ours += time.perf_counter() - start
        measures = measured(buildings, proposal, BAND)
        blocks += len(buildings)
        grids += measures.grids
        faults += not (measures.contiguous and _filled(ground, proposal.parts))
        if time.perf_counter() > until:
            break
    return [
        {
            "name": f"design {grids} grids",
            "size": blocks,
            "value": round(blocks / ours),
            "unit": "blocks/s",
            "yardstick": f"shapely.voronoi_polygons of the same points: {blocks / theirs:,.0f} blocks/s",
            "ratio": round(theirs / ours, 3),
            "errors": faults,
        }
    ]


def county(size: int) -> Iterator[Community]:
    """Communities of 160 buildings with 10 to 70 households each, two crooked main roads through every one."""
    rng = np.random.default_rng(20260101)
    for number, start in enumerate(range(0, size, BLOCKS_PER_COMMUNITY)):
        yield _community(rng, number, min(BLOCKS_PER_COMMUNITY, size - start))


def _community(rng: np.random.Generator, number: int, count: int) -> Community:
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * SIDE_M + rng.uniform(-120, 120, (4, 2))
    ground = Polygon(_degrees(corners, number))
    across = int(np.ceil(np.sqrt(count)))
    at = np.stack(np.divmod(np.arange(count), across), axis=1) + 0.5 + rng.uniform(-0.2, 0.2, (count, 2))
    middles = at * SIDE_M / across
    wide, deep = rng.uniform(12, 34, count), rng.uniform(8, 14, count)
    blocks = [
        Block(f"{number}-{row}", Polygon(_degrees(_rectangle(middle, *size), number)), int(held))
        for row, (middle, size, held) in enumerate(
            zip(middles, zip(wide, deep, strict=True), rng.integers(10, 70, count), strict=True)
        )
    ]
    roads = [LineString(_degrees(_crooked(rng)[:, ::turn], number)) for turn in (1, -1)]
    return ground, blocks, roads


def _rectangle(middle: NDArray[np.float64], wide: float, deep: float) -> NDArray[np.float64]:
    return middle + np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (wide / 2, deep / 2)


def _crooked(rng: np.random.Generator) -> NDArray[np.float64]:
    """A road from south to north, near the middle."""
    up = np.linspace(-0.2, 1.2, 8) * SIDE_M
    return np.stack([SIDE_M * rng.uniform(0.4, 0.6) + rng.uniform(-30, 30, 8), up], axis=1)


def _degrees(metres: NDArray[np.float64], number: int) -> NDArray[np.float64]:
    """Communities lie in a row, two kilometres from each other."""
    moved: NDArray[np.float64] = np.round(
        (metres + np.array([2 * SIDE_M * number, 0])) * METRE + WEST_SOUTH, 7
    )
    return moved


def _bare(ground: Polygon, blocks: list[Block]) -> float:
    """Seconds for nothing but the diagram, its points ready made."""
    frame = Frame.around(ground)
    shapes = frame.ticks(np.array([block.shape for block in blocks], dtype=object))
    points, _owners = sites(frame, shapes, shapely.point_on_surface(shapes))
    together = shapely.multipoints(points)
    start = time.perf_counter()
    shapely.voronoi_polygons(together, ordered=True)
    return time.perf_counter() - start


def _filled(ground: Polygon, parts: tuple[shapely.Geometry, ...]) -> bool:
    """No gap and no overlap wider than the ticks that boundaries are kept in."""
    union = shapely.union_all(parts)
    hair = 1e-7 * ground.length
    return bool(
        shapely.symmetric_difference(union, ground).area < hair
        and abs(shapely.area(parts).sum() - union.area) < hair
    )
