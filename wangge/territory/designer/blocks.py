"""What a proposal is made of: buildings, or whole blocks of them, with the households in each."""

from __future__ import annotations

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Block:
    """One building or block of buildings; it is never divided between grids."""

    key: str  # what it is called where it comes from: a building's code, a row of a file
    shape: BaseGeometry  # a point or a polygon, WGS84 degrees
    households: int
    grid: str = ""  # code of today's grid, empty for none
