import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.territory.cells import MAX_LATITUDE, cell, cells, cover, tile_range

any_lon = st.floats(-180, 180)
any_lat = st.floats(-90, 90)
zoom = st.integers(0, 22)


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int]:
    """The tile by the slippy-map formula as published in the OpenStreetMap wiki, independent of ours."""
    lat = max(min(lat, MAX_LATITUDE), -MAX_LATITUDE)
    x = int((lon + 180) / 360 * 2**z)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z)
    return min(x, 2**z - 1), min(max(y, 0), 2**z - 1)


def middle_of_tile(z: int, x: int, y: int) -> tuple[float, float]:
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (y + 0.5) / 2**z))))
    return (x + 0.5) / 2**z * 360 - 180, lat


def test_the_corners_of_the_world_are_the_first_and_the_last_cell() -> None:
    assert cell(-180, 90) == 0
    assert cell(180, -90) == 2**62 - 1


def test_the_example_of_the_openstreetmap_wiki_lies_in_the_tile_it_names() -> None:
    low, high = tile_range(18, 232798, 103246)
    assert low <= cell(139.7006793, 35.6590699) <= high


@given(any_lon, any_lat, zoom)
def test_a_point_lies_in_the_range_of_its_tile(lon: float, lat: float, z: int) -> None:
    middle = middle_of_tile(z, *tile_of(lon, lat, z))
    low, high = tile_range(z, *tile_of(lon, lat, z))
    assert low <= cell(*middle) <= high


@given(any_lon, any_lat, zoom, st.data())
def test_a_point_lies_in_no_other_tile(lon: float, lat: float, z: int, data: st.DataObject) -> None:
    x, y = tile_of(lon, lat, z)
    other = data.draw(st.tuples(st.integers(0, 2**z - 1), st.integers(0, 2**z - 1)))
    low, high = tile_range(z, *other)
    assert (low <= cell(*middle_of_tile(z, x, y)) <= high) == (other == (x, y))


@given(zoom, st.data())
def test_the_four_children_of_a_tile_fill_its_range_without_a_gap(z: int, data: st.DataObject) -> None:
    x, y = (data.draw(st.integers(0, 2**z - 1)) for _axis in "xy")
    children = sorted(tile_range(z + 1, 2 * x + dx, 2 * y + dy) for dx in (0, 1) for dy in (0, 1))
    low, high = tile_range(z, x, y)
    assert (children[0][0], children[-1][1]) == (low, high)
    assert all(children[i][1] + 1 == children[i + 1][0] for i in range(3))


def test_a_tile_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match="no tile 3/8/0"):
        tile_range(3, 8, 0)


@given(st.lists(st.tuples(any_lon, any_lat), min_size=1, max_size=20))
def test_bulk_says_the_same_as_one_by_one(points: list[tuple[float, float]]) -> None:
    lons, lats = np.array(points).T
    bulk = cells(lons, lats)
    assert bulk.dtype == np.int64
    for number, (lon, lat) in zip(bulk, points, strict=True):
        # numpy's logarithm may differ in the last bit, which moves a point by at most one cell (2 cm) along an axis.
        assert all(abs(a - b) <= 1 for a, b in zip(_axes(int(number)), _axes(cell(lon, lat)), strict=True))


def _axes(number: int) -> tuple[int, int]:
    bits = f"{number:062b}"
    return int(bits[1::2], 2), int(bits[0::2], 2)


@st.composite
def boxes(draw: st.DrawFn) -> tuple[float, float, float, float]:
    west, south = draw(st.floats(-179, 179)), draw(st.floats(-84, 84))
    width, height = draw(st.floats(0, 1)), draw(st.floats(0, 1))
    return west, south, west + width, south + height


@given(boxes(), st.integers(1, 32), st.floats(0, 1), st.floats(0, 1))
def test_a_cover_holds_every_point_of_its_box(
    box: tuple[float, float, float, float], most: int, along: float, up: float
) -> None:
    west, south, east, north = box
    ranges = cover(box, most)
    number = cell(west + along * (east - west), south + up * (north - south))
    assert 1 <= len(ranges) <= most
    assert any(low <= number <= high for low, high in ranges)
    assert all(ranges[i][1] + 1 < ranges[i + 1][0] for i in range(len(ranges) - 1))


def test_a_cover_of_a_tile_is_the_tile() -> None:
    low, high = tile_range(14, 13489, 6208)
    north = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * 6208 / 2**14))))
    south = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * 6209 / 2**14))))
    west, east = 13489 / 2**14 * 360 - 180, 13490 / 2**14 * 360 - 180
    nothing = 1e-9
    assert cover((west + nothing, south + nothing, east - nothing, north - nothing), 1)[0][0] >= low
    assert cover((west + nothing, south + nothing, east - nothing, north - nothing), 1)[0][1] <= high


def test_more_ranges_waste_less() -> None:
    box = (116.39, 39.90, 116.42, 39.93)
    sizes = [sum(high - low + 1 for low, high in cover(box, most)) for most in (1, 4, 16, 64)]
    assert sizes == sorted(sizes, reverse=True)
    side = 2**31 / 360 * 0.03
    assert sizes[-1] < 1.3 * side * side / math.cos(math.radians(39.9))


def test_a_box_inside_out_covers_nothing() -> None:
    assert cover((117, 40, 116, 39)) == []
