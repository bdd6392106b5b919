"""The course of one clock, reckoned once and asked many times: when somebody is reminded of it, and when it is how late."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property

from .calendar import Calendar
from .clock import REAL_TIME, Reckoning, Running, Scale, due
from .limits import Limit
from .moments import MICROSECOND, from_micros, to_micros


class Course:
    """Moments of one clock, in UTC; None for those that a pause without end lies before."""

    def __init__(self, calendar: Calendar, facts: Running) -> None:
        self._calendar = calendar
        self._facts = facts
        self._reckoning = Reckoning(calendar, facts)
        self._due = self._reckoning.due()

    @property
    def due_at(self) -> datetime | None:
        """When the limit is used up."""
        return _moment(self._due)

    def at_share(self, percent: int) -> datetime | None:
        """When so many hundredths of the limit are used up, above 100 too."""
        if self._due is None or percent == 100:
            return _moment(self._due)
        at = self._reckoning.moment_when_used(-(-self._total * percent // 100))
        return _moment(min(at, self._due) if at is not None and percent < 100 else at)

    def after_due(self, later: Limit) -> datetime | None:
        """When so much time has passed since the due moment; pauses do not count."""
        if self._due is None:
            return None
        return due(self._calendar, Running(from_micros(self._due), later, pauses=self._facts.pauses)).at

    def reminder_before(self, before: timedelta) -> datetime | None:
        """When to remind of the deadline: so much working time before it, or real time for urgent hours.

        None too when there is nothing to send: the limit is shorter than that.
        """
        due_at = self._due
        if due_at is None:
            return None
        scale = self._scale_of_reminders
        wanted = scale.position(due_at) - before // MICROSECOND
        for start, end in reversed(self._reckoning.pauses):
            if end is not None and start < due_at and wanted < scale.position(end):
                wanted -= scale.position(min(end, due_at)) - scale.position(start)
        at = scale.last(wanted)
        at = at if at <= due_at else scale.first(wanted)
        return from_micros(at) if at >= self._reckoning.begins else None

    def reminder_at_share(self, percent: int) -> datetime | None:
        """When to remind after so many hundredths of the limit: in working time, before the deadline.

        None too when there is no such moment.
        """
        at, due_at = self.at_share(percent), self.due_at
        if at is None or due_at is None:
            return None
        at = self.in_working_time(at)
        if at >= due_at:
            scale = self._calendar.working_time
            at = from_micros(scale.first(scale.position(to_micros(at))))
        return at if self._facts.started_at <= at < due_at else None

    def in_working_time(self, moment: datetime) -> datetime:
        """The moment itself when work goes on or the clock runs round the clock, else when work goes on again."""
        if self._facts.round_the_clock:
            return moment
        at, scale = to_micros(moment), self._calendar.working_time
        resumes = scale.last(scale.position(at))
        return moment if resumes <= at else from_micros(resumes)

    @cached_property
    def _total(self) -> int:
        return self._reckoning.total(self._due)

    @property
    def _scale_of_reminders(self) -> Scale:
        return REAL_TIME if self._facts.round_the_clock else self._calendar.working_time


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else from_micros(micros)
