"""The desk: every number equals its list, filters are the address, and nothing moved costs nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from wangge.accounts.models import Role
from wangge.audit.tests.tampering import by_hand
from wangge.cases import actions
from wangge.cases.deadlines import Light
from wangge.cases.models import Case, Clock, ClockKind, Report
from wangge.cases.queries.filters import Filters
from wangge.cases.queries.lights import deadline_of, light_of
from wangge.cases.queries.queues import QUEUES, counts
from wangge.cases.queries.rows import PAGE
from wangge.cases.tests.cast import IN_GRID_A, IN_GRID_C, NOON, Cast
from wangge.cases.tests.screens import PART, at_desk, words_of
from wangge.cases.workflow import Stage

pytestmark = pytest.mark.django_db

DESK = "/desk/"


def numbers(client: Client, address: str) -> list[str]:
    """The numbers of all rows of a list, page after page."""
    found: list[str] = []
    while address:
        response = client.get(DESK + address)
        assert response.status_code == 200
        found += [str(row.subject.number) for row in response.context["page"].rows]
        address = response.context["next_page"] if response.context["page"].next else ""
    return found


def many_reports(cast: Cast, count: int) -> None:
    drafts = [
        actions.Draft(
            channel="web",
            text=f"第{n}盏灯",
            at=NOON + timedelta(seconds=n),
            lon=118.905,
            lat=32.905,
            matter=cast.lamp,
        )
        for n in range(count)
    ]
    actions.receive_reports(drafts)


def one_of_each(cast: Cast) -> None:
    for report_stage in (Stage.RECEIVED, Stage.VERIFYING, Stage.ANSWERED):
        cast.report_at(report_stage)
    for stage in (Stage.FILED, Stage.DISPATCHED, Stage.HANDLING, Stage.CHECKING, Stage.PASSED, Stage.CLOSED):
        cast.case_at(stage)


def test_only_who_may_write_down_a_call_is_offered_to(cast: Cast) -> None:
    assert "/desk/new/" in at_desk(cast.acceptor).get(DESK).content.decode()
    assert "/desk/new/" not in at_desk(cast.overseer).get(DESK, follow=True).content.decode()


def test_every_number_is_a_link_and_equals_its_list(cast: Cast) -> None:
    one_of_each(cast)
    actions.report_finding(cast.report_at(Stage.VERIFYING), confirmed=True, by=cast.grid_worker)
    Case.objects.filter(stage=Stage.CLOSED).update(closed_at=timezone.now())
    complained = Report.objects.get(case__stage=Stage.CLOSED)
    actions.rate_report(complained, solved=False, result=1, attitude=2)
    actions.urge_report(Report.objects.filter(stage=Stage.RECEIVED)[0], at=timezone.now())
    actions.withdraw_report(Report.objects.filter(case__stage=Stage.HANDLING)[0], at=timezone.now())
    client = at_desk(cast.duty_chief)
    shown = client.get(DESK).context["queues"]
    assert [queue.code for queue, _number, _address in shown] == [queue.code for queue in QUEUES]
    for queue, number, address in shown:
        if number is not None:
            assert number == len(numbers(client, address)), queue.code
    by_code = {queue.code: number for queue, number, _address in shown}
    late = by_code.pop("late")
    unsigned = Clock.objects.filter(kind=ClockKind.SIGN_OFF, stopped_at=None, due_at__lt=timezone.now())
    assert by_code.pop("unsigned") == unsigned.count()
    for empty in (
        "arbitrating",
        "suspended",
        "rework",
        "supervised",
        "asked",
        "escalated",
    ):  # no road leads there by itself
        assert by_code.pop(empty) == 0
    assert {code for code, number in by_code.items() if number != 1} == {"all"}, "one of each"
    open_reports = Report.objects.filter(due_at__lt=timezone.now()).count()
    assert (
        late
        == open_reports
        + Case.objects.exclude(stage=Stage.CLOSED).filter(whole_due_at__lt=timezone.now()).count()
    )


def test_numbers_respect_the_area_and_class_they_stand_under(cast: Cast) -> None:
    cast.report(IN_GRID_A)
    cast.report(IN_GRID_C)
    client = at_desk(cast.duty_chief)
    community = cast.place.community
    context = client.get(DESK, {"area": community.pk}).context
    _queue, number, address = context["queues"][0]
    assert number == 1 == len(numbers(client, address))
    assert f"area={community.pk}" in address
    assert client.get(DESK, {"group": "rubbish"}).context["queues"][0][1] == 0


def test_the_most_urgent_stands_first_and_pages_follow_without_gaps_or_repeats(cast: Cast) -> None:
    many_reports(cast, 2 * PAGE + 7)
    client = at_desk(cast.acceptor)
    found = numbers(client, "?queue=received")
    assert len(found) == len(set(found)) == 2 * PAGE + 7
    in_order = [str(n) for n in Report.objects.order_by("due_at", "pk").values_list("number", flat=True)]
    assert found == in_order
    newest = numbers(client, "?queue=all")
    assert len(newest) == len(set(newest)) == 2 * PAGE + 7


@pytest.mark.parametrize("light", ["red", "amber", "green"])
def test_a_light_in_the_filter_is_the_light_in_the_row(cast: Cast, light: str) -> None:
    now = timezone.now()
    hour = timedelta(hours=1)
    for due, amber in ((-hour, -2 * hour), (hour, -hour), (2 * hour, hour)):
        report = cast.report()
        with by_hand():
            Report.objects.filter(pk=report.pk).update(due_at=now + due, amber_at=now + amber)
    rows = at_desk(cast.acceptor).get(DESK, {"queue": "received", "light": light}).context["page"].rows
    assert [str(row.light) for row in rows] == [light]


def test_a_matter_is_found_by_number_words_address_and_class_but_not_by_half_a_number(cast: Cast) -> None:
    report = cast.report(text="井盖响个不停", address="解放大道8号", at=timezone.now())
    case = cast.file(cast.report(text="灯一闪一闪", address="滨河路"))
    Case.objects.filter(pk=case.pk).update(filed_at=timezone.now())
    client = at_desk(cast.acceptor)
    running = str(int(case.number.split("-")[1]))
    for words, found in (
        (str(report.number), [str(report.number)]),
        (case.number, [case.number]),
        (case.number.split("-")[0] + "-" + running, [case.number]),
        ("响个不停", [str(report.number)]),
        ("解放大道", [str(report.number)]),
        ("一闪一闪", [case.number]),
        (str(report.number)[:-2], []),
        ("没有这回事", []),
    ):
        assert numbers(client, f"?queue=all&q={words}") == found, words
    assert case.number in numbers(client, f"?q={cast.lamp.name}")
    filed = case.reports.get()
    assert numbers(client, f"?q={filed.number}") == [str(filed.number)], "a number is found wherever it lies"


def test_an_address_with_nonsense_shows_a_list_all_the_same(cast: Cast) -> None:
    cast.report()
    client = at_desk(cast.acceptor)
    nonsense = {
        "queue": "nothing",
        "area": "x'",
        "unit": "ü",
        "light": "blue",
        "after": "yesterday_nobody",
        "group": "%",
    }
    assert client.get(DESK, nonsense).status_code == 200
    assert client.get(DESK, {"after": "2026-01-01_x", "area": "9" * 40}).status_code == 200


def test_statements_do_not_grow_with_the_rows(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = at_desk(cast.duty_chief)
    client.get(DESK)
    many_reports(cast, 200)
    for report in Report.objects.order_by("number")[:30]:
        cast.file(report)
    for queue in ("received", "filed", "late", "all", "closed"):
        with django_assert_max_num_queries(18):
            response = client.get(DESK, {"queue": queue})
        assert (
            len(response.context["page"].rows)
            == {"received": 50, "filed": 30, "late": 50, "all": 50, "closed": 0}[queue]
        )


def test_a_list_renews_itself_only_when_something_moved_or_a_light_turned(
    cast: Cast, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = cast.report()
    client = at_desk(cast.duty_chief)
    tag = client.get(DESK).context["etag"]

    def renewed() -> int:
        return client.get(DESK, headers={**PART, "If-None-Match": tag, "X-Polling": "1"}).status_code

    with django_assert_max_num_queries(4), CaptureQueriesContext(connection) as asked:
        assert renewed() == 304
    assert not [query for query in asked.captured_queries if "COUNT(" in query["sql"]], "nothing is counted"
    actions.correct_report(report, by=cast.acceptor, address="人民路1号")
    fresh = client.get(DESK, headers={**PART, "If-None-Match": tag})
    assert fresh.status_code == 200
    assert "人民路1号" in fresh.content.decode()
    assert "<html" not in fresh.content.decode()
    turns = timezone.now() + timedelta(seconds=2)
    with by_hand():
        Report.objects.filter(pk=report.pk).update(due_at=turns + timedelta(hours=1), amber_at=turns)
    tag = client.get(DESK).context["etag"]
    assert renewed() == 304
    later = turns + timedelta(milliseconds=1)
    monkeypatch.setattr("wangge.cases.views.desk.timezone.now", lambda: later)
    assert renewed() == 200, "its light has turned amber"


def test_what_goes_out_of_sight_renews_the_list_it_was_in(cast: Cast) -> None:
    report = cast.report()
    client = at_desk(cast.acceptor)
    tag = client.get(DESK).context["etag"]
    assert client.get(DESK, headers={**PART, "If-None-Match": tag}).status_code == 304
    actions.correct_report(report, by=cast.duty_chief, point=IN_GRID_C)
    assert client.get(DESK, headers={**PART, "If-None-Match": tag}).status_code == 200


def test_what_happens_in_another_district_renews_nothing(cast: Cast) -> None:
    cast.stranger  # noqa: B018
    client = at_desk(cast.stranger)
    tag = client.get(DESK).context["etag"]
    cast.report()
    assert client.get(DESK, headers={**PART, "If-None-Match": tag}).status_code == 304


def test_polling_alone_does_not_keep_a_seat_signed_in(cast: Cast) -> None:
    client = at_desk(cast.acceptor)
    client.get(DESK)
    before = client.session["seen_at"]
    session = client.session
    session["seen_at"] = before - 120
    session.save()
    client.get(DESK, headers={**PART, "X-Polling": "1"})
    assert client.session["seen_at"] == before - 120
    client.get(DESK)
    assert client.session["seen_at"] > before - 120


@pytest.mark.parametrize("who", ["acceptor", "duty_chief", "dispatcher", "overseer"])
def test_the_desk_is_for_its_seats_and_for_overseers(cast: Cast, who: str) -> None:
    cast.report()
    assert len(numbers(at_desk(getattr(cast, who)), "?queue=received")) == 1


@pytest.mark.parametrize("who", ["clerk", "grid_worker"])
def test_others_are_told_that_the_desk_is_not_theirs(cast: Cast, who: str) -> None:
    response = at_desk(getattr(cast, who)).get(DESK)
    assert response.status_code == 403


def test_a_stranger_sees_an_empty_desk_and_nobody_sees_none(cast: Cast) -> None:
    one_of_each(cast)
    assert counts(cast.stranger, Filters(), timezone.now()).by_queue == dict.fromkeys(
        [queue.code for queue in QUEUES if queue.counted], 0
    )
    response = Client().get(DESK)
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("accounts:sign_in"))


def test_a_leader_of_one_community_sees_only_that(cast: Cast) -> None:
    cast.report(IN_GRID_A)
    cast.report(IN_GRID_C)
    leader = cast.person("leader", "书记", Role.LEADER, cast.place.community)
    assert len(numbers(at_desk(leader), "?queue=received")) == 1


def test_a_row_says_light_class_place_age_unit_and_reports_joined(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    actions.join_report(cast.report(), case=case, by=cast.acceptor)
    page = words_of(at_desk(cast.duty_chief).get(DESK, {"queue": "handling"}))
    for words in (
        case.number,
        case.matter.label,
        case.address,
        cast.lamps.name,
        case.current_grid.name,
        "路灯不亮了",
    ):
        assert words in page
    [row] = at_desk(cast.duty_chief).get(DESK, {"queue": "handling"}).context["page"].rows
    assert row.joined == 2


def test_a_number_is_looked_for_by_number_alone(cast: Cast) -> None:
    """Words beside it would have the database read every matter of the last 90 days."""
    case = cast.case_at(Stage.FILED)
    report = cast.report()
    Case.objects.filter(pk=case.pk).update(address=f"人民路{report.number}号")
    client = at_desk(cast.acceptor)
    with CaptureQueriesContext(connection) as asked:
        found = numbers(client, f"?q={report.number}")
    assert found == [str(report.number)], "not the case whose address holds the same digits"
    assert not [query for query in asked if "人民路" in query["sql"] or f"%{report.number}%" in query["sql"]]
    assert numbers(client, f"?q={case.number}") == [case.number]


def test_who_watches_over_others_arrives_at_what_is_late(cast: Cast) -> None:
    """At the worst queue that is not empty; a list that was named stays, and seats go on opening at what comes in."""
    mayor = cast.person("mayor", "分管领导", Role.LEADER, cast.place.county)
    browser = at_desk(cast.overseer)
    assert browser.get(DESK).headers["Location"] == "/desk/?queue=late", "nothing at all is wrong"
    case = cast.case_at(Stage.HANDLING)
    with by_hand():
        Case.objects.filter(pk=case.pk).update(due_at=later(9), amber_at=later(8), whole_due_at=later(9))
    actions.supervise(case, words="请抓紧", by=cast.overseer, at=timezone.now())
    assert browser.get(DESK).headers["Location"] == "/desk/?queue=supervised"
    with by_hand():
        Case.objects.filter(pk=case.pk).update(amber_at=later(-2), due_at=later(-1))
    for person in (cast.overseer, mayor):
        found = at_desk(person).get(DESK, {"area": str(cast.place.street.pk)})
        assert found.headers["Location"] == f"/desk/?queue=late&area={cast.place.street.pk}"
        assert case.number in words_of(at_desk(person).get(found.headers["Location"]))
    assert browser.get(DESK, {"queue": "received"}).context["queue"].code == "received"
    assert browser.get(DESK, {"q": case.number}).status_code == 200
    assert browser.get(DESK, headers=PART).status_code == 200, "a part that renews itself does not jump"
    assert at_desk(cast.acceptor).get(DESK).context["queue"].code == "received"


def test_a_row_shows_the_deadline_that_its_light_speaks_of(cast: Cast) -> None:
    """Red, and due only tomorrow, would be a riddle: the whole case is late already."""
    case, now = cast.case_at(Stage.HANDLING), timezone.now()
    late = {"whole_due_at": later(-1), "whole_amber_at": later(-2)}
    for whole, light in (
        (late, Light.RED),
        ({"whole_due_at": later(9), "whole_amber_at": later(8)}, Light.GREEN),
    ):
        with by_hand():
            Case.objects.filter(pk=case.pk).update(due_at=later(2), amber_at=later(1), **whole)
        case.refresh_from_db()
        shown = case.whole_due_at if light is Light.RED else case.due_at
        assert (light_of(case, now), deadline_of(case, now)) == (light, shown)


def later(days: int) -> datetime:
    return timezone.now() + timedelta(days=days)


def test_rework_is_a_list_of_its_own_until_the_case_is_closed(cast: Cast) -> None:
    """What failed a check or was reopened; a number at the desk, and the same in its list."""
    failed, reopened = cast.case_at(Stage.CHECKING), cast.case_at(Stage.CLOSED)
    cast.file(cast.report())
    cast.fail(failed, NOON + timedelta(days=1))
    actions.reopen_case(reopened, note="又不亮了", by=cast.duty_chief, at=NOON + timedelta(days=2))
    client = at_desk(cast.duty_chief)
    [(number, address)] = [
        (number, address)
        for queue, number, address in client.get(DESK).context["queues"]
        if queue.code == "rework"
    ]
    assert number == len(numbers(client, address)) == 2
    assert "queue=rework" in address
    assert set(numbers(client, address)) == {failed.number, reopened.number}
    actions.void_case(reopened, reason="重复", by=cast.duty_chief, at=NOON + timedelta(days=3))
    assert numbers(client, address) == [failed.number]
