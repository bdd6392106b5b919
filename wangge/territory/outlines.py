"""The lines between areas, each once however many areas it bounds."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

SAME_PLACE = 1e7  # parts of a degree: corners less than a centimetre apart are one


def outlines(shapes: NDArray[np.object_]) -> Any:
    """The rings of polygons (WGS84 degrees) as lines, cut where more than two of them meet.

    What two neighbours share is drawn once: half as much to send and to draw, and what is dashed stays dashed.
    Neighbours whose corners differ, as drawn by two hands, keep a line each.
    """
    if not len(shapes):
        return np.empty(0, dtype=object)
    corners, ring_of = shapely.get_coordinates(_rings(shapes), return_index=True)
    places = _numbered(corners)
    begin = np.flatnonzero((ring_of[1:] == ring_of[:-1]) & (places[1:] != places[:-1]))  # of each side
    first = _first_of_each(places[begin], places[begin + 1])
    meeting = np.bincount(np.concatenate([places[begin[first]], places[begin[first] + 1]])) != 2
    begin = begin[first]
    # A line goes on from side to side until the next was drawn before, or more lines meet.
    fresh = np.ones(len(begin), dtype=bool)
    fresh[1:] = (begin[1:] != begin[:-1] + 1) | (ring_of[begin[1:]] != ring_of[begin[:-1]])
    fresh |= meeting[places[begin]]
    return _lines(corners, begin, np.cumsum(fresh) - 1)


def _rings(shapes: NDArray[np.object_]) -> Any:
    """All rings; a polygon of one ring, as nearly all are, stands for it without being copied."""
    if (shapely.get_type_id(shapes) != shapely.GeometryType.POLYGON).any():
        shapes = shapely.get_parts(shapes)
    return shapely.get_rings(shapes) if shapely.get_num_interior_rings(shapes).any() else shapes


def _numbered(corners: NDArray[np.float64]) -> NDArray[np.int64]:
    """A number for each corner, the same for the same place."""
    whole = np.rint(corners * SAME_PLACE).astype(np.int64)
    numbers: NDArray[np.int64] = np.unique((whole[:, 0] << 32) + whole[:, 1], return_inverse=True)[1]
    return numbers


def _first_of_each(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each side comes first, in order; it is the same in either direction."""
    low, high = np.minimum(one, other), np.maximum(one, other)
    return np.sort(np.unique((low << 32) + high, return_index=True)[1])


def _lines(corners: NDArray[np.float64], begin: NDArray[np.int64], line_of: NDArray[np.int64]) -> Any:
    """Sides that follow one another as lines: the begin of each side, and the end of a line's last."""
    last = np.diff(line_of, append=-1) != 0
    at = np.arange(len(begin)) + np.cumsum(last) - last
    drawn = np.empty((len(begin) + int(last.sum()), 2))
    line = np.empty(len(drawn), dtype=np.int64)
    drawn[at], line[at] = corners[begin], line_of
    drawn[at[last] + 1], line[at[last] + 1] = corners[begin[last] + 1], line_of[last]
    return shapely.linestrings(drawn, indices=line)
