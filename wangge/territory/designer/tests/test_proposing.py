"""A community is divided: every block has a grid, every metre too."""

import pytest
import shapely
from shapely.geometry import Point, box

from wangge.territory.designer.blocks import Block
from wangge.territory.designer.measures import measured
from wangge.territory.designer.proposing import METHODS, Band, propose

GROUND = box(118.90, 32.90, 118.92, 32.91)
BAND = Band(300, 500)


def even_town(across: int = 10, up: int = 5, households: int = 40) -> list[Block]:
    """Points in rows, each with as many households."""
    return [
        Block(f"{x}-{y}", Point(118.901 + 0.018 * x / across, 32.901 + 0.009 * y / up), households)
        for y in range(up)
        for x in range(across)
    ]


def test_an_even_town_is_divided_without_gap_or_overlap() -> None:
    blocks = even_town()
    proposal = propose(blocks, GROUND, [], BAND, method="growing")
    measures = measured(blocks, proposal, BAND)
    assert measures.grids == len(proposal.parts) == 5
    assert sum(measures.households) == 2000
    assert shapely.area(proposal.parts).sum() == pytest.approx(GROUND.area)
    assert shapely.symmetric_difference(shapely.union_all(proposal.parts), GROUND).area < 1e-9


def test_every_method_says_what_it_is_good_for() -> None:
    assert all(str(method.name) and str(method.good_for) for method in METHODS.values())
    assert METHODS["growing"].available
