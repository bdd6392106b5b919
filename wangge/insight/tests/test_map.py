"""The page of the one map: who may open it, and that its list says what its tiles draw."""

from datetime import timedelta
from typing import Any

import mapbox_vector_tile
import pytest
from django.test import Client
from django.test.utils import override_settings

from wangge.accounts.models import Account, Role
from wangge.cases import actions
from wangge.cases.models import Case
from wangge.cases.tests.cast import IN_GRID_A, IN_GRID_B, IN_GRID_C, NOON, Cast
from wangge.common.outside_map import read_outside_map
from wangge.territory import lookup
from wangge.territory.models import BaseFeature

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(cast: Cast) -> list[Case]:
    return [cast.file(cast.report(point)) for point in (IN_GRID_A, IN_GRID_B, IN_GRID_C)]


def said(client: Client, path: str, **asked: Any) -> str:
    answer = client.get(path, asked)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_whoever_holds_a_post_has_the_map_and_nobody_else(cast: Cast, client: Client) -> None:
    assert client.get("/map/").status_code == 302
    for who in ("acceptor", "clerk", "grid_worker", "overseer"):
        client.force_login(cast.everyone[who])
        assert client.get("/map/").status_code == 200
    client.force_login(Account.objects.create(username="nobody", name="没有岗位", password="!"))
    for path in ("/map/", "/map/list/", "/map/search/", "/map/area/", "/map/wall/"):
        assert client.get(path).status_code == 404


def test_the_wall_is_for_those_who_answer_for_an_area(cast: Cast, client: Client) -> None:
    client.force_login(cast.grid_worker)
    assert client.get("/map/wall/").status_code == 404
    assert "/map/wall/" not in said(client, "/map/")
    client.force_login(cast.overseer)
    assert "/map/wall/" in said(client, "/map/")
    wall = said(client, "/map/wall/")
    assert 'data-bs-theme="dark"' in wall
    assert cast.grid_worker.name not in wall


@pytest.mark.parametrize(
    "query",
    [
        "",
        "state=all",
        "since=2026-06-10",
        "until=9999-12-31",
        "since=0001-01-01",
        "near=118.905,32.905",
        "area=0",
        "state=x&since=y",
    ],
)
def test_the_list_has_as_many_as_the_tiles(cast: Cast, three: list[Case], client: Client, query: str) -> None:
    client.force_login(cast.overseer)
    tile = mapbox_vector_tile.decode(client.get(f"/cases/tiles/3/6/3.mvt?{query}").content)
    drawn = sum(one["properties"]["n"] for one in tile["cases"]["features"])
    listed = client.get(f"/map/list/?{query}")
    assert f"data-om-total>{drawn}<" in listed.content.decode().replace(" ", "")
    assert listed.content.decode().count("data-om-case=") == drawn
    assert "no-cache" in listed["Cache-Control"]


def test_numbers_by_area_lead_on_and_down(cast: Cast, three: list[Case], client: Client) -> None:
    client.force_login(cast.overseer)
    assert (
        "一社区" not in said(client, "/map/list/").split("data-om-case")[0]
    )  # all of it is one street: nothing to compare
    narrowed = said(client, "/map/list/", area=cast.place.community.pk)
    assert f"area={cast.place.grid_a.pk}" in narrowed
    assert f"area={cast.place.grid_c.pk}" not in narrowed


def test_a_place_is_found_by_number_area_person_address_and_name(
    cast: Cast, three: list[Case], client: Client
) -> None:
    BaseFeature.objects.create(
        kind="place",
        name="映月湖公园",
        shape=b"\x01\x01\x00\x00\x00" + b"\x00" * 16,
        west=0,
        south=0,
        east=0,
        north=0,
    )
    cast.grid_worker  # noqa: B018  # holds a post
    client.force_login(cast.overseer)
    assert three[0].matter.label in said(client, "/map/search/", q=three[0].number)
    assert "甲网格" in said(client, "/map/search/", q="990101001001001")
    person = said(client, "/map/search/", q="小赵")
    assert f"area={cast.place.grid_a.pk}" in person
    assert "映月湖公园" in said(client, "/map/search/", q="映月湖")
    assert "om-none" in said(client, "/map/search/", q="没有这样的地方")
    assert said(client, "/map/search/", q="x") != ""


def test_a_case_is_found_by_number_only_by_who_may_see_it(
    cast: Cast, three: list[Case], client: Client
) -> None:
    client.force_login(cast.stranger)
    assert three[0].matter.label not in said(client, "/map/search/", q=three[0].number)
    actions.hide_case(three[0], handlers=[cast.duty_chief], by=cast.duty_chief)
    client.force_login(cast.duty_chief)
    assert three[0].matter.label not in said(client, "/map/search/", q=three[0].number)


def test_who_has_left_a_post_is_not_found(cast: Cast, client: Client) -> None:
    from datetime import date

    cast.grid_worker.posts.update(ends_on=date(2021, 1, 1))
    client.force_login(cast.overseer)
    assert "om-found" not in said(client, "/map/search/", q="小赵")


def test_the_card_of_an_area_names_who_works_there(cast: Cast, three: list[Case], client: Client) -> None:
    cast.grid_worker  # noqa: B018  # holds a post
    cast.person("lead", "网格长老钱", Role.GRID_LEAD, cast.place.grid_a)
    client.force_login(cast.overseer)
    card = said(client, "/map/area/", area=cast.place.grid_a.pk)
    assert "网格员小赵" in card
    assert "网格长老钱" in card
    assert "<dd>1</dd>" in card
    assert client.get("/map/area/", {"area": "0"}).status_code == 404


def test_an_outside_map_is_named_with_its_number_and_let_through_the_policy(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.overseer)
    assert 'data-outside=""' in said(client, "/map/")
    known = read_outside_map("https://maps.example/{z}/{x}/{y}.png", credit="示例", approval="GS（0000）1号")
    with override_settings(OUTSIDE_MAP=known):
        page = said(client, "/map/")
    assert "maps.example" in page
    assert "GS（0000）1号" in page


def test_a_search_works_without_scripts(cast: Cast, three: list[Case], client: Client) -> None:
    client.force_login(cast.overseer)
    assert "data-om-go" in said(client, "/map/", q="甲网格")


def test_the_list_tells_of_cases_without_a_place_and_opens_them(
    cast: Cast, three: list[Case], client: Client
) -> None:
    lookup.forget()  # now there is a centre, and what has no place is its business
    nowhere, hidden, void = (cast.file(cast.report(point=None)) for _number in range(3))
    actions.hide_case(hidden, handlers=[cast.duty_chief], by=cast.duty_chief, at=NOON + timedelta(hours=1))
    actions.void_case(void, reason="重复", by=cast.duty_chief, at=NOON + timedelta(hours=1))
    client.force_login(cast.overseer)
    page = said(client, "/map/list/")
    assert "data-om-total>3<" in page
    assert "另有 1 件没有位置" in page
    assert 'href="/map/?place=none"' in page
    there = said(client, "/map/list/", place="none")
    assert "data-om-total>1<" in there
    assert nowhere.number in there
    assert "另有" not in there
    tile = client.get("/cases/tiles/3/6/3.mvt?place=none")
    assert mapbox_vector_tile.decode(tile.content) == {}
    client.force_login(cast.stranger)
    assert "没有位置" not in said(client, "/map/list/")
