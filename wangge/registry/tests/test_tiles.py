"""Buildings by floors for everybody, facilities for those who work."""

from datetime import date
from itertools import pairwise
from typing import Any

import mapbox_vector_tile
import pytest
import shapely
from django.test import Client

from wangge.accounts.models import Account
from wangge.accounts.tests.people import administrator
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


def test_facilities_are_points_from_near_and_counted_from_far(cast: Cast) -> None:
    for number, state in enumerate(["sound", "damaged", "removed"], 1):
        facility(f"A{number}", state=state, grid=cast.place.grid_a)
    near, far, from_space = (tiles.facilities(tile_at(zoom), cast.grid_worker) for zoom in (17, 13, 11))
    assert sorted(one["properties"]["code"] for one in read(near)["facility"]["features"]) == ["A1", "A2"]
    assert [one["properties"]["n"] for one in read(far)["facilities"]["features"]] == [2]
    assert from_space == b""


@pytest.fixture
def sysadmin() -> Account:
    return administrator()


def test_map_card_and_register_show_the_same_facilities_to_the_same_people(
    cast: Cast, sysadmin: Account, client: Client
) -> None:
    """Those in the area of a post; to nobody where a camera stands elsewhere, and what stands in no grid to nobody."""
    here = facility("HERE", grid=cast.place.grid_a)
    facility("NEXT", grid=cast.place.grid_b)
    facility("NOWHERE")
    seen = {
        cast.grid_worker: {"HERE"}, cast.clerk: {"HERE", "NEXT"}, cast.far_worker: set(), cast.stranger: set(),
        sysadmin: {"HERE", "NEXT", "NOWHERE"},
    }  # fmt: skip
    for person, codes in seen.items():
        near, far = (read(tiles.facilities(tile_at(zoom), person)) for zoom in (17, 13))
        drawn = {one["properties"]["code"] for one in near.get("facility", {}).get("features", [])}
        counted = sum(one["properties"]["n"] for one in far.get("facilities", {}).get("features", []))
        client.force_login(person)
        listed = client.get("/registry/facilities/").context["page"]
        assert drawn == {one.code for one in listed} == codes, person.name
        assert counted == len(codes), person.name
        card = client.get(f"/registry/facilities/{here.pk}/card/").status_code
        assert card == (200 if "HERE" in codes else 404), person.name


def test_whoever_has_no_post_has_no_tile_of_facilities(cast: Cast, client: Client) -> None:
    tile, known = tile_at(17), facility("A1", grid=cast.place.grid_a)
    addresses = (
        f"/registry/tiles/facilities/{tile.z}/{tile.x}/{tile.y}.mvt",
        f"/registry/facilities/{known.pk}/card/",
    )
    assert [client.get(address).status_code for address in addresses] == [302, 302]
    client.force_login(Account.objects.create(username="idle", name="无岗位"))
    assert [client.get(address).status_code for address in addresses] == [404, 404]
    client.force_login(cast.grid_worker)
    answers = [client.get(address) for address in addresses]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert all("private" in answer["Cache-Control"] for answer in answers)
