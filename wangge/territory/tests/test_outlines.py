"""Boundaries as lines, each once."""

import numpy as np
import pytest
import shapely

from wangge.territory.outlines import outlines

SQUARES = np.array([shapely.box(x, y, x + 1, y + 1) for x in range(3) for y in range(3)], dtype=object)


def test_nine_squares_are_drawn_with_every_side_once() -> None:
    lines = outlines(SQUARES)
    assert shapely.length(lines).sum() == pytest.approx(
        24
    )  # four lines across and four along, each three long
    assert shapely.equals(shapely.union_all(lines), shapely.union_all(shapely.boundary(SQUARES)))


def test_a_line_ends_where_others_meet_so_that_simplifying_opens_no_gap() -> None:
    lines = outlines(SQUARES)
    inner = {(x, y) for x in (1.0, 2.0) for y in (1.0, 2.0)}
    within = [tuple(corner) for line in lines for corner in line.coords[1:-1]]
    assert not inner & set(within)
    simple = shapely.simplify(lines, 0.4, preserve_topology=False)
    assert shapely.equals(shapely.union_all(simple), shapely.union_all(lines))


def test_courts_and_parts_are_drawn_too_and_what_stands_alone_is_one_line() -> None:
    court = shapely.Polygon(
        shapely.box(0, 0, 4, 4).exterior.coords, [shapely.box(1, 1, 2, 2).exterior.coords]
    )
    parts = shapely.MultiPolygon([shapely.box(6, 0, 7, 1), shapely.box(8, 0, 9, 1)])
    lines = outlines(np.array([court, parts], dtype=object))
    assert len(lines) == 4
    assert shapely.length(lines).sum() == pytest.approx(16 + 4 + 4 + 4)
    assert shapely.is_closed(lines).all()


def test_neighbours_whose_corners_differ_keep_a_line_each() -> None:
    tall = shapely.box(1, 0, 2, 2)
    lines = outlines(np.array([shapely.box(0, 0, 1, 1), tall], dtype=object))
    assert shapely.length(lines).sum() == pytest.approx(4 + 6)


def test_there_may_be_nothing_to_draw() -> None:
    assert len(outlines(np.empty(0, dtype=object))) == 0
    same_corner_twice = shapely.Polygon([(0, 0), (1, 0), (1, 0), (1, 1), (0, 0)])
    assert shapely.length(outlines(np.array([same_corner_twice], dtype=object))).sum() == pytest.approx(
        2 + 2**0.5
    )
