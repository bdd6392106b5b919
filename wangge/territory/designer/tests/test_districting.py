"""What spopt finds through us is what its authors publish: regions of Mexican states by income, 1950 to 2000."""

import json
import warnings
from typing import Any

import numpy as np
import pytest
from django.conf import settings

from wangge.territory.designer import libraries
from wangge.territory.designer.methods import METHODS
from wangge.territory.designer.net import pieces

DISTRICTING = settings.TRIAL_DATA / "districting"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DISTRICTING.exists(), reason="the trial data is not here; set WANGGE_TRIAL_DATA"),
    pytest.mark.skipif(
        not METHODS["maxp"].available, reason="spopt is not here; install the extra “designer”"
    ),
    pytest.mark.filterwarnings("ignore"),
]


class Mexico:
    """32 states, their neighbours (those that touch), and what was found for them."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import geopandas
            from libpysal.weights import Queen

            self.states = geopandas.read_file(DISTRICTING / "mexico_states.geojson")
            self.neighbours = Queen.from_dataframe(self.states, use_index=False).neighbors
        self.expected: dict[str, Any] = json.loads((DISTRICTING / "expected.json").read_text("utf-8"))

    def incomes(self, names: list[str]) -> np.ndarray:
        values: np.ndarray = self.states[names].to_numpy().astype(float)
        return values

    def check(self, labels: list[int], expected: dict[str, Any]) -> None:
        """Count, contiguity, size and both objective values of a division."""
        values, found = self.incomes(expected["attrs"]), np.array(labels)
        groups = [np.flatnonzero(found == label) for label in sorted(set(labels))]
        ways = [list(self.neighbours[at]) for at in range(len(found))]
        assert len(groups) == expected["n_regions"]
        assert all(len(list(pieces(group.tolist(), ways))) == 1 for group in groups)
        assert min(map(len, groups)) == expected["min_region_size"]
        squares = sum(((values[group] - values[group].mean(axis=0)) ** 2).sum() for group in groups)
        assert squares == pytest.approx(expected["within_ssd"], rel=1e-9)
        assert sum(map(apart, (values[group] for group in groups))) == pytest.approx(
            expected["within_pairwise_euclid"], rel=1e-7
        )


def apart(values: np.ndarray) -> float:
    """The distances of all pairs, each pair once."""
    return float(np.sqrt(((values[:, None] - values[None]) ** 2).sum(axis=2)).sum() / 2)


@pytest.fixture(scope="module")
def mexico() -> Mexico:
    return Mexico()


@pytest.mark.parametrize("setup", [0, 1, 2])
def test_max_p_finds_the_published_regions(mexico: Mexico, setup: int) -> None:
    expected = mexico.expected["maxp"][setup]
    labels = libraries.maxp(
        mexico.neighbours,
        mexico.incomes(expected["attrs"]),
        np.ones(len(mexico.states), dtype=np.int64),
        expected["threshold"],
        seed=expected["seed"],
        top_n=expected["top_n"],
    )
    mexico.check(labels, expected)


def test_azp_finds_the_published_regions(mexico: Mexico) -> None:
    from libpysal.weights import W
    from spopt.region import AZP

    expected = mexico.expected["azp"][0]
    middles = mexico.states.geometry.centroid
    weights = {
        at: [middles[at].distance(middles[near]) for near in beside]
        for at, beside in mexico.neighbours.items()
    }
    model = AZP(
        mexico.states,
        W(mexico.neighbours, weights, silence_warnings=True),
        expected["attrs"],
        expected["n_clusters"],
        random_state=expected["random_state"],
    )
    model.solve()
    mexico.check([int(label) for label in model.labels_], expected)


def test_skater_cuts_the_states_into_as_many_regions_as_asked(mexico: Mexico) -> None:
    values = mexico.incomes(mexico.expected["azp"][0]["attrs"])
    labels = np.array(libraries.skater(mexico.neighbours, values, 5))
    ways = [list(mexico.neighbours[at]) for at in range(len(labels))]
    groups = [np.flatnonzero(labels == label).tolist() for label in range(5)]
    assert all(len(list(pieces(group, ways))) == 1 for group in groups)


def test_draws_of_others_are_not_moved(mexico: Mexico) -> None:
    np.random.seed(1)
    wanted = np.random.random()
    np.random.seed(1)
    expected = mexico.expected["maxp"][0]
    libraries.maxp(
        mexico.neighbours,
        mexico.incomes(expected["attrs"]),
        np.ones(32, dtype=np.int64),
        10,
        seed=3,
        constructions=2,
        polishes=1,
    )
    assert np.random.random() == wanted


def test_an_endless_search_is_given_up(mexico: Mexico) -> None:
    # All in one region: whatever weighs nothing may go, and there is nowhere to go to.
    amounts = np.zeros(32, dtype=np.int64)
    amounts[0] = 1
    with pytest.raises(libraries.Endless):
        libraries.maxp(mexico.neighbours, np.ones((32, 1)), amounts, 1, seed=0, constructions=1, polishes=1)
