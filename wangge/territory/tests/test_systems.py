import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.common.refusals import Refused
from wangge.territory.coordinates import CRS, metres_between
from wangge.territory.systems import (
    System,
    TransverseMercator,
    by_description,
    by_name,
    from_wgs84,
    settled,
    to_wgs84,
)

EDITED_PRJ = (
    'PROJCS["CGCS2000_odd",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    'SPHEROID["CGCS2000",6378137.0,298.257222101]]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",118.5],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def one(x: float, y: float, system: System, convert: object) -> tuple[float, float]:
    xs, ys = convert(np.array([x]), np.array([y]), system)  # type: ignore[operator]
    return float(xs[0]), float(ys[0])


@pytest.mark.parametrize(
    ("epsg", "lon", "lat", "x", "y"),
    [  # as PROJ 9 puts them
        (4547, 113.9, 22.55, 489714.0733, 2494707.6246),
        (4527, 117.05, 36.66, 39504470.3214, 4058780.8230),
        (4548, 118.3, 32.9, 621630.3561, 3642407.2653),
        (4534, 75.5, 39.4, 543068.3793, 4363030.9862),
        (4554, 134.9, 47.0, 492394.4004, 5207251.8629),
        (32650, 116.4, 39.9, 448709.3802, 4416830.5622),
    ],
)
def test_projected_points_are_where_the_reference_library_puts_them(epsg, lon, lat, x, y) -> None:
    system = by_name(f"EPSG:{epsg}")
    assert one(lon, lat, system, from_wgs84) == pytest.approx((x, y), abs=0.001)
    assert one(x, y, system, to_wgs84) == pytest.approx((lon, lat), abs=1e-8)


@given(st.floats(-6, 6), st.floats(0, 56), st.sampled_from([4513, 4533, 4534, 4554, 4491, 4512]))
def test_a_round_trip_through_metres_returns_within_a_millimetre(away: float, lat: float, epsg: int) -> None:
    system = by_name(str(epsg))
    assert isinstance(system, TransverseMercator)
    lon = system.meridian + away
    assert metres_between(lon, lat, *one(*one(lon, lat, system, from_wgs84), system, to_wgs84)) < 0.001


@pytest.mark.parametrize(
    ("name", "system"),
    [
        ("WGS 84", CRS.WGS84),
        ("GCJ-02", CRS.GCJ02),
        ("bd09", CRS.BD09),
        ("epsg:4490", CRS.CGCS2000),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", CRS.WGS84),
        ("urn:ogc:def:crs:EPSG::4326", CRS.WGS84),
        ("4549", TransverseMercator(120.0, epsg=4549)),
        ("EPSG:4526", TransverseMercator(114.0, 38_500_000.0, epsg=4526)),
    ],
)
def test_systems_are_known_by_the_names_that_people_and_files_use(name: str, system: System) -> None:
    assert by_name(name) == system


@pytest.mark.parametrize("name", ["", "round", "epsg:2000", "EPSG:99999", "xian80", "wgs85"])
def test_an_unknown_system_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(Refused, match="bd09") as refusal:
        by_name(name)
    assert refusal.value.field == "crs"


def test_a_surveying_offices_own_meridian_is_read_from_its_description() -> None:
    assert by_description(EDITED_PRJ) == TransverseMercator(118.5)


@pytest.mark.parametrize(
    "text",
    [
        EDITED_PRJ.replace("D_China_2000", "D_Xian_1980").replace("China_Geodetic_Coordinate_System_2000", "X").replace("CGCS2000", "X"),
        EDITED_PRJ.replace("Gauss_Kruger", "Lambert_Conformal_Conic"),
        EDITED_PRJ.replace('"Latitude_Of_Origin",0.0', '"Latitude_Of_Origin",30.0'),
    ],
    ids=["another datum", "another projection", "another origin"],
)  # fmt: skip
def test_what_cannot_be_converted_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        by_description(text)
    assert refusal.value.field == "crs"


def test_a_persons_word_is_taken_over_a_files_for_degrees_but_not_against_metres() -> None:
    metres = by_name("epsg:4547")
    assert settled(CRS.BD09, CRS.WGS84) is CRS.BD09
    assert settled(None, metres) == metres
    assert settled(metres, metres) == metres
    for named, said in ((CRS.BD09, metres), (metres, CRS.WGS84), (None, None)):
        with pytest.raises(Refused):
            settled(named, said)
