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


def rung_at(course: deadlines.Course, rung: Rung) -> datetime | None:
    """When a rung's turn comes for a clock; None while it is paused without end."""
    if rung.after_percent is not None:
        return course.at_share(rung.after_percent)
    assert rung.after_amount is not None, "the constraint on rungs"
    return course.after_due(deadlines.Limit(deadlines.LimitKind(rung.after_kind), rung.after_amount))


def rungs_ahead(course: deadlines.Course, rungs: Iterable[Rung], climbed: Container[int]) -> Iterator[Turn]:
    """The rungs that are not climbed yet."""
    for rung in rungs:
        if rung.ordinal not in climbed and (at := rung_at(course, rung)) is not None:
            yield Turn(at, rung)


def reminders_ahead(
    course: deadlines.Course, rules: Iterable[ReminderRule], sent: Container[int], now: datetime
) -> Iterator[Turn]:
    """The reminders that can still be sent before the due moment; what was missed at night waits for the morning."""
    due_at = course.due_at
    if due_at is None or due_at <= now:
        return
    for planned in _spread(_planned(course, rules)):
        assert isinstance(planned.what, ReminderRule)
        at = _sendable(course, planned.at, now)
        if planned.what.pk not in sent and at < due_at:
            yield Turn(at, planned.what)


def _planned(course: deadlines.Course, rules: Iterable[ReminderRule]) -> Iterator[Turn]:
    for rule in rules:
        if rule.after_percent is not None:
            at = course.reminder_at_share(rule.after_percent)
        else:
            assert rule.before_hours is not None, "the constraint on rules"
            at = course.reminder_before(timedelta(hours=float(rule.before_hours)))
        if at is not None:
            yield Turn(at, rule)


def _spread(turns: Iterable[Turn]) -> list[Turn]:
    """Leave out what would be said twice within half an hour."""
    ordered = sorted(turns, key=lambda turn: turn.at)
    return ordered[:1] + [later for first, later in pairwise(ordered) if later.at - first.at >= APART]


def _sendable(course: deadlines.Course, planned: datetime, now: datetime) -> datetime:
    """The planned moment, or when it was missed: now, or when work goes on again."""
    if now <= planned + GRACE:
        return planned
    return max(planned, course.in_working_time(now))
