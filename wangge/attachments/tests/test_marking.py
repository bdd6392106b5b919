"""Squares over a photo become boxes in its pixels."""

from wangge.attachments.marking import COLUMNS, Grid

WIDE = Grid(640, 480)


def test_squares_are_about_square_and_fill_the_photo() -> None:
    assert WIDE.rows == 15
    assert WIDE.boxes(range(COLUMNS * 15)) == [(0, 0, 640, 480)]
    assert Grid(480, 640).rows == 27
    assert Grid(4000, 300).rows == 6


def test_neighbours_become_one_box_so_that_no_detail_is_left_between_them() -> None:
    face = [2 * COLUMNS + 3, 2 * COLUMNS + 4, 3 * COLUMNS + 3, 3 * COLUMNS + 4]
    assert WIDE.boxes(face) == [(96, 64, 160, 128)]


def test_a_crooked_mark_is_covered_and_nothing_else() -> None:
    boxes = WIDE.boxes([0, 1, COLUMNS])
    assert sorted(boxes) == [(0, 0, 64, 32), (0, 32, 32, 64)]


def test_numbers_off_the_grid_mark_nothing() -> None:
    assert WIDE.boxes([-1, COLUMNS * 15]) == []


def test_every_square_has_a_place_one_can_say() -> None:
    assert WIDE.squares[0] == (0, 1, 1)
    assert WIDE.squares[-1] == (299, 15, 20)
