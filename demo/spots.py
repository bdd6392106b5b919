"""Where things happen, as a point and as people say it."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass

import shapely
from shapely import Point

from . import frame
from .places import Building, District, Facility, Poi, Road

# How much of what happens, happens again at one of a class's few bad places.
BAD_PLACE_SHARE, BAD_PLACES = 0.32, 3
NEAR_M = 170.0
BESIDE = ("附近", "旁边", "对面", "门口", "东侧", "西侧", "往南五十米")
ALONG = ("路边", "中段", "路口附近", "往东一百米处", "公交站旁")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: WGS84 degrees, in words as a resident says it, and as a record writes it."""

    lon: float
    lat: float
    where: str
    address: str
    road: str
    grid_code: str
    estate: str = ""
    number: int = 0


class Spots:
    """Finds places of every kind in the district."""

    def __init__(self, district: District, seed: int) -> None:
        self.rng = random.Random(f"{seed}-spots")
        self.by_class: dict[str, list[Facility]] = defaultdict(list)
        for facility in district.facilities:
            self.by_class[facility.class_code].append(facility)
        self.poi: dict[str, list[Poi]] = defaultdict(list)
        for poi in district.poi:
            self.poi[poi.kind].append(poi)
        flats = [b for b in district.buildings if b.number and b.households]
        old = [b for b in district.buildings if not b.number and b.households and not b.estate]
        self.homes = flats + old[:: max(1, len(old) * 3 // len(flats))]
        self.shops = [b for b in district.buildings if b.use == "commercial"]
        self.farms = [b for b in district.buildings if b.estate and not b.number]
        self.roads = [r for r in district.roads if r.kind in ("arterial", "secondary")]
        self.lanes = [r for r in district.roads if r.kind in ("branch", "lane") and r.width_m > 5.5]
        self.banks = [r for r in district.roads if r.name.startswith("滨河")]
        self.grids = [a for a in district.areas if a.level == "grid" and a.geometry is not None]
        self.grid_tree = shapely.STRtree([grid.geometry for grid in self.grids])
        named = [(b.estate, b) for b in flats] + [(p.name, p) for p in district.poi]
        self.landmarks = [name for name, _ in named]
        self.landmark_tree = shapely.STRtree([Point(frame.to_metres(Point(b.lon, b.lat))) for _, b in named])
        self.bad: dict[tuple[str, str], list[Spot]] = defaultdict(list)

    def find(self, place: str, code: str) -> Spot:
        """A place of this kind for a matter of this class; some places come up again and again."""
        bad = self.bad[place, code]
        if len(bad) < BAD_PLACES:
            bad.append(self._any(place, code))
        if self.rng.random() < BAD_PLACE_SHARE:
            return self.beside(self.rng.choice(bad), 12)
        return self._any(place, code)

    def beside(self, spot: Spot, metres: float) -> Spot:
        """The same place as somebody else would point at it, some metres off."""
        x, y = frame.to_metres(Point(spot.lon, spot.lat)).coords[0]
        lon, lat = frame.point_in_degrees(
            x + self.rng.gauss(0, metres / 2), y + self.rng.gauss(0, metres / 2)
        )
        return Spot(
            lon, lat, spot.where, spot.address, spot.road, self.grid_at(lon, lat), spot.estate, spot.number
        )

    def grid_at(self, lon: float, lat: float) -> str:
        """Code of the grid a point lies in, or of the nearest."""
        return self.grids[int(self.grid_tree.nearest(Point(lon, lat)))].code

    def _any(self, place: str, code: str) -> Spot:
        if place == "facility" and self.by_class[code]:
            return self._at_facility(self.rng.choice(self.by_class[code]))
        if place == "estate":
            return self._at_home(self.rng.choice(self.homes))
        if place in ("shop", "village"):
            return self._at_address(self.rng.choice(self.shops if place == "shop" else self.farms))
        if place in ("park", "market", "school", "site", "square", "hospital"):
            return self._at_poi(place)
        roads = {"branch": self.lanes, "river": self.banks}.get(place, self.roads)
        return self._on_road(roads)

    def _on_road(self, roads: list[Road]) -> Spot:
        road = self.rng.choices(roads, [r.geometry.length for r in roads])[0]
        point = road.geometry.interpolate(self.rng.random(), normalized=True)
        return self._spot(point.x, point.y, road.name)

    def _at_facility(self, facility: Facility) -> Spot:
        return self._spot(facility.lon, facility.lat, facility.road)

    def _spot(self, lon: float, lat: float, road: str) -> Spot:
        near = self._landmark(lon, lat)
        known = f"{near}{self.rng.choice(BESIDE)}" if near and near != road else self.rng.choice(ALONG)
        address = f"{road}（近{near}）" if near and near != road else road
        return Spot(lon, lat, f"{road}{known}", address, road, self.grid_at(lon, lat))

    def _landmark(self, lon: float, lat: float) -> str:
        here = frame.to_metres(Point(lon, lat))
        index = int(self.landmark_tree.nearest(here))
        near = self.landmark_tree.geometries[index]
        return self.landmarks[index] if near.distance(here) < NEAR_M else ""

    def _at_home(self, home: Building) -> Spot:
        entrance = (
            f"{self.rng.randint(1, home.entrances)}单元"
            if home.entrances > 1 and self.rng.random() < 0.5
            else ""
        )
        where = f"{home.estate}{home.number}幢{entrance}" if home.number else home.address
        lon, lat = self._jitter(home.lon, home.lat, 9)
        road = home.address.split(home.estate)[0] if home.estate else home.address
        return Spot(
            lon, lat, where, home.address + entrance, road, self.grid_at(lon, lat), home.estate, home.number
        )

    def _at_address(self, building: Building) -> Spot:
        lon, lat = self._jitter(building.lon, building.lat, 8)
        road = building.address.rstrip("号0123456789")
        return Spot(lon, lat, building.address, building.address, road, self.grid_at(lon, lat))

    def _at_poi(self, kind: str) -> Spot:
        kinds = {"park": ("park", "lake_park"), "square": ("square", "lake_park", "park")}.get(kind, (kind,))
        poi = self.rng.choice([p for k in kinds for p in self.poi[k]])
        lon, lat = self._jitter(poi.lon, poi.lat, 60)
        side = self.rng.choice(("", "东门", "西门", "南侧", "北侧", "门口"))
        return Spot(
            lon,
            lat,
            f"{poi.name}{side}",
            f"{poi.address}{poi.name}",
            poi.address.rstrip("号0123456789"),
            self.grid_at(lon, lat),
        )

    def _jitter(self, lon: float, lat: float, metres: float) -> tuple[float, float]:
        x, y = frame.to_metres(Point(lon, lat)).coords[0]
        return frame.point_in_degrees(
            x + self.rng.uniform(-metres, metres), y + self.rng.uniform(-metres, metres)
        )
