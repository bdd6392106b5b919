"""The register of addresses of the made-up district: what stands on its houses, and how people call some of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from django.db import connection

from demo.places import Building, District
from wangge.registry.addresses.parts import part_key
from wangge.registry.addresses.storing import Parts, store_addresses, store_name
from wangge.registry.models import Address, AddressName

SOURCE = "示范区地名普查"
_HOUSE = re.compile(r"^(?P<street>.+?)(?P<number>\d+号)")
# Names that people use instead of the long ones, and names that are no longer on the signs.
ALIASES = {
    "供销合作总社清澜区分社职工家属院": "供销社家属院",
    "锦绣天成国际花园二期（东区）人才公寓": "锦绣人才公寓",
    "望湖路沿线棚户区改造项目回迁安置小区": "望湖回迁小区",
    "清澜湖畔印象江南水岸高层住宅小区": "湖畔印象",
    "清澜区第一人民医院": "区一院",
    "清澜汽车客运站": "长途汽车站",
}
FORMER = {"原清澜第二棉纺织厂职工宿舍（改造后）": "二棉宿舍"}
FORMER_STREETS = {"人民路": "解放路", "钟楼街": "鼓楼前街"}
ESTATES_WITH_ROOMS = 4
_LINK = """
UPDATE registry_address a SET building_id = b.id FROM registry_building b
WHERE b.address = a.text AND a.kind IN ('number', 'building')"""


def store_register(district: District, areas: dict[str, int]) -> None:
    """Store streets, numbers, estates, buildings and entrances, and the rooms of a few estates."""
    store_addresses([*_places(district, areas), *_houses(district, areas)])
    with connection.cursor() as cursor:
        cursor.execute(_LINK)
    for street, name in FORMER_STREETS.items():
        address = Address.objects.get(kind=Address.Kind.STREET, name=street)
        store_name(address, AddressName.Kind.FORMER, name)


def _houses(district: District, areas: dict[str, int]) -> Iterator[Parts]:
    with_rooms = sorted({b.estate for b in district.buildings if b.number and b.entrances > 1})
    for building in district.buildings:
        names = _names(building)
        if names is None:
            continue
        here = Parts(areas[building.grid_code[:12]], areas[building.grid_code[:6]], names, source=SOURCE)
        yield replace(here, lon=building.lon, lat=building.lat)
        for entrance in range(1, building.entrances + 1 if building.entrances > 1 else 1):
            door = replace(here, names={**names, "entrance": (f"{entrance}单元", str(entrance))})
            yield door
            if building.estate in with_rooms[:ESTATES_WITH_ROOMS]:
                yield from _rooms(door, building)


def _rooms(door: Parts, building: Building) -> Iterator[Parts]:
    for floor in range(1, building.floors + 1):
        for flat in (1, 2):
            number = f"{floor}0{flat}"
            yield replace(door, room=(f"{number}室", number), floor=floor)


def _names(building: Building) -> dict[str, tuple[str, str]] | None:
    in_village = building.estate and not building.number and building.address.startswith(building.estate)
    address = building.address.removeprefix(building.estate) if in_village else building.address
    house = _HOUSE.match(address)
    if house is None:
        return None
    names = {"street": _keyed("street", house["street"]), "number": _keyed("number", house["number"])}
    if in_village:
        return {"village": _keyed("estate", building.estate), **names}
    if building.number:
        title = building.name or f"{building.number}幢"
        return {**names, "estate": _keyed("estate", building.estate), "building": _keyed("building", title)}
    return names


def _places(district: District, areas: dict[str, int]) -> Iterator[Parts]:
    """Parks, schools and estates by their gates, with the other names that people have for them."""
    gates = {poi.name: (poi.address, poi.grid_code, poi.lon, poi.lat) for poi in district.poi}
    for building in district.buildings:
        if building.number and building.estate not in gates:
            gate = building.address.partition(building.estate)[0]
            gates[building.estate] = (gate, building.grid_code, building.lon, building.lat)
    for name, (gate, grid_code, lon, lat) in gates.items():
        house = _HOUSE.match(gate)
        if house is None:
            continue
        names = {"street": _keyed("street", house["street"]), "number": _keyed("number", house["number"])}
        yield Parts(
            area_id=areas[grid_code[:12]],
            top_id=areas[grid_code[:6]],
            names={**names, "estate": _keyed("estate", name)},
            lon=lon,
            lat=lat,
            aliases=tuple([ALIASES[name]] if name in ALIASES else []),
            former=tuple([FORMER[name]] if name in FORMER else []),
            source=SOURCE,
        )


def _keyed(kind: str, name: str) -> tuple[str, str]:
    return name, part_key(kind, name)
