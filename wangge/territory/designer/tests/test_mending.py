"""Today's grids mended: who is well served stays where they are."""

from wangge.territory.designer.blocks import Block
from wangge.territory.designer.measures import measured
from wangge.territory.designer.proposing import Band, propose
from wangge.territory.designer.tests.towns import GROUND, town

BAND = Band(300, 500)


def as_today(*columns: str) -> list[Block]:
    """Ten columns of five blocks of 40 households; the grid of each column."""
    return [
        Block(block.key, block.shape, block.households, columns[at % 10]) for at, block in enumerate(town())
    ]


def test_grids_in_the_band_stay_as_they_are() -> None:
    blocks = as_today(*"aabbccddee")
    proposal = propose(blocks, GROUND, [], BAND, method="today")
    assert len(proposal.parts) == 5
    assert measured(blocks, proposal, BAND).moved == 0


def test_a_grid_with_too_few_takes_only_what_it_needs() -> None:
    blocks = as_today(*"abbbcccdde")  # 200, 600, 600, 400, 200
    mended = propose(blocks, GROUND, [], BAND, method="today")
    measures = measured(blocks, mended, BAND)
    assert (measures.in_band, measures.contiguous) == (len(mended.parts), True)
    assert measures.moved <= measured(blocks, propose(blocks, GROUND, [], BAND, method="growing"), BAND).moved
    assert 320 <= measures.moved <= 480


def test_a_grid_with_too_many_is_cut_and_its_larger_half_goes_on() -> None:
    blocks = as_today(*"aaaabbbbcc")  # 800, 800, 400
    proposal = propose(blocks, GROUND, [], BAND, method="today")
    measures = measured(blocks, proposal, BAND)
    assert measures.in_band == measures.grids == 5
    assert measures.moved <= 800


def test_blocks_without_a_grid_join_a_neighbour() -> None:
    blocks = [Block(b.key, b.shape, b.households, b.grid.strip()) for b in as_today(*"aabbccdd  ")]
    proposal = propose(blocks, GROUND, [], BAND, method="today")
    measures = measured(blocks, proposal, BAND)
    assert measures.in_band == measures.grids == 5


def test_without_grids_of_today_new_ones_are_grown() -> None:
    blocks = town()
    assert propose(blocks, GROUND, [], BAND, method="today") == propose(
        blocks, GROUND, [], BAND, method="growing"
    )
