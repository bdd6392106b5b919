"""The ground and the areas as vector tiles."""

import math
from datetime import date, timedelta
from typing import Any

import mapbox_vector_tile
import pytest
import shapely
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from wangge.common.tiles import Tile
from wangge.territory import tiles
from wangge.territory.models import TerritoryVersion, UnitGrid
from wangge.territory.tests.test_map import area, feature

pytestmark = pytest.mark.django_db

AROUND = "14/13603/6604"  # lon 118.894–118.916, lat 32.898–32.916


@pytest.fixture(autouse=True)
def nothing_cached(db: None) -> None:
    cache.clear()
    TerritoryVersion.objects.get_or_create(pk=1)


def read(client: Client, path: str, **asked: str) -> dict[str, Any]:
    answer = client.get(path, asked)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.mapbox-vector-tile"
    found: dict[str, Any] = mapbox_vector_tile.decode(answer.content)
    return found


def names(layer: dict[str, Any]) -> list[str]:
    return sorted(one["properties"].get("name", "") for one in layer["features"])


def test_the_ground_comes_in_layers_and_less_of_it_from_far_away(client: Client) -> None:
    feature("road", shapely.LineString([(118.90, 32.90), (118.91, 32.90)]), "大道", 0)
    feature("road", shapely.LineString([(118.90, 32.905), (118.91, 32.905)]), "小巷", 3)
    feature("water", shapely.box(118.90, 32.90, 118.91, 32.91), "湖")
    feature("place", shapely.Point(118.905, 32.905), "桥")
    near = read(client, f"/territory/tiles/ground/{AROUND}.mvt")
    assert names(near["road"]) == ["大道", "小巷"]
    assert names(near["water"]) == ["湖"]
    assert names(near["place"]) == ["桥"]
    far = read(client, "/territory/tiles/ground/9/425/206.mvt")
    assert names(far["road"]) == ["大道"]
    assert "place" not in far


def test_areas_of_a_level_are_those_of_the_day_that_is_asked_for(client: Client) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    area("A", "旧网格", 118.90, valid_from=date(2020, 1, 1), valid_to=yesterday)
    area("B", "新网格", 118.90, valid_from=yesterday)
    now = read(client, f"/territory/tiles/areas/grid/{AROUND}.mvt")
    assert names(now["area"]) == ["新网格"]
    assert names(now["area-name"]) == ["新网格"]
    before = read(client, f"/territory/tiles/areas/grid/{AROUND}.mvt", on="2021-05-01")
    assert names(before["area"]) == ["旧网格"]
    assert read(client, f"/territory/tiles/areas/street/{AROUND}.mvt") == {}


def test_from_far_away_a_boundary_has_fewer_corners_and_no_name_that_does_not_fit(client: Client) -> None:
    grid = area("A", "网格", 118.90)
    turns = [turn * math.tau / 200 for turn in range(200)]
    circle = [(118.905 + 0.005 * math.cos(turn), 32.905 + 0.005 * math.sin(turn)) for turn in turns]
    grid.boundary = bytes(shapely.to_wkb(shapely.Polygon(circle)))
    grid.save()
    corners = []
    for zoom in (16, 14, 12, 10):
        made = mapbox_vector_tile.decode(tiles.areas(_tile(zoom), "grid", timezone.localdate()))
        corners.append(len(made["area"]["features"][0]["geometry"]["coordinates"][0]))
        assert ("area-name" in made) == (zoom >= 12), zoom
    assert corners[1] > corners[2] > corners[3] >= 4


def test_what_neighbours_share_is_drawn_once_and_what_is_too_small_for_its_name_has_its_number(
    client: Client,
) -> None:
    west, east = area("A", "西", 118.90), area("B", "东", 118.90)
    west.boundary = bytes(shapely.to_wkb(shapely.box(118.895, 32.90, 118.905, 32.91)))
    east.boundary = bytes(shapely.to_wkb(shapely.box(118.905, 32.90, 118.915, 32.91)))
    west.save()
    east.save()
    near = mapbox_vector_tile.decode(tiles.areas(_tile(14), "grid", timezone.localdate()))
    [drawn] = near["area-line"]["features"]
    assert drawn["properties"] == {"level": "grid"}
    lines = shapely.geometry.shape(drawn["geometry"])
    both = shapely.union_all([shapely.geometry.shape(one["geometry"]) for one in near["area"]["features"]])
    assert lines.length == pytest.approx(both.length + both.bounds[3] - both.bounds[1], rel=0.01)
    assert {one["id"]: one["properties"]["code"] for one in near["area"]["features"]} == {
        west.pk: "A",
        east.pk: "B",
    }
    far = mapbox_vector_tile.decode(tiles.areas(_tile(10), "grid", timezone.localdate()))
    assert {one["id"]: one["properties"] for one in far["area"]["features"]} == {west.pk: {}, east.pk: {}}


def _tile(zoom: int) -> Tile:
    """The tile with the point 118.905, 32.905."""
    sine = math.sin(math.radians(32.905))
    y = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    return Tile(zoom, int((118.905 / 360 + 0.5) * 2**zoom), int(y * 2**zoom))


def test_what_is_smaller_than_a_pixel_is_still_there(client: Client) -> None:
    grid = area("A", "亭", 118.90)
    grid.boundary = bytes(shapely.to_wkb(shapely.box(118.905, 32.905, 118.9051, 32.9051)))
    grid.save()
    made = mapbox_vector_tile.decode(tiles.areas(_tile(13), "grid", timezone.localdate()))
    assert len(made["area"]["features"]) == 1


def test_unit_grids_are_drawn_from_near_only(client: Client) -> None:
    community = area("C", "社区", 118.90)
    community.level = "community"
    community.save()
    UnitGrid.objects.create(
        code="990101001001901",
        community=community,
        area_m2=1,
        boundary=bytes(shapely.to_wkb(shapely.box(118.9, 32.9, 118.901, 32.901))),
    )
    [cell] = read(client, f"/territory/tiles/unit-grids/{AROUND}.mvt")["unit-grid"]["features"]
    assert cell["properties"] == {"code": "990101001001901"}
    assert read(client, "/territory/tiles/unit-grids/13/6801/3302.mvt") == {}


def test_a_tile_is_compressed_kept_and_re_asked_cheaply(client: Client) -> None:
    feature("water", shapely.box(118.90, 32.90, 118.91, 32.91), "湖")
    address = f"/territory/tiles/ground/{AROUND}.mvt"
    first = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert first["Content-Encoding"] == "gzip"
    assert first["Cache-Control"] == "public, max-age=300"
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "address",
    [
        "/territory/tiles/ground/3/8/0.mvt",
        "/territory/tiles/ground/40/0/0.mvt",
        f"/territory/tiles/areas/moon/{AROUND}.mvt",
    ],
)
def test_what_is_no_tile_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_past_day_shows_boundaries_and_names_as_they_were(client: Client) -> None:
    changed_on = timezone.localdate() - timedelta(days=30)
    grid = area("A", "新名", 118.90, valid_from=date(2020, 1, 1))
    grid.former_states.create(
        name="旧名", kind=grid.kind, path=grid.path, boundary=shapely.to_wkb(shapely.box(118.905, 32.90, 118.91, 32.91)),
        valid_from=date(2020, 1, 1), valid_to=changed_on,
    )  # fmt: skip
    now = read(client, f"/territory/tiles/areas/grid/{AROUND}.mvt")
    before = read(client, f"/territory/tiles/areas/grid/{AROUND}.mvt", on="2021-05-01")
    assert (names(now["area"]), names(before["area"])) == (["新名"], ["旧名"])
    wide, narrow = (
        shapely.geometry.shape(one["area"]["features"][0]["geometry"]).area for one in (now, before)
    )
    assert narrow == pytest.approx(wide / 2, rel=0.01)


def test_days_between_two_changes_are_kept_once(client: Client) -> None:
    area("A", "网格", 118.90, valid_from=date(2020, 1, 1))
    tags = {
        client.get(f"/territory/tiles/areas/grid/{AROUND}.mvt", {"on": day})["ETag"]
        for day in ("2020-01-01", "2021-05-01", "9999-12-31")
    }
    assert len(tags) == 1
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/territory/tiles/areas/grid/{AROUND}.mvt", {"on": "2022-02-02"})
    assert not [one for one in asked if "boundary" in one["sql"]]
    assert read(client, f"/territory/tiles/areas/grid/{AROUND}.mvt", on="1900-01-01") == {}
