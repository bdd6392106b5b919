"""The story of one fallen lamp, from the report to the rating."""

from collections.abc import Callable
from datetime import UTC, timedelta

import pytest

from wangge.accounts.models import Unit
from wangge.audit.models import Event
from wangge.audit.verification import verify_events
from wangge.cases import actions
from wangge.cases.models import Case, Clock, ClockKind
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.workflow import Stage
from wangge.common.refusals import Refused
from wangge.common.words import MOST_WORDS

pytestmark = pytest.mark.django_db


def test_a_report_becomes_a_closed_case_and_is_rated(cast: Cast) -> None:
    case = cast.case_at(Stage.CLOSED)
    report = case.reports.get()
    actions.rate_report(report, solved=True, result=3, attitude=3, at=NOON + timedelta(days=1))

    assert report.rating.solved
    assert case.answer == "路灯已修好"
    assert not Clock.objects.filter(stopped_at=None).exists()
    verbs = [e.verb for e in Event.objects.filter(subject_id=case.pk).order_by("seq")]
    assert verbs == ["file", "dispatch", "accept", "finish", "request_check", "pass_check", "close"]
    assert list(verify_events()) == []


def test_two_working_days_run_from_dispatch(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    clock = Clock.objects.get(case=case, kind=ClockKind.HANDLE)
    assert clock.started_at == case.dispatched_at
    assert clock.due_at == case.dispatched_at + timedelta(days=2)


def test_the_handler_cannot_check_the_own_work(cast: Cast) -> None:
    case = cast.case_at(Stage.CHECKING)
    case.handler = cast.grid_worker
    case.save()
    with pytest.raises(Refused):
        actions.pass_check(case, note="亮了", by=cast.grid_worker)
    actions.pass_check(case, note="亮了", by=cast.neighbour, at=NOON + timedelta(hours=6))
    assert case.stage == Stage.PASSED


def test_a_failed_check_goes_back_with_what_is_left(cast: Cast) -> None:
    case = cast.case_at(Stage.CHECKING)
    cast.fail(case, NOON + timedelta(hours=6))
    assert case.stage == Stage.HANDLING
    clock = Clock.objects.get(case=case, kind=ClockKind.HANDLE, stopped_at=None)
    assert clock.used_before > timedelta(0)
    with pytest.raises(Refused):  # a rework needs a photo of its own
        actions.finish_case(case, result="又修了", by=cast.clerk, at=NOON + timedelta(hours=7))


def test_who_comes_second_is_told_who_was_faster(cast: Cast) -> None:
    case = cast.case_at(Stage.FILED)
    seen = case.event_seq
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, seen=seen)
    with pytest.raises(actions.Stale, match=cast.dispatcher.name):
        actions.dispatch_case(case, to=cast.water, by=cast.dispatcher, seen=seen)
    assert case.unit == cast.lamps


def test_a_report_does_not_join_a_case_that_was_closed_meanwhile(cast: Cast) -> None:
    report, case = cast.report(), cast.case_at(Stage.PASSED)
    as_the_form_saw_it = Case.objects.get(pk=case.pk)
    actions.close_case(case, answer="路灯已修好", by=cast.duty_chief)
    with pytest.raises(Refused):
        actions.join_report(report, case=as_the_form_saw_it, by=cast.acceptor)
    assert report.case is None


def test_a_unit_is_closed_from_midnight_of_the_own_time_zone_on(cast: Cast) -> None:
    case, after_midnight = cast.file(cast.report()), NOON.replace(hour=0, minute=30) + timedelta(days=1)
    Unit.objects.filter(pk=cast.water.pk).update(closed_on=after_midnight.date())
    cast.water.refresh_from_db()
    with pytest.raises(Refused):
        actions.dispatch_case(case, to=cast.water, by=cast.dispatcher, at=after_midnight.astimezone(UTC))


def test_the_same_submission_five_times_is_one_report(cast: Cast) -> None:
    drafts = [
        actions.Draft(channel="web", text="灯坏了", address="人民路", at=NOON, source_key="form-1")
        for _ in range(5)
    ]
    answers = [actions.receive_report(draft) for draft in drafts]
    assert len({answer.number for answer in answers}) == 1
    assert len({answer.code for answer in answers}) == 1
    assert [answer.new for answer in answers] == [True, False, False, False, False]


def test_words_without_end_are_refused_wherever_they_come_in(cast: Cast) -> None:
    """Notes, a public text, the words of a rating: by the field in which they stand."""
    endless, case = "字" * (MOST_WORDS + 1), cast.case_at(Stage.CLOSED)
    [report] = case.reports.all()
    tries: list[tuple[str, Callable[[], object]]] = [
        ("note", lambda: actions.comment_case(case, note=endless, by=cast.duty_chief)),
        ("text", lambda: actions.publish_report(report, text=endless, by=cast.acceptor)),
        ("words", lambda: actions.rate_report(report, solved=True, result=3, attitude=3, words=endless)),
        ("note", lambda: actions.urge_report(cast.report(), words=endless, at=NOON)),
        ("note", lambda: actions.withdraw_report(cast.report(), words=endless, at=NOON)),
    ]
    for field, attempt in tries:
        with pytest.raises(Refused, match="4001") as refused:
            attempt()
        assert refused.value.field == field
