"""What everybody may see of a matter: never the reporter, and words and photos only after a person looked."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from wangge.attachments import actions as files
from wangge.attachments.models import Attachment, Purpose
from wangge.attachments.tests import samples
from wangge.audit.tests.tampering import by_hand
from wangge.cases import actions
from wangge.cases.actions import Contact
from wangge.cases.models import MatterClass, Report
from wangge.cases.queries import public
from wangge.cases.tests.cast import IN_GRID_A, IN_GRID_C, NOON, Cast
from wangge.cases.workflow import Stage
from wangge.territory.models import Area

pytestmark = pytest.mark.django_db

SECRET: dict[str, Any] = {
    "text": "三楼的张三家很吵，电话13912345678",
    "address": "人民路12号3单元301室",
    "contact": Contact("李四光", "13812341234", "li@example.org", share_with_unit=True),
    "attributes": {"lamp_number": "秘密答案"},
}
NEVER = ("张三", "13912345678", "301", "李四光", "13812341234", "li@example.org", "秘密答案")


def attached(report: Report, purpose: Purpose = Purpose.REPORT) -> Attachment:
    result = files.attach(
        [samples.upload(samples.jpeg())],
        subject_kind="report",
        subject_id=report.pk,
        purpose=purpose,
        by=None,
        at=NOON,
    )
    return result.kept[0]


def dots(resident: Client, **asked: str) -> list[dict[str, Any]]:
    cache.clear()
    content = resident.get("/matters/points.json", asked).content
    return list(json.loads(content)["features"])


def numbers_on(page: Any) -> list[int]:
    """The matters of a page of the list, whether a line of their own or of those alike."""
    return [one.number for line in page.context["lines"] for one in (line.matter, *line.alike)]


def everything(resident: Client, report: Report) -> str:
    """All that the public pages and their data say about a report."""
    cache.clear()
    paths = ("/", "/matters/", f"/matters/{report.number}/", "/matters/points.json", "/nearby/")
    return "".join(resident.get(path).content.decode() for path in paths)


def test_nothing_of_the_reporter_is_public_before_anybody_looked(resident: Client, cast: Cast) -> None:
    report = cast.report(**SECRET, at=timezone.now())
    photo = attached(report)
    said = everything(resident, report)
    assert str(report.number) in said
    for secret in (*NEVER, "人民路", str(photo.pk), report.code):  # type: ignore[attr-defined]
        assert secret not in said, secret
    assert cast.place.community.name in said


def test_nothing_of_the_reporter_is_public_after_closing_either(resident: Client, cast: Cast) -> None:
    case = cast.case_at(Stage.CLOSED)
    report = cast.report(**SECRET)
    with by_hand():
        Report.objects.filter(pk=report.pk).update(stage=Stage.FILED, case=case)
    said = everything(resident, report)
    assert "路灯已修好" in said
    assert "人民路12号" in said  # the desk has looked; the room is left out all the same
    for secret in (*NEVER, *(person.name for person in cast.everyone.values())):
        assert secret not in said, secret


def test_published_words_and_photos_are_shown_and_the_others_are_not(resident: Client, cast: Cast) -> None:
    report = cast.report(text="原话", at=timezone.now())
    shown, hidden = attached(report), attached(report)
    actions.publish_report(report, text="经核对：路灯不亮", by=cast.acceptor)
    files.publish(shown, by=cast.acceptor, at=NOON)
    said = everything(resident, report)
    assert "经核对：路灯不亮" in said
    assert "原话" not in said
    assert str(shown.pk) in said
    assert str(hidden.pk) not in said
    actions.publish_report(report, text="", by=cast.acceptor)
    assert "经核对：路灯不亮" not in everything(resident, report)


@pytest.mark.parametrize("kind", ["help", "complaint", "question", "thanks"])
def test_what_concerns_a_person_is_never_listed(resident: Client, cast: Cast, kind: str) -> None:
    report = cast.report(kind=kind, at=timezone.now())
    assert resident.get(f"/matters/{report.number}/").status_code == 404
    assert str(report.number) not in resident.get("/matters/").content.decode()
    assert not dots(resident)


def test_a_number_that_is_nobodys_is_not_found(resident: Client, cast: Cast) -> None:
    assert resident.get("/matters/99/").status_code == 404
    assert resident.get("/matters/99999999999999999999/").status_code == 404


# -- The place to the street only -----------------------------------------------------------------------


def test_a_place_shown_to_the_street_only_is_rounded_everywhere(resident: Client, cast: Cast) -> None:
    exact = (118.905432, 32.904321)
    report = cast.report(point=exact, street_only=True, address="人民路12号")
    cast.file(report)
    [dot] = dots(resident)
    assert dot["geometry"]["coordinates"] == [118.905, 32.904]
    page = resident.get(f"/matters/{report.number}/").content.decode()
    assert "118.9054" not in page
    assert "12号" not in page
    assert "人民路" in page


def test_no_narrow_box_and_no_search_betrays_the_exact_place(resident: Client, cast: Cast) -> None:
    exact = (118.905432, 32.904321)
    cast.file(cast.report(point=exact, street_only=True, address="人民路12号"))
    assert not dots(resident, bbox="118.9054,32.9043,118.9055,32.9044")
    assert len(dots(resident, bbox="118.9049,32.9039,118.9051,32.9041")) == 1
    assert not public.matters(public.Filters(words="12号"))
    assert not public.similar(118.9065, 32.9043, "lamps", NOON)


@pytest.mark.parametrize("level", ["grid", "micro"])
def test_no_grid_betrays_a_place_shown_to_the_street_only(resident: Client, cast: Cast, level: str) -> None:
    report = cast.report(street_only=True, at=timezone.now())
    exact = cast.report(at=timezone.now())
    grid, community = cast.place.grid_a, cast.place.community
    Area.objects.filter(pk=grid.pk).update(level=level)
    assert numbers_on(resident.get("/matters/", {"area": grid.code})) == [exact.number]
    assert [dot["properties"]["number"] for dot in dots(resident, area=grid.code)] == [exact.number]
    told = resident.get("/api/v1/matters", {"area": grid.code}).json()
    assert [one["number"] for one in told] == [exact.number]
    assert report.number in numbers_on(resident.get("/matters/", {"area": community.code}))


@pytest.mark.parametrize("words", ["301", "301室", "3单元", "12号3单元", "12号 301"])
def test_no_search_betrays_the_room(cast: Cast, words: str) -> None:
    report = cast.report(address="人民路12号3单元301室", at=timezone.now())
    cast.file(report)
    assert public.matters(public.Filters(words=words)) == []
    assert [m.number for m in public.matters(public.Filters(words="人民路12号"))] == [report.number]


@pytest.mark.parametrize(
    ("address", "street_only", "shown"),
    [
        ("人民路12号3单元301室", False, "人民路12号"),
        ("人民路12号3单元301室", True, "人民路"),
        ("青禾园7幢2单元5层502", False, "青禾园7幢"),
        ("人民路12号阳光花园8栋1201室", False, "人民路12号阳光花园8栋"),
        ("人民路12号阳光花园8栋1201室", True, "人民路"),
        ("人民路与文昌路路口", True, "人民路与文昌路路口"),
        ("中山路甲3-2号", True, "中山路"),
        ("解放北路（公交站旁）", False, "解放北路（公交站旁）"),
        ("301室", False, ""),
        ("人民路１２号３０１室", False, "人民路１２号"),
        ("人民路１２号３０１室", True, "人民路"),
        ("人民路12号三零一室", False, "人民路12号"),
        ("青禾园8栋301", False, "青禾园8栋"),
        ("青禾园8号楼 1-1201", False, "青禾园8号楼"),
        ("青禾园7幢5层502", False, "青禾园7幢5层"),
        ("青禾园3#502", False, "青禾园3#"),
        ("青禾园3#502", True, "青禾园"),
        ("学院路甲8号院3号楼2门501", False, "学院路甲8号院3号楼2门"),
        ("阳光小区3-502", False, "阳光小区3"),
        ("人民路12", True, "人民路"),
        ("国道G104", True, "国道G104"),
        ("路灯杆号1234", False, "路灯杆号1234"),
        ("文昌路35号光华花园10幢", False, "文昌路35号光华花园10幢"),
    ],
)
def test_an_address_is_shown_without_the_room(address: str, street_only: bool, shown: str) -> None:
    assert public.public_address(address, street_only=street_only) == shown


@pytest.mark.parametrize("street_only", [True, False])
@pytest.mark.parametrize("gap", [" ", "　", "\n\t"])
def test_nobody_keeps_the_server_busy_with_a_line_of_spaces(gap: str, street_only: bool) -> None:
    address = f"人民路12号{gap * 120}301室{gap * 120}x"
    assert public.public_address(address, street_only=street_only) == (
        "人民路" if street_only else "人民路12号"
    )


def test_the_database_leaves_the_same_of_an_address_as_the_pages(cast: Cast) -> None:
    addresses = [
        "人民路12号3单元301室",
        "青禾园7幢2单元5层502",
        "人民路12号阳光花园8栋1201室（后门）",
        "解放北路（公交站旁）",
        "301室",
        "人民路１２号３０１室",
        "人民路12号　三单元　301室",
        "青禾园8号楼 1-1201",
        "青禾园3#502",
        "学院路甲8号院3号楼2门501",
        "阳光小区3-502",
        "路灯杆号1234",
    ]
    for address in addresses:
        cast.report(address=address)
    found = Report.objects.annotate(shown=public.without_room()).values_list("address", "shown")
    assert dict(found) == {address: public.ROOM.sub("", address) for address in addresses}


# -- Finding ---------------------------------------------------------------------------------------------


def test_words_are_looked_for_in_ninety_days_and_the_page_says_so(resident: Client, cast: Cast) -> None:
    now = timezone.now()
    fresh, old = cast.report(at=now - timedelta(days=89)), cast.report(at=now - timedelta(days=91))
    assert [m.number for m in public.matters(public.Filters())] == [fresh.number, old.number]
    assert [m.number for m in public.matters(public.Filters(words="路灯"))] == [fresh.number]
    resident.cookies["language"] = "en"
    assert "the last 90 days" in resident.get("/matters/", {"q": "路灯"}).content.decode()
    assert "the last 90 days" not in resident.get("/matters/").content.decode()


def test_what_is_common_is_counted_once_in_ten_minutes(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cast.report(at=timezone.now())
    first = public.common_groups(timezone.now())
    assert sum(first.values()) == 1
    cast.report(at=timezone.now())
    with django_assert_num_queries(0):
        assert public.common_groups(timezone.now()) == first


def test_filters_stand_in_the_address_and_narrow_list_and_map_alike(
    resident: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wangge.cases.queries.public.timezone.now", lambda: NOON + timedelta(hours=1))
    noise = MatterClass.objects.filter(group__code="noise").first()
    lamp, loud = cast.report(), cast.report(point=IN_GRID_C, matter=noise, at=NOON + timedelta(minutes=1))

    def listed(**asked: str) -> list[int]:
        numbers = numbers_on(resident.get("/matters/", asked))
        assert sorted(numbers) == sorted(dot["properties"]["number"] for dot in dots(resident, **asked))
        return numbers

    assert listed() == [loud.number, lamp.number]
    assert listed(group="lamps") == [lamp.number]
    assert listed(area=cast.place.community.code) == [lamp.number]
    assert listed(area=cast.place.elsewhere.code) == []
    assert listed(state="open") == [loud.number, lamp.number]
    assert listed(state="ended") == []
    assert listed(q="路灯") == [lamp.number]
    assert listed(q="人民路") == []  # nobody has looked yet
    cast.file(lamp)
    assert listed(q="人民路 路灯") == [lamp.number]


@pytest.mark.parametrize(
    "asked",
    [
        {"page": "-1"}, {"page": "x"}, {"page": "999999"}, {"area": "²"}, {"q": "%_\\"}, {"state": "x"},
        {"group": "x" * 500},
    ],
)  # fmt: skip
def test_nonsense_in_the_address_gives_a_list_all_the_same(
    resident: Client, cast: Cast, asked: dict[str, str]
) -> None:
    assert resident.get("/matters/", asked).status_code == 200


@pytest.mark.parametrize("box", ["1,2,3", "a,b,c,d", "10,0,5,1", "nan,nan,nan,nan"])
def test_a_nonsense_box_is_refused_in_words(resident: Client, cast: Cast, box: str) -> None:
    answer = resident.get("/matters/points.json", {"bbox": box})
    assert answer.status_code == 400
    assert answer.json()["field"] == "bbox"


def test_long_lists_come_in_pages(resident: Client, cast: Cast) -> None:
    for number in range(21):
        cast.report(at=NOON + timedelta(minutes=number))
    first, second = resident.get("/matters/"), resident.get("/matters/", {"page": "2"})
    assert len(numbers_on(first)) == 20
    assert len(numbers_on(second)) == 1
    assert first.context["next"]
    assert not second.context["next"]


def test_a_list_of_twenty_takes_few_questions_to_the_database(
    resident: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        cast.report(at=NOON + timedelta(minutes=number))
    resident.get("/matters/")
    with django_assert_max_num_queries(8):
        resident.get("/matters/")


def test_dots_are_asked_again_cheaply(resident: Client, cast: Cast) -> None:
    cast.report(at=timezone.now())
    first = resident.get("/matters/points.json")
    again = resident.get("/matters/points.json", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


# -- The line of stages, and what was solved ------------------------------------------------------------------


def test_the_public_line_has_the_public_steps_with_their_times_and_no_names(
    resident: Client, cast: Cast
) -> None:
    case = cast.case_at(Stage.CLOSED)
    page = resident.get(f"/matters/{case.reports.get().number}/")
    verbs = [moment.verb for moment in page.context["moments"]]
    assert verbs == ["receive", "file", "dispatch", "accept", "finish", "pass_check", "close"]
    assert [mark.state for mark in page.context["marks"]] == ["past"] * 4 + ["now"]


def test_a_report_that_joined_later_does_not_begin_before_itself(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    late = cast.report(at=NOON + timedelta(hours=3))
    actions.join_report(late, case=case, by=cast.acceptor, at=NOON + timedelta(hours=3, minutes=5))
    assert [m.verb for m in public.moments(late.pk, case.pk, late.received_at)] == ["receive"]
    assert public.voices(case.pk) == 2


def test_answered_and_declined_reports_end_in_two_stations(cast: Cast) -> None:
    for stage in (Stage.ANSWERED, Stage.DECLINED):
        assert [mark.state for mark in public.marks(stage)] == ["past", "now"]


def test_the_home_page_shows_what_was_solved_with_photos_first(resident: Client, cast: Cast) -> None:
    plain = cast.case_at(Stage.CLOSED)
    with_photos = cast.case_at(Stage.CLOSED)
    photo = Attachment.objects.get(subject_id=with_photos.pk)
    Attachment.objects.filter(pk=photo.pk).update(published_at=NOON, published_by=cast.acceptor)
    solved = resident.get("/").context["solved"]
    assert [m.case_id for m in solved] == [with_photos.pk, plain.pk]
    assert str(photo.pk) in resident.get("/nearby/", {"lon": "118.91", "lat": "32.91"}).content.decode()
    assert not resident.get("/nearby/", {"lon": "120", "lat": "30"}).context["solved"]


def test_an_empty_installation_has_its_pages_drawn(resident: Client, cast: Cast) -> None:
    assert resident.get("/").status_code == 200
    assert resident.get("/matters/").status_code == 200
    assert resident.get("/matters/", {"q": "x"}).context["filtered"]


def test_the_same_case_is_shown_once_among_the_solved(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    second = cast.report(point=IN_GRID_A)
    actions.join_report(second, case=case, by=cast.acceptor, at=NOON + timedelta(hours=3))
    cast.finish(case, NOON + timedelta(hours=4))
    actions.pass_check(case, note="亮了", by=cast.grid_worker, at=NOON + timedelta(hours=5))
    actions.close_case(case, answer="修好了", by=cast.duty_chief, at=NOON + timedelta(hours=6))
    assert len(public.recently_solved()) == 1


def test_matters_that_cannot_be_told_apart_yet_share_a_line(resident: Client, cast: Cast) -> None:
    same = [cast.report(at=NOON + timedelta(minutes=minute)) for minute in range(3)]
    told = cast.report(at=NOON + timedelta(minutes=9))
    actions.publish_report(told, text="路口的灯不亮", by=cast.acceptor)
    other = cast.report(IN_GRID_C)
    page = resident.get("/matters/")
    shown = [(line.matter.number, [one.number for one in line.alike]) for line in page.context["lines"]]
    assert shown == [
        (told.number, []), (same[2].number, [same[1].number, same[0].number]), (other.number, []),
    ]  # fmt: skip
    for report in same:
        assert f"/matters/{report.number}/" in page.content.decode()
    assert "同一地点还有 2 件同类上报" in page.content.decode()
