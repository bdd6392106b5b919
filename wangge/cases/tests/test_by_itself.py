"""What goes on without a person where the class allows it: dispatch by the duty list, sampled checks, closing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from wangge.audit.models import Event
from wangge.audit.relay import relay_all
from wangge.cases import actions
from wangge.cases.actions.cases import is_drawn
from wangge.cases.listeners import dispatch_by_duty_list
from wangge.cases.models import Case, Clock, DutyRow, FilingCondition, Report
from wangge.cases.permissions import refusal
from wangge.cases.seed import seed_configuration
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.workflow import SKIP_CHECK, Stage

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=8)


def lamp_condition(cast: Cast, **more: Any) -> FilingCondition:
    condition = cast.condition
    FilingCondition.objects.filter(pk=condition.pk).update(**more)
    condition.refresh_from_db()
    return condition


def events_of(case: Case) -> list[tuple[str, str | None]]:
    rows = Event.objects.filter(subject_id=case.pk).order_by("seq")
    return [(event.verb, event.actor.username if event.actor else None) for event in rows]


def handled(cast: Cast, **more: Any) -> tuple[Report, Case]:
    """A lamp in the hands of its unit, under a condition that lets some things go by themselves."""
    lamp_condition(cast, **more)
    report = cast.report()
    case = cast.file(report)
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=NOON + timedelta(hours=1))
    actions.accept_case(case, by=cast.clerk, at=NOON + timedelta(hours=2))
    return report, case


# -- Dispatch ---------------------------------------------------------------------------------------------------


def test_what_is_filed_goes_to_the_unit_of_the_duty_list(cast: Cast) -> None:
    _ = cast.lamps
    lamp_condition(cast, auto_dispatch=True)
    case = cast.file(cast.report())
    relay_all()
    case.refresh_from_db()
    assert (case.stage, case.unit) == (Stage.DISPATCHED, cast.lamps)
    event = Event.objects.get(subject_id=case.pk, verb="dispatch")
    assert event.actor is None
    assert cast.place.county.name in event.payload.data["why"]
    assert Clock.objects.filter(case=case, kind="handle", stopped_at=None).exists()


@pytest.mark.parametrize("duty", [True, False])
def test_without_the_rule_or_without_a_unit_a_dispatcher_decides(cast: Cast, duty: bool) -> None:
    _ = cast.lamps
    if not duty:
        DutyRow.objects.all().delete()
    lamp_condition(cast, auto_dispatch=not duty)
    case = cast.file(cast.report())
    relay_all()
    case.refresh_from_db()
    assert (case.stage, case.unit) == (Stage.FILED, None)


def test_a_recalled_case_is_not_sent_out_again_by_the_event_coming_twice(cast: Cast) -> None:
    _ = cast.lamps
    lamp_condition(cast, auto_dispatch=True)
    case = cast.file(cast.report())
    filed = Event.objects.get(subject_id=case.pk, verb="file")
    relay_all()
    case.refresh_from_db()
    actions.recall_case(case, note="派错了", by=cast.dispatcher)
    dispatch_by_duty_list(filed)
    case.refresh_from_db()
    assert case.stage == Stage.FILED
    assert Event.objects.filter(subject_id=case.pk, verb="dispatch").count() == 1


def test_a_confidential_case_waits_for_a_person(cast: Cast) -> None:
    _ = cast.lamps
    lamp_condition(cast, auto_dispatch=True)
    case = cast.file(cast.report(confidential=True))
    relay_all()
    case.refresh_from_db()
    assert case.stage == Stage.FILED


# -- Checks and closing --------------------------------------------------------------------------------------------


def test_at_nought_per_cent_a_result_passes_without_a_check(cast: Cast) -> None:
    _report, case = handled(cast, check_percent=0)
    cast.finish(case, LATER)
    assert case.stage == Stage.PASSED
    assert events_of(case)[-2:] == [("finish", "clerk"), ("skip_check", None)]
    assert not Clock.objects.filter(case=case, kind="check").exists()


def test_at_a_hundred_per_cent_somebody_always_looks(cast: Cast) -> None:
    _report, case = handled(cast, check_percent=100)
    cast.finish(case, LATER)
    assert case.stage == Stage.CHECKING


def test_the_unit_cannot_foresee_the_draw_and_anybody_can_repeat_it(cast: Cast) -> None:
    _report, case = handled(cast, check_percent=50)
    drawn = is_drawn(case.pk, case.event_seq + 1, 50)
    cast.finish(case, LATER)
    assert (case.stage == Stage.CHECKING) == drawn


def test_a_passed_check_closes_the_case_with_the_units_result_as_the_answer(cast: Cast) -> None:
    report, case = handled(cast, auto_close=True)
    cast.finish(case, LATER)
    actions.pass_check(case, note="亮了", by=cast.grid_worker, at=LATER + timedelta(hours=1))
    assert (case.stage, case.answer, case.closed_at) == (
        Stage.CLOSED, "已更换灯泡", LATER + timedelta(hours=1),
    )  # fmt: skip
    assert events_of(case)[-2:] == [("pass_check", "grid_worker"), ("close", None)]
    assert not Clock.objects.filter(case=case, stopped_at=None).exists()
    page = Client().get(f"/m/{report.code}/")  # type: ignore[attr-defined]  # only the reporter knows it
    assert "已更换灯泡" in page.content.decode()


def test_neither_checked_nor_closed_by_hand(cast: Cast) -> None:
    _report, case = handled(cast, auto_close=True, check_percent=0)
    cast.finish(case, LATER)
    assert (case.stage, case.answer) == (Stage.CLOSED, "已更换灯泡")
    assert [verb for verb, _who in events_of(case)][-3:] == ["finish", "skip_check", "close"]


def test_a_running_case_keeps_the_rules_it_was_filed_with(cast: Cast) -> None:
    _report, case = handled(cast)
    lamp_condition(cast, auto_close=True, check_percent=0)
    cast.finish(case, LATER)
    assert case.stage == Stage.CHECKING


def test_what_the_class_does_not_allow_stays_a_step_of_a_person(cast: Cast) -> None:
    case = cast.case_at(Stage.PASSED)
    assert case.stage == Stage.PASSED
    assert refusal(SKIP_CHECK, case, None) is not None


def test_the_shipped_configuration_lets_few_things_go_by_themselves(cast: Cast) -> None:
    seed_configuration()
    adverts = FilingCondition.objects.get(matter__code="07001")
    hung_up = FilingCondition.objects.get(matter__code="06019")
    rules: Mapping[str, bool] = {"dispatch": hung_up.auto_dispatch, "close": hung_up.auto_close}
    assert (adverts.check_percent, adverts.auto_close) == (30, False)
    assert rules == {"dispatch": True, "close": True}
    assert cast.condition.check_percent == 100
