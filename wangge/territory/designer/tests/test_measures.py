"""Two proposals are compared by numbers that can be checked by hand."""

import pytest
from django.utils import translation
from shapely.geometry import box

from wangge.territory.designer.blocks import Block
from wangge.territory.designer.measures import measured
from wangge.territory.designer.proposing import Band, Proposal
from wangge.territory.designer.tests.towns import place

WEST_HALF, EAST_HALF = box(118.90, 32.90, 118.91, 32.91), box(118.91, 32.90, 118.92, 32.91)
BLOCKS = [
    Block("a", place(0.1, 0.5), 100, "old1"),
    Block("b", place(0.4, 0.5), 200, "old1"),
    Block("c", place(0.6, 0.5), 60, "old1"),
    Block("d", place(0.9, 0.5), 40, ""),
]
HALVES = Proposal((0, 0, 1, 1), (WEST_HALF, EAST_HALF))


def test_balance_is_counted_in_households() -> None:
    measures = measured(BLOCKS, HALVES, Band(150, 300))
    assert (measures.grids, measures.in_band, measures.households) == (2, 1, (300, 100))
    assert (measures.least, measures.most, measures.mean, measures.ratio) == (100, 300, 200, 3)
    assert measures.variation == 0.5
    with translation.override("en"):
        assert str(measures.balance) == "uneven"


def test_a_rectangle_is_as_compact_as_its_sides_say() -> None:
    measures = measured(BLOCKS, HALVES, Band(150, 300))
    # 935 m by 1,109 m: π·a·b / (a + b)²
    assert measures.compactness == measures.worst == pytest.approx(0.780, abs=0.002)
    assert measures.contiguous


def test_who_had_the_most_of_a_new_grid_goes_on_with_it() -> None:
    assert measured(BLOCKS, HALVES, Band(150, 300)).moved == 60
    assert measured(BLOCKS, HALVES, Band(150, 300)).moved_share == 0.15


def test_one_worker_cannot_go_on_in_two_grids() -> None:
    split = [Block(block.key, block.shape, 100, "old1") for block in BLOCKS]
    assert measured(split, HALVES, Band(150, 300)).moved == 200
