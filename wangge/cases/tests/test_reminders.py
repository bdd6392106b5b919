"""Reminders before a deadline: in working time, once, to whoever has it in hand; for urgent limits round the clock."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from wangge.accounts.models import Account, Role
from wangge.cases import actions, clocks, deadlines
from wangge.cases.escalation.looking import look
from wangge.cases.models import Case, ClockKind, DeskShift, Ladder, Reminder, ReminderRule
from wangge.cases.tests.cast import NOON, SHANGHAI, Cast
from wangge.cases.workflow import Stage
from wangge.notifications.models import Notice

pytestmark = pytest.mark.django_db


def june(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, day, hour, minute, tzinfo=SHANGHAI)


def dispatched(cast: Cast, at: datetime, kind: str, amount: str) -> Case:
    """A lamp dispatched at a moment with a limit of one's choice; only reminders of handling are in force."""
    Ladder.objects.update(in_force=False)
    ReminderRule.objects.exclude(clock=ClockKind.HANDLE).delete()
    condition = cast.condition
    condition.limit_kind, condition.limit_amount = kind, Decimal(amount)
    condition.save()
    cast.clerk  # noqa: B018
    case = actions.file_report(cast.report(at=at), condition=condition, by=cast.duty_chief, at=at)
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=at)
    return case


def told() -> list[tuple[str, datetime]]:
    rows = Notice.objects.filter(wording="reminder").order_by("shown_at", "recipient")
    return [(name, at) for name, at in rows.values_list("recipient__username", "shown_at")]


def look_every_half_hour(start: datetime, end: datetime) -> None:
    moment = start
    while moment <= end:
        look(moment)
        moment += timedelta(minutes=30)


def test_a_reminder_one_hour_before_monday_morning_goes_out_on_friday_afternoon(cast: Cast) -> None:
    """Worked example 3: due on Monday at 9:30, one working hour before is Friday 17:30; never at night."""
    ReminderRule.objects.filter(after_percent=80).delete()
    case = dispatched(cast, june(12, 10, 30), "working_hours", "7")  # 1.5 + 5 + 0.5
    assert clocks.running(case)["handle"].due_at == june(15, 9, 30)

    look_every_half_hour(june(12, 10, 30), june(15, 9, 30))

    assert told() == [("clerk", june(12, 17, 30))]


def test_an_urgent_limit_reminds_whoever_is_on_duty_at_night(cast: Cast) -> None:
    """Worked example 5: two urgent hours from Saturday 23:30."""
    actions.add_shift(
        cast.place.county, role="acceptor", account=cast.acceptor, starts_at=june(13, 20), ends_at=june(14, 8),
        by=cast.duty_chief, at=NOON,
    )  # fmt: skip
    case = dispatched(cast, june(13, 23, 30), "urgent_hours", "2")
    assert clocks.running(case)["handle"].due_at == june(14, 1, 30)

    look_every_half_hour(june(13, 23, 30), june(14, 1, 30))

    assert told()[:2] == [("acceptor", june(14, 0, 30)), ("clerk", june(14, 0, 30))]
    assert Notice.objects.filter(wording="reminder", urgent=True).count() == len(told())


def test_with_nobody_on_the_roster_the_desk_is_reminded_of_what_nobody_has(cast: Cast) -> None:
    case = dispatched(cast, june(13, 23, 30), "urgent_hours", "2")
    Account.objects.filter(pk=cast.clerk.pk).update(is_active=False)
    assert not DeskShift.objects.exists()

    look(june(14, 0, 31))

    assert {name for name, _at in told()} == {"duty_chief", "dispatcher"}
    assert Case.objects.get(pk=case.pk).stage == Stage.DISPATCHED


def test_eighty_per_cent_and_one_hour_before_are_two_reminders_and_each_is_sent_once(cast: Cast) -> None:
    dispatched(cast, NOON, "working_days", "2")  # due on Friday at ten, 80 % on Thursday 15:48

    look_every_half_hour(NOON, june(12, 10))

    assert [at for _name, at in told()] == [june(11, 16), june(12, 9)]
    assert Reminder.objects.count() == 2


def test_two_reminders_within_half_an_hour_are_one(cast: Cast) -> None:
    dispatched(cast, NOON, "working_hours", "4")  # due at 15:00; one hour before 14:00, 80 % at 14:12

    look_every_half_hour(NOON, june(10, 15))

    assert [at for _name, at in told()] == [june(10, 14)]


def test_a_reminder_missed_at_night_waits_for_the_morning(cast: Cast) -> None:
    """The worker stood still from Thursday noon to midnight: nobody is woken, and nobody is told too late."""
    dispatched(cast, NOON, "working_days", "2")
    look(june(11, 12))
    look(june(11, 23, 50))
    assert told() == []

    look(june(12, 9, 1))
    assert [at for _name, at in told()] == [june(12, 9, 1)]


def test_after_the_due_moment_nobody_is_reminded(cast: Cast) -> None:
    dispatched(cast, NOON, "working_days", "2")
    look(june(12, 11))

    assert told() == []


def test_the_one_who_accepted_it_is_reminded_and_not_the_whole_unit(cast: Cast) -> None:
    case = dispatched(cast, NOON, "working_days", "2")
    cast.person("clerk2", "路灯所小马", Role.CLERK, cast.place.county, cast.lamps)
    actions.accept_case(case, by=cast.clerk, at=NOON + timedelta(hours=1))

    look(june(11, 15, 50))
    assert [name for name, _at in told()] == ["clerk"]


def test_a_finished_or_suspended_case_reminds_nobody(cast: Cast) -> None:
    case = dispatched(cast, NOON, "working_days", "2")
    actions.accept_case(case, by=cast.clerk, at=NOON + timedelta(hours=1))
    actions.ask_suspension(
        case, until=NOON + timedelta(days=9), reason="等材料", by=cast.clerk, at=june(10, 15)
    )
    actions.suspend_case(case, by=cast.duty_chief, at=june(10, 15))
    look_every_half_hour(june(11, 12), june(12, 12))
    assert told() == []


def test_more_time_is_reminded_of_anew(cast: Cast) -> None:
    case = dispatched(cast, NOON, "working_days", "2")
    look(june(11, 15, 50))
    actions.ask_extension(
        case,
        limit=clocks.LimitOf("working_days", Decimal(2)),
        reason="等材料",
        by=cast.clerk,
        at=june(11, 16),
    )
    actions.extend_case(case, by=cast.dispatcher, at=june(11, 16))
    look_every_half_hour(june(11, 16), june(16, 10))

    assert len(told()) == 3
    assert Reminder.objects.values("due_at").distinct().count() == 2


def test_a_reminder_of_a_confidential_matter_says_nothing_of_it(cast: Cast) -> None:
    case = dispatched(cast, NOON, "working_days", "2")
    actions.hide_case(
        case, handlers=[cast.clerk, cast.duty_chief], by=cast.duty_chief, at=NOON + timedelta(hours=1)
    )
    look(june(11, 15, 50))

    notice = Notice.objects.get(subject_id=case.pk, recipient=cast.clerk, wording="confidential")
    assert notice.words == {}


# -- The engine ----------------------------------------------------------------------------------------------


def test_a_share_is_reminded_of_in_working_time_though_it_falls_on_a_sunday(cast: Cast) -> None:
    """Five calendar days from Wednesday 10:00: 80 % is Sunday 10:00, due on Monday 10:00; work begins at nine."""
    calendar = clocks.calendar_for("").calendar
    facts = deadlines.Running(NOON, deadlines.Limit(deadlines.LimitKind.CALENDAR_DAYS, 5))

    assert deadlines.due(calendar, facts).at == june(15, 10)
    assert deadlines.Course(calendar, facts).reminder_at_share(80) == june(15, 9)


def test_a_share_is_reminded_of_before_the_weekend_when_it_is_due_on_it(cast: Cast) -> None:
    calendar = clocks.calendar_for("").calendar
    facts = deadlines.Running(NOON, deadlines.Limit(deadlines.LimitKind.CALENDAR_DAYS, 4))

    assert deadlines.due(calendar, facts).at == june(14, 10)
    assert deadlines.Course(calendar, facts).reminder_at_share(80) == june(12, 18)


def test_a_share_of_an_urgent_limit_is_reminded_of_at_night(cast: Cast) -> None:
    calendar = clocks.calendar_for("").calendar
    facts = deadlines.Running(june(13, 23), deadlines.Limit(deadlines.LimitKind.URGENT_HOURS, 5))

    assert deadlines.Course(calendar, facts).reminder_at_share(80) == june(14, 3)


def test_no_moment_to_send_means_no_reminder(cast: Cast) -> None:
    """Saturday morning, due on Sunday: there is no working time between."""
    calendar = clocks.calendar_for("").calendar
    facts = deadlines.Running(june(13, 10), deadlines.Limit(deadlines.LimitKind.CALENDAR_DAYS, 1))

    assert deadlines.Course(calendar, facts).reminder_at_share(80) is None


def test_time_after_the_due_moment_leaves_pauses_out(cast: Cast) -> None:
    calendar = clocks.calendar_for("").calendar
    pause = deadlines.Pause(june(12, 12), june(17, 9))
    facts = deadlines.Running(NOON, deadlines.Limit(deadlines.LimitKind.WORKING_DAYS, 2), pauses=(pause,))
    later = deadlines.Limit(deadlines.LimitKind.WORKING_HOURS, 4)

    assert deadlines.due(calendar, facts).at == june(12, 10)
    assert deadlines.Course(calendar, facts).after_due(later) == june(17, 11)


def test_a_share_above_a_hundred_lies_after_the_due_moment(cast: Cast) -> None:
    calendar = clocks.calendar_for("").calendar
    facts = deadlines.Running(NOON, deadlines.Limit(deadlines.LimitKind.WORKING_HOURS, 4))

    assert deadlines.Course(calendar, facts).at_share(50) == june(10, 12)
    assert deadlines.Course(calendar, facts).at_share(100) == deadlines.due(calendar, facts).at
    assert deadlines.Course(calendar, facts).at_share(150) == june(10, 17)
