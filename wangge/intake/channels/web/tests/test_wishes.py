"""A reporter who waits urges, one who no longer needs it withdraws; the desk and the unit see both."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wangge.audit.models import Event
from wangge.cases import actions
from wangge.cases.models import Case, Rating, Report
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.tests.screens import at_desk, take, words_of
from wangge.cases.workflow import Stage
from wangge.common.refusals import Refused

pytestmark = pytest.mark.django_db


def followed(cast: Cast) -> tuple[Report, str]:
    report = cast.report()
    return report, f"/m/{report.code}/"  # type: ignore[attr-defined]  # only the reporter knows it


def with_unit(cast: Cast) -> tuple[Report, Case, str]:
    """A reported lamp that the lamp unit has in hand."""
    report, page = followed(cast)
    case = cast.file(report)
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=NOON + timedelta(hours=1))
    actions.accept_case(case, by=cast.clerk, at=NOON + timedelta(hours=2))
    return report, case, page


def rows(person: Any, queue: str) -> list[Any]:
    return list(at_desk(person).get("/desk/", {"queue": queue}).context["page"].rows)


# -- Urging ---------------------------------------------------------------------------------------------------


def test_an_urging_reaches_the_desk_and_the_unit_and_moves_no_clock(cast: Cast) -> None:
    _report, case, page = with_unit(cast)
    due = (case.due_at, case.whole_due_at)
    answer = Client().post(f"{page}urging/", {"words": "孩子晚上放学看不见路"})
    assert (answer.status_code, answer["Location"]) == (302, page)

    case.refresh_from_db()
    assert (case.due_at, case.whole_due_at) == due
    assert case.urged_at is not None
    for person in (cast.duty_chief, cast.clerk):
        told = words_of(at_desk(person).get(reverse("cases:case", args=[case.number])))
        assert "孩子晚上放学看不见路" in told
        assert "催办 1 次" in told
    assert [(row.subject, row.urgings) for row in rows(cast.dispatcher, "urged")] == [(case, 1)]
    assert "催办 1 次" in words_of(at_desk(cast.clerk).get("/unit/"))


def test_a_report_nobody_has_looked_at_is_urged_too(cast: Cast) -> None:
    report, page = followed(cast)
    Client().post(f"{page}urging/")
    assert [(row.subject, row.urgings) for row in rows(cast.acceptor, "urged")] == [(report, 1)]


def test_one_urges_once_a_day_and_keeps_the_words(cast: Cast) -> None:
    report, page = followed(cast)
    browser = Client()
    assert 'action="' + page + 'urging/"' in browser.get(page).content.decode()
    browser.post(f"{page}urging/")
    after = browser.get(page).content.decode()
    assert 'action="' + page + 'urging/"' not in after, "the page says when again"
    again = browser.post(f"{page}urging/", {"words": "还是很黑"})
    assert again.status_code == 422
    assert 'role="alert"' in again.content.decode()
    assert Event.objects.filter(verb="urge").count() == 1
    report.refresh_from_db()
    actions.urge_report(report, at=timezone.now() + timedelta(days=1))
    assert Event.objects.filter(verb="urge").count() == 2


def test_the_day_ends_at_midnight_here(cast: Cast) -> None:
    report, _page = followed(cast)
    evening = datetime(2026, 6, 10, 23, 50, tzinfo=NOON.tzinfo)
    actions.urge_report(report, at=evening)
    with pytest.raises(Refused):
        actions.urge_report(report, at=evening + timedelta(minutes=9))
    actions.urge_report(report, at=evening + timedelta(minutes=11))


def test_urgings_of_several_reporters_add_up_on_the_case(cast: Cast) -> None:
    first, case, _page = with_unit(cast)
    second = cast.report()
    actions.join_report(second, case=case, by=cast.acceptor)
    for report in (first, second):
        actions.urge_report(report, at=timezone.now())
    [row] = rows(cast.dispatcher, "urged")
    assert (row.urgings, row.joined) == (2, 2)


def test_a_closed_matter_is_not_urged(cast: Cast) -> None:
    case = cast.case_at(Stage.CLOSED)
    with pytest.raises(Refused):
        actions.urge_report(case.reports.get(), at=timezone.now())


# -- Withdrawing ----------------------------------------------------------------------------------------------


def test_what_nobody_has_filed_ends_with_its_withdrawal(cast: Cast) -> None:
    report, page = followed(cast)
    browser = Client()
    asked = browser.get(f"{page}withdrawal/")
    assert asked.status_code == 200
    assert asked["Cache-Control"] == "no-store"
    report.refresh_from_db()
    assert report.stage == Stage.RECEIVED, "asking changes nothing"
    assert browser.post(f"{page}withdrawal/", {"words": "已经亮了"}).status_code == 302

    report.refresh_from_db()
    assert (report.stage, report.due_at) == (Stage.WITHDRAWN, None)
    assert not report.clocks.filter(stopped_at=None).exists()
    after = browser.get(page)
    assert after.status_code == 200
    assert [mark.state for mark in after.context["marks"]] == ["past", "now"]
    assert not after.context["may_rate"]
    assert not rows(cast.acceptor, "received")
    assert "已经亮了" in words_of(at_desk(cast.acceptor).get(reverse("cases:report", args=[report.number])))


def test_a_case_goes_on_until_the_desk_decides(cast: Cast) -> None:
    report, case, page = with_unit(cast)
    assert Client().post(f"{page}withdrawal/").status_code == 302
    case.refresh_from_db()
    report.refresh_from_db()
    assert (case.stage, report.stage) == (Stage.HANDLING, Stage.FILED)
    [row] = rows(cast.duty_chief, "withdrawn")
    assert (row.subject, row.withdrawn) == (case, True)
    assert row.urgings == 0
    assert "已撤回" in words_of(at_desk(cast.clerk).get("/unit/"))
    assert at_desk(cast.duty_chief).get("/desk/").context["queues"]
    followed_page = Client().get(page).content.decode()
    assert "urging/" not in followed_page
    with pytest.raises(Refused):
        actions.urge_report(report, at=timezone.now())


def test_a_case_that_somebody_else_still_wants_is_not_to_be_decided(cast: Cast) -> None:
    first, case, _page = with_unit(cast)
    second = cast.report()
    actions.join_report(second, case=case, by=cast.acceptor)
    actions.withdraw_report(first, at=timezone.now())
    assert not rows(cast.duty_chief, "withdrawn")
    actions.withdraw_report(second, at=timezone.now())
    assert [row.subject for row in rows(cast.duty_chief, "withdrawn")] == [case]


def test_withdrawing_twice_or_too_late_is_refused_kindly(cast: Cast) -> None:
    _report, page = followed(cast)
    browser = Client()
    for status in (302, 422):
        assert browser.post(f"{page}withdrawal/").status_code == status
    assert Event.objects.filter(verb="withdraw").count() == 1
    case = cast.case_at(Stage.CLOSED)
    with pytest.raises(Refused):
        actions.withdraw_report(case.reports.get(), at=timezone.now())


@pytest.mark.parametrize("noun", ["urging", "withdrawal"])
def test_without_the_code_there_is_nothing_to_wish(cast: Cast, noun: str) -> None:
    cast.report()
    assert Client().post(f"/m/AAAAAAAAAA/{noun}/").status_code == 404
    assert not Event.objects.exclude(verb="receive").exists()


# -- A person looked at “not solved” ------------------------------------------------------------------------


def test_the_reporter_reads_that_a_person_looked_and_why_it_stays_closed(cast: Cast) -> None:
    report, page = followed(cast)
    case = cast.file(report)
    at = timezone.now()
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=at)
    actions.accept_case(case, by=cast.clerk, at=at)
    cast.finish(case, at)
    actions.pass_check(case, note="亮了", by=cast.grid_worker, at=at)
    actions.close_case(case, answer="路灯已修好", by=cast.duty_chief, at=at)
    actions.rate_report(report, solved=False, result=1, attitude=2, at=at)
    assert "另一盏灯" not in Client().get(page).content.decode()
    assert take(cast.duty_chief, case, "refuse_reopen", note="您说的是另一盏灯，已另立案").status_code == 302
    assert Rating.objects.get().reviewed_at is not None
    assert "您说的是另一盏灯，已另立案" in Client().get(page).content.decode()
