"""Whatever the town: grids fill it, never overlap, hang together, and have everybody in them once."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon

from wangge.territory.designer.blocks import Block
from wangge.territory.designer.measures import measured
from wangge.territory.designer.proposing import Band, propose
from wangge.territory.designer.tests.towns import place

CORNERED = Polygon(
    [place(x, y) for x, y in ((0, 0), (1, 0), (1, 0.6), (0.55, 0.5), (0.5, 1), (0.1, 0.9), (0.2, 0.4))]
)
TICK = 1e-7

fractions = st.floats(0.0, 1.0)
places = st.tuples(fractions, fractions, st.integers(0, 160), st.sampled_from([0.0, 0.0, 0.0001, 0.0004]))
lines = st.lists(st.tuples(fractions, fractions), min_size=2, max_size=4, unique=True)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(places, min_size=1, max_size=40), st.lists(lines, max_size=3), st.integers(0, 3))
def test_any_town_is_shared_out_whole(
    spots: list[tuple[float, float, int, float]], barriers: list[list[tuple[float, float]]], seed: int
) -> None:
    blocks = [
        Block(str(number), place(x, y).buffer(size, cap_style="square") if size else place(x, y), held)
        for number, (x, y, held, size) in enumerate(spots)
    ]
    across = [LineString([place(x, y) for x, y in line]) for line in barriers]
    band = Band(150, 300)
    proposal = propose(blocks, CORNERED, across, band, method="growing", seed=seed)
    parts = np.array(proposal.parts, dtype=object)
    union = shapely.union_all(parts)
    assert shapely.is_valid(parts).all()
    assert shapely.symmetric_difference(union, CORNERED).area < TICK * CORNERED.length
    assert math.isclose(shapely.area(parts).sum(), union.area, rel_tol=1e-9)
    assert set(proposal.labels) == set(range(len(parts)))
    assert set(shapely.get_type_id(parts).tolist()) == {shapely.GeometryType.POLYGON}
    measures = measured(blocks, proposal, band)
    assert sum(measures.households) == sum(block.households for block in blocks)
    corners = shapely.get_coordinates(parts) / TICK
    assert np.allclose(corners, np.round(corners), atol=1e-3)
