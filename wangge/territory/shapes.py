"""Boundaries as they are kept: polygons in WKB, WGS84 degrees, rounded to 7 decimals (1 cm)."""

import math

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

DECIMALS = 7

_WGS84_AXIS = 6_378_137.0  # metres
_WGS84_ECCENTRICITY_SQUARED = 0.00669437999014


def to_wkb(shape: BaseGeometry) -> bytes:
    """The shape as two-dimensional WKB, its degrees rounded to 7 decimals."""
    return bytes(shapely.to_wkb(rounded(shape), output_dimension=2))


def from_wkb(stored: bytes | memoryview) -> BaseGeometry:
    """The shape of stored WKB, in WGS84 degrees."""
    return shapely.from_wkb(bytes(stored))


def rounded(shape: BaseGeometry) -> BaseGeometry:
    """The shape with each corner rounded on its own, never moved by its neighbours in the same polygon.

    That is what keeps edges shared: the same corner in two polygons is rounded to the same place. The price is that a
    ring thinner than a centimetre may fold, so validity is checked after rounding.
    """
    return shapely.transform(shape, lambda degrees: np.round(degrees, DECIMALS))


def area_m2(shape: BaseGeometry) -> float:
    """Square metres on the WGS84 ellipsoid, within 0.1 % for shapes of up to a hundred kilometres."""
    if shape.is_empty:
        return 0.0
    across, up = metres_per_degree((shape.bounds[1] + shape.bounds[3]) / 2)
    return float(shape.area * across * up)


def centre(shape: BaseGeometry) -> tuple[float, float]:
    """Degrees of a point for the label and for driving there: the centre of gravity, or else a point inside."""
    point = shape.centroid
    if not shape.covers(point):
        point = shape.representative_point()
    return round(point.x, DECIMALS), round(point.y, DECIMALS)


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Metres per degree of longitude and of latitude on the WGS84 ellipsoid at latitude `lat` in degrees."""
    angle = math.radians(lat)
    flattening = 1 - _WGS84_ECCENTRICITY_SQUARED * math.sin(angle) ** 2
    meridian = _WGS84_AXIS * (1 - _WGS84_ECCENTRICITY_SQUARED) / flattening**1.5
    parallel = _WGS84_AXIS / math.sqrt(flattening) * math.cos(angle)
    return parallel * math.pi / 180, meridian * math.pi / 180


def polygons_of(shape: BaseGeometry) -> NDArray[np.object_]:
    """The single polygons in a polygon, multipolygon or collection; lines and points are left out."""
    parts: NDArray[np.object_] = shapely.get_parts(shapely.get_parts(shape))
    polygons: NDArray[np.object_] = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return polygons


def together(polygons: NDArray[np.object_]) -> BaseGeometry:
    """One polygon, or a multipolygon of several."""
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(list(polygons))
