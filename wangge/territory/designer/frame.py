"""The plane in which a community is cut: whole ticks for exact edges, metres for lengths and nearness."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from wangge.territory.shapes import DECIMALS, metres_per_degree

TICKS = 10**DECIMALS  # to a degree


@dataclass(frozen=True)
class Frame:
    """Ticks are counted from the south-western corner of the community, so they stay small and exact."""

    west: int
    south: int
    across: float  # metres of a tick of longitude
    up: float  # metres of a tick of latitude

    @classmethod
    def around(cls, shape: BaseGeometry) -> Frame:
        """A frame for a shape in WGS84 degrees."""
        west, south, _east, north = shape.bounds
        across, up = metres_per_degree((south + north) / 2)
        return cls(round(west * TICKS), round(south * TICKS), across / TICKS, up / TICKS)

    def ticks(self, degrees: Any) -> Any:
        """A shape, or an array of them, from WGS84 degrees to the nearest whole ticks."""
        return shapely.transform(degrees, lambda at: np.round(at * TICKS) - (self.west, self.south))

    def degrees(self, ticks: Any) -> Any:
        """Back, to the digit in which boundaries are kept."""
        return shapely.transform(
            ticks, lambda at: np.round((at + np.array([self.west, self.south])) / TICKS, DECIMALS)
        )

    def metres(self, ticks: Any) -> Any:
        """A shape, or an array of them, from ticks to metres."""
        return shapely.transform(ticks, lambda at: at * (self.across, self.up))

    def from_metres(self, metres: Any) -> Any:
        """From metres to whole ticks."""
        return shapely.transform(metres, lambda at: np.round(at / (self.across, self.up)))
