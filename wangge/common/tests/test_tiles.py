"""Vector tiles: what the maintained library reads of ours is what was put in."""

from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from wangge.common.tiles import EXTENT, Layer, Tile, encode, read_tile

TOWN = Tile(14, 13604, 6602)


def inside(x: float, y: float, tile: Tile = TOWN) -> tuple[float, float]:
    """The place at these parts of the tile's side, right of its west and below its north, in degrees (about)."""
    west, south, east, north = tile.box
    return west + x * (east - west), north - y * (north - south)


def read(*layers: Layer, tile: Tile = TOWN) -> dict[str, Any]:
    found: dict[str, Any] = mapbox_vector_tile.decode(
        encode(tile, layers), default_options={"y_coord_down": True}
    )
    return found


def shapes(*all_of_them: Any) -> Any:
    made = np.empty(len(all_of_them), dtype=object)
    made[:] = all_of_them
    return made


def test_points_lines_and_polygons_come_out_as_they_went_in() -> None:
    square = shapely.Polygon(
        [inside(*corner) for corner in ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))]
    )
    found = read(
        Layer("place", shapes(shapely.Point(inside(0.5, 0.5))), [{"name": "桥"}]),
        Layer("road", shapes(shapely.LineString([inside(0.1, 0.5), inside(0.9, 0.5)])), [{"rank": 2}]),
        Layer("area", shapes(square), [{}]),
    )
    [place], [road], [area] = (found[name]["features"] for name in ("place", "road", "area"))
    assert place["geometry"] == {"type": "Point", "coordinates": [2048, 2048]}
    assert place["properties"] == {"name": "桥"}
    assert road["geometry"]["coordinates"] == [[410, 2048], [3686, 2048]]
    corners = {tuple(corner) for corner in area["geometry"]["coordinates"][0]}
    assert corners == {(1024, 1024), (3072, 1024), (3072, 3072), (1024, 3072)}
    assert found["area"]["extent"] == EXTENT


def test_every_kind_of_value_is_kept_and_nothing_is_not_said() -> None:
    said = {
        "text": "甲 'x'",
        "yes": True,
        "no": False,
        "whole": -7,
        "large": 10**12,
        "part": 1.5,
        "one": 1,
        "void": None,
    }
    [found] = read(Layer("x", shapes(shapely.Point(inside(0.5, 0.5))), [said], [2**40]))["x"]["features"]
    assert found["properties"] == {key: value for key, value in said.items() if value is not None}
    assert found["properties"]["yes"] is True
    assert found["id"] == 2**40


def test_what_lies_outside_is_left_out_and_what_reaches_in_is_cut() -> None:
    found = read(
        Layer(
            "road",
            shapes(
                shapely.LineString([inside(3, 3), inside(4, 4)]),
                shapely.LineString([inside(-5, 0.5), inside(5, 0.5)]),
            ),
            [{"n": 1}, {"n": 2}],
        )
    )
    [road] = found["road"]["features"]
    assert road["properties"] == {"n": 2}
    assert road["geometry"]["coordinates"] == [[-64, 2048], [4160, 2048]]
    assert encode(TOWN, [Layer("far", shapes(shapely.Point(inside(9, 9))), [{}])]) == b""
    assert encode(TOWN, [Layer("none", np.empty(0, dtype=object), [])]) == b""


def test_a_court_stays_a_hole_and_parts_stay_together() -> None:
    outer = shapely.box(*inside(0.2, 0.8), *inside(0.8, 0.2))
    court = shapely.box(*inside(0.4, 0.6), *inside(0.6, 0.4))
    both = shapely.MultiPolygon(
        [outer.difference(court), shapely.box(*inside(0.85, 0.95), *inside(0.95, 0.85))]
    )
    [found] = read(Layer("house", shapes(both), [{}]))["house"]["features"]
    assert found["geometry"]["type"] == "MultiPolygon"
    assert sorted(len(part) for part in found["geometry"]["coordinates"]) == [1, 2]


def test_what_is_smaller_than_a_dot_leaves_no_empty_shape() -> None:
    speck = shapely.Point(inside(0.5, 0.5)).buffer(1e-9)
    assert encode(TOWN, [Layer("speck", shapes(speck), [{}])]) == b""


def test_neighbours_share_their_edge_after_rounding() -> None:
    rng = np.random.default_rng(7)
    border = [
        inside(0.5 + 0.01 * x, y) for x, y in zip(rng.normal(size=40), np.linspace(0.1, 0.9, 40), strict=True)
    ]
    left = shapely.Polygon([*border, inside(0.1, 0.9), inside(0.1, 0.1)])
    right = shapely.Polygon([*border, inside(0.9, 0.9), inside(0.9, 0.1)])
    one, other = (
        {tuple(corner) for corner in found["geometry"]["coordinates"][0]}
        for found in read(Layer("grid", shapes(left, right), [{}, {}]))["grid"]["features"]
    )
    assert len(one & other) >= 30


@settings(max_examples=50)
@given(st.lists(st.tuples(st.floats(-0.2, 1.2), st.floats(-0.2, 1.2)), min_size=1, max_size=12))
def test_any_points_are_found_again_where_they_were(places: list[tuple[float, float]]) -> None:
    at = np.array([inside(*place) for place in places])
    found = read(Layer("p", shapely.points(at), [{"n": n} for n in range(len(places))]))
    drawn = {
        one["properties"]["n"]: one["geometry"]["coordinates"]
        for one in found.get("p", {"features": []})["features"]
    }
    for n, (right, down) in enumerate(TOWN.within(at).tolist()):
        if -1 / 65 < right < 66 / 65 and -1 / 65 < down < 66 / 65:
            assert drawn[n] == [round(right * EXTENT), round(down * EXTENT)]


@pytest.mark.parametrize(("z", "x", "y"), [(0, 1, 0), (3, 0, 8), (23, 0, 0)])
def test_there_is_no_tile_beyond_the_world(z: int, x: int, y: int) -> None:
    assert read_tile(z, x, y) is None
    assert read_tile(3, 7, 7) == Tile(3, 7, 7)


def test_the_tile_of_the_whole_world_has_its_known_box() -> None:
    assert Tile(0, 0, 0).box == pytest.approx((-180, -85.0511287, 180, 85.0511287))
