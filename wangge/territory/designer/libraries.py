"""Regions by spopt, the regionalisation library of PySAL: an extra of the installation, loaded when it is asked for."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

Neighbours = Mapping[int, Sequence[int]]
Values = NDArray[np.float64]

CONSTRUCTIONS = 99  # how often max-p begins anew
POLISHES = 10  # and how often it polishes each of its best
# By unit, construction and polish, max-p looks about ten times at neighbours in a run that ends.
LOOKS_BY_UNIT = 40


class Endless(Exception):
    """Max-p goes round in circles: it waits for a unit at a border that may move, and there is none."""


def maxp(
    neighbours: Neighbours,
    attributes: Values,
    amounts: NDArray[np.int64],
    floor: int,
    *,
    seed: int,
    top_n: int = 2,
    constructions: int = CONSTRUCTIONS,
    polishes: int = POLISHES,
    look: Callable[[], object] = lambda: None,
) -> list[int]:
    """Labels of as many regions as can have `floor` of whole `amounts` each, alike in their attributes.

    The units must hang together and have twice the floor between them; raises Endless where spopt finds no end.
    """
    frame, weights, names = _given(neighbours, attributes)
    frame["amount"] = amounts
    weights.neighbors = _Watched(
        weights.neighbors, look, LOOKS_BY_UNIT * len(amounts) * constructions * (1 + polishes)
    )
    region = _region()
    # Release 0.7.0 lets no region fall to the floor itself when it swaps (mended after it, pull request 512); with half
    # a unit less, "more than" means "at least" for whole numbers.
    with _seeded(seed), _quietly():
        model = region.MaxPHeuristic(
            frame, weights, names, "amount", floor - 0.5, top_n, constructions, polishes
        )
        model.solve()
    return [int(label) for label in model.labels_]


class _Watched(dict[int, list[int]]):
    """Neighbours that notice how often they are looked at: the only way into spopt's loops."""

    def __init__(self, neighbours: Neighbours, look: Callable[[], object], most: int) -> None:
        super().__init__({at: list(near) for at, near in neighbours.items()})
        self.look, self.most, self.looked = look, most, 0

    def __getitem__(self, at: int) -> list[int]:
        self.looked += 1
        if self.looked > self.most:
            raise Endless
        if self.looked % 256 == 0:
            self.look()
        return super().__getitem__(at)


def skater(
    neighbours: Neighbours, attributes: Values, count: int, *, look: Callable[[], object] = lambda: None
) -> list[int]:
    """Labels of `count` regions: the minimum spanning tree of units that hang together, cut where they differ most."""
    frame, weights, names = _given(neighbours, attributes)

    def added(values: Any) -> Any:
        look()
        return np.sum(values)

    with _quietly():
        model = _region().Skater(
            frame,
            weights,
            names,
            n_clusters=count,
            floor=1,
            spanning_forest_kwds={
                "dissimilarity": _distances(),
                "affinity": None,
                "reduction": added,
                "center": np.mean,
                "verbose": 0,
            },
        )
        model.solve()
    return [int(label) for label in model.labels_]


def _region() -> Any:
    with _quietly():
        import spopt.region  # two seconds and 200 MB: not for everybody who starts the program

        return spopt.region


def _distances() -> Any:
    from sklearn.metrics.pairwise import euclidean_distances

    return euclidean_distances


def _given(neighbours: Neighbours, attributes: Values) -> tuple[Any, Any, list[str]]:
    """What spopt takes: a table, weights, and the names of its columns."""
    with _quietly():
        import pandas as pd
        from libpysal.weights import W

        names = [f"a{number}" for number in range(attributes.shape[1])]
        weights = W({at: list(near) for at, near in neighbours.items()}, silence_warnings=True)
        return pd.DataFrame(dict(zip(names, attributes.T, strict=True))), weights, names


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """spopt draws from numpy's common generator: the same draws each time, and nobody else's are moved."""
    before = np.random.get_state()
    np.random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(before)


@contextmanager
def _quietly() -> Iterator[None]:
    """Warnings of libraries to their developers are no concern of ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
