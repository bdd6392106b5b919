"""Cells: one number per point, so that every map tile is exactly one range of one B-tree.

A cell interleaves 31 bits of Web-Mercator x with 31 bits of y counted from the north (Morton order), as map tiles are
counted: the first 2z bits of a cell are its tile at zoom z. A cell is at most 2 cm wide. Ranges are inclusive at both
ends, ready for SQL's BETWEEN.
"""

import math
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

BITS = 31
SIDE = 1 << BITS
MAX_LATITUDE = 85.05112877980659  # where Web Mercator ends; points nearer the poles go to its edge

Range = tuple[int, int]
Box = tuple[float, float, float, float]
Bits = TypeVar("Bits", int, NDArray[np.int64])


def cell(lon: float, lat: float) -> int:
    """The cell of one WGS84 point in degrees, from 0 to 2**62 - 1."""
    x, y = _column_and_row(lon, lat)
    return _spread(x) | _spread(y) << 1


def cells(lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.int64]:
    """The cells of WGS84 points in degrees; arrays of shape (n,) give an array of shape (n,)."""
    sines = np.sin(np.radians(np.clip(lats, -MAX_LATITUDE, MAX_LATITUDE)))
    down = 0.5 - np.log((1 + sines) / (1 - sines)) / (4 * math.pi)
    xs = np.clip((lons / 360 + 0.5) * SIDE, 0, SIDE - 1).astype(np.int64)
    ys = np.clip(down * SIDE, 0, SIDE - 1).astype(np.int64)
    interleaved: NDArray[np.int64] = _spread(xs) | _spread(ys) << 1
    return interleaved


def tile_range(z: int, x: int, y: int) -> Range:
    """The first and the last cell of the map tile z/x/y, both inclusive; zoom 0 to 31."""
    if not (0 <= z <= BITS and 0 <= x < 1 << z and 0 <= y < 1 << z):
        raise ValueError(f"there is no tile {z}/{x}/{y}")
    shift = 2 * (BITS - z)
    low = (_spread(x) | _spread(y) << 1) << shift
    return low, low + (1 << shift) - 1


def cover(box: Box, max_ranges: int = 16) -> list[Range]:
    """At most `max_ranges` rising, disjoint, inclusive ranges holding every cell of a box of WGS84 degrees.

    `box` is west, south, east, north. Fewer ranges hold more that is outside the box, so compare the coordinates too.
    """
    west, south, east, north = box
    left, top = _column_and_row(west, north)
    right, bottom = _column_and_row(east, south)
    if left > right or top > bottom:
        return []
    whole: list[Range] = []
    edge = [(0, 0, 0)]
    # Four times finer than asked, then the smallest gaps are closed: that wastes less than stopping early.
    while edge and len(whole) + len(edge) < 4 * max_ranges:
        children = [child for tile in edge for child in _children(tile)]
        edge = []
        for z, x, y in children:
            shift = BITS - z
            tile = (x << shift, y << shift, (x + 1 << shift) - 1, (y + 1 << shift) - 1)
            if tile[0] > right or tile[2] < left or tile[1] > bottom or tile[3] < top:
                continue
            if left <= tile[0] and tile[2] <= right and top <= tile[1] and tile[3] <= bottom:
                whole.append(tile_range(z, x, y))
            else:
                edge.append((z, x, y))
    return _with_fewest_wasted(sorted(whole + [tile_range(*tile) for tile in edge]), max_ranges)


def _children(tile: tuple[int, int, int]) -> list[tuple[int, int, int]]:
    z, x, y = tile
    return [(z + 1, 2 * x + dx, 2 * y + dy) for dy in (0, 1) for dx in (0, 1)]


def _with_fewest_wasted(ranges: list[Range], max_ranges: int) -> list[Range]:
    """Join neighbours across all but the widest gaps, so that `max_ranges` remain; touching ones always join."""
    gaps = [
        (after[0] - before[1] - 1, index) for index, (before, after) in enumerate(pairwise(ranges), start=1)
    ]
    widest = sorted((gap for gap in gaps if gap[0] > 0), reverse=True)[: max_ranges - 1]
    starts = [0, *sorted(index for _gap, index in widest)]
    ends = [*(start - 1 for start in starts[1:]), len(ranges) - 1]
    return [(ranges[start][0], ranges[end][1]) for start, end in zip(starts, ends, strict=True)]


def _column_and_row(lon: float, lat: float) -> tuple[int, int]:
    sine = math.sin(math.radians(min(max(lat, -MAX_LATITUDE), MAX_LATITUDE)))
    down = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    return _clamped((lon / 360 + 0.5) * SIDE), _clamped(down * SIDE)


def _clamped(value: float) -> int:
    return int(min(max(value, 0), SIDE - 1))


def _spread(bits: Bits) -> Bits:
    """Move bit i of 31 bits to place 2i."""
    bits = (bits | bits << 16) & 0x0000FFFF0000FFFF
    bits = (bits | bits << 8) & 0x00FF00FF00FF00FF
    bits = (bits | bits << 4) & 0x0F0F0F0F0F0F0F0F
    bits = (bits | bits << 2) & 0x3333333333333333
    return (bits | bits << 1) & 0x5555555555555555
