"""When a message may go out: quiet hours, a cap, one summary a day. Pure: moments in, moments out."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Habits:
    """What one person wants: quiet hours may run over midnight; `digest_at` gathers all of a day in one message."""

    zone: ZoneInfo
    quiet_from: time | None = None
    quiet_until: time | None = None
    digest_at: time | None = None
    per_hour: int = 0  # 0: without limit
    per_day: int = 0


@dataclass(frozen=True)
class Plan:
    """Send at this moment; `gather`: together with whatever else waits for it."""

    at: datetime
    gather: bool = False


def plan(habits: Habits, *, at: datetime, urgent: bool = False, last_hour: int = 0, today: int = 0) -> Plan:
    """Say when a message that is due at `at` goes out; urgent ones go at once.

    `last_hour` and `today` are how many this person got by this channel before.
    """
    if urgent:
        return Plan(at)
    if habits.digest_at is not None:
        return Plan(_next(habits, at, habits.digest_at), gather=True)
    if (over := quiet_until(habits, at)) is not None:
        return Plan(over, gather=True)
    if habits.per_day and today >= habits.per_day:
        return Plan(_loud(habits, _next(habits, at, time(0))), gather=True)
    if habits.per_hour and last_hour >= habits.per_hour:
        return Plan(_loud(habits, _next_hour(habits, at)), gather=True)
    return Plan(at)


def quiet_until(habits: Habits, at: datetime) -> datetime | None:
    """The end of the quiet hours in which a moment lies; None when it does not."""
    start, end = habits.quiet_from, habits.quiet_until
    if start is None or end is None or start == end:
        return None
    now = at.astimezone(habits.zone).time()
    quiet = start <= now < end if start < end else now >= start or now < end
    return _next(habits, at, end) if quiet else None


def day_of(habits: Habits, at: datetime) -> datetime:
    """The midnight at which the day of this moment began."""
    return at.astimezone(habits.zone).replace(hour=0, minute=0, second=0, microsecond=0)


def _loud(habits: Habits, at: datetime) -> datetime:
    return quiet_until(habits, at) or at


def _next(habits: Habits, at: datetime, clock: time) -> datetime:
    """The first moment after `at` at which clocks show this time."""
    local = at.astimezone(habits.zone)
    today = datetime.combine(local.date(), clock, habits.zone)
    return today if today > local else datetime.combine(local.date() + timedelta(days=1), clock, habits.zone)


def _next_hour(habits: Habits, at: datetime) -> datetime:
    whole = at.astimezone(habits.zone).replace(minute=0, second=0, microsecond=0)
    return whole + timedelta(hours=1)
