"""When people work: shifts, seasons, rest days and make-up working days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from .moments import from_micros, to_micros
from .working_time import WorkingTime

MINUTES_A_DAY = 24 * 60


class DayKind(StrEnum):
    """What a marked day is, whatever its weekday says."""

    WORK = "work"
    REST = "rest"


class DayMark(NamedTuple):
    """One marked day: a rest day, or a make-up working day (调休), with the name of its holiday."""

    date: date
    kind: DayKind
    name: str = ""


class Shift(NamedTuple):
    """A stretch of work in minutes after local midnight; a night shift is written as two, meeting at 1440."""

    start: int
    end: int

    @classmethod
    def parse(cls, words: str) -> Self:
        """From "09:00-12:00"; the end may be "24:00". Raises ValueError when it is no stretch of a day."""
        start, end = (_minutes(part) for part in words.split("-"))
        return cls(start, end)


def _minutes(words: str) -> int:
    hours, minutes = words.strip().split(":")
    return int(hours) * 60 + int(minutes)


@dataclass(frozen=True, slots=True)
class Season:
    """Other shifts between two days of the year, both included; a season may run over New Year."""

    first: tuple[int, int]  # month, day
    last: tuple[int, int]
    shifts: tuple[Shift, ...]

    def covers(self, day: date) -> bool:
        """Whether the season holds on this day."""
        today = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= today <= self.last
        return today >= self.first or today <= self.last


OFFICE_HOURS = (Shift.parse("09:00-12:00"), Shift.parse("13:00-18:00"))
WEEKEND = frozenset({5, 6})


@dataclass(frozen=True, eq=False)
class Calendar:
    """The working time of one centre, or of one unit that keeps hours of its own.

    Weekends rest unless marked; marks work in both directions. A year outside `published` is
    provisional: it is computed with what is known, and every answer that reads it says so.
    Seasons are asked in order, the first that covers a day gives its shifts. Working time is
    compiled year by year when first needed, so build a calendar once for each version and keep it.
    Raises ValueError for shifts that overlap or leave the day.
    """

    zone: ZoneInfo
    days: Mapping[date, DayMark] = field(default_factory=dict, repr=False)
    published: frozenset[int] = field(default=frozenset(), repr=False)
    shifts: tuple[Shift, ...] = OFFICE_HOURS
    seasons: tuple[Season, ...] = ()
    weekly_rest: frozenset[int] = WEEKEND  # Monday is 0
    version: int = 1

    def __post_init__(self) -> None:
        for shifts in (self.shifts, *(season.shifts for season in self.seasons)):
            _check_shifts(shifts)

    @classmethod
    def of(
        cls,
        zone: ZoneInfo,
        marks: Iterable[DayMark],
        published: Iterable[int],
        *,
        shifts: tuple[Shift, ...] = OFFICE_HOURS,
        seasons: tuple[Season, ...] = (),
        weekly_rest: frozenset[int] = WEEKEND,
        version: int = 1,
    ) -> Self:
        """A calendar from a list of marked days."""
        days = {mark.date: mark for mark in marks}
        return cls(zone, days, frozenset(published), shifts, seasons, weekly_rest, version)

    @cached_property
    def working_time(self) -> WorkingTime:
        """The compiled working time of this calendar."""
        return WorkingTime(self.zone, self._shifts_in_micros)

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day: its mark decides, then its weekday."""
        mark = self.days.get(day)
        if mark is not None:
            return mark.kind == DayKind.WORK
        return day.weekday() not in self.weekly_rest

    def shifts_on(self, day: date) -> tuple[Shift, ...]:
        """The shifts of a day; none on a rest day."""
        if not self.is_working_day(day):
            return ()
        return next((season.shifts for season in self.seasons if season.covers(day)), self.shifts)

    def working_intervals(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The shifts of a local day as moments in UTC."""
        return tuple(
            (from_micros(start), from_micros(end)) for start, end in self.working_time.shifts(day.toordinal())
        )

    def local(self, micros: int) -> datetime:
        """A moment (microseconds since 1970) on the local clock."""
        return from_micros(micros).astimezone(self.zone)

    def midnight(self, day: date) -> int:
        """The beginning of a local day, in microseconds since 1970."""
        return to_micros(datetime.combine(day, time(), self.zone))

    def has_provisional_year(self, first: int, last: int) -> bool:
        """Whether a year between two moments (microseconds since 1970) is not published."""
        years = range(self.local(first).year, self.local(last).year + 1)
        return any(year not in self.published for year in years)

    def _shifts_in_micros(self, ordinal: int) -> list[tuple[int, int]]:
        day = date.fromordinal(ordinal)
        found: list[tuple[int, int]] = []
        for shift in self.shifts_on(day):
            start, end = self._at(day, shift.start), self._at(day, shift.end)
            # A change to summer time can turn two neighbouring shifts into overlapping or empty ones.
            if found:
                start = max(start, found[-1][1])
            if start < end:
                found.append((start, end))
        return found

    def _at(self, day: date, minutes: int) -> int:
        if minutes == MINUTES_A_DAY:
            return self.midnight(day + timedelta(days=1))
        return to_micros(datetime.combine(day, time(*divmod(minutes, 60)), self.zone))


def _check_shifts(shifts: tuple[Shift, ...]) -> None:
    at = 0
    for shift in shifts:
        if not at <= shift.start < shift.end <= MINUTES_A_DAY:
            raise ValueError("shifts follow one another within one day")
        at = shift.end
