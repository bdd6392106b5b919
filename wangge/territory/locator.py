"""Which polygon a point is in: thousands of grids, millions of points, in memory.

Promises (benchmarks/locate.py holds them): under 50 microseconds for one point, at least 0.6 million points a second in
bulk for 10,000 grids. A locator never changes after it is built, so that threads may share it.
"""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from wangge.territory.coordinates import MEAN_EARTH_RADIUS

NOWHERE = -1

_METRES_PER_DEGREE = MEAN_EARTH_RADIUS * np.pi / 180
_TILES = 1024  # per axis, when points are put in order
_SLICE = 1 << 17  # points at a time: keeps the working set of a bulk run in tens of megabytes


class Locator:
    """Polygons in WGS84 degrees with an id and a code each; a point on an edge belongs to the lowest code."""

    def __init__(self, ids: Sequence[int], codes: Sequence[str], geometries: Sequence[BaseGeometry]) -> None:
        """Build from three sequences of the same length; ids are not negative, geometries polygonal and valid."""
        order = sorted(range(len(codes)), key=codes.__getitem__)
        # Sorted by code, so that the lowest position is the lowest code.
        self._ids: NDArray[np.int64] = np.array([ids[i] for i in order], dtype=np.int64)
        self._shapes: NDArray[np.object_] = np.array([geometries[i] for i in order], dtype=object)
        self._tree = shapely.STRtree(self._shapes)
        self._prepare_now()
        self._west_south, self._degrees = self._extent()

    def __len__(self) -> int:
        return len(self._ids)

    def locate(self, lon: float, lat: float) -> int | None:
        """The id of the polygon that a WGS84 point in degrees lies in or on, or None outside all of them."""
        near = self._tree.query(shapely.Point(lon, lat))
        inside = near[shapely.intersects_xy(self._shapes[near], lon, lat)]
        return int(self._ids[inside.min()]) if inside.size else None

    def locate_many(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.int64]:
        """The ids for WGS84 points in degrees, in their order; -1 outside and for NaN. Shapes are (n,)."""
        found = np.full(len(lons), NOWHERE, dtype=np.int64)
        order = self._order_by_neighbourhood(lons, lats)
        for start in range(0, len(order), _SLICE):
            part = order[start : start + _SLICE]
            found[part] = self._positions(lons[part], lats[part])
        inside = found != NOWHERE
        found[inside] = self._ids[found[inside]]
        return found

    def nearest(self, lon: float, lat: float) -> tuple[int, float] | None:
        """The id of the nearest polygon and the metres to it (0 inside); None only for an empty locator.

        Degrees of longitude are shortened by the cosine of the point's latitude; good to 1 % within 100 km.
        """
        if not len(self):
            return None
        first = self._tree.nearest(shapely.Point(lon, lat))
        reach = self._metres_to(np.array([first]), lon, lat)[0]
        # The nearest in degrees bounds the nearest in metres: nothing outside this box can be nearer.
        up = reach / _METRES_PER_DEGREE * 1.000001 + 1e-9
        aside = up / _shrink(lat)
        near = np.sort(self._tree.query(shapely.box(lon - aside, lat - up, lon + aside, lat + up)))
        metres = self._metres_to(near, lon, lat)
        best = int(metres.argmin())  # the first of equals: the lowest code
        return int(self._ids[near[best]]), float(metres[best])

    def _positions(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.int64]:
        """The lowest position of a polygon holding each point, -1 for none."""
        points, near = self._tree.query(shapely.points(lons, lats))
        hits = shapely.intersects_xy(self._shapes[near], lons[points], lats[points])
        points, near = points[hits], near[hits]
        lowest = np.full(len(lons), NOWHERE, dtype=np.int64)
        lowest[points] = near
        # A point on an edge was written more than once; only those are looked at again.
        lost = lowest[points] != near
        if lost.any():
            np.minimum.at(lowest, points[lost], near[lost])
        return lowest

    def _order_by_neighbourhood(
        self, lons: NDArray[np.float64], lats: NDArray[np.float64]
    ) -> NDArray[np.intp]:
        """Points that follow each other meet the same polygons while they are in the processor's cache: twice as fast."""
        across, up = (
            np.clip(np.nan_to_num((values - low) / self._degrees) * _TILES, 0, _TILES - 1).astype(np.int32)
            for values, low in zip((lons, lats), self._west_south, strict=True)
        )
        return np.argsort(up * _TILES + across)

    def _metres_to(self, positions: NDArray[np.int64], lon: float, lat: float) -> NDArray[np.float64]:
        scale = np.array([_shrink(lat), 1.0]) * _METRES_PER_DEGREE
        flat = shapely.transform(self._shapes[positions], lambda degrees: (degrees - (lon, lat)) * scale)
        metres: NDArray[np.float64] = shapely.distance(flat, shapely.Point(0, 0))
        return metres

    def _prepare_now(self) -> None:
        """Make GEOS build its lazy indexes while one thread still owns them."""
        shapely.prepare(self._shapes)
        boxes = shapely.bounds(self._shapes).reshape(-1, 4)
        shapely.intersects_xy(self._shapes, (boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2)
        self._tree.query(shapely.Point(0, 0))

    def _extent(self) -> tuple[tuple[float, float], float]:
        west, south, east, north = shapely.total_bounds(self._shapes) if len(self) else (0.0, 0.0, 0.0, 0.0)
        return (west, south), max(east - west, north - south) or 1.0


def _shrink(lat: float) -> float:
    """How much shorter a degree of longitude is than one of latitude; never nothing, so that the poles work."""
    return max(float(np.cos(np.radians(lat))), 1e-6)
