"""Keeping the register: who looks up, who changes what where, and what becomes of names, parts and rooms."""

from typing import Any

import pytest
from django.test import Client

from wangge.accounts.models import Account
from wangge.audit.models import AccessEntry
from wangge.cases.tests.cast import Cast
from wangge.cases.tests.screens import words_of
from wangge.registry.addresses.matching import match
from wangge.registry.models import Address, AddressName, Room
from wangge.registry.tests.houses import build

pytestmark = pytest.mark.django_db

PAGE = "/registry/addresses/"


@pytest.fixture
def town(cast: Cast) -> Cast:
    build(cast.place)
    return cast


def of(person: Account) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


def found(text: str) -> Address:
    return Address.objects.get(text=text, valid_to=None)


def post(person: Account, address: Address, noun: str, status: int = 302, **said: Any) -> Any:
    response = of(person).post(f"{PAGE}{address.pk}/{noun}/", said)
    assert response.status_code == status, words_of(response)
    return response


def test_staff_look_up_by_any_spelling_and_see_why(town: Cast) -> None:
    page = words_of(of(town.clerk).get(PAGE, {"q": "仁民路12号"}))
    assert "人民路12号" in page
    assert "读音相同" in page


def test_without_words_the_streets_and_estates_of_the_own_area_are_listed(town: Cast) -> None:
    assert "人民路" in words_of(of(town.acceptor).get(PAGE))
    assert "人民路" not in words_of(of(town.stranger).get(PAGE))


def test_nobody_without_a_post_opens_the_register(town: Cast, client: Client) -> None:
    assert client.get(PAGE).status_code == 302
    assert (
        of(Account.objects.create(username="nobody", name="无岗", password="!")).get(PAGE).status_code == 403
    )


def test_rooms_are_shown_to_the_people_of_the_area_only(town: Cast) -> None:
    door = found("人民路12号阳光小区3幢2单元")
    assert "302室" in words_of(of(town.grid_worker).get(f"{PAGE}{door.pk}/"))
    far = words_of(of(town.stranger).get(f"{PAGE}{door.pk}/"))
    assert "302室" not in far
    assert "只给本区域的人员看" in far


def test_a_part_is_added_and_found_at_once(town: Cast) -> None:
    post(
        town.acceptor,
        found("人民路12号阳光小区"),
        "parts",
        kind="building",
        name="5号楼",
        lon="118.9018",
        lat="32.9057",
    )
    assert match("阳光小区五幢").is_sure
    assert AccessEntry.objects.filter(act="address.added").exists()


def test_a_street_is_added_with_its_place_by_whoever_keeps_the_county(town: Cast) -> None:
    said = {"kind": "street", "name": "新华路", "lon": "118.905", "lat": "32.905"}
    assert of(town.acceptor).post(f"{PAGE}new/", said).status_code == 302
    assert found("新华路").area == town.place.county
    again = of(town.acceptor).post(f"{PAGE}new/", said)
    assert (again.status_code, "已经有" in words_of(again)) == (422, True)


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "street", "name": "x", "lon": "118.905"},
        {"kind": "street", "name": "x"},
        {"kind": "street", "name": "x", "lon": "119.9", "lat": "33.9"},
        {"kind": "room", "name": "x", "lon": "118.905", "lat": "32.905"},
        {"kind": "street", "name": "……", "lon": "118.905", "lat": "32.905"},
        {"kind": "street", "name": "", "lon": "118.905", "lat": "32.905"},
        {},
    ],
)
def test_what_cannot_be_added_is_said_and_what_was_typed_stays(town: Cast, said: dict[str, str]) -> None:
    before = Address.objects.count()
    response = of(town.acceptor).post(f"{PAGE}new/", said)
    assert response.status_code == 422
    assert response.context["form"]["name"].value() == said.get("name")
    assert Address.objects.count() == before


def test_a_new_name_reaches_everything_below_and_the_old_one_still_finds_it(town: Cast) -> None:
    street = found("人民路")
    post(town.acceptor, street, "correction", name="胜利路", keeps_former="on")
    assert found("胜利路12号阳光小区3幢2单元")
    meant = match("人民路12号阳光小区3幢").matches[0]
    assert meant.text == "胜利路12号阳光小区3幢"
    assert "旧名" in meant.reasons[0]


def test_a_moved_point_counts_for_the_place_it_is_in_now(town: Cast) -> None:
    house = found("人民路8号")
    post(town.acceptor, house, "correction", name="8号", lon="118.925", lat="32.905")
    house.refresh_from_db()
    assert house.area.code == "990101001002"


def test_another_name_finds_it_and_is_taken_once(town: Cast) -> None:
    estate = found("人民路12号阳光小区")
    post(town.acceptor, estate, "names", kind="alias", name="老阳光")
    assert match("老阳光3幢").matches[0].text == "人民路12号阳光小区3幢"
    post(town.acceptor, estate, "names", status=422, kind="alias", name="老阳光")


def test_a_room_is_added_once(town: Cast) -> None:
    door = found("人民路12号阳光小区3幢1单元")
    post(town.acceptor, door, "rooms", name="201室", floor="2")
    post(town.acceptor, door, "rooms", status=422, name="201", floor="2")
    assert Room.objects.filter(address=door).count() == 1


def test_two_entries_of_one_estate_become_one(town: Cast) -> None:
    right = found("人民路12号阳光小区")
    post(
        town.acceptor,
        found("人民路10号"),
        "parts",
        kind="estate",
        name="阳光小曲",
        lon="118.9016",
        lat="32.9055",
    )
    wrong = found("人民路10号阳光小曲")
    for name in ("3幢", "9幢"):
        post(town.acceptor, wrong, "parts", kind="building", name=name, lon="118.9019", lat="32.9058")
    assert right in of(town.acceptor).get(f"{PAGE}{wrong.pk}/").context["alike"]
    answer = post(town.acceptor, wrong, "merging", into=right.pk)
    assert answer.headers["Location"] == f"{PAGE}{right.pk}/"
    wrong.refresh_from_db()
    assert (wrong.merged_into, bool(wrong.valid_to)) == (right, True)
    assert found("人民路12号阳光小区9幢").parent == right
    assert Address.objects.filter(parent=right, key="3", valid_to=None).count() == 1
    assert match("阳光小曲9幢").matches[0].text == "人民路12号阳光小区9幢"


def test_an_address_is_not_merged_into_itself_its_part_or_another_kind(town: Cast) -> None:
    estate = found("人民路12号阳光小区")
    for other in (estate, found("人民路12号"), found("人民路12号阳光小区3幢")):
        post(town.acceptor, estate, "merging", status=422, into=other.pk)
    post(town.acceptor, estate, "merging", status=422, into=10**12)
    assert found("人民路12号阳光小区").merged_into is None


def test_what_is_retired_is_found_no_more_and_its_parts_neither(town: Cast) -> None:
    estate = found("人民路12号阳光小区")
    post(town.acceptor, estate, "retirement")
    assert not Address.objects.filter(text__startswith="人民路12号阳光小区", valid_to=None).exists()
    assert not Room.objects.filter(valid_to=None).exists()
    assert "失效" in words_of(of(town.acceptor).get(f"{PAGE}{estate.pk}/"))
    assert match("阳光小区3幢").matches == ()


@pytest.mark.parametrize("noun", ["parts", "rooms", "correction", "names", "merging", "retirement"])
def test_nobody_changes_the_register_of_another_district(town: Cast, noun: str) -> None:
    estate = found("人民路12号阳光小区")
    said = {"kind": "building", "name": "9幢", "floor": "1", "into": found("长安街20号第二纺织厂宿舍").pk}
    if noun == "names":
        said["kind"] = "alias"
    before = (Address.objects.count(), AddressName.objects.count(), Room.objects.count())
    for person in (town.stranger, town.clerk):
        response = post(person, estate, noun, status=403, **said)
        assert "网格长维护" in words_of(response)
    assert (Address.objects.count(), AddressName.objects.count(), Room.objects.count()) == before
    assert found("人民路12号阳光小区").valid_to is None


def test_the_register_is_in_the_bar_of_those_who_keep_it(town: Cast) -> None:
    assert f'href="{PAGE}"' in of(town.acceptor).get("/desk/").content.decode()
