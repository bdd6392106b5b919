"""Buildings by floors for everybody, facilities for those who work."""

from datetime import date
from itertools import pairwise
from typing import Any

import mapbox_vector_tile
import pytest
import shapely
from django.core.cache import cache
from django.test import Client

from wangge.cases.tests.cast import Cast
from wangge.common.tiles import Tile
from wangge.registry import tiles
from wangge.registry.models import Building, Facility, FacilityClass
from wangge.territory.cells import BITS, cell, tile_range

pytestmark = pytest.mark.django_db

LON, LAT = 118.905, 32.905


def tile_at(zoom: int) -> Tile:
    x = int((LON + 180) / 360 * 2**zoom)
    wanted = cell(LON, LAT) >> 2 * (BITS - zoom)
    [y] = [y for y in range(2**zoom) if tile_range(zoom, x, y)[0] >> 2 * (BITS - zoom) == wanted]
    return Tile(zoom, x, y)


def building(floors: int = 6, lon: float = LON) -> Building:
    return Building.objects.create(
        name="3幢", estate="梅园", address="人民路12号", floors=floors, footprint=bytes(shapely.to_wkb(shapely.box(lon, LAT, lon + 2e-4, LAT + 2e-4))),
        lon=lon, lat=LAT, cell=cell(lon, LAT),
    )  # fmt: skip


def facility(code: str, lon: float = LON, **more: Any) -> Facility:
    kind, _new = FacilityClass.objects.get_or_create(
        standard="X", code="01", major_code="01", major_name="公用", name="路灯", name_en="Lamp"
    )
    return Facility.objects.create(
        code=code, facility_class=kind, lon=lon, lat=LAT, cell=cell(lon, LAT), surveyed_on=date(2026, 1, 1), **more
    )  # fmt: skip


def read(made: bytes) -> dict[str, Any]:
    found: dict[str, Any] = mapbox_vector_tile.decode(made)
    return found


def test_a_building_has_its_height_and_from_near_every_floor() -> None:
    known = building(floors=6)
    [whole] = read(tiles.buildings(tile_at(16)))["building"]["features"]
    assert whole["id"] == known.pk
    assert whole["properties"] == {"name": "3幢", "address": "人民路12号", "floors": 6, "height": 18.0}
    floors = [one["properties"] for one in read(tiles.buildings(tile_at(17)))["floor"]["features"]]
    assert [one["floor"] for one in floors] == [1, 2, 3, 4, 5, 6]
    assert floors[0]["base"] == 0.0
    assert all(low["top"] < high["base"] for low, high in pairwise(floors))
    assert {one["building"] for one in floors} == {known.pk}


def test_from_far_away_only_high_buildings_are_drawn() -> None:
    building(floors=6)
    assert tiles.buildings(tile_at(13)) == b""
    building(floors=20)
    assert len(read(tiles.buildings(tile_at(13)))["building"]["features"]) == 1
    assert tiles.buildings(tile_at(11)) == b""


def test_a_building_that_reaches_in_from_the_next_tile_is_drawn_too() -> None:
    tile = tile_at(17)
    known = building(lon=tile.box[0] - 1e-4)  # its point lies in the tile to the west
    [found] = read(tiles.buildings(tile))["building"]["features"]
    assert found["id"] == known.pk


def test_a_card_of_a_building_offers_its_floors(client: Client) -> None:
    known = building(floors=3)
    shown = client.get(f"/registry/buildings/{known.pk}/card/", {"floor": "2"}).content.decode()
    assert "人民路12号" in shown
    assert shown.count("data-floor=") == 3
    assert 'data-floor="2" data-building' in shown
    assert shown.count('aria-pressed="true"') == 1
    for odd in ("99", "x", "-1", ""):
        assert (
            'aria-pressed="true"'
            not in client.get(f"/registry/buildings/{known.pk}/card/", {"floor": odd}).content.decode()
        )
    assert client.get("/registry/buildings/0/card/").status_code == 404


def test_facilities_are_points_from_near_and_counted_from_far(cast: Cast, client: Client) -> None:
    cache.clear()
    known = facility("A1")
    facility("A2", state="damaged")
    facility("A3", state="removed")
    near, far = read(tiles.facilities(tile_at(17))), read(tiles.facilities(tile_at(13)))
    assert sorted(one["properties"]["code"] for one in near["facility"]["features"]) == ["A1", "A2"]
    assert [one["properties"]["n"] for one in far["facilities"]["features"]] == [2]
    assert tiles.facilities(tile_at(11)) == b""
    tile = tile_at(17)
    address = f"/registry/tiles/facilities/{tile.z}/{tile.x}/{tile.y}.mvt"
    assert client.get(address).status_code == 302
    client.force_login(cast.grid_worker)
    answer = client.get(address)
    assert answer.status_code == 200
    assert "private" in answer["Cache-Control"]
    assert "A1" in client.get(f"/registry/facilities/{known.pk}/card/").content.decode()
