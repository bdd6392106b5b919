"""The clock of a stage or a whole case: facts in, due moment, light and reminder out.

The measure. A limit is turned once, at its start, into the moment it would be due without pauses;
from there on everything is counted on one scale: real time when nothing but urgent hours and
calendar days is involved, working time otherwise. Pauses, use before a rework, the amber moment and
what remains are all stretches of that scale, so pauses add up however they are cut.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from .calendar import Calendar
from .limits import IN_WORKING_TIME, Limit, LimitKind
from .moments import DAY, HOUR, MICROSECOND, from_micros, to_micros
from .working_time import RealTime, WorkingTime

Scale = RealTime | WorkingTime
REAL_TIME = RealTime()


@dataclass(frozen=True, slots=True)
class Pause:
    """A suspension; one that still lasts has no end."""

    from_at: datetime
    to_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """The facts of one clock.

    `added` holds limits that follow on from `limit`: extensions granted, or, for the clock of a whole
    case, the limits of the later stages. `used_before` is what an earlier attempt has used up, on the
    clock's own scale.
    """

    started_at: datetime
    limit: Limit
    pauses: tuple[Pause, ...] = ()
    added: tuple[Limit, ...] = ()
    used_before: timedelta = timedelta(0)

    @property
    def limits(self) -> tuple[Limit, ...]:
        """All limits in their order."""
        return (self.limit, *self.added)

    @property
    def round_the_clock(self) -> bool:
        """Whether nights and rest days count for everything, reminders included."""
        return all(limit.kind == LimitKind.URGENT_HOURS for limit in self.limits)


@dataclass(frozen=True, slots=True)
class Due:
    """When something is due and when its light turns amber, in UTC; None while a pause without end lies before it.

    Provisional when the computation read a year whose rest days are not published yet.
    """

    at: datetime | None
    amber_at: datetime | None
    provisional: bool = False


class Light(StrEnum):
    """Green up to 80 % used, amber up to 100 %, red above."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


def due(calendar: Calendar, facts: Running) -> Due:
    """When the limit is used up, pauses and extensions included."""
    reckoning = Reckoning(calendar, facts)
    at = reckoning.due()
    amber = reckoning.moment_when_used(-(-reckoning.total(at) * 4 // 5))
    if at is not None and amber is not None:
        amber = min(amber, at)
    return Due(_moment(at), _moment(amber), reckoning.provisional(at))


def used(calendar: Calendar, facts: Running, at: datetime) -> timedelta:
    """How much is used up at a moment, on the clock's own scale: real time, or working time."""
    return Reckoning(calendar, facts).used(to_micros(at)) * MICROSECOND


def total(calendar: Calendar, facts: Running) -> timedelta:
    """The whole limit on the clock's own scale: what is used up at the due moment."""
    reckoning = Reckoning(calendar, facts)
    return reckoning.total(reckoning.due()) * MICROSECOND


def remaining(calendar: Calendar, facts: Running, at: datetime) -> timedelta:
    """What is left at a moment, on the clock's own scale; below zero when overdue."""
    return total(calendar, facts) - used(calendar, facts, at)


def light(due_at: datetime | None, amber_at: datetime | None, now: datetime) -> Light:
    """The light at a moment, from the two moments that `due` found."""
    if due_at is not None and now > due_at:
        return Light.RED
    if amber_at is not None and now > amber_at:
        return Light.AMBER
    return Light.GREEN


def after_extension(facts: Running, extension: Limit) -> Running:
    """The clock with an extension granted."""
    return replace(facts, added=(*facts.added, extension))


def after_rework(
    calendar: Calendar, facts: Running, *, finished_at: datetime, restarted_at: datetime
) -> Running:
    """The clock of a rework: what was left when the work was reported done, at least a quarter of the limit.

    A given due moment stays as it is.
    """
    if facts.limit.kind == LimitKind.GIVEN:
        return facts
    fresh = replace(facts, started_at=restarted_at, pauses=(), used_before=timedelta(0))
    at_most = total(calendar, fresh) * 3 / 4
    return replace(fresh, used_before=min(used(calendar, facts, finished_at), at_most))


class Reckoning:
    """One computation over one clock; all moments in microseconds since 1970."""

    def __init__(self, calendar: Calendar, facts: Running) -> None:
        self.calendar = calendar
        self.facts = facts
        self.started = to_micros(facts.started_at)
        self.begins = self._begin()
        self.scale = self._choose_scale()
        self.bare = self._bare_due()
        self.at_begin = self.scale.position(self.begins)
        self.at_bare = self.scale.position(self.bare)
        self.used_before = facts.used_before // MICROSECOND
        self.pauses = self._pauses() if facts.pauses else []

    def due(self) -> int | None:
        """The moment the limit is used up; None when a pause without end comes first."""
        limit = self.facts.limit
        if limit.kind == LimitKind.GIVEN:
            return self.bare
        moment = self.moment_when_used(self.at_bare - self.at_begin, last=self._due_at_a_shift_start())
        if moment is None or not limit.by_whole_days or moment == self.bare:
            return moment
        return self._close_of(max([moment, *(end for start, end in self.pauses if end and start < moment)]))

    def total(self, due: int | None) -> int:
        """The whole limit on the scale."""
        if due is not None and self.facts.limit.by_whole_days:
            return self.used(due)  # pauses end somewhere in a day, statutory limits at its close
        return max(self.at_bare - self.at_begin, 0)

    def used(self, at: int) -> int:
        """What is used up at a moment."""
        position = self.scale.position
        until = position(max(at, self.begins))
        paused = sum(
            (until if end is None or end > at else position(end)) - position(start)
            for start, end in self.pauses
            if start < at
        )
        return until - self.at_begin - paused + self.used_before

    def moment_when_used(self, amount: int, *, last: bool = False) -> int | None:
        """The earliest moment at which so much is used up (or the latest); None when a pause without end comes first."""
        on_clock: Callable[[int], int] = self.scale.last if last else self.scale.first
        wanted = self.at_begin + amount - self.used_before
        if wanted <= self.at_begin:
            return self.begins
        moment = on_clock(wanted)
        for start, end in self.pauses:
            if start >= moment:
                break
            if end is None:
                return None
            wanted += self.scale.position(end) - self.scale.position(start)
            moment = on_clock(wanted)
        return moment

    def provisional(self, due: int | None) -> bool:
        """Whether an unpublished year was read on the way to the due moment."""
        until = self.bare if due is None else due
        if self.facts.limit.kind == LimitKind.GIVEN:
            return False
        if self.scale is not REAL_TIME:
            return self.calendar.has_provisional_year(self.begins, until)
        whole_days = any(limit.by_whole_days for limit in self.facts.limits)
        return whole_days and self.calendar.has_provisional_year(until, until)

    def _begin(self) -> int:
        """Statutory limits leave out the start day."""
        if not self.facts.limit.by_whole_days:
            return self.started
        return self.calendar.midnight(self.calendar.local(self.started).date() + timedelta(days=1))

    def _choose_scale(self) -> Scale:
        kinds = {limit.kind for limit in self.facts.limits}
        if LimitKind.GIVEN in kinds or kinds.isdisjoint(IN_WORKING_TIME):
            return REAL_TIME
        return self.calendar.working_time

    def _bare_due(self) -> int:
        """When the limits, one after the other, would be over without pauses."""
        moment = self.started
        for limit in self.facts.limits:
            moment = _step(self.calendar, moment, limit)
        return moment

    def _due_at_a_shift_start(self) -> bool:
        """Nine o'clock plus working days is nine o'clock, though the limit was used up the evening before."""
        if self.scale is REAL_TIME:
            return False
        return self.scale.first(self.at_bare) < self.bare == self.scale.last(self.at_bare)

    def _close_of(self, moment: int) -> int:
        """Statutory limits run to the close of business, and past rest days."""
        working_time, ordinal = self.calendar.working_time, self.calendar.local(moment).toordinal()
        close = working_time.close_of_business(ordinal)
        return close if close >= moment else working_time.close_of_business(ordinal, working_days=1)

    def _pauses(self) -> list[tuple[int, int | None]]:
        """Pauses in order, the touching ones joined, from the beginning of the clock on."""
        if self.facts.limit.kind == LimitKind.GIVEN:
            return []
        raw: list[tuple[int, int | None]] = [
            (
                max(to_micros(pause.from_at), self.begins),
                None if pause.to_at is None else to_micros(pause.to_at),
            )
            for pause in self.facts.pauses
        ]
        joined: list[tuple[int, int | None]] = []
        for start, end in sorted(raw, key=lambda pause: pause[0]):
            if end is not None and end <= start:
                continue
            if joined and ((before := joined[-1][1]) is None or start <= before):
                joined[-1] = (joined[-1][0], None if before is None or end is None else max(before, end))
            else:
                joined.append((start, end))
        return joined


def _step(calendar: Calendar, moment: int, limit: Limit) -> int:
    """One limit later, in microseconds since 1970."""
    working_time = calendar.working_time
    match limit.kind:
        case LimitKind.GIVEN if limit.due_at is not None:
            return to_micros(limit.due_at)
        case LimitKind.WORKING_HOURS:
            return working_time.first(working_time.position(moment) + int(limit.amount * HOUR))
        case LimitKind.WORKING_DAYS:
            return _working_days_later(calendar, moment, limit)
        case LimitKind.CALENDAR_DAYS:
            return _calendar_days_later(calendar, moment, limit)
        case _:
            return moment + int(limit.amount * HOUR)


def _working_days_later(calendar: Calendar, moment: int, limit: Limit) -> int:
    local, whole = calendar.local(moment), int(limit.amount)
    working_time = calendar.working_time
    if limit.by_whole_days:
        return working_time.close_of_business(local.toordinal(), working_days=whole)
    if whole:
        moment = working_time.same_clock(local, whole)
    part = Decimal(limit.amount) - whole
    return working_time.share_of_day(moment, *part.as_integer_ratio()) if part else moment


def _calendar_days_later(calendar: Calendar, moment: int, limit: Limit) -> int:
    local, whole = calendar.local(moment), int(limit.amount)
    if limit.by_whole_days:
        return calendar.working_time.close_of_business(local.toordinal() + whole)
    later = datetime.combine(date.fromordinal(local.toordinal() + whole), local.timetz())
    return to_micros(later) + int((limit.amount - whole) * DAY)


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
