"""The district's own flat map: metres east and north of one point, and the way back to WGS84 degrees.

Everything is drawn in metres, because a planner thinks in metres. Boundaries are noded in *ticks* (whole
10⁻⁷ degrees, about a centimetre), so that two neighbours own exactly the same vertices and nothing is
rounded afterwards.
"""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

ORIGIN_LON, ORIGIN_LAT = 118.93, 32.905
TICKS_PER_DEGREE = 10_000_000

_phi = math.radians(ORIGIN_LAT)
# Series for the WGS84 ellipsoid; good to a centimetre per degree.
METRES_PER_DEGREE_LAT = 111132.954 - 559.822 * math.cos(2 * _phi) + 1.175 * math.cos(4 * _phi)
METRES_PER_DEGREE_LON = 111412.84 * math.cos(_phi) - 93.5 * math.cos(3 * _phi) + 0.118 * math.cos(5 * _phi)

Coordinates = npt.NDArray[np.float64]

_SCALE = np.array([METRES_PER_DEGREE_LON, METRES_PER_DEGREE_LAT])
_ORIGIN_TICKS = np.array([ORIGIN_LON, ORIGIN_LAT]) * TICKS_PER_DEGREE


def _metres_to_ticks(coords: Coordinates) -> Coordinates:
    return np.asarray(coords / _SCALE * TICKS_PER_DEGREE + _ORIGIN_TICKS)


def _ticks_to_metres(coords: Coordinates) -> Coordinates:
    return np.asarray((coords - _ORIGIN_TICKS) / TICKS_PER_DEGREE * _SCALE)


def _metres_to_degrees(coords: Coordinates) -> Coordinates:
    return np.asarray(np.rint(_metres_to_ticks(coords)) / TICKS_PER_DEGREE)


def _degrees_to_metres(coords: Coordinates) -> Coordinates:
    return np.asarray((coords - np.array([ORIGIN_LON, ORIGIN_LAT])) * _SCALE)


def to_ticks(geometries: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Metres to whole-number-sized ticks, not yet rounded: noding rounds and joins in one step."""
    return np.asarray(shapely.transform(geometries, _metres_to_ticks))


def ticks_to_metres(geometries: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    return np.asarray(shapely.transform(geometries, _ticks_to_metres))


G = TypeVar("G", bound=BaseGeometry)


def to_degrees(geometry: G) -> G:
    """Metres to WGS84 degrees with seven decimals (one centimetre)."""
    moved: G = shapely.transform(geometry, _metres_to_degrees)
    return moved


def to_metres(geometry: G) -> G:
    """WGS84 degrees to metres on the district's flat map."""
    moved: G = shapely.transform(geometry, _degrees_to_metres)
    return moved


def point_in_degrees(x: float, y: float) -> tuple[float, float]:
    """(longitude, latitude) in WGS84 degrees, seven decimals, of a place in metres."""
    return round(ORIGIN_LON + x / METRES_PER_DEGREE_LON, 7), round(ORIGIN_LAT + y / METRES_PER_DEGREE_LAT, 7)


def ticks_to_degrees(geometry: G) -> G:
    """Whole ticks to the nearest doubles in WGS84 degrees: equal vertices stay equal."""
    moved: G = shapely.transform(geometry, lambda c: c / TICKS_PER_DEGREE)
    return moved
