"""Colleagues see who else has a matter open and what somebody moved meanwhile; residents and strangers see nothing of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from wangge.accounts.models import Account
from wangge.cases import actions
from wangge.cases.actions.presence import come
from wangge.cases.models import Case, Presence, Report
from wangge.cases.tests.cast import Cast
from wangge.cases.tests.screens import at_desk, words_of
from wangge.cases.workflow import Stage

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/presence/"


def named(matter: Case | Report) -> str:
    return f"{'case' if isinstance(matter, Case) else 'report'}/{matter.number}"


def ask(person: Account, matter: Case | Report | None = None, *, tag: str = "", **more: Any) -> Any:
    """What this person's open page asks."""
    question = {"matter": named(matter), "seen": matter.event_seq} if matter else {}
    headers = {"If-None-Match": tag, "X-Polling": "1"} if tag else {"X-Polling": "1"}
    return at_desk(person).get(ADDRESS, {**question, **more}, headers=headers)


@pytest.fixture
def case(cast: Cast) -> Case:
    return cast.case_at(Stage.HANDLING)


def test_colleagues_of_the_desk_and_the_unit_see_each_other_by_name(case: Case, cast: Cast) -> None:
    assert ask(cast.dispatcher, case).json()["looking"] == ""
    assert ask(cast.clerk, case).json()["looking"] == "派遣员小陈 正在查看"
    assert ask(cast.dispatcher, case).json()["looking"] == "路灯所小周 正在查看"


def test_somebody_with_two_windows_is_one_person_and_no_company_to_themselves(case: Case, cast: Cast) -> None:
    ask(cast.clerk, case)
    assert ask(cast.clerk, case).json()["looking"] == ""
    assert Presence.objects.count() == 1


def test_who_leaves_is_gone_at_once(case: Case, cast: Cast) -> None:
    ask(cast.clerk, case)
    assert at_desk(cast.clerk).post(ADDRESS, {"matter": named(case)}).status_code == 204
    assert ask(cast.dispatcher, case).json()["looking"] == ""


def test_a_page_that_fell_silent_is_gone_in_half_a_minute_and_leaves_no_trace(case: Case, cast: Cast) -> None:
    come(case, by=cast.clerk, at=timezone.now() - timedelta(seconds=31))
    assert ask(cast.dispatcher, case).json()["looking"] == ""
    come(case, by=cast.clerk, at=timezone.now() - timedelta(seconds=61))
    ask(cast.dispatcher, case)
    assert list(Presence.objects.values_list("account__username", flat=True)) == ["dispatcher"]


def test_a_stranger_neither_sees_nor_is_seen(case: Case, cast: Cast) -> None:
    ask(cast.clerk, case)
    answer = ask(cast.stranger, case, rows=1).json()
    assert "looking" not in answer
    assert "无权" in answer["gone"]
    assert answer["rows"] == {}
    assert not Presence.objects.filter(account=cast.stranger).exists()


def test_nobody_is_told_anything_without_signing_in(case: Case, cast: Cast, client: Any) -> None:
    ask(cast.clerk, case)
    assert client.get(ADDRESS, {"matter": named(case)}).status_code == 401
    assert client.post(ADDRESS, {"matter": named(case)}).status_code == 401
    assert Presence.objects.count() == 1


def test_residents_pages_name_nobody(cast: Cast, client: Any) -> None:
    report = cast.report()
    ask(cast.acceptor, report)
    page = client.get(f"/m/{report.code}/")  # type: ignore[attr-defined]
    assert page.status_code == 200
    assert cast.acceptor.name not in words_of(page)


def test_lists_show_who_has_which_line_open(case: Case, cast: Cast) -> None:
    report = cast.report()
    ask(cast.acceptor, report)
    ask(cast.duty_chief, report)
    ask(cast.clerk, case)
    assert ask(cast.dispatcher, rows=1).json()["rows"] == {
        named(report): sorted([cast.acceptor.name, cast.duty_chief.name]),
        named(case): [cast.clerk.name],
    }
    # The unit's list: only what is the unit's.
    assert ask(cast.clerk, rows=1).json()["rows"] == {}


def test_a_confidential_matter_shows_in_no_list_of_others(cast: Cast) -> None:
    report = cast.report()
    ask(cast.acceptor, report)
    Report.objects.filter(pk=report.pk).update(confidential=True)
    assert ask(cast.dispatcher, rows=1).json()["rows"] == {}
    assert "gone" in ask(cast.dispatcher, report).json()


def test_a_page_hears_within_seconds_who_moved_the_matter_and_what_it_became(case: Case, cast: Cast) -> None:
    assert ask(cast.duty_chief, case).json()["moved"] is None
    seen = Case.objects.get(pk=case.pk)
    cast.finish(case, timezone.now())
    moved = ask(cast.duty_chief, seen).json()["moved"]
    assert any(cast.clerk.name in line for line in moved["lines"])
    assert moved["stage"] == str(Case.objects.get(pk=case.pk).get_stage_display())
    assert ask(cast.duty_chief, Case.objects.get(pk=case.pk)).json()["moved"] is None


def test_only_the_last_few_of_many_steps_are_named(case: Case, cast: Cast) -> None:
    seen = Case.objects.get(pk=case.pk)
    for number in range(7):
        actions.comment_case(case, by=cast.clerk, note=str(number))
    assert len(ask(cast.duty_chief, seen).json()["moved"]["lines"]) == 4


def test_a_report_is_heard_of_too(cast: Cast) -> None:
    report = cast.report()
    seen = Report.objects.get(pk=report.pk)
    actions.ask_to_verify(report, by=cast.acceptor)
    [line] = ask(cast.duty_chief, seen).json()["moved"]["lines"]
    assert cast.acceptor.name in line


def test_while_nothing_changes_the_answer_is_empty(case: Case, cast: Cast) -> None:
    first = ask(cast.duty_chief, case, rows=1)
    again = ask(cast.duty_chief, case, tag=first["ETag"], rows=1)
    assert (again.status_code, again.content) == (304, b"")
    ask(cast.clerk, case)
    assert ask(cast.duty_chief, case, tag=first["ETag"], rows=1).status_code == 200


def test_asking_costs_few_statements_however_many_look(case: Case, cast: Cast) -> None:
    people = list(cast.everyone.values())

    def statements() -> int:
        browser = at_desk(cast.duty_chief)
        with CaptureQueriesContext(connection) as queries:
            browser.get(ADDRESS, {"matter": named(case), "seen": str(case.event_seq), "rows": "1"})
        return len(queries)

    alone = statements()
    for person in people:
        come(case, by=person, at=timezone.now())
    assert statements() <= alone + 2  # the reports and cases behind the lines
    assert alone <= 10


@pytest.mark.parametrize(
    "matter", ["case/2000-0000001", "report/²", "report/", "nonsense", "case/", "report/" + "9" * 40]
)
def test_a_matter_that_is_none_is_answered_in_peace(cast: Cast, matter: str) -> None:
    answer = at_desk(cast.acceptor).get(ADDRESS, {"matter": matter, "seen": "x"})
    assert answer.status_code == 200
    assert not Presence.objects.exists()


def test_looking_on_is_no_work_for_the_idle_sign_out(case: Case, cast: Cast) -> None:
    browser = at_desk(cast.clerk)
    browser.get(ADDRESS, {"matter": named(case)}, headers={"X-Polling": "1"})
    assert "seen_at" not in browser.session


def test_leaving_asks_for_a_token(case: Case, cast: Cast) -> None:
    from django.test import Client

    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.clerk)
    assert browser.post(ADDRESS, {"matter": named(case)}).status_code == 403
