"""The period of a scorecard: a month, a quarter, a year, or any days from one to another."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.common.days import midnight
from wangge.common.refusals import Refused

MONTH = re.compile(r"(\d{4})-(\d{2})")
QUARTER = re.compile(r"(\d{4})-Q([1-4])")
YEAR = re.compile(r"(\d{4})")
DAYS = re.compile(r"(\d{4}-\d{2}-\d{2})~(\d{4}-\d{2}-\d{2})")
LONGEST = 366  # days


@dataclass(frozen=True)
class Period:
    """Days from the first up to, not including, `end`; `code` is how an address names it."""

    code: str
    start: date
    end: date

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    def span(self, now: datetime) -> "Span":
        """The moments it covers so far."""
        return Span(midnight(self.start), min(midnight(self.end), max(now, midnight(self.start))), now)

    def __str__(self) -> str:
        if MONTH.fullmatch(self.code):
            return _("%(month)s/%(year)s") % {"year": self.start.year, "month": self.start.month}
        if found := QUARTER.fullmatch(self.code):
            return _("quarter %(quarter)s of %(year)s") % {"year": found[1], "quarter": found[2]}
        if YEAR.fullmatch(self.code):
            return _("the year %(year)s") % {"year": self.code}
        return f"{self.start:%Y-%m-%d} – {self.last:%Y-%m-%d}"


@dataclass(frozen=True)
class Span:
    """From one moment up to another, as known at a third."""

    start: datetime
    end: datetime
    now: datetime

    @property
    def days(self) -> float:
        return max((self.end - self.start) / timedelta(days=1), 1.0)


def month_of(day: date) -> Period:
    """The month a day lies in."""
    first = day.replace(day=1)
    return Period(f"{first:%Y-%m}", first, _months_on(first, 1))


def month_before(day: date) -> Period:
    """The month before the one a day lies in."""
    return month_of(day.replace(day=1) - timedelta(days=1))


def read_period(code: str) -> Period:
    """Read a period from its code: 2026-10, 2026-Q4, 2026, or 2026-10-01~2026-10-15. Raises Refused."""
    try:
        return _read(code.strip())
    except (ValueError, OverflowError) as error:
        raise Refused(
            _("A period is a month (2026-10), a quarter (2026-Q4), a year (2026) or two days."),
            field="period",
        ) from error


def _read(code: str) -> Period:
    if found := MONTH.fullmatch(code):
        return month_of(date(int(found[1]), int(found[2]), 1))
    if found := QUARTER.fullmatch(code):
        first = date(int(found[1]), int(found[2]) * 3 - 2, 1)
        return Period(code, first, _months_on(first, 3))
    if found := YEAR.fullmatch(code):
        first = date(int(code), 1, 1)
        return Period(code, first, _months_on(first, 12))
    return _read_days(code)


def _read_days(code: str) -> Period:
    found = DAYS.fullmatch(code)
    if found is None:
        raise ValueError(code)
    first, last = date.fromisoformat(found[1]), date.fromisoformat(found[2])
    if last < first:
        raise Refused(_("The last day lies before the first."), field="period")
    if (last - first).days >= LONGEST:
        raise Refused(_("A period is at most one year."), field="period")
    return Period(code, first, last + timedelta(days=1))


def _months_on(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def recent_periods(now: datetime) -> list[Period]:
    """What a page offers: this month and the twelve before, then quarters and years."""
    today = timezone.localdate(now)
    months = [month_of(today)]
    while len(months) < 13:
        months.append(month_before(months[-1].start))
    quarters = dict.fromkeys(f"{month.start.year}-Q{(month.start.month + 2) // 3}" for month in months)
    years = dict.fromkeys(str(month.start.year) for month in months)
    return months + [read_period(code) for code in (*quarters, *years)]
