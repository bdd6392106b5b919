"""The square of Web Mercator that a tile is."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_ZOOM = 22
BUFFER = 1 / 64  # how much of a tile's side is drawn beyond it, so that lines and outlines meet


@dataclass(frozen=True)
class Tile:
    """One tile: zoom, column from the west, row from the north."""

    z: int
    x: int
    y: int

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north in WGS84 degrees."""
        return self._box(0.0)

    @property
    def drawn_box(self) -> tuple[float, float, float, float]:
        """The same with the strip beyond the sides that is drawn too."""
        return self._box(BUFFER)

    def _box(self, beyond: float) -> tuple[float, float, float, float]:
        west, north = self._corner(-beyond, -beyond)
        east, south = self._corner(1 + beyond, 1 + beyond)
        return west, south, east, north

    def _corner(self, right: float, down: float) -> tuple[float, float]:
        side = 1 << self.z
        lon = (self.x + right) / side * 360 - 180
        lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * (self.y + down) / side))))
        return lon, lat

    def within(self, degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        """Places in WGS84 degrees, shape (n, 2), as parts of the tile's side: right of its west, below its north."""
        side = 1 << self.z
        sines = np.sin(np.radians(degrees[:, 1]))
        down = 0.5 - np.log((1 + sines) / (1 - sines)) / (4 * math.pi)
        return np.stack([(degrees[:, 0] / 360 + 0.5) * side - self.x, down * side - self.y], axis=1)


def read_tile(z: int, x: int, y: int) -> Tile | None:
    """The tile of an address; None where there is none."""
    return Tile(z, x, y) if z <= MOST_ZOOM and x < 1 << z and y < 1 << z else None
