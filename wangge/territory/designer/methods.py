"""The methods: how the first regions come about; swaps at the borders follow each of them."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wangge.territory.designer import coarse, libraries
from wangge.territory.designer.mending import Labels, as_today, moved, refitted
from wangge.territory.designer.recombining import recombined
from wangge.territory.designer.regions import Regions
from wangge.territory.designer.swapping import swapped
from wangge.territory.designer.tasks import Task, counts, rank

ATTEMPTS = 3  # from other first centres
OTHER_COUNTS = 3  # how many numbers of grids are tried while some lie outside the band
# Libraries get a good start; hotter swaps would leave nothing of what is particular to the method.
TEPID = 0.05
MAXP_AT_ONCE = 8  # grids
SKATER_AT_ONCE = 4  # it tries every cut of the tree for each of them: four times as long for twice as many
PARTS_DONE = 0.8  # of the work on a side, when a library has divided all of its parts
CONSTRUCTIONS = 5  # of max-p; each is polished, which takes spopt longest


@dataclass(frozen=True)
class Method:
    """A way of dividing, with what it is good for and the package it needs, if any."""

    name: Promise
    good_for: Promise
    divide: Callable[[Task], Regions]
    needs: str = ""

    @property
    def available(self) -> bool:
        """Whether this installation has the package; `pip install wangge[designer]` brings it."""
        return not self.needs or importlib.util.find_spec(self.needs) is not None


def growing(task: Task) -> Regions:
    """Regions grown from several sets of centres; the best after swaps."""
    return min(_attempts(task), key=rank)


def _in_band(regions: Regions, task: Task) -> Regions:
    """The regions themselves, or what recombination makes of them where they miss the band."""
    if not regions.out_of_band():
        return regions
    again = task.regions(dict(regions.labels), len(regions.members))
    again.homes = regions.homes
    recombined(again, task.seed, task.look)
    swapped(again, task.seed, task.look, warm=TEPID)
    return min(regions, again, key=rank)


def _attempts(task: Task) -> Iterator[Regions]:
    for count in islice(counts(task), OTHER_COUNTS):
        missed = 0
        for attempt in range(ATTEMPTS):
            regions = task.regions(task.grown(count, task.seed + attempt), count)
            swapped(regions, task.seed + attempt, task.look)
            found = _in_band(regions, task)
            missed += bool(found.out_of_band())
            yield found
        if missed < ATTEMPTS:
            return


def today(task: Task) -> Regions:
    """Today's grids, which give and take as little as brings them into the band."""
    labels = as_today(task)
    if not labels:
        return growing(task)
    tries = [_staying(task, labels)]
    if tries[0].out_of_band():
        # Where today's grids are far from the band, new ones may leave more people where they are than mended ones.
        tries += [_staying(task, refitted(task, labels)), *_attempts(task)]
    return min(tries, key=lambda regions: (*rank(regions)[:2], moved(task, regions), rank(regions)))


def _staying(task: Task, labels: Labels) -> Regions:
    regions = task.regions(labels, max(labels.values()) + 1)
    regions.homes = dict(labels)
    swapped(regions, task.seed, task.look, warm=TEPID)
    return _in_band(regions, task)


def maxp(task: Task) -> Regions:
    """As many regions as the lower end of the band allows, by spopt."""
    return _tepid(task, _in_parts(task, _maxp, MAXP_AT_ONCE))


def _maxp(task: Task) -> Labels:
    rough, most = coarse.coarsened(task), task.households // task.low
    if most < 2 or len(rough.households) < 2:  # spopt fails on a unit without neighbours
        return dict.fromkeys(task.units, 0)
    try:
        found = libraries.maxp(
            rough.neighbours, rough.places, rough.households, task.low,
            seed=task.seed, constructions=CONSTRUCTIONS, polishes=1, look=task.look,
        )  # fmt: skip
    except libraries.Endless:
        return task.grown(min(most, len(task.units)))
    return rough.spread(found)


def skater(task: Task) -> Regions:
    """The tree of nearest neighbours, cut where regions differ most in place, by spopt."""
    return _tepid(task, _in_parts(task, _skater, SKATER_AT_ONCE))


def _skater(task: Task) -> Labels:
    rough = coarse.coarsened(task)
    count = min(next(counts(task)), len(rough.households))
    if count < 2:
        return dict.fromkeys(task.units, 0)
    return rough.spread(libraries.skater(rough.neighbours, rough.places, count, look=task.look))


def _in_parts(task: Task, label: Callable[[Task], Labels], at_once: int) -> Labels:
    """Labels of a side in parts of a few grids each: spopt's time grows with the square and more."""
    count = round(task.households / (at_once * (task.low + task.high) / 2))
    if count < 2:
        return label(task)
    parts = task.grown(count)
    found: Labels = {}
    grids = 0
    for part in range(count):
        units = sorted(at for at, mine in parts.items() if mine == part)
        labels = label(task.within(units)) if units else {}
        found.update({at: grids + number for at, number in labels.items()})
        grids += len(set(labels.values()))
        task.tell(PARTS_DONE * (part + 1) / count)
    return found


def _tepid(task: Task, labels: Labels) -> Regions:
    """Swaps that keep what the library found; more only where that leaves grids outside the band."""
    regions = task.regions(labels, max(labels.values()) + 1)
    swapped(regions, task.seed, task.look, warm=TEPID)
    return _in_band(regions, task)


METHODS = {
    "growing": Method(
        _("Growing"),
        _("Fast and always there: grids grow from the middle of where people live."),
        growing,
    ),
    "today": Method(
        _("Today's grids, mended"),
        _("Moves few households: grids give and take only what brings them into the band."),
        today,
    ),
    "maxp": Method(
        _("Max-p"),
        _("As many grids as the band allows, so that each worker has few households."),
        maxp,
        "spopt",
    ),
    "skater": Method(
        _("SKATER"),
        _("Keeps what lies close together: the net of neighbours is cut at its longest ways."),
        skater,
        "spopt",
    ),
}
