"""The made-up district as data: areas, unit grids, roads, water, green, blocks, buildings, facilities.

All geometry and points are WGS84 degrees (longitude, latitude), seven decimals; widths and areas are metres.
The same seed gives the same district, vertex for vertex. Nothing is written anywhere.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon

from . import frame, plan
from .addresses import Addresses
from .blocks import Built, build_blocks
from .facilities import Placed, place_facilities
from .forms import Footprint
from .hierarchy import GridDraft, Hierarchy, outline
from .network import Network, build_network

PEOPLE_PER_HOUSEHOLD = 2.7


@dataclass(frozen=True, slots=True)
class Area:
    """A node of the tree; province and city have no drawn boundary, because only one district is made up.

    `level`: province, city, county, street, community, grid, micro. `kind`: general, dedicated, micro for
    grids; committee, village, zone for communities. `purpose` says what a dedicated grid serves.
    """

    code: str
    name: str
    level: str
    kind: str
    parent_code: str
    geometry: Polygon | None
    purpose: str = ""
    households: int = 0
    population: int = 0


@dataclass(frozen=True, slots=True)
class UnitGrid:
    """A city-management cell; `code` has fifteen digits (GB/T 30428.1), `grid_code` is its governance grid."""

    code: str
    community_code: str
    grid_code: str
    geometry: Polygon
    area_m2: float


@dataclass(frozen=True, slots=True)
class Road:
    """A road by its middle line; `kind`: arterial, secondary, branch, lane."""

    name: str
    kind: str
    width_m: float
    geometry: LineString


@dataclass(frozen=True, slots=True)
class Water:
    """Open water; `kind`: river, lake, pond."""

    name: str
    kind: str
    geometry: Polygon | MultiPolygon


@dataclass(frozen=True, slots=True)
class Green:
    """Open ground; `kind`: park, square, lawn, riverside, playground, field, paddy, orchard, greenhouse, bare, estate."""

    name: str
    kind: str
    geometry: Polygon


@dataclass(frozen=True, slots=True)
class Block:
    """Land between roads and what it is used for."""

    name: str
    use: str
    geometry: Polygon


@dataclass(frozen=True, slots=True)
class Building:
    """A footprint with floors, entrances (单元) and households; `number` is the 幢 inside its estate."""

    code: str
    use: str
    name: str
    estate: str
    number: int
    address: str
    floors: int
    entrances: int
    households: int
    geometry: Polygon
    lon: float
    lat: float
    grid_code: str
    unit_grid_code: str


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility; `code` has seventeen digits (GB/T 47678.5: county 6, class 5, serial 6)."""

    code: str
    class_code: str
    class_name: str
    name: str
    lon: float
    lat: float
    road: str
    state: str
    unit_code: str
    grid_code: str
    unit_grid_code: str


@dataclass(frozen=True, slots=True)
class Poi:
    """A place people know by name."""

    name: str
    kind: str
    lon: float
    lat: float
    address: str
    grid_code: str


@dataclass(slots=True)
class District:
    """Everything there is on the map of the made-up district."""

    areas: list[Area] = field(default_factory=list)
    unit_grids: list[UnitGrid] = field(default_factory=list)
    roads: list[Road] = field(default_factory=list)
    water: list[Water] = field(default_factory=list)
    green: list[Green] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    facilities: list[Facility] = field(default_factory=list)
    poi: list[Poi] = field(default_factory=list)

    def area(self, code: str) -> Area:
        """The area with this code; KeyError if there is none."""
        for area in self.areas:
            if area.code == code:
                return area
        raise KeyError(code)

    def at_level(self, level: str) -> list[Area]:
        return [area for area in self.areas if area.level == level]


def build_district(seed: int = 2026) -> District:
    """The whole district, in memory, in a few seconds."""
    rng = random.Random(seed)
    network = build_network(rng)
    built = build_blocks(network, rng)
    return _Assembly(network, built, Hierarchy(network, built), rng).district()


class _Assembly:
    """Gives codes and degrees to what the drawing yielded."""

    def __init__(self, network: Network, built: list[Built], tree: Hierarchy, rng: random.Random) -> None:
        self.network, self.built, self.tree, self.rng = network, built, tree, rng
        self.addresses = Addresses(network.streets)
        self.cell_tree = shapely.STRtree(network.cells)
        self.grid_of_cell: dict[int, str] = {}
        self.unit_code: dict[int, str] = {}
        self.building_serial: Counter[str] = Counter()
        self.facility_serial: Counter[tuple[str, str]] = Counter()
        self.out = District()

    def district(self) -> District:
        self._areas()
        self._unit_grids()
        self._ground()
        self._buildings()
        self._facilities()
        return self.out

    def _areas(self) -> None:
        out, network = self.out.areas, self.network
        county = plan.COUNTY[0]
        out.append(Area(*plan.PROVINCE, "province", "", "", None))
        out.append(Area(*plan.CITY, "city", "", plan.PROVINCE[0], None))
        homes = sum(self.tree.households.values())
        whole = outline(network, set(range(len(network.cells))))
        out.append(_peopled(Area(*plan.COUNTY, "county", "", plan.CITY[0], whole), homes))
        for digits, name in plan.STREETS:
            numbers = {i for i, c in enumerate(plan.COMMUNITIES) if c.street == digits}
            self._add(Area(county + digits, name, "street", "", county, None), numbers)
        for number, community in enumerate(plan.COMMUNITIES):
            kind = {"0": "committee", "2": "village", "4": "zone"}[community.code[0]]
            code = community_code(number)
            self._add(
                Area(code, community.name, "community", kind, county + community.street, None), {number}
            )
        for number in range(len(plan.COMMUNITIES)):
            self._community_grids(number)

    def _add(self, area: Area, communities: set[int]) -> None:
        cells = {cell for cell, number in self.tree.community_of_cell.items() if number in communities}
        households = sum(self.tree.households.get(cell, 0) for cell in cells)
        drawn = Area(
            area.code, area.name, area.level, area.kind, area.parent_code, outline(self.network, cells)
        )
        self.out.areas.append(_peopled(drawn, households))

    def _community_grids(self, number: int) -> None:
        grids = sorted(
            (grid for grid in self.tree.grids if grid.community == number),
            key=lambda grid: (grid.kind != "general", self.tree.reading_order(grid.cells)),
        )
        for serial, grid in enumerate(grids, start=1):
            code = f"{community_code(number)}{serial:03d}"
            self.grid_of_cell.update(dict.fromkeys(grid.cells, code))
            land = outline(self.network, grid.cells)
            area = Area(code, grid.name, "grid", grid.kind, code[:12], land, grid.purpose)
            self.out.areas.append(_peopled(area, grid.households))
            self._micro_grids(code, grid)

    def _micro_grids(self, code: str, grid: GridDraft) -> None:
        for serial, cells in enumerate(sorted(grid.parts, key=self.tree.reading_order), start=1):
            homes = sum(self.tree.households.get(cell, 0) for cell in cells)
            name = f"{grid.name}{serial}号微网格"
            area = Area(f"{code}{serial:02d}", name, "micro", "micro", code, outline(self.network, cells))
            self.out.areas.append(_peopled(area, homes))

    def _unit_grids(self) -> None:
        """Numbered left to right, top to bottom inside the community, in bands of one hundred metres."""
        places = self.tree.places
        order = sorted(
            places, key=lambda c: (self.tree.community_of_cell[c], -round(places[c][1] / 100), places[c][0])
        )
        serial: Counter[int] = Counter()
        for cell in order:
            number = self.tree.community_of_cell[cell]
            serial[number] += 1
            code = f"{community_code(number)}{serial[number]:03d}"
            self.unit_code[cell] = code
            shape = frame.ticks_to_degrees(self.network.cells_ticks[cell])
            size = round(self.network.cells[cell].area, 1)
            self.out.unit_grids.append(UnitGrid(code, code[:12], self.grid_of_cell[cell], shape, size))

    def _ground(self) -> None:
        out, network = self.out, self.network
        out.roads = [Road(s.name, s.kind, s.width_m, frame.to_degrees(s.line)) for s in network.streets]
        river = network.river.intersection(network.boundary)
        out.water.append(Water(plan.RIVER_NAME, "river", frame.to_degrees(river)))
        out.water.append(Water(plan.LAKE_NAME, "lake", frame.to_degrees(network.lake)))
        for built in self.built:
            out.blocks.append(Block(built.name, built.use, frame.to_degrees(built.draft.polygon)))
            for ground in built.grounds:
                if ground.polygon.is_empty:
                    continue
                shape = frame.to_degrees(ground.polygon)
                if ground.kind == "pond":
                    out.water.append(Water("", "pond", shape))
                else:
                    named = ground.name or (built.name if ground.kind in ("park", "square") else "")
                    out.green.append(Green(named, ground.kind, shape))

    def _cells_at(self, places: list[Point]) -> list[int]:
        return [int(i) for i in self.cell_tree.nearest(np.array(places, dtype=object))]

    def _buildings(self) -> None:
        for built in self.built:
            if not built.footprints:
                continue
            middles = [footprint.polygon.representative_point() for footprint in built.footprints]
            cells = self._cells_at(middles)
            gate = self._gate(built)
            number = 0
            for footprint, middle, cell in zip(built.footprints, middles, cells, strict=True):
                in_estate = bool(gate) and footprint.use != "commercial"
                number += in_estate
                self.out.buildings.append(
                    self._building(built, footprint, middle, cell, gate, number if in_estate else 0)
                )
            if built.draft.special or built.use == "kindergarten":
                self._poi(built, gate)

    def _gate(self, built: Built) -> str:
        """The address of an estate or institution; old houses and farms are numbered one by one."""
        if not built.name or built.use in ("courtyards", "rural"):
            return ""
        middle = built.parcel.representative_point()
        return self.addresses.number(middle.x, middle.y, main=True)

    def _building(
        self, built: Built, footprint: Footprint, middle: Point, cell: int, gate: str, number: int
    ) -> Building:
        estate = built.name if number else ""
        title = footprint.name or (f"{number}幢" if number else "")
        address = (
            f"{gate}{estate}{title}"
            if number
            else self.addresses.number(middle.x, middle.y, main=built.use != "courtyards")
        )
        if built.use == "rural":
            address, estate = f"{built.name}{address}", built.name
        lon, lat = frame.point_in_degrees(middle.x, middle.y)
        community = self.grid_of_cell[cell][:12]
        self.building_serial[community] += 1
        return Building(
            f"{community}{self.building_serial[community]:05d}", footprint.use, footprint.name, estate, number, address,
            footprint.floors, footprint.entrances, footprint.households, frame.to_degrees(footprint.polygon), lon, lat,
            self.grid_of_cell[cell], self.unit_code[cell],
        )  # fmt: skip

    def _poi(self, built: Built, gate: str) -> None:
        middle = built.parcel.representative_point()
        lon, lat = frame.point_in_degrees(middle.x, middle.y)
        grid = self.grid_of_cell[self._cells_at([middle])[0]]
        self.out.poi.append(Poi(built.name, built.use, lon, lat, gate, grid))

    def _facilities(self) -> None:
        placed = place_facilities(self.network, self.built, self.rng)
        cells = self._cells_at([Point(p.x, p.y) for p in placed])
        serial: Counter[str] = Counter()
        for item, cell in zip(placed, cells, strict=True):
            serial[item.kind.code] += 1
            self.out.facilities.append(self._facility(item, cell, serial[item.kind.code]))

    def _facility(self, item: Placed, cell: int, serial: int) -> Facility:
        lon, lat = frame.point_in_degrees(item.x, item.y)
        road = item.road or self.addresses.road_at(item.x, item.y)
        self.facility_serial[road, item.kind.short] += 1
        nth = self.facility_serial[road, item.kind.short]
        return Facility(
            f"{plan.COUNTY[0]}{item.kind.code}{serial:06d}", item.kind.code, item.kind.standard,
            f"{road}{item.kind.short}{nth}号", lon, lat, road, item.state, item.kind.unit,
            self.grid_of_cell[cell], self.unit_code[cell],
        )  # fmt: skip


def community_code(number: int) -> str:
    """Twelve digits of the community with this place in `plan.COMMUNITIES`."""
    community = plan.COMMUNITIES[number]
    return plan.COUNTY[0] + community.street + community.code


def _peopled(area: Area, households: int) -> Area:
    people = round(households * PEOPLE_PER_HOUSEHOLD)
    return Area(
        area.code,
        area.name,
        area.level,
        area.kind,
        area.parent_code,
        area.geometry,
        area.purpose,
        households,
        people,
    )
