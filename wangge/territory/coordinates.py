"""Coordinate systems at the border: what comes in named, is kept as WGS84 degrees.

Sources: GCJ-02 and BD-09 have no published standard; these are the formulas in public use (Krasovsky 1940 ellipsoid).
CGCS2000 differs from WGS84 by centimetres to decimetres and is treated as equal, which is far below the size of a grid.
"""

import math
from collections.abc import Callable
from enum import StrEnum

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from wangge.common.refusals import Refused

Degrees = NDArray[np.float64]
Pair = tuple[Degrees, Degrees]
Conversion = Callable[[Degrees, Degrees], Pair]


class CRS(StrEnum):
    """A named coordinate system of longitude and latitude in degrees."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


MEAN_EARTH_RADIUS = 6_371_008.8  # metres, IUGG

_KRASOVSKY_AXIS = 6_378_245.0  # metres
_KRASOVSKY_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD09_WAVE = math.pi * 3000 / 180
# The shifts change by at most 2.1 % of the distance moved, so each round of the inverse leaves 2.1 % of the error:
# six rounds take 1.5 km below a micrometre.
_INVERSE_ROUNDS = 6


def to_wgs84(lon: float, lat: float, crs: CRS) -> tuple[float, float]:
    """One point in degrees of `crs` as WGS84 degrees, to better than a metre."""
    if crs in (CRS.WGS84, CRS.CGCS2000):
        return lon, lat
    lons, lats = all_to_wgs84(np.array([lon]), np.array([lat]), crs)
    return float(lons[0]), float(lats[0])


def from_wgs84(lon: float, lat: float, crs: CRS) -> tuple[float, float]:
    """One WGS84 point in degrees as degrees of `crs`, for showing it on that system's map."""
    if crs in (CRS.WGS84, CRS.CGCS2000):
        return lon, lat
    lons, lats = all_from_wgs84(np.array([lon]), np.array([lat]), crs)
    return float(lons[0]), float(lats[0])


def all_from_wgs84(lons: Degrees, lats: Degrees, crs: CRS) -> Pair:
    """Arrays of WGS84 degrees, both of shape (n,), as degrees of `crs`."""
    if crs is CRS.GCJ02:
        return _where_shifted(_shifted, lons, lats)
    if crs is CRS.BD09:
        return _bd09(*_where_shifted(_shifted, lons, lats))
    return lons, lats


def all_to_wgs84(lons: Degrees, lats: Degrees, crs: CRS) -> Pair:
    """Arrays of degrees of `crs`, both of shape (n,), as WGS84 degrees."""
    if crs is CRS.BD09:
        lons, lats = _inverse(_bd09, lons, lats)
    if crs in (CRS.GCJ02, CRS.BD09):
        return _where_shifted(lambda xs, ys: _inverse(_shifted, xs, ys), lons, lats)
    return lons, lats


def in_gcj02_area(lons: Degrees, lats: Degrees) -> NDArray[np.bool_]:
    """Where GCJ-02 shifts at all: the box around China that the public formula uses."""
    return (lons >= 72.004) & (lons <= 137.8347) & (lats >= 0.8293) & (lats <= 55.8271)


def metres_between(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Great-circle metres between two WGS84 points in degrees, within 0.5 % of the ellipsoid."""
    south_north = math.radians(other_lat - lat)
    west_east = math.radians(other_lon - lon)
    chord = (
        math.sin(south_north / 2) ** 2
        + math.cos(math.radians(lat)) * math.cos(math.radians(other_lat)) * math.sin(west_east / 2) ** 2
    )
    return 2 * MEAN_EARTH_RADIUS * math.asin(math.sqrt(min(1.0, chord)))


def parse_pair(lon_text: str | None, lat_text: str | None) -> tuple[float, float] | None:
    """Longitude and latitude in degrees from what was typed or sent; None where neither was given.

    Raises `Refused` on half a coordinate, on what is not a number, on swapped and on impossible values.
    """
    lon_given, lat_given = (lon_text or "").strip(), (lat_text or "").strip()
    if not lon_given and not lat_given:
        return None
    if not lon_given:
        raise Refused(_("There is a latitude without a longitude. Give both or neither."), field="lon")
    if not lat_given:
        raise Refused(_("There is a longitude without a latitude. Give both or neither."), field="lat")
    lon, lat = _number(lon_given, "lon"), _number(lat_given, "lat")
    _refuse_impossible(lon, lat)
    return lon, lat


def _number(text: str, field: str) -> float:
    try:
        value = float(text.replace("_", "?"))  # Python reads 1_000 as a number, people do not
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Refused(
            _("“%(text)s” is not a number. Write degrees with a decimal point, such as 116.3974.")
            % {"text": text[:40]},
            field=field,
        )
    return value


def _refuse_impossible(lon: float, lat: float) -> None:
    if _looks_swapped(lon, lat):
        raise Refused(
            _("Longitude %(lon)s and latitude %(lat)s look swapped. Longitude comes first.")
            % {"lon": lon, "lat": lat},
            field="lon",
        )
    if not -180 <= lon <= 180:
        raise Refused(_("Longitude %(lon)s is not between -180 and 180.") % {"lon": lon}, field="lon")
    if not -90 <= lat <= 90:
        raise Refused(_("Latitude %(lat)s is not between -90 and 90.") % {"lat": lat}, field="lat")
    if lon == 0 and lat == 0:
        raise Refused(_("0, 0 is what a device sends when it does not know where it is."), field="lon")


def _looks_swapped(lon: float, lat: float) -> bool:
    """True where only the other order makes sense; Xinjiang and Tibet swapped would lie in the Arctic sea."""
    china_if_swapped = 0.8293 <= lon <= 55.8271 and 72.004 <= lat <= 137.8347
    return china_if_swapped or (abs(lat) > 90 and abs(lon) <= 90 and abs(lat) <= 180)


def _inverse(forward: Conversion, lons: Degrees, lats: Degrees) -> Pair:
    """The points that `forward` takes to the given ones, by fixed-point rounds."""
    guess_lons, guess_lats = lons, lats
    for _round in range(_INVERSE_ROUNDS):
        there_lons, there_lats = forward(guess_lons, guess_lats)
        guess_lons = guess_lons - (there_lons - lons)
        guess_lats = guess_lats - (there_lats - lats)
    return guess_lons, guess_lats


def _where_shifted(change: Conversion, lons: Degrees, lats: Degrees) -> Pair:
    """`change` applied to the points in China; the others are passed through untouched."""
    inside = in_gcj02_area(lons, lats)
    new_lons, new_lats = lons.copy(), lats.copy()
    new_lons[inside], new_lats[inside] = change(lons[inside], lats[inside])
    return new_lons, new_lats


def _shifted(lons: Degrees, lats: Degrees) -> Pair:
    """WGS84 to GCJ-02 without asking whether the point is in China."""
    x, y = lons - 105.0, lats - 35.0
    root = np.sqrt(np.abs(x))
    ripple = 20.0 * (np.sin(6 * np.pi * x) + np.sin(2 * np.pi * x))
    north = -100.0 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (ripple + 20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * 2 / 3
    north += (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    east = 300.0 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (ripple + 20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * 2 / 3
    east += (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * 2 / 3
    metres_per_lon, metres_per_lat = _krasovsky_metres_per_degree(lats)
    return lons + east / metres_per_lon, lats + north / metres_per_lat


def _krasovsky_metres_per_degree(lats: Degrees) -> Pair:
    angle = np.radians(lats)
    flattening = 1 - _KRASOVSKY_ECCENTRICITY_SQUARED * np.sin(angle) ** 2
    meridian = _KRASOVSKY_AXIS * (1 - _KRASOVSKY_ECCENTRICITY_SQUARED) / flattening**1.5
    parallel = _KRASOVSKY_AXIS / np.sqrt(flattening) * np.cos(angle)
    return parallel * np.pi / 180, meridian * np.pi / 180


def _bd09(lons: Degrees, lats: Degrees) -> Pair:
    """GCJ-02 to BD-09, which shifts everywhere on Earth."""
    radius = np.hypot(lons, lats) + 0.00002 * np.sin(lats * _BD09_WAVE)
    angle = np.arctan2(lats, lons) + 0.000003 * np.cos(lons * _BD09_WAVE)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
