"""The marked days a new installation starts with: statutory rest and make-up days since 2004.

The days are those of the State Council's yearly notices, as collected by the chinesecalendar package.
They ship as a small file, so that neither serving nor installing needs the package; it is asked again
when a new year has been announced:
`python -c "from wangge.cases.calendar_seed import write_shipped_days as write; write()"`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from wangge.cases.deadlines import DayKind, DayMark

SHIPPED = Path(__file__).parent / "data" / "calendar_days.csv"
FIELDS = ("date", "kind", "name")

# Statutory days with a fixed date: Regulation on Public Holidays (全国年节及纪念日放假办法) as amended
# by State Council Decree 795, in force since 2025-01-01. They hold before a year is announced.
FIXED_REST_DAYS = {
    (1, 1): "元旦",
    (5, 1): "劳动节",
    (5, 2): "劳动节",
    (10, 1): "国庆节",
    (10, 2): "国庆节",
    (10, 3): "国庆节",
}


def seed_days() -> Iterator[DayMark]:
    """The marked days in order, read from the chinesecalendar package (the `seed` extra), then the fixed days of the next year.

    Raises ModuleNotFoundError without the package.
    """
    from chinese_calendar.constants import Holiday, holidays, workdays

    names = {holiday.value: holiday.chinese for holiday in Holiday}
    marks = [DayMark(day, DayKind.REST, names[name]) for day, name in holidays.items()]
    marks += [DayMark(day, DayKind.WORK, names[name]) for day, name in workdays.items()]
    next_year = max(mark.date.year for mark in marks) + 1
    marks += [
        DayMark(date(next_year, month, day), DayKind.REST, name)
        for (month, day), name in FIXED_REST_DAYS.items()
    ]
    yield from sorted(marks)


def shipped_days() -> Iterator[DayMark]:
    """The marked days of the file that ships with the platform, in order."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield DayMark(date.fromisoformat(row["date"]), DayKind(row["kind"]), row["name"])


def published_years(days: list[DayMark]) -> frozenset[int]:
    """The years whose notice is out: the last year of a seed holds only the days that law fixes."""
    return frozenset(range(min(days).date.year, max(days).date.year))


def write_shipped_days() -> None:
    """Write the shipped file anew from the package, after a new year has been announced."""
    with SHIPPED.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(FIELDS)
        rows.writerows((mark.date.isoformat(), mark.kind.value, mark.name) for mark in seed_days())
