"""Grids in the making: which unit is whose, what that is worth, and what one unit more or less would change."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from wangge.territory.designer.net import Net

# What counts, against a perimeter that is as short as a circle's (1.0 for each grid):
OUT_OF_BAND = 1.5  # a grid with too many or too few
EACH_BEYOND = 12.0  # and for every mean grid's worth of households beyond the band
UNEVEN = 3.0  # the square of how far a grid is from the mean
STAY = 4.0  # for every mean grid's worth of households that leaves its home
LIMIT_OUTSIDE = 0.6  # a metre of the community's own limit, which nobody can choose


class Regions:
    """A division of some units into regions; everything a move changes is kept up to date."""

    def __init__(
        self, net: Net, ways: list[list[int]], labels: dict[int, int], count: int, low: int, high: int
    ) -> None:
        self.net, self.ways, self.labels = net, ways, labels
        self.low, self.high = low, high
        self.mean = max(sum(net.households[at] for at in labels) / count, 1.0)
        self.households = [0] * count
        self.area = [0.0] * count
        self.perimeter = [0.0] * count
        self.members: list[set[int]] = [set() for _ in range(count)]
        self.homes: Mapping[int, int] = {}  # where units would rather stay
        self.share(labels)

    def share(self, labels: Mapping[int, int]) -> None:
        """Give all units of some regions to the same regions anew."""
        for label in set(labels.values()):
            self.households[label], self.area[label], self.perimeter[label] = 0, 0.0, 0.0
            self.members[label] = set()
        self.labels.update(labels)
        for at, label in labels.items():
            self.households[label] += self.net.households[at]
            self.area[label] += self.net.area[at]
            self.members[label].add(at)
            self.perimeter[label] += self._edge(at)

    def _edge(self, at: int) -> float:
        """What one unit gives to its region's perimeter; a barrier inside is shared by its two units."""
        net, labels, mine = self.net, self.labels, self.labels[at]
        length = LIMIT_OUTSIDE * net.outer[at]
        for near, limit in net.limit[at].items():
            length += net.within[at][near] / 2 if labels.get(near) == mine else limit
        return length

    def worth(self, households: int, area: float, perimeter: float) -> float:
        """What is bad about a region of such numbers; the less the better."""
        bad = perimeter * perimeter / (4 * math.pi * area) + UNEVEN * (households / self.mean - 1) ** 2
        beyond = self.low - households if households < self.low else households - self.high
        return bad + OUT_OF_BAND + EACH_BEYOND * beyond / self.mean if beyond > 0 else bad

    def of(self, label: int) -> float:
        """What is bad about one region."""
        return self.worth(self.households[label], self.area[label], self.perimeter[label])

    def total(self) -> float:
        """What is bad about all of them."""
        return sum(self.of(label) for label in range(len(self.households)))

    def beyond(self) -> int:
        """Households too many or too few for the band, over all regions."""
        return sum(max(self.low - held, held - self.high, 0) for held in self.households)

    def out_of_band(self) -> list[int]:
        """Regions with too many or too few."""
        return [at for at, held in enumerate(self.households) if not self.low <= held <= self.high]

    def beside(self, label: int) -> set[int]:
        """The regions next to one."""
        near = {self.labels.get(near, label) for at in self.members[label] for near in self.ways[at]}
        return near - {label}

    def change(self, at: int, to: int) -> tuple[float, float, float]:
        """How the whole would change if a unit went over, and the perimeters of its old and new region then."""
        net, labels, home = self.net, self.labels, self.labels[at]
        outside = LIMIT_OUTSIDE * net.outer[at]
        left = gone = outside  # the old region loses, the new one gains
        within = net.within[at]
        home_gap = to_gap = 0.0
        for near, limit in net.limit[at].items():
            label = labels.get(near)
            if label == home:
                home_gap += limit - within[near]
                gone += limit
            elif label == to:
                to_gap += within[near] - limit
                left += limit
            else:
                left += limit
                gone += limit
        one = self.perimeter[home] - left + home_gap
        other = self.perimeter[to] + gone + to_gap
        held, area = net.households[at], net.area[at]
        change = (
            self.worth(self.households[home] - held, self.area[home] - area, one)
            + self.worth(self.households[to] + held, self.area[to] + area, other)
            - self.of(home)
            - self.of(to)
        )
        if (wanted := self.homes.get(at)) is not None:
            change += STAY * held / self.mean * ((wanted == home) - (wanted == to))
        return change, one, other

    def move(self, at: int, to: int, perimeters: tuple[float, float]) -> None:
        """Let a unit go over; `perimeters` as `change` gave them."""
        net, home = self.net, self.labels[at]
        self.perimeter[home], self.perimeter[to] = perimeters
        self.households[home] -= net.households[at]
        self.households[to] += net.households[at]
        self.area[home] -= net.area[at]
        self.area[to] += net.area[at]
        self.members[home].discard(at)
        self.members[to].add(at)
        self.labels[at] = to

    def may_leave(self, at: int) -> bool:
        """Whether the region stays in one piece, and something of it, without this unit."""
        labels, home = self.labels, self.labels[at]
        mine = [near for near in self.ways[at] if labels.get(near) == home]
        if len(mine) <= 1:
            return bool(mine)
        return self._together(mine, at)

    def _together(self, mine: Sequence[int], without: int) -> bool:
        """Whether these hang together inside their region without one unit: a walk from the first meets the others."""
        members = self.members[self.labels[without]]
        wanted = set(mine[1:])
        seen = {without, mine[0]}
        queue = [mine[0]]
        while queue:
            for near in self.ways[queue.pop()]:
                if near in members and near not in seen:
                    wanted.discard(near)
                    if not wanted:
                        return True
                    seen.add(near)
                    queue.append(near)
        return False
