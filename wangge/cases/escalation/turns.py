"""The turns of one clock: its reminders and the rungs of its ladder, each with its moment. Reads no database."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from wangge.cases import deadlines
from wangge.cases.models import ReminderRule, Rung

# Two reminders closer than this are one.
APART = timedelta(minutes=30)
# A reminder planned for the end of a shift may be sent so much after it.
GRACE = timedelta(minutes=5)


@dataclass(frozen=True)
class Turn:
    """What is to happen to a clock, and when: a rung is climbed or a reminder sent."""

    at: datetime
    what: Rung | ReminderRule


@dataclass(frozen=True)
class Book:
    """The rungs and rules in force, by kind of clock."""

    rungs: dict[str, Sequence[Rung]]
    rules: dict[str, Sequence[ReminderRule]]


def rung_at(calendar: deadlines.Calendar, facts: deadlines.Running, rung: Rung) -> datetime | None:
    """When a rung's turn comes for a clock; None while it is paused without end."""
    if rung.after_percent is not None:
        return deadlines.moment_at_share(calendar, facts, rung.after_percent)
    assert rung.after_amount is not None, "the constraint on rungs"
    later = deadlines.Limit(deadlines.LimitKind(rung.after_kind), rung.after_amount)
    return deadlines.moment_after_due(calendar, facts, later)


def rungs_ahead(
    calendar: deadlines.Calendar, facts: deadlines.Running, rungs: Iterable[Rung], climbed: Container[int]
) -> Iterator[Turn]:
    """The rungs that are not climbed yet."""
    for rung in rungs:
        if rung.ordinal not in climbed and (at := rung_at(calendar, facts, rung)) is not None:
            yield Turn(at, rung)


def reminders_ahead(
    calendar: deadlines.Calendar,
    facts: deadlines.Running,
    rules: Iterable[ReminderRule],
    sent: Container[int],
    now: datetime,
) -> Iterator[Turn]:
    """The reminders that can still be sent before the due moment; what was missed at night waits for the morning."""
    due_at = deadlines.due(calendar, facts).at
    for planned in _spread(_planned(calendar, facts, rules)):
        assert isinstance(planned.what, ReminderRule)
        at = _sendable(calendar, facts, planned.at, now)
        if planned.what.pk not in sent and due_at is not None and at < due_at and now < due_at:
            yield Turn(at, planned.what)


def _planned(
    calendar: deadlines.Calendar, facts: deadlines.Running, rules: Iterable[ReminderRule]
) -> Iterator[Turn]:
    for rule in rules:
        if rule.after_percent is not None:
            at = deadlines.reminder_at_share(calendar, facts, rule.after_percent)
        else:
            assert rule.before_hours is not None, "the constraint on rules"
            at = deadlines.reminder_at(calendar, facts, timedelta(hours=float(rule.before_hours)))
        if at is not None:
            yield Turn(at, rule)


def _spread(turns: Iterable[Turn]) -> list[Turn]:
    """Leave out what would be said twice within half an hour."""
    ordered = sorted(turns, key=lambda turn: turn.at)
    return ordered[:1] + [later for first, later in pairwise(ordered) if later.at - first.at >= APART]


def _sendable(
    calendar: deadlines.Calendar, facts: deadlines.Running, planned: datetime, now: datetime
) -> datetime:
    """The planned moment, or when it was missed: now, or when work goes on again."""
    if now <= planned + GRACE:
        return planned
    return max(planned, deadlines.in_working_time(calendar, facts, now))
