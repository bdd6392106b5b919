"""A community is divided: every block has a grid, every metre too, and what cannot be had is said."""

import math

import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, box

from wangge.territory.designer.blocks import Block
from wangge.territory.designer.measures import measured
from wangge.territory.designer.methods import METHODS
from wangge.territory.designer.proposing import Band, Proposal, propose
from wangge.territory.designer.remarks import REMARKS, Remark
from wangge.territory.designer.tests.towns import EAST, GROUND, NORTH, RIVER, SOUTH, WEST, place, town

BAND = Band(300, 500)
NEEDED = pytest.mark.skipif(
    not METHODS["maxp"].available, reason="spopt is not here; install the extra “designer”"
)
# To load spopt takes seconds.
EACH_METHOD = [
    pytest.param(key, marks=[pytest.mark.slow, NEEDED] if one.needs else []) for key, one in METHODS.items()
]
HAIR = 1e-7 * 0.06  # a tick along the whole limit, in square degrees


def said(proposal: Proposal) -> dict[str, dict[str, object]]:
    return {remark.kind: dict(remark.said) for remark in proposal.remarks}


def fills(proposal: Proposal, ground: shapely.Geometry = GROUND) -> bool:
    parts = list(proposal.parts)
    union = shapely.union_all(parts)
    return (
        shapely.is_valid(parts).all()
        and shapely.symmetric_difference(union, ground).area < HAIR
        and math.isclose(shapely.area(parts).sum(), union.area, rel_tol=1e-9)
    )


@pytest.mark.parametrize("method", EACH_METHOD)
def test_an_even_town_is_divided_into_even_grids_without_gap_or_overlap(method: str) -> None:
    blocks = town()
    proposal = propose(blocks, GROUND, [], BAND, method=method)
    measures = measured(blocks, proposal, BAND)
    assert (measures.in_band, sum(measures.households)) == (measures.grids, 2000)
    assert measures.contiguous
    assert measures.compactness > 0.5
    assert proposal.remarks == ()
    assert fills(proposal)
    assert all(
        proposal.parts[label].covers(block.shape)
        for block, label in zip(blocks, proposal.labels, strict=True)
    )


def test_no_grid_reaches_over_a_river_that_both_banks_can_do_without() -> None:
    proposal = propose(town(), GROUND, [RIVER], BAND, method="growing")
    middle = (WEST + EAST) / 2
    sides = {label: part.centroid.x < middle for label, part in enumerate(proposal.parts)}
    assert all(
        part.bounds[2] <= middle + 1e-6 if sides[label] else part.bounds[0] >= middle - 1e-6
        for label, part in enumerate(proposal.parts)
    )
    assert "over_barrier" not in said(proposal)
    assert fills(proposal)


def test_a_bank_with_too_few_people_joins_the_other_and_the_proposal_says_so() -> None:
    blocks = town(2, 2, 40, east=0.5) + town(6, 5, 40, west=0.5)
    proposal = propose(blocks, GROUND, [RIVER], BAND, method="growing")
    assert said(proposal) == {"over_barrier": {"count": 1}}
    assert len({proposal.labels[at] for at in range(4)}) == 1
    assert measured(blocks, proposal, BAND).in_band == len(proposal.parts)


def test_banks_join_where_only_together_they_come_into_the_band() -> None:
    west = town(1, 3, 260, east=0.5)  # two are too many, one is too few
    east = town(1, 3, 130, west=0.5)
    blocks = [*west, *east]
    alone = propose(west, box(WEST, SOUTH, (WEST + EAST) / 2, NORTH), [], BAND, method="growing")
    assert "out_of_band" in said(alone)
    proposal = propose(blocks, GROUND, [RIVER], BAND, method="growing")
    assert measured(blocks, proposal, BAND).households == (390, 390, 390)
    assert said(proposal) == {"over_barrier": {"count": 3}}


def test_a_road_that_ends_just_short_of_the_limit_still_parts_the_community() -> None:
    road = LineString([place(0.5, 0.01), place(0.5, 0.99)])
    proposal = propose(town(), GROUND, [road], BAND, method="growing")
    middle = (WEST + EAST) / 2
    assert all(part.bounds[2] <= middle + 1e-6 or part.bounds[0] >= middle - 1e-6 for part in proposal.parts)


def test_a_road_along_the_limit_is_not_a_strip_of_its_own() -> None:
    along = LineString([(WEST - 0.001, NORTH - 0.00005), (EAST + 0.001, NORTH - 0.00005)])
    proposal = propose(town(), GROUND, [along], BAND, method="growing")
    assert fills(proposal)
    assert measured(town(), proposal, BAND).worst > 0.4


def test_a_park_between_roads_goes_whole_to_one_grid() -> None:
    roads = [
        LineString([place(0.4, -0.1), place(0.4, 1.1)]),
        LineString([place(0.6, -0.1), place(0.6, 1.1)]),
    ]
    blocks = town(5, 5, 40, east=0.4) + town(5, 5, 40, west=0.6)
    proposal = propose(blocks, GROUND, roads, BAND, method="growing")
    park = box(WEST + 0.0081, SOUTH, WEST + 0.0119, NORTH)
    assert sum(part.covers(park.buffer(-1e-6)) for part in proposal.parts) == 1
    assert said(proposal) == {}
    assert fills(proposal)


def test_buildings_are_not_cut() -> None:
    blocks = [Block(one.key, one.shape.buffer(0.0004, cap_style="square"), 40) for one in town()]
    proposal = propose(blocks, GROUND, [], BAND, method="growing")
    for block, label in zip(blocks, proposal.labels, strict=True):
        lost = block.shape.difference(proposal.parts[label]).area
        assert lost < 0.02 * block.shape.area


def test_the_same_seed_gives_the_same_grids() -> None:
    one, other = (propose(town(), GROUND, [RIVER], BAND, method="growing", seed=7) for _ in range(2))
    assert one == other


def test_grids_are_numbered_as_one_reads() -> None:
    proposal = propose(town(4, 4, 100), GROUND, [RIVER], Band(400, 400), method="growing")
    assert len(proposal.parts) == 4
    first, last = proposal.parts[0].centroid, proposal.parts[-1].centroid
    assert (first.y, -first.x) > (last.y, -last.x)


# -- What cannot be had ----------------------------------------------------------------------------------


def test_a_community_without_blocks_stays_whole() -> None:
    assert propose([], GROUND, [], BAND, method="growing") == Proposal((), (GROUND,), (Remark("nothing"),))


def test_a_community_with_too_few_households_stays_one_grid_and_says_how_many() -> None:
    blocks = town(3, 2, 10)
    proposal = propose(blocks, GROUND, [], BAND, method="growing")
    assert said(proposal) == {"small": {"households": 60}}
    assert set(proposal.labels) == {0}


def test_blocks_where_nobody_lives_still_get_a_grid() -> None:
    proposal = propose(town(3, 2, 0), GROUND, [RIVER], BAND, method="growing")
    assert said(proposal).keys() == {"small", "over_barrier"}
    assert measured(town(3, 2, 0), proposal, BAND).ratio is None
    assert fills(proposal)


def test_a_block_with_more_than_a_grid_is_named() -> None:
    blocks = [*town(5, 4, 40), Block("the tower", place(0.03, 0.03), 900)]
    proposal = propose(blocks, GROUND, [], BAND, method="growing")
    assert said(proposal)["large_block"] == {"key": "the tower", "households": 900}
    assert said(proposal)["out_of_band"] == {"count": 1}
    held = measured(blocks, proposal, BAND).households
    assert held[proposal.labels[-1]] == 900


def test_blocks_outside_are_counted_with_the_nearest_inside() -> None:
    blocks = [*town(), Block("beyond", Point(EAST + 0.001, NORTH), 12)]
    proposal = propose(blocks, GROUND, [], BAND, method="growing")
    assert said(proposal) == {"outside": {"count": 1}}
    assert sum(measured(blocks, proposal, BAND).households) == 2012
    assert proposal.labels[-1] == proposal.labels[49]


def test_only_blocks_outside_still_give_a_grid() -> None:
    proposal = propose([Block("far", Point(EAST + 1, NORTH), 400)], GROUND, [], BAND, method="growing")
    assert (proposal.labels, said(proposal)) == ((0,), {"outside": {"count": 1}})
    assert fills(proposal)


def test_blocks_at_the_same_place_share_their_grid() -> None:
    blocks = [Block(str(number), place(0.2, 0.5), 30) for number in range(5)] + town(6, 4, 40, west=0.4)
    proposal = propose(blocks, GROUND, [], BAND, method="growing")
    assert len(set(proposal.labels[:5])) == 1


@pytest.mark.parametrize("method", EACH_METHOD)
def test_a_lone_tower_beyond_the_river_is_a_grid_by_each_method(method: str) -> None:
    tower = [Block("tower", place(0.8, 0.5), 700)]
    proposal = propose(town(west=0.0, east=0.4) + tower, GROUND, [RIVER], BAND, method=method)
    assert proposal.labels.count(proposal.labels[-1]) == 1
    assert fills(proposal)


def test_a_community_in_two_pieces_is_filled_all_the_same() -> None:
    island = box(EAST + 0.002, SOUTH, EAST + 0.003, SOUTH + 0.001)
    ground = MultiPolygon([GROUND, island])
    proposal = propose(town(), ground, [], BAND, method="growing")
    assert fills(proposal, ground)
    assert said(proposal) == {"apart": {"count": 1}}


def test_a_band_upside_down_is_no_band() -> None:
    with pytest.raises(ValueError, match="500 to 300"):
        Band(500, 300)


# -- Progress and cancelling -----------------------------------------------------------------------------


class Cancelled(Exception):
    pass


@pytest.mark.parametrize("method", EACH_METHOD)
def test_progress_rises_to_the_end(method: str) -> None:
    heard: list[float] = []
    propose(town(), GROUND, [RIVER], BAND, method=method, progress=heard.append)
    assert heard == sorted(heard)
    assert (heard[0], heard[-1]) == (0.0, 1.0)
    assert len(heard) > 5


@NEEDED
@pytest.mark.slow
@pytest.mark.parametrize("method", ["maxp", "skater"])
def test_a_large_township_is_divided_in_parts_and_tells_how_far_it_is(method: str) -> None:
    heard: list[float] = []
    proposal = propose(town(30, 20), GROUND, [], BAND, method=method, progress=heard.append)
    assert len({round(done, 2) for done in heard if 0.45 < done < 0.8}) > 4
    assert measured(town(30, 20), proposal, BAND).in_band == len(proposal.parts)


def test_growing_stops_in_the_middle_of_a_large_township() -> None:
    looks = 0

    def stop(done: float) -> None:
        nonlocal looks
        looks += 0.4 <= done < 1
        if looks > 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        propose(town(30, 20), GROUND, [], BAND, method="growing", progress=stop)
    assert looks == 4


@pytest.mark.parametrize("method", EACH_METHOD)
def test_raising_stops_the_work_at_once(method: str) -> None:
    def stop(done: float) -> None:
        if done > 0.3:
            raise Cancelled

    with pytest.raises(Cancelled):
        propose(town(), GROUND, [], BAND, method=method, progress=stop)


def test_every_remark_is_a_sentence_with_its_numbers() -> None:
    numbers = {"households": 1, "key": "A", "count": 2}
    assert all("%" not in Remark(kind, numbers).sentence for kind in REMARKS)


def test_a_narrow_band_is_met_by_cutting_pairs_of_grids_anew() -> None:
    blocks = [Block(block.key, block.shape, 15 + (at * 37) % 56) for at, block in enumerate(town(12, 8))]
    proposal = propose(blocks, GROUND, [RIVER], Band(385, 425), method="growing")
    measures = measured(blocks, proposal, Band(385, 425))
    assert (measures.in_band, measures.contiguous) == (measures.grids, True)
