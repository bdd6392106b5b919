"""The demo district's register: whole, and understood however its addresses are written."""

from collections import Counter

import pytest
from django.utils import translation

from demo.loading.addresses import store_register
from demo.loading.ground import store_buildings, store_ground
from demo.loading.territory import store_territory
from demo.places import District
from demo.tests.written import ASK, OUT, SURE, WRITTEN
from wangge.registry.addresses import names
from wangge.registry.addresses.matching import Answer, match
from wangge.registry.addresses.reverse import nearest
from wangge.registry.models import Address, Building, Room

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def register(standing: None, district: District) -> None:
    areas = store_territory(district)
    store_buildings(district.buildings, areas)
    store_ground(district)
    store_register(district, areas)
    names.forget_areas()


def verdict(answer: Answer, meant: str) -> str:
    """What the program would do with an answer: take it, ask with the right one first, or something wrong."""
    first = answer.matches[0].text if answer.matches else ""
    if answer.is_sure:
        return SURE if first == meant else "wrong"
    return ASK if meant and first == meant else OUT


def test_every_written_address_is_taken_asked_about_or_left_as_it_should_be(register: None) -> None:
    assert len(WRITTEN) > 60
    with translation.override("zh-hans"):
        odd = {
            words: verdict(match(words), meant)
            for words, meant, may in WRITTEN
            if verdict(match(words), meant) != may
        }
    assert odd == {}


def test_every_house_is_found_by_its_own_address_and_lies_where_it_is_nearest(register: None) -> None:
    houses = Address.objects.filter(kind__in=("number", "building")).order_by("pk")[::97]
    unsure = [
        house.text
        for house in houses
        if (answer := match(house.text)).is_sure is False or answer.matches[0].id != house.pk
    ]
    assert unsure == []
    for house in houses:
        assert house.lon is not None
        assert house.lat is not None
        assert house.pk in [near.id for near in nearest(house.lon, house.lat, most=3)]


def test_every_building_stands_in_the_register_once(register: None) -> None:
    linked = Counter(Address.objects.exclude(building=None).values_list("building_id", flat=True))
    assert set(linked) == set(Building.objects.values_list("pk", flat=True))
    assert set(linked.values()) == {1}
    assert Room.objects.exists()
