from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from wangge.territory.coordinates import metres_between
from wangge.territory.locator import Locator

WEST, SOUTH = 116.0, 39.0


def chessboard(side: int = 4) -> Locator:
    """Squares of a hundredth of a degree; ids 100 and up, and codes that fall while ids rise."""
    count = side * side
    squares = [
        box(
            WEST + i % side / 100,
            SOUTH + i // side / 100,
            WEST + (i % side + 1) / 100,
            SOUTH + (i // side + 1) / 100,
        )
        for i in range(count)
    ]
    return Locator([100 + i for i in range(count)], [f"{count - i:03}" for i in range(count)], squares)


def test_a_point_inside_a_grid_gets_its_id() -> None:
    assert chessboard().locate(WEST + 0.005, SOUTH + 0.005) == 100
    assert chessboard().locate(WEST + 0.035, SOUTH + 0.035) == 115


def test_a_point_outside_every_grid_gets_none() -> None:
    assert chessboard().locate(WEST - 0.001, SOUTH) is None
    assert chessboard().locate_many(np.array([WEST - 0.001]), np.array([SOUTH])).tolist() == [-1]


def test_a_point_on_an_edge_goes_to_the_lowest_code_whatever_the_ids() -> None:
    lons = np.array([WEST + 0.01, WEST + 0.01, WEST + 0.005])
    lats = np.array([SOUTH + 0.005, SOUTH + 0.01, SOUTH + 0.01])
    expected = [
        101,
        105,
        104,
    ]  # codes fall while ids rise, so the lowest code is the highest id around the point
    assert [chessboard().locate(lon, lat) for lon, lat in zip(lons, lats, strict=True)] == expected
    assert chessboard().locate_many(lons, lats).tolist() == expected


def test_edges_and_outsiders_together_do_not_hide_each_other() -> None:
    lons, lats = np.array([WEST + 0.01, WEST - 1, WEST + 0.005]), np.full(3, SOUTH + 0.005)
    assert chessboard().locate_many(lons, lats).tolist() == [101, -1, 100]


@given(st.lists(st.tuples(st.integers(-2, 10), st.integers(-2, 10)), min_size=1, max_size=30))
def test_bulk_says_the_same_as_one_by_one_on_edges_and_corners_too(half_steps: list[tuple[int, int]]) -> None:
    lons = np.array([WEST + column / 200 for column, _row in half_steps])
    lats = np.array([SOUTH + row / 200 for _column, row in half_steps])
    locator = chessboard()
    single = [locator.locate(lon, lat) for lon, lat in zip(lons, lats, strict=True)]
    assert [None if found == -1 else found for found in locator.locate_many(lons, lats).tolist()] == single


def test_a_hundred_thousand_points_agree_with_plain_arithmetic_across_slices() -> None:
    rng = np.random.default_rng(7)
    columns, rows = rng.uniform(0.01, 3.99, 300_000), rng.uniform(0.01, 3.99, 300_000)
    expected = 100 + np.floor(rows).astype(int) * 4 + np.floor(columns).astype(int)
    found = chessboard().locate_many(WEST + columns / 100, SOUTH + rows / 100)
    assert np.array_equal(found, expected)


def test_an_unknown_coordinate_is_nowhere() -> None:
    nowhere = chessboard().locate_many(np.array([np.nan, WEST + 0.005]), np.array([SOUTH + 0.005, np.nan]))
    assert nowhere.tolist() == [-1, -1]


def test_no_points_give_no_ids() -> None:
    assert chessboard().locate_many(np.array([]), np.array([])).shape == (0,)


def test_a_hole_belongs_to_the_grid_that_fills_it_and_an_exclave_to_its_grid() -> None:
    outer = Polygon(box(0, 0, 3, 3).exterior, [box(1, 1, 2, 2).exterior])
    locator = Locator([1, 2], ["A", "B"], [MultiPolygon([outer, box(9, 9, 10, 10)]), box(1, 1, 2, 2)])
    assert (locator.locate(0.5, 0.5), locator.locate(1.5, 1.5), locator.locate(9.5, 9.5)) == (1, 2, 1)


def test_an_empty_territory_answers_nowhere() -> None:
    nobody = Locator([], [], [])
    assert nobody.locate(WEST, SOUTH) is None
    assert nobody.nearest(WEST, SOUTH) is None
    assert nobody.locate_many(np.array([WEST]), np.array([SOUTH])).tolist() == [-1]


def test_the_nearest_grid_is_nearest_in_metres_not_in_degrees() -> None:
    # At 60° north a degree of longitude is half as long: 0.15° east is nearer than 0.1° north.
    locator = Locator([1, 2], ["A", "B"], [box(9, 60.1, 11, 61), box(10.15, 59, 11, 60.05)])
    nearest = locator.nearest(10, 60)
    assert nearest is not None
    assert nearest[0] == 2
    assert nearest[1] == pytest.approx(metres_between(10, 60, 10.15, 60), rel=1e-3)


def test_inside_a_grid_the_nearest_is_that_grid_at_no_distance() -> None:
    assert chessboard().nearest(WEST + 0.005, SOUTH + 0.005) == (100, 0.0)
    assert chessboard().nearest(WEST + 0.01, SOUTH + 0.005) == (101, 0.0)


@given(st.floats(WEST - 2, WEST + 2), st.floats(SOUTH - 2, SOUTH + 2))
def test_nothing_is_nearer_than_the_nearest(lon: float, lat: float) -> None:
    locator = chessboard()
    nearest = locator.nearest(lon, lat)
    assert nearest is not None
    shrink = np.cos(np.radians(lat))
    best = min(
        float(
            shapely.distance(
                shapely.transform(shape, lambda d: (d - (lon, lat)) * (shrink, 1)), shapely.Point(0, 0)
            )
        )
        for shape in locator._shapes
    )
    assert nearest[1] == pytest.approx(best * 111_195.08, rel=1e-6, abs=1e-6)


def test_threads_share_a_fresh_locator() -> None:
    rng = np.random.default_rng(3)
    lons, lats = WEST + rng.uniform(0, 0.04, 20_000), SOUTH + rng.uniform(0, 0.04, 20_000)
    locator = chessboard()
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _worker: locator.locate_many(lons, lats), range(16)))
    assert all(np.array_equal(answer, answers[0]) for answer in answers)
