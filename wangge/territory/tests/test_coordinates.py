import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.common.refusals import Refused
from wangge.territory.coordinates import (
    CRS,
    all_from_wgs84,
    all_to_wgs84,
    from_wgs84,
    metres_between,
    parse_pair,
    to_wgs84,
)

# A kilometre inside the edge of the box in which GCJ-02 shifts; at the edge itself the shift jumps and has no inverse.
china_lon = st.floats(72.004 + 0.02, 137.8347 - 0.02)
china_lat = st.floats(0.8293 + 0.01, 55.8271 - 0.01)
shifted_crs = st.sampled_from([CRS.GCJ02, CRS.BD09])

BEIJING = (116.404, 39.915)


def test_a_known_point_of_beijing_lands_where_public_converters_put_it() -> None:
    assert from_wgs84(*BEIJING, CRS.GCJ02) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-9)
    assert from_wgs84(116.41024449916938, 39.91640428150164, CRS.WGS84) == (
        116.41024449916938,
        39.91640428150164,
    )


def test_gcj02_becomes_bd09_where_public_converters_put_it() -> None:
    wgs84 = to_wgs84(*BEIJING, CRS.GCJ02)
    assert from_wgs84(*wgs84, CRS.BD09) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)


@given(china_lon, china_lat, shifted_crs)
def test_a_round_trip_over_china_returns_within_a_metre(lon: float, lat: float, crs: CRS) -> None:
    back = to_wgs84(*from_wgs84(lon, lat, crs), crs)
    assert metres_between(lon, lat, *back) < 1e-3  # the promise is a metre; the iteration does far better


@given(china_lon, china_lat, shifted_crs)
def test_the_shift_is_metres_to_kilometres_and_never_more(lon: float, lat: float, crs: CRS) -> None:
    assert 0 < metres_between(lon, lat, *from_wgs84(lon, lat, crs)) < 3_000


@given(st.floats(-180, 71.9), st.floats(-90, 90))
def test_outside_china_gcj02_changes_nothing(lon: float, lat: float) -> None:
    assert from_wgs84(lon, lat, CRS.GCJ02) == (lon, lat)
    assert to_wgs84(lon, lat, CRS.GCJ02) == (lon, lat)


def test_cgcs2000_is_taken_as_wgs84() -> None:
    assert to_wgs84(*BEIJING, CRS.CGCS2000) == BEIJING
    assert from_wgs84(*BEIJING, CRS.CGCS2000) == BEIJING


@pytest.mark.parametrize("crs", list(CRS))
def test_bulk_conversion_says_the_same_as_one_by_one(crs: CRS) -> None:
    lons, lats = np.array([116.404, 2.35, 87.6]), np.array([39.915, 48.85, 43.8])
    for convert, convert_all in ((to_wgs84, all_to_wgs84), (from_wgs84, all_from_wgs84)):
        bulk = convert_all(lons, lats, crs)
        single = [convert(lon, lat, crs) for lon, lat in zip(lons, lats, strict=True)]
        assert np.allclose(np.column_stack(bulk), single, atol=1e-12)


def test_a_degree_of_latitude_is_about_111_kilometres_and_of_longitude_half_at_sixty() -> None:
    assert metres_between(116, 39, 116, 40) == pytest.approx(111_195, rel=1e-4)
    assert metres_between(116, 60, 117, 60) == pytest.approx(111_195 / 2, rel=1e-3)
    assert metres_between(0, 0, 180, 0) == pytest.approx(math.pi * 6_371_008.8)


def test_a_typed_pair_is_read_with_spaces_and_wide_digits() -> None:
    assert parse_pair(" 116.4 ", "３９.9") == (116.4, 39.9)


def test_no_coordinate_at_all_is_no_refusal() -> None:
    assert parse_pair("", None) is None


@pytest.mark.parametrize(
    ("lon", "lat", "field"),
    [
        ("116.4", "", "lat"),
        (None, "39.9", "lon"),
        ("east", "39.9", "lon"),
        ("116.4", "nan", "lat"),
        ("inf", "39.9", "lon"),
        ("1_16.4", "39.9", "lon"),
        ("39.9", "116.4", "lon"),
        ("43.8", "87.6", "lon"),
        ("216.4", "39.9", "lon"),
        ("116.4", "-91", "lat"),
        ("0", "0.0", "lon"),
    ],
    ids=[
        "no latitude", "no longitude", "a word", "not a number", "infinite", "underscore",
        "swapped", "swapped in the west", "beyond the date line", "beyond the pole", "a device that does not know",
    ],
)  # fmt: skip
def test_a_pair_that_cannot_be_is_refused_and_names_the_field(
    lon: str | None, lat: str | None, field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        parse_pair(lon, lat)
    assert refusal.value.field == field
    assert len(str(refusal.value)) > 10


@given(st.text(max_size=12), st.text(max_size=12))
def test_whatever_is_typed_either_parses_or_is_refused(lon: str, lat: str) -> None:
    try:
        pair = parse_pair(lon, lat)
    except Refused:
        return
    assert pair is None or (-180 <= pair[0] <= 180 and -90 <= pair[1] <= 90)
