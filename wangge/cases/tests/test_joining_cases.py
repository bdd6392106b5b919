"""Merging two cases, splitting a report off, and reports that are none: nothing is deleted, everybody is answered."""

from datetime import timedelta

import pytest

from wangge.audit.verification import verify_all
from wangge.cases import actions
from wangge.cases.models import Case, Report
from wangge.cases.permissions import refusal
from wangge.cases.queries.timeline import timeline
from wangge.cases.tests.cast import IN_GRID_B, NOON, Cast
from wangge.cases.tests.screens import at_desk, take, words_of
from wangge.cases.workflow import BY_VERB, Stage
from wangge.common.refusals import Refused

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=4)


def test_a_merged_cases_reports_are_answered_by_the_other(cast: Cast) -> None:
    first, second = cast.case_at(Stage.HANDLING), cast.file(cast.report())
    moved = second.reports.get()
    actions.merge_case(second, into=first, by=cast.duty_chief, at=LATER)
    first.refresh_from_db()
    moved.refresh_from_db()
    assert (second.stage, second.merged_into, second.closed_at) == (Stage.VOID, first, LATER)
    assert (moved.case, moved.stage) == (first, Stage.FILED)
    assert first.reports.count() == 2
    assert second.number in words_of(at_desk(cast.duty_chief).get(f"/cases/{first.number}/"))
    assert timeline(first, [], {})[-1].sentence == "另一件案卷并入本案卷"
    assert list(verify_all()) == []


def test_only_an_open_case_goes_on_and_not_the_same(cast: Cast) -> None:
    closed, second = cast.case_at(Stage.CLOSED), cast.file(cast.report())
    for into in (closed, second):
        with pytest.raises(Refused) as refused:
            actions.merge_case(second, into=into, by=cast.duty_chief, at=LATER)
        assert refused.value.field == "case"
    assert second.reports.count() == 1


def test_merging_is_offered_with_what_is_near_and_keeps_a_wrong_number(cast: Cast) -> None:
    first, second = cast.file(cast.report()), cast.file(cast.report())
    wrong = take(cast.acceptor, second, "merge", number="2026-9999999", note="同一盏灯")
    assert wrong.status_code == 422
    assert "同一盏灯" in wrong.content.decode()
    assert take(cast.acceptor, second, "merge", number=first.number, note="同一盏灯").status_code == 302
    assert Case.objects.get(pk=second.pk).merged_into == first


def test_a_report_that_was_something_else_is_decided_anew(cast: Cast) -> None:
    case = cast.file(cast.report())
    other = cast.report(IN_GRID_B)
    actions.join_report(other, case=case, by=cast.acceptor, at=NOON + timedelta(minutes=20))
    actions.split_report(other, note="是另一处井盖", by=cast.acceptor, at=LATER)
    assert (other.stage, other.case) == (Stage.RECEIVED, None)
    assert other.due_at is not None, "the desk has its time again"
    assert case.reports.count() == 1
    only = Report.objects.get(case=case)
    assert refusal(BY_VERB["split"], only, cast.acceptor) == "案卷只有这一条上报，请改用更正。"


def test_a_report_of_an_ended_case_keeps_its_answer(cast: Cast) -> None:
    case = cast.case_at(Stage.CLOSED)
    assert refusal(BY_VERB["split"], case.reports.get(), cast.acceptor) == "案卷已经结束，上报保留原答复。"


def test_what_is_no_report_is_void_and_its_reporter_reads_why(cast: Cast) -> None:
    report = cast.report()
    assert refusal(BY_VERB["void_report"], report, cast.acceptor), "the chief decides"
    assert take(cast.duty_chief, report, "void_report", note="测试上报").status_code == 302
    report.refresh_from_db()
    assert (report.stage, report.answer, report.due_at) == (Stage.VOID, "测试上报", None)
