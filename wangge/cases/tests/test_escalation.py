"""Time runs out: the matter goes up its ladder, rung by rung, to whoever holds the post, and nothing lets it fall."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction

from wangge.accounts.models import Account, Role
from wangge.audit.models import Event
from wangge.audit.verification import verify_all
from wangge.cases import actions, clocks
from wangge.cases.actions.escalating import escalate
from wangge.cases.escalation import looking, planning
from wangge.cases.escalation.looking import look
from wangge.cases.models import Case, Clock, ClockKind, Escalation, Ladder, Rung
from wangge.cases.tests.cast import NOON, SHANGHAI, Cast
from wangge.cases.workflow import Stage
from wangge.territory.models import Post

pytestmark = pytest.mark.django_db

# The lamp is dispatched on Wednesday 10 June at 11:00, limit two working days.
DUE = datetime(2026, 6, 12, 11, 0, tzinfo=SHANGHAI)
MONDAY, TUESDAY = DUE + timedelta(days=3), DUE + timedelta(days=4)
LATE = timedelta(minutes=1)


@pytest.fixture
def case(cast: Cast) -> Case:
    """Accepted by the lamp unit; only the ladder of handling is in force."""
    Ladder.objects.exclude(clock=ClockKind.HANDLE).update(in_force=False)
    return cast.case_at(Stage.HANDLING)


def lead_of(cast: Cast) -> Account:
    return cast.person("lead", "路灯所所长", Role.UNIT_LEAD, cast.place.county, cast.lamps)


def climbed(case: Case) -> list[tuple[int, str]]:
    """The rungs that stand climbed, with the post each came to."""
    found = Escalation.objects.filter(case=case, ended_at=None).order_by("ordinal")
    return list(found.values_list("ordinal", "role"))


def escalations(case: Case) -> list[Event]:
    return list(Event.objects.filter(subject_id=case.pk, verb="escalate").order_by("seq"))


# -- Rung by rung ----------------------------------------------------------------------------------------


def test_an_overdue_case_climbs_rung_by_rung_as_time_passes(cast: Cast, case: Case) -> None:
    lead_of(cast), cast.duty_chief, cast.overseer  # the posts must be held

    def after(moment: datetime) -> list[tuple[int, str]]:
        look(moment)
        return climbed(case)

    assert after(DUE - LATE) == []
    assert after(DUE + LATE) == [(1, "unit_lead")]
    assert after(MONDAY - LATE) == [(1, "unit_lead")]
    assert after(MONDAY + LATE) == [(1, "unit_lead"), (2, "duty_chief")]
    assert after(TUESDAY + LATE) == [(1, "unit_lead"), (2, "duty_chief"), (3, "overseer")]


def test_a_rung_is_an_event_on_the_case_that_says_to_whom_and_why(cast: Cast, case: Case) -> None:
    lead = lead_of(cast)
    look(DUE + LATE)

    [event] = escalations(case)
    data = event.payload.data
    assert (event.actor, event.from_stage, event.to_stage) == (None, "handling", "handling")
    assert (data["rung"], data["clock"], data["to"], data["role"]) == (1, "handle", [lead.pk], "unit_lead")
    assert data["due"] == clocks.running(case)["handle"].due_at.isoformat()
    assert list(verify_all()) == []


def test_looking_again_and_again_climbs_nothing_twice(cast: Cast, case: Case) -> None:
    lead_of(cast)
    for minute in range(5):
        look(DUE + LATE * (minute + 1))

    assert len(escalations(case)) == 1


def test_several_rungs_missed_while_nobody_looked_are_climbed_together(cast: Cast, case: Case) -> None:
    lead_of(cast), cast.overseer
    look(TUESDAY + LATE)

    assert [event.payload.data["rung"] for event in escalations(case)] == [1, 2, 3]


def test_no_clock_moves_and_no_stage_changes(cast: Cast, case: Case) -> None:
    before = Case.objects.filter(pk=case.pk).values("stage", "due_at", "whole_due_at", "unit_id").get()
    look(TUESDAY + LATE)

    assert (
        Case.objects.filter(pk=case.pk).values("stage", "due_at", "whole_due_at", "unit_id").get() == before
    )


def test_a_comment_or_a_look_changes_nothing(cast: Cast, case: Case) -> None:
    lead_of(cast)
    actions.comment_case(case, note="明天去", by=cast.clerk, at=DUE - timedelta(hours=1))
    look(DUE + LATE)

    assert climbed(case) == [(1, "unit_lead")]


def test_a_report_that_waits_too_long_at_the_desk_goes_to_the_duty_chief(cast: Cast) -> None:
    report = cast.report()
    cast.duty_chief  # noqa: B018
    look(NOON + timedelta(minutes=31))

    [row] = Escalation.objects.filter(report=report)
    assert (row.ordinal, row.role, row.level) == (1, "duty_chief", "county")
    assert Event.objects.filter(subject_id=report.pk, verb="escalate_report").count() == 1


def test_a_share_of_the_limit_can_be_a_rung_too(cast: Cast, case: Case) -> None:
    Rung.objects.filter(ladder__clock="handle", ordinal=1).update(after_percent=50, role=Role.DISPATCHER)
    look(datetime(2026, 6, 11, 10, 59, tzinfo=SHANGHAI))
    assert climbed(case) == []

    look(datetime(2026, 6, 11, 11, 1, tzinfo=SHANGHAI))
    assert climbed(case) == [(1, "dispatcher")]


# -- Nobody there (peers' bug 7) ---------------------------------------------------------------------------


def test_without_a_unit_lead_the_next_rung_is_told(cast: Cast, case: Case) -> None:
    look(DUE + LATE)

    row = Escalation.objects.get(case=case)
    assert (row.ordinal, row.role, row.passed_on, row.could_not) == (1, "duty_chief", True, False)


def test_the_named_fallback_is_told_when_nobody_holds_the_post(cast: Cast, case: Case) -> None:
    Rung.objects.filter(ladder__clock="handle", ordinal=1).update(fallback_account=cast.overseer)
    look(DUE + LATE)

    row = Escalation.objects.get(case=case)
    assert (row.account, row.passed_on, row.could_not) == (cast.overseer, True, False)


def test_the_top_of_the_ladder_ends_at_the_named_fallback(cast: Cast, case: Case) -> None:
    """Nobody above holds a post; the only named fallback stands at the lowest rung, and it is found all the same."""
    Rung.objects.filter(ladder__clock="handle", ordinal=1).update(fallback_account=cast.duty_chief)
    look(TUESDAY + timedelta(days=7))

    top = Escalation.objects.get(case=case, ordinal=4)
    assert (top.account, top.passed_on) == (cast.duty_chief, True)


def test_a_fallback_who_has_left_is_no_fallback(cast: Cast, case: Case) -> None:
    Rung.objects.filter(ladder__clock="handle").update(fallback_account=cast.overseer)
    Post.objects.filter(role__in=["duty_chief", "overseer"]).update(ends_on=date(2026, 6, 1))
    Account.objects.filter(pk=cast.overseer.pk).update(is_active=False)
    look(DUE + LATE)

    assert Escalation.objects.get(case=case).could_not


def test_where_there_is_nobody_at_all_it_is_written_down(cast: Cast, case: Case) -> None:
    Post.objects.filter(role="duty_chief").update(ends_on=date(2026, 6, 1))
    look(DUE + LATE)

    row = Escalation.objects.get(case=case)
    assert (row.could_not, row.role, row.unit, row.account) == (True, "", None, None)
    assert escalations(case)[0].payload.data["to"] == []


def test_a_case_without_a_unit_is_escalated_too(cast: Cast) -> None:
    """Filed and never dispatched: nobody has it in hand, and it does not lie still."""
    case = cast.case_at(Stage.FILED)
    cast.overseer  # noqa: B018
    look(NOON + timedelta(days=2))

    assert (1, "duty_chief") in climbed(case)
    assert (2, "overseer") in climbed(case)


# -- Pauses, more time, the end -----------------------------------------------------------------------------


def test_a_suspended_case_does_not_escalate_and_goes_on_after_it(cast: Cast, case: Case) -> None:
    lead_of(cast)
    wednesday, until = NOON + timedelta(hours=6), NOON + timedelta(days=14)
    actions.ask_suspension(case, until=until, reason="等材料", by=cast.clerk, at=wednesday)
    actions.suspend_case(case, by=cast.duty_chief, at=wednesday)

    look(TUESDAY)
    assert climbed(case) == []

    actions.resume_case(case, by=None, at=until)
    look(until + timedelta(hours=1))
    assert climbed(case) == []
    look(clocks.running(case)["handle"].due_at + LATE)
    assert climbed(case) == [(1, "unit_lead")]


def test_what_was_overdue_before_it_was_suspended_waits_for_the_next_rung_till_it_goes_on(
    cast: Cast, case: Case
) -> None:
    lead_of(cast)
    look(DUE + LATE)
    asked, until = DUE + timedelta(hours=1), DUE + timedelta(days=20)
    actions.ask_suspension(case, until=until, reason="等材料", by=cast.clerk, at=asked)
    actions.suspend_case(case, by=cast.duty_chief, at=asked)
    look(DUE + timedelta(days=15))
    assert climbed(case) == [(1, "unit_lead")]

    actions.resume_case(case, by=cast.duty_chief, at=DUE + timedelta(days=17))
    look(DUE + timedelta(days=18, hours=1))
    assert climbed(case) == [(1, "unit_lead"), (2, "duty_chief")]


def test_more_time_resets_the_ladder(cast: Cast, case: Case) -> None:
    lead_of(cast)
    asked = DUE - timedelta(hours=1)
    actions.ask_extension(
        case, limit=clocks.LimitOf("working_days", Decimal(2)), reason="等材料", by=cast.clerk, at=asked
    )
    look(DUE + LATE)
    assert climbed(case) == [(1, "unit_lead")]

    actions.extend_case(case, by=cast.dispatcher, at=DUE + timedelta(hours=1))
    look(DUE + timedelta(hours=2))
    assert climbed(case) == []
    look(TUESDAY + LATE)
    assert climbed(case) == [(1, "unit_lead")]
    assert len(escalations(case)) == 2


def test_what_was_done_is_no_longer_escalated(cast: Cast, case: Case) -> None:
    lead_of(cast)
    look(DUE + LATE)
    cast.finish(case, DUE + timedelta(hours=1))
    look(DUE + timedelta(hours=2))

    assert climbed(case) == []
    look(TUESDAY + timedelta(days=30))
    assert len(escalations(case)) == 1


# -- Confidential -------------------------------------------------------------------------------------------


def test_a_confidential_case_comes_to_nobody_who_may_not_see_it(cast: Cast, case: Case) -> None:
    lead_of(cast), cast.overseer
    actions.hide_case(
        case, handlers=[cast.duty_chief, cast.clerk], by=cast.duty_chief, at=NOON + timedelta(hours=5)
    )
    look(TUESDAY + LATE)

    told = {pk for event in escalations(case) for pk in event.payload.data["to"]}
    assert told == {cast.duty_chief.pk}


# -- Halfway, together, changed ladders ----------------------------------------------------------------------


def test_killed_halfway_leaves_nothing_and_the_next_look_does_it_once(cast: Cast, case: Case) -> None:
    lead_of(cast)
    look(DUE - LATE)
    with (
        patch.object(planning, "plan_clocks", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        look(DUE + LATE)
    assert (climbed(case), escalations(case)) == ([], [])

    look(DUE + LATE)
    assert climbed(case) == [(1, "unit_lead")]
    assert len(escalations(case)) == 1


def test_one_matter_with_a_fault_does_not_keep_the_others_from_being_told(cast: Cast, case: Case) -> None:
    other = cast.case_at(Stage.HANDLING)
    first = clocks.running(case)["handle"].pk
    real = escalate

    def faulty(subject: Case, **more: object) -> Escalation:
        if subject.pk == case.pk:
            raise RuntimeError("a fault of ours")
        return real(subject, **more)  # type: ignore[arg-type]

    with patch.object(looking, "escalate", faulty):
        done = look(DUE + LATE)

    assert (done.failed, climbed(case), len(climbed(other))) == (1, [], 1)
    look(DUE + LATE + looking.AGAIN)
    assert climbed(case) == [(1, "duty_chief")]
    assert Clock.objects.get(pk=first).watch_at is not None


def test_two_that_look_at_once_cannot_climb_a_rung_twice(cast: Cast, case: Case) -> None:
    look(DUE + LATE)
    rung = Rung.objects.get(ladder__clock="handle", ordinal=1)
    clock = clocks.running(case)["handle"]

    with pytest.raises(IntegrityError, match="escalation_once"), transaction.atomic():
        escalate(case, clock=clock, rung=rung, ladder=[rung], at=DUE + LATE)
    assert len(escalations(case)) == 1


def test_a_changed_ladder_holds_for_the_clocks_that_run(cast: Cast, case: Case) -> None:
    look(DUE - timedelta(days=1))
    Rung.objects.filter(ladder__clock="handle", ordinal=1).update(after_percent=150)
    look(DUE + LATE)
    assert climbed(case) == []

    look(MONDAY + LATE)
    assert [ordinal for ordinal, _role in climbed(case)] == [1, 2]


def test_a_step_is_not_refused_as_stale_because_the_case_was_escalated_meanwhile(
    cast: Cast, case: Case
) -> None:
    lead_of(cast)
    seen = case.event_seq
    look(DUE + LATE)
    cast.after_photo(case, DUE)
    actions.finish_case(case, result="已更换灯泡", by=cast.clerk, at=DUE + timedelta(hours=1), seen=seen)

    assert Case.objects.get(pk=case.pk).stage == Stage.CHECKING


# -- How much it costs --------------------------------------------------------------------------------------


def test_what_is_not_due_is_not_looked_at(
    cast: Cast, case: Case, django_assert_max_num_queries: object
) -> None:
    look(NOON + timedelta(hours=5))
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        done = look(NOON + timedelta(hours=6))

    assert (done.planned, done.climbed, done.reminded) == (0, 0, 0)
