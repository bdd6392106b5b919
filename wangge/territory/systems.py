"""Coordinate systems of files by name: degrees (`CRS`) and the projected ones that Chinese surveying offices deliver.

The projected ones are Gauss–Krüger and UTM, both the transverse Mercator on an ellipsoid. The formulas are Krüger's series
to the fourth power of the third flattening (EPSG guidance note 7-2, method 9807): exact to a millimetre within 6 degrees
of the central meridian. Forty lines of arithmetic do what a projection library of ten megabytes would be brought for.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.territory.coordinates import CRS, Degrees, Pair, all_from_wgs84, all_to_wgs84

_AXIS = 6_378_137.0  # metres, of WGS84 and CGCS2000
_FLATTENING = 1 / 298.257222101  # CGCS2000; that of WGS84 differs by a tenth of a millimetre on the ground
_ROUNDS = 6  # of the latitude from the conformal one: each leaves 0.7 % of the error
_HINT = "wgs84, cgcs2000, gcj02, bd09, epsg:4490, epsg:4513–4554, epsg:32601–32660"


@dataclass(frozen=True)
class TransverseMercator:
    """A projected system in metres: x to the east, y to the north; `epsg` is None where a file describes one of its own."""

    meridian: float
    false_easting: float = 500_000.0
    scale: float = 1.0
    epsg: int | None = None

    def __str__(self) -> str:
        return f"epsg:{self.epsg}" if self.epsg else f"cgcs2000/{self.meridian:g}"

    def from_degrees(self, lons: Degrees, lats: Degrees) -> Pair:
        """Metres of points in degrees."""
        series = self._series
        east, sine = np.radians(lons - self.meridian), np.sin(np.radians(lats))
        tangent = np.sinh(np.arctanh(sine) - series.e * np.arctanh(series.e * sine))
        xi0 = np.arctan2(tangent, np.cos(east))
        eta0 = np.arcsinh(np.sin(east) / np.hypot(tangent, np.cos(east)))
        xi, eta = xi0.copy(), eta0.copy()
        for j, factor in enumerate(series.forward, start=1):
            xi += factor * np.sin(2 * j * xi0) * np.cosh(2 * j * eta0)
            eta += factor * np.cos(2 * j * xi0) * np.sinh(2 * j * eta0)
        size = self.scale * series.radius
        return self.false_easting + size * eta, size * xi

    def to_degrees(self, xs: Degrees, ys: Degrees) -> Pair:
        """Degrees of points in metres."""
        series = self._series
        size = self.scale * series.radius
        xi, eta = ys / size, (xs - self.false_easting) / size
        xi0, eta0 = xi.copy(), eta.copy()
        for j, factor in enumerate(series.back, start=1):
            xi0 -= factor * np.sin(2 * j * xi) * np.cosh(2 * j * eta)
            eta0 -= factor * np.cos(2 * j * xi) * np.sinh(2 * j * eta)
        conformal = np.arcsin(np.sin(xi0) / np.cosh(eta0))
        isometric, sine = np.arctanh(np.sin(conformal)), np.sin(conformal)
        for _round in range(_ROUNDS):
            sine = np.tanh(isometric + series.e * np.arctanh(series.e * sine))
        lons = self.meridian + np.degrees(np.arctan2(np.sinh(eta0), np.cos(xi0)))
        return lons, np.degrees(np.arcsin(sine))

    @cached_property
    def _series(self) -> "_Series":
        return _Series.of(_FLATTENING)


@dataclass(frozen=True)
class _Series:
    """Krüger's coefficients of an ellipsoid."""

    e: float
    radius: float
    forward: tuple[float, ...]
    back: tuple[float, ...]

    @classmethod
    def of(cls, flattening: float) -> "_Series":
        n = flattening / (2 - flattening)
        return cls(
            e=(flattening * (2 - flattening)) ** 0.5,
            radius=_AXIS / (1 + n) * (1 + n**2 / 4 + n**4 / 64),
            forward=(
                n / 2 - 2 * n**2 / 3 + 5 * n**3 / 16 + 41 * n**4 / 180,
                13 * n**2 / 48 - 3 * n**3 / 5 + 557 * n**4 / 1440,
                61 * n**3 / 240 - 103 * n**4 / 140,
                49561 * n**4 / 161280,
            ),
            back=(
                n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96 - n**4 / 360,
                n**2 / 48 + n**3 / 15 - 437 * n**4 / 1440,
                17 * n**3 / 480 - 37 * n**4 / 840,
                4397 * n**4 / 161280,
            ),
        )


System = CRS | TransverseMercator


def to_wgs84(xs: Degrees, ys: Degrees, system: System) -> Pair:
    """Arrays of coordinates of `system`, both of shape (n,), as WGS84 degrees."""
    if isinstance(system, TransverseMercator):
        return system.to_degrees(xs, ys)
    return all_to_wgs84(xs, ys, system)


def from_wgs84(lons: Degrees, lats: Degrees, system: System) -> Pair:
    """Arrays of WGS84 degrees, both of shape (n,), as coordinates of `system`."""
    if isinstance(system, TransverseMercator):
        return system.from_degrees(lons, lats)
    return all_from_wgs84(lons, lats, system)


def by_name(text: str) -> System:
    """The system that a person or a file names: `wgs84`, `GCJ-02`, `epsg:4547`, `4490`. Raises `Refused` on others."""
    word = re.sub(r"[\s_-]", "", text.strip().lower())
    if word in {crs.value for crs in CRS}:
        return CRS(word)
    if word.endswith("crs84"):
        return CRS.WGS84
    if found := re.fullmatch(r"(?:urn:ogc:def:crs:)?(?:epsg:(?:[\d.]*:)?)?(\d{4,5})", word):
        return _by_epsg(int(found[1]))
    raise Refused(
        _("“%(name)s” is not a coordinate system we know: %(known)s.") % {"name": text[:60], "known": _HINT},
        "crs",
    )


def named_in(reading: Mapping[str, str]) -> System | None:
    """The system that somebody named for a file; None where the file itself is to say it. Raises `Refused` on others."""
    return by_name(reading["crs"]) if reading.get("crs") else None


def _by_epsg(code: int) -> System:
    if code in (4326, 4979):
        return CRS.WGS84
    if code in (4490, 4480):
        return CRS.CGCS2000
    if 4513 <= code <= 4533:  # three-degree zones 25 to 45, their number before the easting
        zone = code - 4488
        return TransverseMercator(3.0 * zone, 500_000.0 + zone * 1_000_000, epsg=code)
    if 4534 <= code <= 4554:  # the same by central meridian 75°E to 135°E
        return TransverseMercator(75.0 + 3 * (code - 4534), epsg=code)
    if 4491 <= code <= 4501:  # six-degree zones 13 to 23, their number before the easting
        zone = code - 4478
        return TransverseMercator(6.0 * zone - 3, 500_000.0 + zone * 1_000_000, epsg=code)
    if 4502 <= code <= 4512:
        return TransverseMercator(75.0 + 6 * (code - 4502), epsg=code)
    if 32601 <= code <= 32660:
        return TransverseMercator(6.0 * (code - 32600) - 183, scale=0.9996, epsg=code)
    raise Refused(
        _("EPSG:%(code)s is not a coordinate system we know: %(known)s.") % {"code": code, "known": _HINT},
        "crs",
    )


def by_description(text: str) -> System:
    """The system of a file that describes its own in WKT, as a .prj does; the datum must be WGS84 or CGCS2000.

    Raises `Refused` for what cannot be converted without the parameters of the surveying office.
    """
    if re.match(r"\s*(LOCAL_CS|ENGCRS)", text):
        return by_name(_quoted(text))
    if not re.match(r"\s*(PROJCS|GEOGCS|PROJCRS|GEOGCRS)", text):
        return by_name(text)
    if not re.search(
        r"WGS[_ ]?(19)?84|China[_ ](Geodetic[_ ]Coordinate[_ ]System[_ ])?2000|CGCS[_ ]?2000", text, re.I
    ):
        raise Refused(
            _("The file is in %(name)s. Have the surveying office convert it to CGCS2000.")
            % {"name": _quoted(text)},
            "crs",
        )
    if text.lstrip().startswith(("GEOGCS", "GEOGCRS")):
        return CRS.CGCS2000 if "2000" in text else CRS.WGS84
    if not re.search(r"Transverse_Mercator|Gauss_Kruger", text, re.I) or _parameter(
        text, "latitude_of_origin", 0.0
    ):
        raise Refused(
            _("The projection of %(name)s is not one we know: %(known)s.")
            % {"name": _quoted(text), "known": _HINT},
            "crs",
        )
    return TransverseMercator(
        _parameter(text, "central_meridian", 0.0),
        _parameter(text, "false_easting", 500_000.0),
        _parameter(text, "scale_factor", 1.0),
    )


def _parameter(text: str, name: str, default: float) -> float:
    found = re.search(rf'"{name}"\s*,\s*(-?[\d.]+)', text, re.I)
    return float(found[1]) if found else default


def _quoted(text: str) -> str:
    found = re.search(r'"([^"]+)"', text)
    return found[1] if found else text[:60]


def settled(named: System | None, said: System | None) -> System:
    """The system to read a file by: what a person `named`, else what the file `said`.

    Files in GCJ-02 and BD-09 often say WGS84, so a person's word is taken over the file's where both are degrees.
    Raises `Refused` where nobody says anything, or where degrees and metres contradict each other.
    """
    if named is None and said is None:
        raise Refused(_("The file does not say its coordinate system. Please name it."), "crs")
    if named is None or said is None:
        return named or said or CRS.WGS84
    if named != said and not (isinstance(named, CRS) and isinstance(said, CRS)):
        raise Refused(_("The file says %(said)s, not %(named)s.") % {"said": said, "named": named}, "crs")
    return named
