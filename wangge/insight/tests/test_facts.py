"""Facts say what events and clocks say: whatever happened, in whatever order it was heard, however often."""

from datetime import datetime, timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.listeners import LISTENERS
from wangge.accounts.models import Role
from wangge.audit.models import Event
from wangge.audit.relay import relay_all
from wangge.cases import actions
from wangge.cases.actions.history import store_history
from wangge.cases.models import Calendar, Case, Exclusion, Report
from wangge.cases.tests.cast import IN_GRID_A, IN_GRID_B, IN_GRID_C, NOON, Cast
from wangge.cases.workflow import BY_VERB, Stage
from wangge.common.refusals import Refused
from wangge.insight.facts import rebuild_all
from wangge.insight.listeners import CHANGES_FACTS, note_facts
from wangge.insight.models import StageFact
from wangge.insight.tests.conftest import past
from wangge.insight.tests.naive import retold, stored

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def fact(case: Case, kind: str, ordinal: int = 1) -> StageFact:
    return StageFact.objects.get(case=case, kind=kind, ordinal=ordinal)


def test_a_case_by_the_real_road_leaves_its_facts(cast: Cast) -> None:
    _ = cast.centre
    case = cast.case_at(Stage.CLOSED)
    relay_all()
    handled, whole = fact(case, "handle"), fact(case, "whole")
    assert (handled.unit, handled.outcome, handled.in_time) == (cast.lamps, "finish", True)
    assert (handled.started_at, handled.ended_at) == (NOON + HOUR, NOON + 3 * HOUR)
    assert handled.ended_by == cast.clerk
    assert (whole.outcome, whole.level, whole.opened_by) == (
        "close",
        "county",
        cast.duty_chief,
    )
    assert fact(case, "dispatch").ended_by == cast.dispatcher
    assert stored() == retold()


def test_rework_return_and_reopening_are_counted_where_they_happened(cast: Cast) -> None:
    _ = cast.centre
    case = cast.case_at(Stage.DISPATCHED)
    at = NOON + 2 * HOUR
    actions.send_back_case(case, reason=cast.send_back_reason, note="不归我们", by=cast.clerk, at=at)
    actions.dispatch_case(case, to=cast.water, by=cast.dispatcher, at=at + HOUR)
    actions.accept_case(case, by=cast.other_clerk, at=at + 2 * HOUR)
    cast.after_photo(case, at + 3 * HOUR)
    actions.finish_case(case, result="好了", by=cast.other_clerk, at=at + 3 * HOUR)
    cast.fail(case, at + 4 * HOUR)
    relay_all()
    assert [f.unit for f in StageFact.objects.filter(case=case, kind="handle").order_by("ordinal")] == [
        cast.lamps, cast.water, cast.water,
    ]  # fmt: skip
    assert [f.returns for f in StageFact.objects.filter(case=case, kind="dispatch").order_by("ordinal")] == [
        1,
        0,
    ]
    whole = fact(case, "whole")
    assert (whole.reworks, whole.returns, whole.unit, whole.ended_at) == (1, 1, cast.water, None)
    assert stored() == retold()


def test_a_closing_counts_at_the_level_that_held_the_case_then(cast: Cast) -> None:
    city = cast.place.county.parent
    assert city is not None
    cast.person("above", "市值班长", Role.DUTY_CHIEF, city)
    case = cast.case_at(Stage.CLOSED)
    actions.reopen_case(case, note="又坏了", by=cast.duty_chief, at=NOON + 8 * HOUR)
    actions.hand_up(case, note="跨区", by=cast.duty_chief, at=NOON + 9 * HOUR)
    relay_all()
    assert (fact(case, "whole").level, fact(case, "whole", 2).level) == ("county", "")
    assert stored() == retold()


def test_a_reopened_case_has_been_open_twice(cast: Cast) -> None:
    case = cast.case_at(Stage.CLOSED)
    actions.reopen_case(case, note="又不亮了", by=cast.duty_chief, at=NOON + 9 * HOUR)
    relay_all()
    first, second = fact(case, "whole"), fact(case, "whole", 2)
    assert (first.outcome, first.unit) == ("close", cast.lamps)
    assert (second.ended_at, second.unit) == (None, None)
    assert StageFact.objects.get(report=case.reports.get(), kind="reply").ended_at is None
    assert stored() == retold()


def test_what_the_reporter_takes_back_after_filing_was_decided_by_the_desk_all_the_same(cast: Cast) -> None:
    _ = cast.centre
    report = cast.report()
    case = cast.file(report)
    actions.withdraw_report(Report.objects.get(pk=report.pk), at=NOON + HOUR)
    relay_all()
    decided = StageFact.objects.get(report=report, kind="report")
    assert (decided.outcome, decided.ended_by) == ("file", cast.duty_chief)
    assert fact(case, "whole").channel == "web"
    assert stored() == retold()


def test_a_case_keeps_the_channel_it_came_by_when_it_is_merged_away(cast: Cast) -> None:
    _ = cast.centre
    kept, gone = cast.file(cast.report()), cast.file(cast.report(channel="hotline"))
    actions.merge_case(gone, into=kept, by=cast.duty_chief, at=NOON + HOUR)
    relay_all()
    assert (fact(gone, "whole").channel, fact(kept, "whole").channel) == ("hotline", "web")
    assert stored() == retold()


def test_what_another_system_did_has_facts_too(cast: Cast) -> None:
    _ = cast.centre
    histories = [
        past(cast, "late", IN_GRID_A, days_ago=10, due=2, closed=3),
        past(cast, "open", IN_GRID_B, days_ago=10, due=2, closed=None),
        past(cast, "never due", IN_GRID_C, days_ago=9, due=None, closed=2),
    ]
    store_history(histories, source="old", calendar_id=Calendar.objects.get().pk)
    rebuild_all()
    assert stored() == retold()
    late = Case.objects.get(reports__source_key="late")
    assert (fact(late, "handle").outcome, fact(late, "handle").in_time) == ("close", False)
    assert not StageFact.objects.filter(case__reports__source_key="never due", kind="handle").exists()


def test_a_listener_is_harmless_twice_and_in_any_order(cast: Cast) -> None:
    cast.case_at(Stage.CLOSED)
    cast.report_at(Stage.DECLINED)
    relay_all()
    before = stored()
    events = list(Event.objects.all())
    Random(7).shuffle(events)
    for event in events + events[:5]:
        note_facts(event)
    assert stored() == before == retold()


def test_an_event_that_others_wait_behind_is_left_to_them(
    cast: Cast, django_assert_num_queries: object
) -> None:
    cast.case_at(Stage.CLOSED)
    first = Event.objects.filter(subject_kind="case").order_by("pk")[0]
    with django_assert_num_queries(1):  # type: ignore[operator]
        note_facts(first)
    assert not StageFact.objects.exists()


def test_every_verb_that_changes_facts_is_listened_to() -> None:
    assert all("wangge.insight.listeners.note_facts" in LISTENERS[verb] for verb in CHANGES_FACTS)
    quiet = {"add", "publish", "publish_photo", "comment"}
    assert {verb for verb in BY_VERB if verb not in CHANGES_FACTS} & (quiet | set(CHANGES_FACTS)) <= quiet


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 11), st.integers(1, 90)), min_size=1, max_size=22))
def test_facts_equal_a_naive_recomputation(crowd: Cast, steps: list[tuple[int, int]]) -> None:
    with transaction.atomic():
        case, report, at = Walk(crowd), crowd.report(at=NOON), NOON
        for number, hours in steps:
            at += timedelta(hours=hours / 3)
            case.step(number, report, at)
            if number % 3 == 0:
                relay_all()
        relay_all()
        told = retold()
        assert stored() == told
        rebuild_all()
        assert stored() == told
        transaction.set_rollback(True)


@pytest.fixture
def crowd(cast: Cast) -> Cast:
    """Everyone is there before the first walk, since each walk is undone."""
    _ = cast.everyone, cast.centre, cast.lamps, cast.water
    return cast


class Walk:
    """Takes whatever step is named and may be taken; what is refused is left out."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        _ = cast.centre, cast.lamps

    def step(self, number: int, report: Report, at: datetime) -> None:
        report.refresh_from_db()
        try:
            if report.case is None:
                self._on_report(number, report, at)
            else:
                self._on_case(number, report, report.case, at)
        except Refused:
            return

    def _on_report(self, number: int, report: Report, at: datetime) -> None:
        c = self.cast
        if number < 6:
            actions.file_report(report, condition=c.condition, by=c.duty_chief, at=at)
        elif number < 8:
            actions.ask_to_verify(report, by=c.acceptor, at=at)
        elif number < 10:
            actions.report_finding(report, confirmed=number == 8, note="没有", by=c.grid_worker, at=at)
        elif number == 10:
            actions.answer_report(report, answer="已解释", by=c.acceptor, at=at)
        else:
            actions.decline_report(report, reason=Exclusion.objects.all()[0], by=c.acceptor, at=at)

    def _on_case(self, number: int, report: Report, case: Case, at: datetime) -> None:
        c = self.cast
        clerk = c.clerk if case.unit == c.lamps else c.other_clerk
        if number < 2:
            unit = c.lamps if number else c.water
            actions.dispatch_case(case, to=unit, by=c.dispatcher, at=at, note="按清单归你们")
        elif number == 2:
            actions.recall_case(case, note="错了", by=c.dispatcher, at=at)
        elif number == 3:
            actions.send_back_case(case, reason=c.send_back_reason, note="不归我们", by=clerk, at=at)
        elif number < 6:
            actions.accept_case(case, by=clerk, at=at)
        elif number == 6:
            c.after_photo(case, at)
            actions.finish_case(case, result="好了", by=clerk, at=at)
        elif number == 7:
            c.fail(case, at)
        elif number == 8:
            actions.pass_check(case, note="亮了", by=c.grid_worker, at=at)
        elif number == 9:
            actions.close_case(case, answer="好了", by=c.duty_chief, at=at)
        elif number == 10:
            actions.reopen_case(case, note="又坏了", by=c.duty_chief, at=at)
        else:
            actions.rate_report(report, solved=False, result=1, attitude=2, at=at)
