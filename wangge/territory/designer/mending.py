"""Today's grids mended: each stays where it is and gives or takes blocks only as far as the band asks for it."""

from __future__ import annotations

from collections import Counter, deque

from wangge.territory.designer.net import pieces
from wangge.territory.designer.regions import Regions
from wangge.territory.designer.successors import moved as moved_between
from wangge.territory.designer.tasks import Task

Labels = dict[int, int]


def as_today(task: Task) -> Labels:
    """Units by the grid they are in today; pieces of a grid that lie apart, and what has none, go to a neighbour.

    Empty where no unit of the side has a grid today.
    """
    grids: dict[str, list[int]] = {}
    for at in task.units:
        if task.net.grids[at]:
            grids.setdefault(task.net.grids[at], []).append(at)
    labels: Labels = {}
    for label, (_code, units) in enumerate(sorted(grids.items())):
        main = max(pieces(units, task.ways), key=lambda piece: _households(task, piece))
        labels.update(dict.fromkeys(main, label))
    return _spread(task, labels)


def _spread(task: Task, labels: Labels) -> Labels:
    """What has no label takes that of a neighbour, step by step from those that have one."""
    found = dict(labels)
    queue = deque(sorted(labels))
    while queue:
        at = queue.popleft()
        for near in task.ways[at]:
            if near not in found:
                found[near] = found[at]
                queue.append(near)
    return found


def refitted(task: Task, labels: Labels) -> Labels:
    """Grids too small for the band joined with their smallest neighbour, those too large cut in as many as fit."""
    labels = _joined(task, dict(labels))
    found: Labels = {}
    for label in sorted(set(labels.values())):
        units = sorted(at for at, mine in labels.items() if mine == label)
        held = _households(task, units)
        count = max(1, round(held / ((task.low + task.high) / 2))) if held > task.high else 1
        first = len(set(found.values()))
        found.update({at: first + part for at, part in _cut(task, units, count).items()})
    return found


def _cut(task: Task, units: list[int], count: int) -> Labels:
    """Units of one grid in parts; the largest has the first number, for it is the one that goes on."""
    parts = task.within(units).grown(min(count, len(units)))
    held: Counter[int] = Counter(dict.fromkeys(parts.values(), 0))
    for at, part in parts.items():
        held[part] += task.net.households[at]
    number = {part: place for place, (part, _held) in enumerate(held.most_common())}
    return {at: number[part] for at, part in parts.items()}


def _joined(task: Task, labels: Labels) -> Labels:
    while True:
        regions = task.regions(_numbered(labels), len(set(labels.values())))
        small = [label for label in regions.out_of_band() if regions.households[label] < task.low]
        offers = [
            (regions.households[label] + regions.households[near], label, near)
            for label in small
            for near in sorted(regions.beside(label))
        ]
        if not offers:
            return dict(regions.labels)
        _together, label, near = min(offers)
        labels = {at: near if mine == label else mine for at, mine in regions.labels.items()}


def moved(task: Task, regions: Regions) -> int:
    """Households that would get another grid worker."""
    shared: Counter[tuple[str, int]] = Counter()
    for at, label in regions.labels.items():
        if grid := task.net.grids[at]:
            shared[grid, label] += task.net.households[at]
    return moved_between(shared)


def _numbered(labels: Labels) -> Labels:
    number = {label: place for place, label in enumerate(sorted(set(labels.values())))}
    return {at: number[label] for at, label in labels.items()}


def _households(task: Task, units: list[int]) -> int:
    return sum(task.net.households[at] for at in units)
