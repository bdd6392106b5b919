"""What the map shows and what stands in the district: base features, facilities, buildings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from demo.places import Building as DrawnBuilding
from demo.places import District
from demo.places import Facility as DrawnFacility
from wangge.accounts.models import Unit
from wangge.registry.facilities.classes import store_classes
from wangge.registry.models import Building, Facility
from wangge.territory import lookup
from wangge.territory.cells import cells
from wangge.territory.models import BaseFeature
from wangge.territory.shapes import to_wkb

ROAD_RANKS = {"arterial": 0, "secondary": 1, "branch": 2, "lane": 3}
WATER_RANKS = {"river": 0, "lake": 0, "pond": 2}
# What is green on a map; the grounds of estates and paved squares are part of their blocks.
GREEN_RANKS = {
    "park": 0, "riverside": 0, "playground": 1, "lawn": 2, "orchard": 3, "field": 3, "paddy": 3, "greenhouse": 3,
}  # fmt: skip
OPEN_LAND = ("rural", "riverside", "park", "lake_park")
PLACE_RANKS = {"lake_park": 0, "hospital": 0, "station": 0, "civic": 0, "park": 1, "school": 1, "market": 1}
OTHER_PLACES, ESTATES = 2, 3
STATES = {"完好": "sound", "破损": "damaged", "移位": "damaged", "丢失": "lost", "废弃": "abandoned"}
BATCH = 2000


def store_ground(district: District) -> None:
    """Store what the base map shows: roads, water, green, blocks and names."""
    BaseFeature.objects.bulk_create(list(_features(district)), batch_size=BATCH)


def _features(district: District) -> Iterator[BaseFeature]:
    for road in district.roads:
        yield _feature("road", road.name, ROAD_RANKS[road.kind], road.geometry)
    for water in district.water:
        yield _feature("water", water.name, WATER_RANKS[water.kind], water.geometry)
    for green in district.green:
        if green.kind in GREEN_RANKS:
            yield _feature("green", green.name, GREEN_RANKS[green.kind], green.geometry)
    for block in district.blocks:
        if block.use not in OPEN_LAND:
            yield _feature("block", block.name, 0, block.geometry)
    yield from _places(district)


def _places(district: District) -> Iterator[BaseFeature]:
    """Names with a point: what everybody knows first, then estates and villages, each once."""
    for poi in district.poi:
        rank = PLACE_RANKS.get(poi.kind, OTHER_PLACES)
        yield _feature("place", poi.name, rank, shapely.Point(poi.lon, poi.lat))
    estates: dict[str, list[shapely.Point]] = {}
    for building in district.buildings:
        if building.estate:
            estates.setdefault(building.estate, []).append(shapely.Point(building.lon, building.lat))
    known = {poi.name for poi in district.poi}
    for name, points in estates.items():
        if name not in known:
            yield _feature("place", name, ESTATES, shapely.MultiPoint(points).centroid)


def _feature(kind: str, name: str, rank: int, shape: BaseGeometry) -> BaseFeature:
    west, south, east, north = shape.bounds
    return BaseFeature(
        kind=kind, name=name, rank=rank, shape=to_wkb(shape), west=west, south=south, east=east, north=north
    )


def store_registry(district: District, areas: dict[str, int], today: date) -> None:
    """Store facilities with the units that maintain them, and buildings."""
    classes, units = store_classes(), dict(Unit.objects.values_list("code", "pk"))
    cells_of_facilities = _cells(district.facilities)
    # Located as everything is that comes in later: some stand a millimetre beside a border.
    lons, lats = (np.array([getattr(row, axis) for row in district.facilities]) for axis in ("lon", "lat"))
    grids, unit_grids = lookup.grids_of(lons, lats), lookup.unit_grids_of(lons, lats)
    Facility.objects.bulk_create(
        [
            Facility(
                code=row.code,
                facility_class_id=classes[row.class_code],
                lon=row.lon,
                lat=row.lat,
                cell=cell,
                grid_id=grid,
                unit_grid_id=unit_grid,
                unit_id=units[row.unit_code],
                state=STATES[row.state],
                surveyed_on=today - timedelta(days=30 + int(row.code[-6:]) % 300),
                note=row.name if row.state != "移位" else f"{row.name}（移位）",
            )
            for row, cell, grid, unit_grid in zip(
                district.facilities, cells_of_facilities, grids, unit_grids, strict=True
            )
        ],
        batch_size=BATCH,
    )
    store_buildings(district.buildings, areas)


def store_buildings(drawn: list[DrawnBuilding], areas: dict[str, int]) -> None:
    """Store the buildings with their footprints in their grids."""
    Building.objects.bulk_create(
        [
            Building(
                name=row.name or (f"{row.number}幢" if row.number else ""),
                estate=row.estate,
                address=row.address,
                floors=row.floors,
                entrances=row.entrances,
                households=row.households,
                grid_id=areas[row.grid_code],
                footprint=to_wkb(row.geometry),
                lon=row.lon,
                lat=row.lat,
                cell=cell,
            )
            for row, cell in zip(drawn, _cells(drawn), strict=True)
        ],
        batch_size=BATCH,
    )


def _cells(rows: Iterable[DrawnFacility | DrawnBuilding]) -> list[int]:
    points = [(row.lon, row.lat) for row in rows]
    lons, lats = np.array(points, dtype=np.float64).reshape(-1, 2).T
    return [int(number) for number in cells(lons, lats)]
