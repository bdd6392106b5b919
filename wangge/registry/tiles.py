"""Buildings and facilities as vector tiles."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import numpy as np
import shapely

from wangge.common.tiles import Layer, Tile, encode
from wangge.registry.facilities.permissions import facilities_in_sight
from wangge.registry.models import Facility
from wangge.registry.queries import buildings_in
from wangge.territory.cells import tile_range
from wangge.territory.geojson import Box
from wangge.territory.scopes import Person

BUILDINGS_FROM, HIGH_BUILDINGS_FROM, HIGH = 14, 12, 12  # from further away only what is seen from there
FLOORS_FROM = 17
FACILITIES_FROM, SINGLE_FACILITIES_FROM = 12, 16
CELLS_ACROSS = 3  # 2**3 circles along a tile's side
LONGEST_DEGREES = 0.001  # half of the longest hall
FLOOR_METRES = 3.0
GAP_METRES = 0.25  # between floors, so that they are seen one by one

Said = dict[str, Any]


def buildings(tile: Tile) -> bytes:
    """`building` with name, floors and height in metres; from zoom 17 also `floor`, with its number, base and top."""
    if tile.z < HIGH_BUILDINGS_FROM:
        return b""
    found = buildings_in(_reach(tile))
    if tile.z < BUILDINGS_FROM:
        found = found.filter(floors__gte=HIGH)
    rows = list(found.order_by("floors", "pk").values_list("footprint", "pk", "name", "address", "floors"))
    if not rows:
        return b""
    shapes = shapely.from_wkb([bytes(row[0]) for row in rows])
    said = [
        {"name": name or None, "address": address, "floors": floors, "height": floors * FLOOR_METRES}
        for _shape, _pk, name, address, floors in rows
    ]
    ids = [row[1] for row in rows]
    made = [Layer("building", shapes, said, ids)]
    return encode(tile, made + ([_floors(shapes, said, ids)] if tile.z >= FLOORS_FROM else []))


def _floors(shapes: Any, said: list[Said], ids: list[int]) -> Layer:
    """Every floor of every building as a slice of its own, numbered from 1 at the ground."""
    places = np.repeat(np.arange(len(ids)), [one["floors"] for one in said])
    return Layer("floor", shapes[places], list(_slices(said, ids)), None)


def _slices(said: list[Said], ids: list[int]) -> Iterator[Said]:
    for one, pk in zip(said, ids, strict=True):
        for number in range(1, one["floors"] + 1):
            top = number * FLOOR_METRES
            yield {
                "building": pk, "floor": number, "of": one["floors"], "address": one["address"],
                "base": top - FLOOR_METRES, "top": top - GAP_METRES,
            }  # fmt: skip


def facilities(tile: Tile, person: Person) -> bytes:
    """`facility` with code, class and state; from further away `facilities`, circles with how many `n` they stand for.

    Only those that the person looks up in the register.
    """
    if tile.z < FACILITIES_FROM:
        return b""
    here = facilities_in_sight(person).filter(cell__range=tile_range(tile.z, tile.x, tile.y))
    found = here.exclude(state=Facility.State.REMOVED)
    if tile.z < SINGLE_FACILITIES_FROM:
        return encode(tile, [_counted(tile, list(found.order_by("cell").values_list("cell", "lon", "lat")))])
    rows = list(found.select_related("facility_class").order_by("pk"))
    if not rows:
        return b""
    points = shapely.points([(row.lon, row.lat) for row in rows])
    said = [
        {
            "code": row.code,
            "title": str(row.facility_class),
            "state": str(row.get_state_display()),
            "sound": row.state == Facility.State.SOUND,
        }
        for row in rows
    ]
    return encode(tile, [Layer("facility", points, said, [row.pk for row in rows])])


def _counted(tile: Tile, rows: list[tuple[int, float, float]]) -> Layer:
    shift = 2 * (31 - tile.z - CELLS_ACROSS)
    points, said = [], []
    for _cell, group in groupby(rows, key=lambda row: row[0] >> shift):
        together = list(group)
        points.append(np.mean([row[1:] for row in together], axis=0))
        said.append({"n": len(together)})
    shapes = shapely.points(np.array(points)) if points else np.empty(0, dtype=object)
    return Layer("facilities", shapes, said)


def _reach(tile: Tile) -> Box:
    """The tile's box with room for buildings whose point lies outside and whose footprint reaches in."""
    west, south, east, north = tile.drawn_box
    return west - LONGEST_DEGREES, south - LONGEST_DEGREES, east + LONGEST_DEGREES, north + LONGEST_DEGREES
