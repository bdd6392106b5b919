"""Addresses follow when communities are merged, redrawn, or give grids away; names that meet are left for a person."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.utils import translation
from shapely.geometry import LineString

from config.listeners import LISTENERS
from wangge.accounts.models import Account, Role
from wangge.audit.relay import relay_all
from wangge.cases.tests.cast import SHANGHAI, Cast
from wangge.registry.addresses import following
from wangge.registry.addresses.crossings import meeting_points
from wangge.registry.models import Address
from wangge.registry.tests.houses import build
from wangge.territory import lookup
from wangge.territory.changes import deciding, drafting, effects, steps
from wangge.territory.changes.picture import Picture
from wangge.territory.changes.plan import Plan
from wangge.territory.models import Area, BaseFeature
from wangge.territory.shapes import to_wkb

NOON = datetime(2026, 6, 10, 10, 0, tzinfo=SHANGHAI)
ONE, OTHER, GRID_A, GRID_C = "990101001001", "990101001002", "990101001001001", "990101001002001"


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def town(cast: Cast) -> Cast:
    build(cast.place)
    return cast


@pytest.fixture
def drafter(town: Cast) -> Account:
    return town.person("drafter", "区划员小何", Role.TERRITORY, town.place.street)


@pytest.fixture
def approver(town: Cast) -> Account:
    return town.person("approver", "区划员老马", Role.TERRITORY, town.place.county)


def changed(town: Cast, drafter: Account, approver: Account, step: Any) -> Any:
    change = drafting.begin(town.place.street, title="调整", by=drafter, at=NOON)
    drafting.take(change, step, by=drafter, at=NOON)
    drafting.propose(change, by=drafter, at=NOON)
    deciding.approve(change, by=approver, at=NOON)
    lookup.forget()
    relay_all(LISTENERS)
    return change


def area_of(text: str) -> str:
    return Address.objects.select_related("area").get(text=text).area.code


def test_a_grid_that_moves_takes_its_addresses_to_the_other_community(
    town: Cast, drafter: Account, approver: Account
) -> None:
    changed(town, drafter, approver, lambda plan, before: steps.move(plan, before, code=GRID_A, parent=OTHER))
    assert area_of("人民路2号") == OTHER
    assert area_of("人民路12号阳光小区3幢") == OTHER
    assert area_of("人民路12号阳光小区3幢1单元") == OTHER, "it has no point, and goes with its building"
    assert area_of("人民路") == "990101", "a street is the county's"


def test_split_in_one_community_they_stay(town: Cast, drafter: Account, approver: Account) -> None:
    before = dict(Address.objects.values_list("pk", "area_id"))

    def step(plan: Plan, picture: Picture) -> Plan:
        line = LineString([(118.905, 32.89), (118.905, 32.92)])
        parts = [("990101001001003", "甲西"), ("990101001001004", "甲东")]
        return steps.split(plan, picture, code=GRID_A, line=line, parts=parts)

    changed(town, drafter, approver, step)
    assert dict(Address.objects.values_list("pk", "area_id")) == before


def merging(plan: Plan, before: Picture) -> Plan:
    return steps.merge(plan, before, olds=[ONE, OTHER], code="990101001003", name="新社区")


def test_merged_communities_hand_them_on_and_equal_names_go_one_up(
    town: Cast, drafter: Account, approver: Account
) -> None:
    one, other = Area.objects.get(code=ONE), Area.objects.get(code=OTHER)
    for area in (one, other):
        Address.objects.create(
            kind="estate", name="幸福里", key="幸福里", text=f"幸福里{area.code}", area=area
        )
    change = drafting.begin(town.place.street, title="合并", by=drafter, at=NOON)
    drafting.take(change, merging, by=drafter, at=NOON)
    draft = drafting.open_draft(change)
    told = {effect.label: effect.count for effect in effects.effects_of(draft.plan, draft.before)}
    assert told["Addresses"] == Address.objects.filter(area__in=[one, other]).count()
    drafting.propose(change, by=drafter, at=NOON)
    deciding.approve(change, by=approver, at=NOON)
    lookup.forget()
    relay_all(LISTENERS)
    assert area_of("长安街3号") == "990101001003"
    twins = Address.objects.filter(name="幸福里").order_by("pk")
    assert [each.area.code for each in twins] == ["990101001003", "990101001"]


def test_following_twice_is_harmless(town: Cast) -> None:
    one = Area.objects.get(code=ONE)
    before = dict(Address.objects.values_list("pk", "area_id"))
    following.follow({}, {one.pk})
    following.follow({}, {one.pk})
    assert dict(Address.objects.values_list("pk", "area_id")) == before


def test_streets_are_found_by_their_index(town: Cast) -> None:
    def road(name: str, *points: tuple[float, float]) -> BaseFeature:
        line = LineString(points)
        west, south, east, north = line.bounds
        return BaseFeature(kind="road", name=name, shape=to_wkb(line), west=west, south=south, east=east, north=north)  # fmt: skip

    roads = [road(f"路{number}", (118, 32), (118.1, 32)) for number in range(3000)]
    roads += [road("人民路", (118.9, 32.9), (118.92, 32.9)), road("长安街", (118.91, 32.89), (118.91, 32.91))]
    BaseFeature.objects.bulk_create(roads)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE territory_basefeature")
    plan = BaseFeature.objects.filter(kind="road", name__in={"人民路", "长安街"}).explain()
    assert "base_feature_street" in plan
    met = meeting_points(["人民路"], ["长安街"])
    assert [(round(each.lon, 4), round(each.lat, 4)) for each in met] == [(118.91, 32.9)]
