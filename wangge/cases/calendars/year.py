"""A calendar as a page shows it: the year at one look, the next thirty days, its hours."""

from __future__ import annotations

import calendar as almanac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wangge.accounts.models import Account
from wangge.cases import clocks, deadlines
from wangge.cases.calendars import words
from wangge.cases.calendars.hours import weekday_letters, weekday_names, weekdays_words
from wangge.cases.calendars.plan import Day, Plan
from wangge.cases.deadlines import Shift
from wangge.cases.models import Calendar, CalendarChange, CalendarDay, CalendarYear

NEXT_DAYS = 30
FIRST_YEAR, YEARS_AHEAD = 2004, 3


@dataclass(frozen=True)
class Cell:
    """One day of the year: what it is, why, and how it is told without colours."""

    day: date
    kind: str  # work, rest
    marked: bool
    sign: str  # one letter: a rest day, a make-up day; "" for days that are what their weekday says
    name: str
    emergency: bool
    is_today: bool
    is_planned: bool
    words: str  # for screen readers and the hint

    @property
    def css(self) -> str:
        """How it looks."""
        flags = (
            (self.marked, "marked"),
            (self.emergency, "emergency"),
            (self.is_today, "today"),
            (self.is_planned, "planned"),
        )
        return " ".join([self.kind, *(name for holds, name in flags if holds)])


@dataclass(frozen=True)
class Month:
    """One month: its name, its weeks from Monday (None: a day of another month), its working days."""

    number: int
    name: str
    weeks: Sequence[Sequence[Cell | None]]
    working_days: int


@dataclass(frozen=True)
class YearPage:
    """A whole year."""

    year: int
    published: bool
    months: Sequence[Month]
    letters: Sequence[tuple[str, str]]  # short and long
    working_days: int
    emergencies: Sequence[CalendarDay]
    years: Sequence[int]  # that the page offers

    @property
    def before(self) -> int | None:
        return self.year - 1 if self.year - 1 in self.years else None

    @property
    def after(self) -> int | None:
        return self.year + 1 if self.year + 1 in self.years else None


@dataclass(frozen=True)
class Ahead:
    """One of the next days: what it is and how long work lasts."""

    cell: Cell
    weekday: str
    hours: str
    provisional: bool


class _Days:
    """Cells of one calendar, with what a person plans drawn in."""

    def __init__(self, calendar: Calendar, today: date, planned: Plan | None) -> None:
        self.computing = clocks.calendar_from(calendar)
        self.today = today
        self.planned: Mapping[date, Day] = {day.date: day for day in planned.days} if planned else {}
        sources = [source for source in (calendar.base, calendar) if source is not None]
        self.stored = {day.day: day for source in sources for day in source.days.all()}

    def cell(self, day: date) -> Cell:
        kind = "work" if self.computing.is_working_day(day) else "rest"
        stored, planned = self.stored.get(day), self.planned.get(day)
        sign = "" if stored is None else _sign(kind)
        return Cell(
            day=day,
            kind=kind,
            marked=stored is not None,
            sign=sign,
            name=stored.name if stored else "",
            emergency=stored.emergency if stored else False,
            is_today=day == self.today,
            is_planned=planned is not None,
            words=self._words(day, kind, stored, planned),
        )

    def _words(self, day: date, kind: str, stored: CalendarDay | None, planned: Day | None) -> str:
        emergency = stored.emergency if stored else False
        what = words.kind_words(kind, emergency=emergency)
        parts = [f"{day}", weekday_names()[day.weekday()], what]
        parts += [stored.name] if stored and stored.name else []
        if planned is not None:
            parts.append(_("planned: %(kind)s") % {"kind": words.kind_words(planned.kind)})
        return ", ".join(parts)


def _sign(kind: str) -> str:
    return pgettext("sign of a make-up day", "W") if kind == "work" else pgettext("sign of a rest day", "R")


def today_in(calendar: Calendar, at: datetime) -> date:
    """The day it is where a calendar holds."""
    return at.astimezone(ZoneInfo(calendar.time_zone)).date()


def years_of(calendar: Calendar, at: datetime) -> list[int]:
    """The years that the page offers, oldest first."""
    marked = calendar.days.order_by("day").values_list("day__year", flat=True)
    this = today_in(calendar, at).year
    first = min([this, *(year for year in [marked.first()] if year)])
    return list(range(max(first, FIRST_YEAR), this + YEARS_AHEAD + 1))


def year_page(calendar: Calendar, year: int, at: datetime, planned: Plan | None = None) -> YearPage:
    """The year of a calendar, month by month."""
    days = _Days(calendar, today_in(calendar, at), planned)
    months = [_month(days, year, number) for number in range(1, 13)]
    return YearPage(
        year=year,
        published=year in days.computing.published,
        months=months,
        letters=list(zip(weekday_letters(), weekday_names(), strict=True)),
        working_days=sum(month.working_days for month in months),
        emergencies=[day for day in days.stored.values() if day.emergency and day.day.year == year],
        years=years_of(calendar, at),
    )


def _month(days: _Days, year: int, number: int) -> Month:
    weeks = [
        [days.cell(date(year, number, day)) if day else None for day in week]
        for week in almanac.monthcalendar(year, number)
    ]
    working = sum(cell is not None and cell.kind == "work" for week in weeks for cell in week)
    return Month(number, words.month_words(year, number), weeks, working)


def next_days(calendar: Calendar, at: datetime) -> Iterator[Ahead]:
    """The next thirty days, with their hours."""
    today = today_in(calendar, at)
    days = _Days(calendar, today, None)
    for number in range(NEXT_DAYS):
        day = today + timedelta(days=number)
        shifts = days.computing.shifts_on(day)
        yield Ahead(
            cell=days.cell(day),
            weekday=weekday_names()[day.weekday()],
            hours=" ".join(_written(shift) for shift in shifts) or "–",
            provisional=day.year not in days.computing.published,
        )


def _written(shift: Shift) -> str:
    (h1, m1), (h2, m2) = divmod(shift.start, 60), divmod(shift.end, 60)
    return f"{h1}:{m1:02}–{h2}:{m2:02}"


def rest_words(calendar: Calendar) -> str:
    """On which days of the week nobody works."""
    return weekdays_words(calendar.weekly_rest)


def day_title(day: date) -> str:
    """A day as a heading."""
    return f"{date_format(day, 'Y-m-d')} {weekday_names()[day.weekday()]}"


def stored_day(calendar: Calendar, day: date) -> CalendarDay | None:
    """How a day is marked in this calendar, None when it is what its weekday or the followed calendar says."""
    return calendar.days.filter(day=day).first()


def marks_since(calendar: Calendar, year: int) -> list[deadlines.DayMark]:
    """The marked days from a year on, in order; those of the followed calendar where this one says nothing."""
    computing = clocks.calendar_from(calendar)
    return sorted(mark for day, mark in computing.days.items() if day.year >= year)


def open_change(calendar: Calendar, person: Account) -> CalendarChange | None:
    """What this person plans for the calendar, if anything."""
    return calendar.changes.filter(made_by=person, confirmed_at=None).first()


def is_published(calendar: Calendar, number: int) -> bool:
    """Tell whether a year is final, here or in the followed calendar."""
    sources = [calendar, *([calendar.base] if calendar.base else [])]
    return CalendarYear.objects.filter(calendar__in=sources, year=number).exists()


def as_ics(calendar: Calendar, host: str, at: datetime) -> HttpResponse:
    """A calendar as a file to subscribe to: last year's days and all later ones."""
    # Few ask for it, so no process reads the library before somebody does.
    from wangge.cases.calendars.files.ics import write_ics

    computing = clocks.calendar_from(calendar)
    content = write_ics(
        calendar.code,
        calendar.name,
        marks_since(calendar, today_in(calendar, at).year - 1),
        published=computing.published,
        host=host,
        at=at,
    )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{calendar.code.replace(":", "-")}.ics"'
    response["Cache-Control"] = "public, max-age=3600"
    return response
