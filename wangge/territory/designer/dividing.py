"""A community divided side by side of its barriers, and over a barrier where that brings more grids into the band."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from wangge.territory.designer.methods import METHODS
from wangge.territory.designer.net import Net
from wangge.territory.designer.regions import Regions
from wangge.territory.designer.sides import Side, joined_with_each, sides
from wangge.territory.designer.tasks import task

NOBODY = -1
BY_SIDES = 0.8  # of the work, when every side is divided
NEIGHBOURS = 2  # with how many neighbours a side that misses the band is tried
MOST_TOGETHER = 1_500  # units: more at once would take too long

Divide = Callable[[Side], Regions]
Divided = dict[Side, Regions]


def divided(
    net: Net, low: int, high: int, *, method: str, seed: int, progress: Callable[[float], object]
) -> NDArray[np.int64]:
    """The region of every unit; open ground stays without one. `progress` hears 0 to 1 and may raise."""
    done = told = 0.0

    def tell(share: float, units: int) -> None:
        nonlocal told
        told = max(told, min(done + BY_SIDES * share * units / len(net), 1.0))
        progress(told)

    def divide(side: Side) -> Regions:
        units = len(side.units) if done < BY_SIDES else 0  # what is tried again takes nothing further
        one = task(net, side, low, high, seed, lambda: tell(0.0, units), lambda share: tell(share, units))
        return METHODS[method].divide(one)

    found: Divided = {}
    for side in sides(net, low, high):
        found[side] = divide(side)
        done += BY_SIDES * len(side.units) / len(net)
    done = max(done, BY_SIDES)
    _over_barriers(net, found, divide)
    return _labels(net, found)


def _over_barriers(net: Net, found: Divided, divide: Divide) -> None:
    """Sides with grids outside the band are tried together with a neighbour, and stay together if that is better."""
    waiting = [side for side, regions in found.items() if _mendable(regions)]
    while waiting:
        side = waiting.pop(0)
        if side not in found:
            continue
        others = [other for other in found if other is not side]
        for other, whole in joined_with_each(net, side, others)[:NEIGHBOURS]:
            if len(whole.units) > MOST_TOGETHER:
                continue
            regions = divide(whole)
            if _missed(regions) < _missed(found[side], found[other]):
                del found[side], found[other]
                found[whole] = regions
                if _mendable(regions):
                    waiting.append(whole)
                break


def _missed(*several: Regions) -> tuple[int, int]:
    """Grids outside the band, and households beyond it."""
    return (
        sum(len(regions.out_of_band()) for regions in several),
        sum(regions.beyond() for regions in several),
    )


def _mendable(regions: Regions) -> bool:
    """Whether a grid misses the band for another reason than one block with too many."""
    return any(
        all(regions.net.households[at] <= regions.high for at in regions.members[label])
        for label in regions.out_of_band()
    )


def _labels(net: Net, found: Divided) -> NDArray[np.int64]:
    labels = np.full(len(net), NOBODY)
    grids = 0
    for regions in found.values():
        for at, label in regions.labels.items():
            labels[at] = grids + label
        grids += len(regions.members)
    return labels
