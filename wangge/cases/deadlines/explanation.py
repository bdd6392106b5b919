"""Explain my deadline: the arithmetic of a due moment, line by line, in no language yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from .calendar import Calendar, DayMark
from .clock import REAL_TIME, Reckoning, Running
from .limits import LimitKind
from .moments import MICROSECOND, from_micros

MOST_LINES = 40


class Note(StrEnum):
    """What a line is about; the page has the words."""

    USED_BEFORE = "used_before"  # by the attempt before a rework
    START_DAY = "start_day"  # left out by law
    ROUND_THE_CLOCK = "round_the_clock"
    CALENDAR_DAYS = "calendar_days"
    SHIFT = "shift"  # part of a working day
    WORKING_DAYS = "working_days"  # whole working days, `days` of them
    MAKE_UP_DAY = "make_up_day"  # whole or part of a make-up working day; `name` is its holiday
    WEEKEND = "weekend"
    REST_DAY = "rest_day"  # a marked rest day; `name` is its holiday
    ROLLED = "rolled"  # a statutory limit that would end on a rest day
    PAUSED = "paused"
    SPAN = "span"  # many lines in one: `days` days with work
    GIVEN = "given"  # the moment was given and is not computed


@dataclass(frozen=True, slots=True)
class Line:
    """One line: from when to when (UTC), how much of the limit it used and how much is left after it.

    `to_at` is None for a pause that still lasts. The counted amounts of all lines add up to the limit.
    """

    from_at: datetime
    to_at: datetime | None
    note: Note
    counted: timedelta = timedelta(0)
    left: timedelta = timedelta(0)
    name: str = ""
    days: int = 0
    provisional: bool = False


def explain(calendar: Calendar, facts: Running) -> list[Line]:
    """The arithmetic of the due moment in at most 40 lines; what counts nothing between two shifts is left out."""
    reckoning = Reckoning(calendar, facts)
    due = reckoning.due()
    lines = _shortened([*_opening(reckoning), *_stretches(reckoning, due)])
    left = reckoning.total(due) * MICROSECOND
    told = []
    for line in lines:
        left -= line.counted
        told.append(replace(line, left=left))
    return told


def _opening(reckoning: Reckoning) -> Iterator[Line]:
    started, begins = from_micros(reckoning.started), from_micros(reckoning.begins)
    if begins > started:
        yield Line(started, begins, Note.START_DAY)
    if reckoning.used_before:
        yield Line(begins, begins, Note.USED_BEFORE, reckoning.facts.used_before)


def _stretches(reckoning: Reckoning, due: int | None) -> Iterator[Line]:
    """Running and paused stretches in turn, until the due moment or a pause without end."""
    at = reckoning.begins
    for start, end in reckoning.pauses:
        if due is not None and start >= due:
            break
        yield from _running(reckoning, at, start)
        yield Line(from_micros(start), None if end is None else from_micros(end), Note.PAUSED)
        if end is None:
            return
        at = end
    if due is not None:
        yield from _running(reckoning, at, due)


def _running(reckoning: Reckoning, start: int, end: int) -> Iterator[Line]:
    if end <= start:
        return iter(())
    if reckoning.scale is REAL_TIME:
        return _in_real_time(reckoning, start, end)
    return _joined(_day_by_day(reckoning.calendar, start, end))


def _in_real_time(reckoning: Reckoning, start: int, end: int) -> Iterator[Line]:
    rolls = _rolls_from(reckoning, end)
    if rolls is not None and start < rolls < end:
        yield _real_line(reckoning, start, rolls)
        yield replace(_real_line(reckoning, rolls, end), note=Note.ROLLED, days=0)
    else:
        yield _real_line(reckoning, start, end)


def _real_line(reckoning: Reckoning, start: int, end: int) -> Line:
    facts, calendar = reckoning.facts, reckoning.calendar
    line = Line(from_micros(start), from_micros(end), Note.ROUND_THE_CLOCK, (end - start) * MICROSECOND)
    if facts.limit.kind == LimitKind.GIVEN:
        return replace(line, note=Note.GIVEN)
    if facts.round_the_clock:
        return line
    days = (calendar.local(end).date() - calendar.local(start).date()).days
    provisional = facts.limit.by_whole_days and calendar.has_provisional_year(end, end)
    return replace(line, note=Note.CALENDAR_DAYS, days=days, provisional=provisional)


def _rolls_from(reckoning: Reckoning, end: int) -> int | None:
    """The beginning of the rest days that a statutory limit in calendar days rolls past, if it does."""
    limit, calendar = reckoning.facts.limit, reckoning.calendar
    if not limit.by_whole_days or reckoning.pauses or reckoning.facts.added or reckoning.used_before:
        return None
    last_day = calendar.local(reckoning.started).date() + timedelta(days=int(limit.amount))
    return calendar.midnight(last_day) if calendar.local(end).date() > last_day else None


def _day_by_day(calendar: Calendar, start: int, end: int) -> Iterator[Line]:
    """Each shift of a day that is only partly counted, and one line for every other day."""
    day, last = calendar.local(start).date(), calendar.local(end).date()
    while day <= last:
        shifts = calendar.working_time.shifts(day.toordinal())
        counted = [(max(start, a), min(end, b)) for a, b in shifts if a < end and b > start]
        whole = bool(shifts) and counted == shifts
        opens, closes = (
            max(start, calendar.midnight(day)),
            min(end, calendar.midnight(day + timedelta(days=1))),
        )
        if whole:
            yield _work_line(
                calendar, day, shifts[0][0], shifts[-1][1], sum(b - a for a, b in shifts), days=1
            )
        elif shifts:
            for a, b in counted:
                yield _work_line(calendar, day, a, b, b - a)
        elif opens < closes:
            yield _rest_line(calendar, day, opens, closes)
        day += timedelta(days=1)


def _work_line(calendar: Calendar, day: date, start: int, end: int, counted: int, days: int = 0) -> Line:
    mark = calendar.days.get(day)
    note = Note.WORKING_DAYS if days else Note.SHIFT
    if mark is not None and day.weekday() in calendar.weekly_rest:
        note = Note.MAKE_UP_DAY
    line = Line(from_micros(start), from_micros(end), note, counted * MICROSECOND, days=days)
    return _marked(calendar, line, day, mark)


def _rest_line(calendar: Calendar, day: date, start: int, end: int) -> Line:
    mark = calendar.days.get(day)
    note = Note.WEEKEND if mark is None and not calendar.is_working_day(day) else Note.REST_DAY
    return _marked(calendar, Line(from_micros(start), from_micros(end), note), day, mark)


def _marked(calendar: Calendar, line: Line, day: date, mark: DayMark | None) -> Line:
    return replace(line, name=mark.name if mark else "", provisional=day.year not in calendar.published)


def _joined(lines: Iterable[Line]) -> Iterator[Line]:
    """Neighbouring lines about the same thing as one; single shifts stay apart."""
    numbered = ((line, at if line.counted and not line.days else -1) for at, line in enumerate(lines))
    for _, group in groupby(
        numbered, lambda pair: (pair[0].note, pair[0].name, pair[0].provisional, pair[1])
    ):
        run = [line for line, _ in group]
        yield run[0] if len(run) == 1 else _one_line(run, run[0].note, run[0].name)


def _shortened(lines: list[Line]) -> list[Line]:
    """The beginning and the end in full, the long middle in one line."""
    if len(lines) <= MOST_LINES:
        return lines
    keep = (MOST_LINES - 1) // 2
    return [*lines[:keep], _one_line(lines[keep:-keep], Note.SPAN, ""), *lines[-keep:]]


def _one_line(run: list[Line], note: Note, name: str) -> Line:
    return Line(
        run[0].from_at,
        run[-1].to_at,
        note,
        sum((line.counted for line in run), timedelta(0)),
        name=name,
        days=sum(line.days for line in run),
        provisional=any(line.provisional for line in run),
    )
