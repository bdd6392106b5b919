"""Fewer, larger units for methods whose time grows with the square of their number."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wangge.territory.designer.tasks import Task

UNITS_BY_GRID = 12
MOST_UNITS = 120
LARGEST = 0.25  # of what a grid should have at least


@dataclass(frozen=True)
class Coarse:
    """Units joined to groups, numbered from 0."""

    group_of: dict[int, int]  # by unit
    neighbours: dict[int, list[int]]  # by group
    places: NDArray[np.float64]  # metres, by group
    households: NDArray[np.int64]

    def spread(self, labels: Sequence[int]) -> dict[int, int]:
        """Labels of groups, whatever they are called, as labels 0, 1, 2 … of units."""
        number = {label: at for at, label in enumerate(dict.fromkeys(labels))}
        return {unit: number[labels[group]] for unit, group in self.group_of.items()}


def coarsened(task: Task) -> Coarse:
    """Join the smallest units with their closest neighbours, never to more than a part of a grid, until few are left."""
    joined = _Joined(task)
    queue = [(task.net.households[at], at) for at in task.units]
    heapq.heapify(queue)
    most = min(UNITS_BY_GRID * max(task.households // task.low, 1), MOST_UNITS)
    while queue and len(joined.members) > most:
        held, at = heapq.heappop(queue)
        if held == joined.households.get(at) and (near := joined.closest(at)) is not None:
            joined.join(at, near)
            heapq.heappush(queue, (joined.households[near], near))
    return joined.numbered()


class _Joined:
    def __init__(self, task: Task) -> None:
        self.task, net = task, task.net
        self.most = max(int(task.low * LARGEST), 1)
        self.members = {at: [at] for at in task.units}
        self.households = {at: net.households[at] for at in task.units}
        self.beside = {
            at: {near: net.limit[at][near] - net.within[at][near] for near in task.ways[at]}
            for at in task.units
        }

    def closest(self, at: int) -> int | None:
        """The neighbour with the longest common edge that is not too large."""
        room = self.most - self.households[at]
        return max(
            (near for near in self.beside[at] if self.households[near] <= room),
            key=lambda near: (self.beside[at][near], -near),
            default=None,
        )

    def join(self, at: int, to: int) -> None:
        """All of `at` becomes part of `to`."""
        self.members[to] += self.members.pop(at)
        self.households[to] += self.households.pop(at)
        for near, length in self.beside.pop(at).items():
            del self.beside[near][at]
            if near != to:
                self.beside[near][to] = self.beside[to][near] = self.beside[to].get(near, 0.0) + length

    def numbered(self) -> Coarse:
        net, order = self.task.net, sorted(self.members)
        number = {at: group for group, at in enumerate(order)}
        places = []
        for at in order:
            weight = np.array([net.households[unit] + 0.1 for unit in self.members[at]])
            places.append(np.average([net.at[unit] for unit in self.members[at]], axis=0, weights=weight))
        return Coarse(
            {unit: number[at] for at in order for unit in self.members[at]},
            {number[at]: sorted(number[near] for near in self.beside[at]) for at in order},
            np.array(places),
            np.array([self.households[at] for at in order]),
        )
