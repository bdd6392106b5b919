"""Street numbers: even on one side, odd on the other, counted from the road's western or northern end."""

from __future__ import annotations

import shapely
from shapely import LineString, Point

from .network import Street

METRES_PER_NUMBER = 9.0
REACH_OF_MAIN_ROADS_M = 90.0


def _oriented(line: LineString) -> LineString:
    (ax, ay), (bx, by) = line.coords[0], line.coords[-1]
    forward = bx > ax if abs(bx - ax) > abs(by - ay) else by < ay
    return line if forward else line.reverse()


class Addresses:
    """Gives each building its own number on the nearest named road."""

    def __init__(self, streets: list[Street]) -> None:
        self.streets = sorted(streets, key=lambda s: s.line.centroid.x - s.line.centroid.y)
        self.lines = [_oriented(street.line) for street in self.streets]
        self.tree = shapely.STRtree(self.lines)
        self.main = [i for i, street in enumerate(self.streets) if street.kind in ("arterial", "secondary")]
        self.main_tree = shapely.STRtree([self.lines[i] for i in self.main])
        self.offset: list[float] = []
        used: dict[str, float] = {}
        for street in self.streets:
            self.offset.append(used.get(street.name, 0.0))
            used[street.name] = used.get(street.name, 0.0) + street.line.length
        self.taken: set[tuple[str, int]] = set()

    def road_at(self, x: float, y: float) -> str:
        """Name of the road nearest to a place in metres."""
        return self.streets[int(self.tree.nearest(Point(x, y)))].name

    def _nearest(self, place: Point, main: bool) -> int:
        if main:
            index = self.main[int(self.main_tree.nearest(place))]
            if self.lines[index].distance(place) < REACH_OF_MAIN_ROADS_M:
                return index
        return int(self.tree.nearest(place))

    def number(self, x: float, y: float, main: bool = False) -> str:
        """A road name and a number nobody else has; `main` prefers a main road round the corner."""
        index = self._nearest(Point(x, y), main)
        line, name = self.lines[index], self.streets[index].name
        along = line.project(Point(x, y))
        here, ahead = line.interpolate(max(along - 1, 0)), line.interpolate(along + 1)
        left = (ahead.x - here.x) * (y - here.y) - (ahead.y - here.y) * (x - here.x) > 0
        number = 2 * int((self.offset[index] + along) / METRES_PER_NUMBER) + (1 if left else 2)
        while (name, number) in self.taken:
            number += 2
        self.taken.add((name, number))
        return f"{name}{number}号"
