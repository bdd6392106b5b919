"""Swaps at the borders: units go over to a neighbouring region until grids lie in the band, even and compact."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from wangge.territory.designer.regions import Regions

TRIES = 80  # for each unit
AT_LEAST = 3_000
WARM, COLD = 0.25, 0.004  # how much worse a swap may make things, at first and at last
STRIDE = 256  # tries between two looks at whether anybody wants us to stop


def swapped(regions: Regions, seed: int, look: Callable[[], object], *, warm: float = WARM) -> None:
    """Let units go over at random, worse ones ever less often (annealing), then only for the better."""
    chance = random.Random(seed)  # noqa: S311  # the same each time is what is wanted
    units = sorted(regions.labels)
    tries = max(TRIES * len(units), AT_LEAST)
    if len(regions.members) > 1:
        for number in range(tries):
            if number % STRIDE == 0:
                look()
                heat = warm * (COLD / warm) ** (number / tries)
            _try(regions, units[int(chance.random() * len(units))], chance, heat)
        settle(regions, look)


def _try(regions: Regions, at: int, chance: random.Random, heat: float) -> None:
    ways, labels = regions.ways[at], regions.labels
    if not ways:
        return
    to = labels.get(ways[int(chance.random() * len(ways))])
    if to is None or to == labels[at] or len(regions.members[labels[at]]) == 1:
        return
    change, *perimeters = regions.change(at, to)
    if (change <= 0 or chance.random() < math.exp(-change / heat)) and regions.may_leave(at):
        regions.move(at, to, (perimeters[0], perimeters[1]))


def settle(regions: Regions, look: Callable[[], object]) -> None:
    """Only swaps that make things better, until there is none."""
    labels = regions.labels
    busy = set(labels)
    while busy:
        look()
        again: set[int] = set()
        for at in sorted(busy):
            if len(regions.members[labels[at]]) == 1:
                continue
            others = {labels[near] for near in regions.ways[at] if near in labels} - {labels[at]}
            found = [(*regions.change(at, to), to) for to in sorted(others)]
            if not found:
                continue
            change, one, other, to = min(found)
            if change < -1e-9 and regions.may_leave(at):
                regions.move(at, to, (one, other))
                again.add(at)
                again.update(near for near in regions.ways[at] if near in labels)
        busy = again
