"""Recombination: two neighbouring regions are joined and cut anew along a random tree, until all lie in the band.

Swaps of single units cannot leave some dead ends: two regions may have to exchange half of what they have at once.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Sequence

from wangge.territory.designer.regions import Regions

ROUNDS = 60  # for each region


def recombined(regions: Regions, seed: int, look: Callable[[], object]) -> None:
    """Join and cut pairs of which one is out of the band; a pair is never left farther from it than it was."""
    chance = random.Random(seed)  # noqa: S311  # the same each time is what is wanted
    for _round in range(ROUNDS * len(regions.members)):
        look()
        missing = regions.out_of_band()
        if not missing:
            return
        one = chance.choice(missing)
        others = sorted(regions.beside(one))
        if others:
            _recombine(regions, one, chance.choice(others), chance)


def _recombine(regions: Regions, one: int, other: int, chance: random.Random) -> None:
    units = sorted(regions.members[one] | regions.members[other])
    order, above = _random_tree(regions, units, chance)
    cut = _best_cut(regions, order, above)
    now = _miss(regions, regions.households[one]) + _miss(regions, regions.households[other])
    if cut is None or cut[0] > now:
        return
    branch = {cut[1]}
    for at in order:
        if above[at] in branch:
            branch.add(at)
    regions.share({at: one if at in branch else other for at in units})


def _random_tree(
    regions: Regions, units: Sequence[int], chance: random.Random
) -> tuple[list[int], dict[int, int]]:
    """A tree over neighbours with random branches: its units from the root on, and what each hangs on."""
    left = set(units)
    queue = [(0.0, units[0], -1)]
    order: list[int] = []
    above: dict[int, int] = {}
    while queue:
        _weight, at, from_ = heapq.heappop(queue)
        if at in left:
            left.discard(at)
            order.append(at)
            above[at] = from_
            for near in regions.ways[at]:
                if near in left:
                    heapq.heappush(queue, (chance.random(), near, at))
    return order, above


def _best_cut(regions: Regions, order: list[int], above: dict[int, int]) -> tuple[int, int] | None:
    """Households beyond the band if the tree is cut above a unit, and that unit; the evenest of the best cuts."""
    held = {at: regions.net.households[at] for at in order}
    for at in reversed(order[1:]):
        held[above[at]] += held[at]
    whole = held[order[0]]
    offers = [
        (_miss(regions, held[at]) + _miss(regions, whole - held[at]), abs(whole - 2 * held[at]), at)
        for at in order[1:]
    ]
    if not offers:
        return None
    miss, _uneven, at = min(offers)
    return miss, at


def _miss(regions: Regions, households: int) -> int:
    return max(regions.low - households, households - regions.high, 0)
