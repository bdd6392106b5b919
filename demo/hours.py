"""When people of the made-up district work: offices on weekdays, the desk every day, urgent matters always."""

from __future__ import annotations

from datetime import datetime, time, timedelta

OFFICE = ((time(9), time(12)), (time(13), time(18)))
DESK = ((time(8), time(20)),)
HOURS_A_DAY = 8


def _pass(at: datetime, span: timedelta, shifts: tuple[tuple[time, time], ...], weekdays: int) -> datetime:
    """The moment at which `span` of the shifts has passed since `at` (same time zone)."""
    day, left, now = at.date(), span, at
    while True:
        if day.weekday() < weekdays:
            for begins, ends in shifts:
                start = max(now, datetime.combine(day, begins, at.tzinfo))
                end = datetime.combine(day, ends, at.tzinfo)
                if start < end:
                    if left <= end - start:
                        return start + left
                    left -= end - start
        day += timedelta(days=1)


def office(at: datetime, hours: float) -> datetime:
    """So many office hours later."""
    return _pass(at, timedelta(hours=hours), OFFICE, 5)


def desk(at: datetime, minutes: float) -> datetime:
    """So many minutes of the desk's day later, weekends included."""
    return _pass(at, timedelta(minutes=minutes), DESK, 7)


def limit(at: datetime, kind: str, amount: float, share: float) -> datetime:
    """The moment at which this share of a limit is used up; holidays are left to the platform's own calendar."""
    if kind == "urgent_hours":
        return at + timedelta(hours=amount * share)
    return office(at, (amount if kind == "working_hours" else amount * HOURS_A_DAY) * share)
