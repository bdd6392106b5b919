"""The map's own ground: what is given, in which box, and how cheaply it is asked again."""

import gzip
import json
from datetime import date, timedelta
from typing import Any

import pytest
import shapely
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from wangge.territory import basemap, geojson, lookup
from wangge.territory.models import Area, BaseFeature, TerritoryVersion

pytestmark = pytest.mark.django_db

TOWN = "118.8,32.8,119.2,33.0"


@pytest.fixture(autouse=True)
def nothing_cached(db: None) -> None:
    cache.clear()
    TerritoryVersion.objects.get_or_create(pk=1)


def feature(kind: str, shape: Any, name: str = "", rank: int = 0) -> BaseFeature:
    west, south, east, north = shape.bounds
    return BaseFeature.objects.create(
        kind=kind,
        name=name,
        rank=rank,
        shape=shapely.to_wkb(shape),
        west=west,
        south=south,
        east=east,
        north=north,
    )


def area(code: str, name: str, west: float, **more: Any) -> Area:
    boundary = shapely.to_wkb(shapely.box(west, 32.9, west + 0.01, 32.91))
    return Area.objects.create(
        code=code, name=name, level="grid", path=f"/{code}/", boundary=boundary, centre_lon=west + 0.005,
        centre_lat=32.905, **more,
    )  # fmt: skip


def names(client: Client, path: str, **asked: str | int) -> list[str]:
    answer = client.get(path, asked)
    assert answer.status_code == 200
    return sorted(found["properties"]["name"] for found in json.loads(answer.content)["features"])


def test_roads_are_given_by_box_and_rank(client: Client) -> None:
    feature("road", shapely.LineString([(118.90, 32.90), (118.95, 32.90)]), "大道", 0)
    feature("road", shapely.LineString([(118.90, 32.91), (118.91, 32.91)]), "小巷", 3)
    feature("water", shapely.box(118.90, 32.90, 118.91, 32.91), "湖")
    assert names(client, "/territory/base.json", kind="road") == ["大道", "小巷"]
    assert names(client, "/territory/base.json", kind="road", rank=1) == ["大道"]
    assert names(client, "/territory/base.json", kind="road", bbox="118.93,32.89,118.96,32.92") == ["大道"]
    assert names(client, "/territory/base.json", kind="water", bbox="119,33,119.1,33.1") == []


def test_coordinates_are_rounded_to_what_a_map_can_show(client: Client) -> None:
    feature("place", shapely.Point(118.9051234567, 32.9), "桥")
    [found] = json.loads(client.get("/territory/base.json", {"kind": "place"}).content)["features"]
    assert found["geometry"]["coordinates"] == [118.905123, 32.9]


def test_only_areas_in_force_are_shared(client: Client) -> None:
    today = timezone.localdate()
    area("1", "现行网格", 118.90)
    area("2", "已撤网格", 118.91, valid_to=today)
    area("3", "将来网格", 118.92, valid_from=today + timedelta(days=1))
    area("4", "今年有效", 118.93, valid_from=date(2020, 1, 1), valid_to=today + timedelta(days=1))
    assert names(client, "/territory/areas.json", level="grid", bbox=TOWN) == ["今年有效", "现行网格"]
    assert names(client, "/territory/areas.json", level="grid", bbox="118.895,32.9,118.905,32.95") == [
        "现行网格"
    ]
    assert names(client, "/territory/areas.json", level="community") == []


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/territory/base.json", {}),
        ("/territory/base.json", {"kind": "dragon"}),
        ("/territory/base.json", {"kind": "road", "bbox": "1,2,3"}),
        ("/territory/areas.json", {"level": "galaxy"}),
        ("/territory/areas.json", {"level": "grid"}),
        ("/registry/buildings.json", {}),
        ("/registry/buildings.json", {"bbox": "118,32,119,33"}),
    ],
)
def test_nonsense_is_refused_in_words(client: Client, path: str, asked: dict[str, str]) -> None:
    answer = client.get(path, asked)
    assert answer.status_code == 400
    assert answer.json()["error"]


def test_an_answer_is_asked_again_for_nothing_until_the_territory_changes(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    area("1", "甲网格", 118.90)
    asked = {"level": "grid", "bbox": TOWN}
    first = client.get("/territory/areas.json", asked)
    known = {"If-None-Match": first["ETag"]}
    assert client.get("/territory/areas.json", asked, headers=known).status_code == 304
    area("2", "乙网格", 118.91)
    with django_capture_on_commit_callbacks(execute=True):
        lookup.changed()
    again = client.get("/territory/areas.json", asked, headers=known)
    assert again.status_code == 200
    assert "乙网格" in again.content.decode()


def test_browsers_get_it_compressed(client: Client) -> None:
    feature("place", shapely.Point(118.9, 32.9), "桥")
    answer = client.get("/territory/base.json", {"kind": "place"}, headers={"Accept-Encoding": "gzip, br"})
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
    assert "桥" in gzip.decompress(answer.content).decode()


def test_the_first_view_is_what_is_drawn_else_the_areas_else_the_country() -> None:
    assert basemap.extent() == basemap.CHINA
    area("1", "甲网格", 118.90)
    cache.clear()
    assert basemap.extent() == pytest.approx((118.90, 32.90, 118.91, 32.91))
    feature("water", shapely.box(118.80, 32.80, 118.81, 32.81))
    cache.clear()
    assert basemap.extent() == pytest.approx((118.80, 32.80, 118.81, 32.81))


def test_names_are_found_once_each_with_a_point_on_them() -> None:
    for west in (118.90, 118.91):
        feature("road", shapely.LineString([(west, 32.90), (west + 0.01, 32.90)]), "人民路", 1)
    feature("place", shapely.Point(118.95, 32.95), "人民公园")
    found = basemap.named("人民")
    assert sorted(one.name for one in found) == ["人民公园", "人民路"]
    road = next(one for one in found if one.kind == "road")
    assert 118.90 <= road.lon <= 118.92
    assert [one.name for one in basemap.well_known()] == ["人民公园"]


def test_half_a_box_is_none_and_no_box_is_everything() -> None:
    assert geojson.parse_box("") is None
    assert geojson.parse_box("118,32,119,33") == (118.0, 32.0, 119.0, 33.0)


def test_boundaries_are_read_once_for_all_boxes_and_are_bounded(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        area(str(number), f"{number}号网格", 118.90 + number / 50)
    assert len(names(client, "/territory/areas.json", level="grid", bbox=TOWN)) == 4
    with django_assert_max_num_queries(5) as done:
        assert names(client, "/territory/areas.json", level="grid", bbox="118.8,32.8,118.905,33") == [
            "0号网格"
        ]
    boundaries = [query["sql"] for query in done.captured_queries if '"boundary" IS NOT NULL' in query["sql"]]
    assert boundaries == []  # only those that touch the box, by their keys
    monkeypatch.setattr(basemap, "MOST_AREAS", 2)
    assert len(names(client, "/territory/areas.json", level="grid", bbox="118.7,32.8,119.2,33")) == 2


def test_names_in_one_language_are_not_kept_for_the_other(client: Client) -> None:
    area("1", "甲网格", 118.90, name_en="Grid A")
    asked = {"level": "grid", "bbox": TOWN}
    answer = client.get("/territory/areas.json", asked)
    assert "Cookie" in answer["Vary"]
    client.cookies["language"] = "en"
    assert "Grid A" in client.get("/territory/areas.json", asked).content.decode()
