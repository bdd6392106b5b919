"""Made-up communities for the designer's tests: a ground, blocks on it, barriers across it."""

from shapely.geometry import LineString, Point, box

from wangge.territory.designer.blocks import Block

WEST, SOUTH, EAST, NORTH = 118.90, 32.90, 118.92, 32.91
GROUND = box(WEST, SOUTH, EAST, NORTH)  # 1,870 m by 1,109 m
RIVER = LineString([(118.91, 32.89), (118.91, 32.92)])  # from south to north through the middle


def place(across: float, up: float) -> Point:
    """A point by the part of the way from west to east and from south to north."""
    return Point(round(WEST + (EAST - WEST) * across, 7), round(SOUTH + (NORTH - SOUTH) * up, 7))


def town(
    across: int = 10, up: int = 5, households: int = 40, *, west: float = 0.0, east: float = 1.0
) -> list[Block]:
    """Points in rows, each with as many households, between two parts of the way from west to east."""
    return [
        Block(f"{x}-{y}", place(west + (east - west) * (x + 0.5) / across, (y + 0.5) / up), households)
        for y in range(up)
        for x in range(across)
    ]
