"""One side of the barriers to be divided, and how the divisions of it compare."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from wangge.territory.designer.growing import grown
from wangge.territory.designer.net import Net
from wangge.territory.designer.regions import Regions
from wangge.territory.designer.sides import Side


@dataclass(frozen=True)
class Task:
    """Units that hang together by `ways`, and what their regions should have; `look` raises to stop the work.

    `tell` hears how much of it is done, 0 to 1, where the method knows.
    """

    net: Net
    ways: list[list[int]]
    units: list[int]
    low: int
    high: int
    seed: int
    look: Callable[[], object]
    tell: Callable[[float], object] = lambda share: None

    @property
    def households(self) -> int:
        """Of the whole side."""
        return sum(self.net.households[at] for at in self.units)

    def within(self, units: list[int]) -> Task:
        """The same for some of the units that hang together."""
        mine = set(units)
        ways = [
            [near for near in beside if near in mine] if at in mine else []
            for at, beside in enumerate(self.ways)
        ]
        return replace(self, ways=ways, units=units, tell=lambda share: None)

    def grown(self, count: int, seed: int | None = None) -> dict[int, int]:
        """Its units grown into so many regions."""
        return grown(self.net, self.ways, self.units, count, self.seed if seed is None else seed, self.look)

    def regions(self, labels: dict[int, int], count: int) -> Regions:
        """A division to work on."""
        return Regions(self.net, self.ways, labels, count, self.low, self.high)


def task(
    net: Net,
    side: Side,
    low: int,
    high: int,
    seed: int,
    look: Callable[[], object],
    tell: Callable[[float], object],
) -> Task:
    """The task of dividing one side; ways over a barrier count only where the side reaches over one."""
    mine = set(side.units)
    ways = [
        [near for near in (*net.free[at], *net.over[at]) if near in mine] if at in mine else []
        for at in range(len(net))
    ]
    return Task(net, ways, side.units, low, high, seed, look, tell)


def counts(one: Task) -> Iterator[int]:
    """How many regions to try, the likeliest number first.

    A block with more than a whole grid's households takes a grid for itself.
    """
    giants = [held for at in one.units if (held := one.net.households[at]) > one.high]
    rest = one.households - sum(giants)
    most = max(len(one.units), 1)
    ideal = rest / ((one.low + one.high) / 2)
    fitting = range(-(-rest // one.high), rest // one.low + 1)
    near = sorted(fitting, key=lambda count: abs(count - ideal)) or [round(ideal)]
    yield from dict.fromkeys(min(max(count + len(giants), 1), most) for count in near)


def rank(regions: Regions) -> tuple[int, int, float]:
    """The less the better: grids out of the band, households beyond it, then how uneven and straggling they are."""
    return (len(regions.out_of_band()), regions.beyond(), regions.total() / len(regions.members))
