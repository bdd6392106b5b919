"""The overview and the wall: who may look, and every number opens a list that is as long."""

import html
import re
from copy import deepcopy

import pytest
from django.test import Client
from django.utils import timezone

from wangge.accounts.models import Account, Role
from wangge.attachments.models import Attachment
from wangge.cases import actions
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.workflow import Stage
from wangge.common.ids import uuid7
from wangge.insight.tests.conftest import AFTER_THE_MONTH, SignIn

pytestmark = pytest.mark.django_db

PAGES = ("/overview/", "/overview/wall/", "/overview/list/?what=open", "/overview/points/")
LOOKERS = {"overseer", "duty_chief", "stranger"}  # the stranger looks at the other district
LINK = re.compile(r'<a[^>]*href="(/overview/list/[^"]+)"[^>]*>(.*?)</a>', re.DOTALL)


@pytest.fixture
def cast(told_month: Cast, db: None) -> Cast:
    return deepcopy(told_month)


@pytest.fixture(autouse=True)
def _now(told_month: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is shortly after NOON for every page."""
    monkeypatch.setattr("wangge.insight.views.looking.timezone.now", lambda: AFTER_THE_MONTH)


def numbers_of(page: str) -> list[tuple[str, int]]:
    """Every link to a list with the one number in its words; shares are not numbers of matters."""
    said = [(html.unescape(url), re.sub(r"<[^>]+>", " ", words)) for url, words in LINK.findall(page)]
    return [
        (url, int(*re.findall(r"\d+", words))) for url, words in said if "%" not in words and "–" not in words
    ]


def listed(client: Client, url: str) -> int:
    """How many rows a list really shows; the month is short enough for one page."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    assert answer.context["page"].paginator.num_pages == 1
    return len(answer.context["rows"])


def test_only_those_who_answer_for_an_area_look(cast: Cast, leader: Account, signed_in: SignIn) -> None:
    for name, person in {**cast.everyone, "leader": leader}.items():
        expected = 200 if name in LOOKERS | {"leader"} else 404
        for url in PAGES:
            assert signed_in(person).get(url).status_code == expected, (name, url)


@pytest.mark.parametrize("url", PAGES)
def test_whoever_has_not_signed_in_is_asked_to(url: str) -> None:
    answer = Client().get(url)
    assert answer.status_code == 302
    assert "/signin/" in answer["Location"]


@pytest.mark.parametrize("url", ["/overview/", "/overview/wall/"])
def test_every_number_opens_a_list_that_is_as_long(cast: Cast, signed_in: SignIn, url: str) -> None:
    browser = signed_in(cast.overseer)
    for place in ("", f"?area={cast.place.street.pk}", f"?area={cast.place.community.pk}"):
        numbers = numbers_of(browser.get(url + place).content.decode())
        assert len(numbers) > 15
        some = [pair for pair in dict.fromkeys(numbers) if pair[1]]
        none = [pair for pair in dict.fromkeys(numbers) if not pair[1]]
        for address, number in some + none[::10]:
            assert listed(browser, address) == number, address


def test_the_numbers_of_the_areas_add_up_to_the_whole(cast: Cast, signed_in: SignIn) -> None:
    for place in ("", f"?area={cast.place.street.pk}", f"?area={cast.place.community.pk}"):
        context = signed_in(cast.overseer).get(f"/overview/{place}").context
        counted, rows = context["figures"], context["places"].rows
        assert sum(row.open.number for row in rows) == counted.open.number
        assert sum(row.overdue.number for row in rows) == counted.overdue.number
        assert sum(row.in_time.whole.number for row in rows) == counted.in_time.whole.number


def test_a_leader_of_a_community_sees_that_community(cast: Cast, signed_in: SignIn) -> None:
    secretary = cast.person("secretary", "社区书记", Role.LEADER, cast.place.community)
    browser = signed_in(secretary)
    context = browser.get("/overview/").context
    assert [row.name for row in context["places"].rows] == ["甲网格", "乙网格"]
    assert context["figures"].open.number == 2
    other = cast.place.grid_c
    assert browser.get(f"/overview/?area={other.pk}").context["figures"].open.number == 2, (
        "out of sight: as if unsaid"
    )
    assert browser.get(f"/overview/list/?what=open&area={other.pk}").context["page"].paginator.count == 2


def test_a_stranger_counts_nothing_of_this_district(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.stranger)
    numbers = numbers_of(browser.get("/overview/").content.decode())
    assert {number for _url, number in numbers} == {0}
    assert "–" in browser.get("/overview/").content.decode(), "a rate over nothing is a dash"
    assert browser.get("/overview/points/").json()["features"] == []


def test_a_post_that_ended_opens_nothing(cast: Cast, signed_in: SignIn) -> None:
    cast.overseer.posts.update(ends_on=timezone.localdate())
    assert signed_in(cast.overseer).get("/overview/").status_code == 404


@pytest.mark.parametrize("url", ["/overview/", "/overview/wall/"])
def test_a_page_takes_few_statements(
    cast: Cast, signed_in: SignIn, url: str, django_assert_max_num_queries: object
) -> None:
    browser = signed_in(cast.overseer)
    browser.get(url)
    with django_assert_max_num_queries(17):  # type: ignore[operator]
        assert browser.get(f"{url}?x=1").status_code == 200


def test_a_page_is_not_made_again_while_nothing_happens(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.overseer)
    first = browser.get("/overview/wall/", headers={"X-Polling": "1"})
    again = browser.get("/overview/wall/", headers={"X-Polling": "1", "If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert "private" in again["Cache-Control"]

    actions.receive_report(actions.Draft(channel="web", text="新的", address="人民路", at=NOON))
    fresh = browser.get("/overview/wall/", headers={"X-Polling": "1", "If-None-Match": first["ETag"]})
    assert fresh.status_code == 200
    assert fresh["ETag"] != first["ETag"]


def test_what_one_person_has_is_not_fresh_for_another(cast: Cast, leader: Account, signed_in: SignIn) -> None:
    etag = signed_in(cast.overseer).get("/overview/")["ETag"]
    assert signed_in(leader).get("/overview/", headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("url", ["/overview/wall/", "/overview/list/?what=open", "/overview/points/"])
def test_nobody_is_named(cast: Cast, leader: Account, signed_in: SignIn, url: str) -> None:
    leader.name = "看的人"
    leader.save()
    page = signed_in(leader).get(url).content.decode()
    for person in cast.everyone.values():
        assert person.name not in page


def test_the_wall_shows_residents_photos_only_when_they_are_published(cast: Cast, signed_in: SignIn) -> None:
    case = cast.case_at(Stage.CLOSED)
    before = Attachment.objects.create(
        id=uuid7(), kind="photo", media_type="image/jpeg", size=1, sha256="1" * 64, name="before.jpg",
        subject_kind="report", subject_id=case.reports.get().pk, purpose="report", uploaded_at=NOON, width=4,
        height=3, thumb_sha256="1" * 64, medium_sha256="1" * 64,
    )  # fmt: skip
    browser = signed_in(cast.overseer)
    assert before.thumb_url in browser.get("/overview/").content.decode()
    assert before.thumb_url not in browser.get("/overview/wall/").content.decode()
    Attachment.objects.filter(pk=before.pk).update(published_at=NOON, published_by=cast.acceptor.pk)
    assert before.thumb_url in browser.get("/overview/wall/?again").content.decode()
    Attachment.objects.filter(pk=before.pk).update(published_at=None, published_by=None, sealed=True)
    assert before.thumb_url not in browser.get("/overview/?again").content.decode()


def test_points_are_the_open_cases_in_the_window(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.overseer)
    everything = browser.get("/overview/points/").json()["features"]
    assert len(everything) == 3
    east = browser.get("/overview/points/?bbox=118.92,32.90,118.93,32.91").json()["features"]
    assert [f["geometry"]["coordinates"] for f in east] == [[118.925, 32.905]]
    assert set(east[0]["properties"]) == {"number", "title", "stage", "when", "url", "open"}
    assert browser.get("/overview/points/?bbox=1,2").status_code == 400


@pytest.mark.parametrize("query", ["", "?what=", "?what=nothing", "?what=<script>"])
def test_a_list_of_no_measure_is_not_found(cast: Cast, signed_in: SignIn, query: str) -> None:
    assert signed_in(cast.overseer).get(f"/overview/list/{query}").status_code == 404


@pytest.mark.parametrize(
    "part", ["area=x", "area=99999999999999999999999", "day=yesterday", "page=x", "area=²"]
)
def test_a_list_with_half_an_address_still_answers(cast: Cast, signed_in: SignIn, part: str) -> None:
    assert signed_in(cast.overseer).get(f"/overview/list/?what=open&{part}").status_code == 200
