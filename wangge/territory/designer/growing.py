"""Growing: centres spread over where people live, and each takes the units nearest to it, a full one less far than others.

The nearness is that of a power diagram: the squared distance to a centre less its weight. Weights rise where a grid
has too few households and fall where it has too many, so that grids come out even, and convex where the net allows.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from wangge.territory.designer.net import Net

Metres = NDArray[np.float64]

PULLS = 40  # rounds in which centres and weights settle, freely
GROWTHS = 3  # and rounds grown along the net
# Land without households still has to be walked: it counts as this part of a mean unit.
EMPTY_UNIT = 0.05


def grown(
    net: Net,
    ways: list[list[int]],
    units: Sequence[int],
    count: int,
    seed: int,
    look: Callable[[], object] = lambda: None,
) -> dict[int, int]:
    """Share out units that hang together among `count` regions, each in one piece; `look` may stop it by raising."""
    if count <= 1 or len(units) <= count:
        return {at: min(number, count - 1) for number, at in enumerate(units)}
    places = np.array([net.at[at] for at in units])
    mass = np.array([net.households[at] for at in units], dtype=float)
    mass += EMPTY_UNIT * max(mass.mean(), 1e-6)
    chance = random.Random(seed)  # noqa: S311  # the same each time is what is wanted
    centres = _spread(places, mass, count, chance, look)
    weights = np.zeros(count)
    for _round in range(PULLS):
        look()
        labels = _distances(places, centres, weights).argmin(axis=1)
        centres, weights = _pulled(places, mass, labels, centres, weights, 0.5)
    best: tuple[float, dict[int, int]] | None = None
    for _round in range(GROWTHS):
        look()
        found = _along_net(ways, units, _distances(places, centres, weights))
        labels = np.array([found[at] for at in units])
        uneven = float(np.bincount(labels, mass, count).std())
        if best is None or uneven < best[0]:
            best = uneven, found
        centres, weights = _pulled(places, mass, labels, centres, weights, 0.3)
    assert best is not None
    return best[1]


def _spread(
    places: Metres, mass: Metres, count: int, chance: random.Random, look: Callable[[], object]
) -> Metres:
    """First centres, far from each other and where households are (k-means++)."""
    chosen = [chance.choices(range(len(places)), mass.tolist())[0]]
    gaps = np.full(len(places), np.inf)
    while len(chosen) < count:
        look()
        gaps = np.minimum(gaps, ((places - places[chosen[-1]]) ** 2).sum(axis=1))
        worth = gaps * mass
        if worth.sum() <= 0:
            worth = np.ones(len(places))
        chosen.append(chance.choices(range(len(places)), worth.tolist())[0])
    return places[chosen].astype(float)


def _distances(places: Metres, centres: Metres, weights: Metres) -> Metres:
    """By unit and region: the squared distance less the region's weight."""
    found: Metres = ((places[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2) - weights
    return found


def _pulled(
    places: Metres, mass: Metres, labels: NDArray[np.int64], centres: Metres, weights: Metres, pull: float
) -> tuple[Metres, Metres]:
    """Centres moved to the middle of what they have, weights to where each would have the same."""
    count = len(centres)
    held = np.bincount(labels, mass, count)
    having = held > 0
    moved = centres.copy()
    for axis in (0, 1):
        sums = np.bincount(labels, mass * places[:, axis], count)
        moved[having, axis] = sums[having] / held[having]
    mean = held.mean()
    reach = ((places - moved[labels]) ** 2).sum(axis=1).mean() + 1.0  # a typical squared distance
    weights = weights + pull * reach * np.clip((mean - held) / mean, -1, 1)
    return moved, weights - weights.mean()


def _along_net(ways: list[list[int]], units: Sequence[int], distance: Metres) -> dict[int, int]:
    """Regions grown from their nearest units over neighbours, always the nearest next."""
    row = {at: number for number, at in enumerate(units)}
    near = distance.tolist()
    labels: dict[int, int] = {}
    queue: list[tuple[float, int, int]] = []
    taken: set[int] = set()
    for label, start in enumerate(_starts(distance, taken)):
        queue.append((-np.inf, units[start], label))
    heapq.heapify(queue)
    while queue:
        _distance, at, label = heapq.heappop(queue)
        if at in labels:
            continue
        labels[at] = label
        for other in ways[at]:
            if other not in labels and other in row:
                heapq.heappush(queue, (near[row[other]][label], other, label))
    return labels


def _starts(distance: Metres, taken: set[int]) -> list[int]:
    """The unit nearest to each centre, none twice."""
    found = []
    for label in range(distance.shape[1]):
        start = next(at for at in distance[:, label].argsort().tolist() if at not in taken)
        taken.add(start)
        found.append(start)
    return found
