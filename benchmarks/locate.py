"""Which grid a point is in: 10,000 grids of 25 vertices, against a bare shapely query for the same points."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from wangge.territory.locator import Locator

SIZE = 1_000_000  # points
SECONDS = 10.0

GRIDS_PER_SIDE = 100
VERTICES_PER_EDGE = 6
GRID_DEGREES = 0.01
WEST_SOUTH = (116.0, 39.0)


def run(size: int, seconds: float) -> list[dict[str, Any]]:
    """Bulk location of `size` points and single location, for about `seconds` seconds in all."""
    rng = np.random.default_rng(20260101)
    shapes = tessellation(rng)
    codes = [f"{number:015}" for number in range(len(shapes))]
    locator = Locator(range(len(shapes)), codes, list(shapes))
    inset = 0.5 * GRID_DEGREES
    extent = GRIDS_PER_SIDE * GRID_DEGREES
    lons = WEST_SOUTH[0] + rng.uniform(inset, extent - inset, size)
    lats = WEST_SOUTH[1] + rng.uniform(inset, extent - inset, size)
    return [
        _in_bulk(locator, shapes, lons, lats, 0.8 * seconds),
        _one_by_one(locator, lons, lats, 0.2 * seconds),
    ]


def tessellation(rng: np.random.Generator) -> NDArray[np.object_]:
    """A jittered chessboard of 10,000 valid polygons of 25 vertices that share their edges: no gap, no overlap."""
    steps = np.arange(GRIDS_PER_SIDE + 1, dtype=float)
    corners = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1)
    corners[1:-1, 1:-1] += rng.uniform(-0.2, 0.2, corners[1:-1, 1:-1].shape)
    bottoms = _crooked_lines(corners[:-1], corners[1:], rng)
    lefts = _crooked_lines(corners[:, :-1], corners[:, 1:], rng)
    rings = np.concatenate(
        [
            bottoms[:, :-1],
            lefts[1:],
            _backwards(bottoms[:, 1:], corners[1:, 1:]),
            _backwards(lefts[:-1], corners[:-1, 1:]),
            corners[:-1, :-1, None],
        ],
        axis=2,
    )
    degrees = rings.reshape(GRIDS_PER_SIDE**2, -1, 2) * GRID_DEGREES + WEST_SOUTH
    polygons: NDArray[np.object_] = shapely.polygons(degrees)
    return polygons


def _crooked_lines(
    starts: NDArray[np.float64], ends: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Lines from start (included) to end (left out) with jittered points between, shape (..., vertices, 2)."""
    along = np.linspace(0, 1, VERTICES_PER_EDGE, endpoint=False)[:, None]
    lines: NDArray[np.float64] = starts[..., None, :] * (1 - along) + ends[..., None, :] * along
    lines[..., 1:, :] += rng.uniform(-0.04, 0.04, lines[..., 1:, :].shape)
    return lines


def _backwards(lines: NDArray[np.float64], ends: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([ends[..., None, :], lines[..., :0:-1, :]], axis=-2)


def _in_bulk(
    locator: Locator,
    shapes: NDArray[np.object_],
    lons: NDArray[np.float64],
    lats: NDArray[np.float64],
    seconds: float,
) -> dict[str, Any]:
    """Ours from two arrays of numbers; the yardstick is given its points ready made, which favours it."""
    tree, points = shapely.STRtree(shapes), shapely.points(lons, lats)
    ours: list[float] = []
    theirs: list[float] = []
    until = time.perf_counter() + seconds
    # Turn and turn about, so that a busy moment of the machine hits both.
    while len(ours) < 3 or time.perf_counter() < until:
        theirs.append(_seconds(lambda: tree.query(points, "intersects")))
        ours.append(_seconds(lambda: locator.locate_many(lons, lats)))
    bare = len(lons) / median(theirs)
    return {
        "name": "locate in bulk",
        "size": len(lons),
        "value": round(len(lons) / median(ours)),
        "unit": "points/s",
        "yardstick": f"shapely STRtree.query(points, 'intersects'): {bare:,.0f} points/s",
        "ratio": round(median(theirs) / median(ours), 3),
        "errors": _disagreements(locator, tree, lons, lats),
    }


def _disagreements(
    locator: Locator, tree: shapely.STRtree, lons: NDArray[np.float64], lats: NDArray[np.float64]
) -> int:
    """How many of the points we put in another grid than the yardstick does."""
    points, grids = tree.query(shapely.points(lons, lats), "intersects")
    expected = np.full(len(lons), -1)
    expected[points] = grids
    return int((locator.locate_many(lons, lats) != expected).sum())


def _one_by_one(
    locator: Locator, lons: NDArray[np.float64], lats: NDArray[np.float64], seconds: float
) -> dict[str, Any]:
    taken: list[float] = []
    until = time.perf_counter() + seconds
    for lon, lat in zip(lons.tolist(), lats.tolist(), strict=True):
        taken.append(_seconds(lambda: locator.locate(lon, lat)))  # noqa: B023  # called at once
        if time.perf_counter() > until:
            break
    p50, p95, p99 = (round(float(value) * 1000, 4) for value in np.percentile(taken, [50, 95, 99]))
    return {
        "name": "locate one",
        "size": len(taken),
        "value": round(1e6 * median(taken), 2),
        "unit": "µs/point",
        "yardstick": "the promise: 50 µs",
        "ratio": round(50e-6 / median(taken), 2),
        "p50_ms": p50,
        "p95_ms": p95,
        "p99_ms": p99,
    }


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
