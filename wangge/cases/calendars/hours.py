"""Working hours as people write them: shifts of a day, seasons of a year, days of rest in a week."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wangge.cases.deadlines import Season, Shift
from wangge.cases.deadlines.calendar import MINUTES_A_DAY
from wangge.common.refusals import Refused

LEAP_YEAR = 2024  # has every day a year can have
APART = re.compile(r"[\s,;，；、]+")
STRETCH = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~～至]\s*(\d{1,2}):(\d{2})")
DAY_OF_YEAR = re.compile(r"(\d{1,2})\s*[-./月]\s*(\d{1,2})日?")
ALL_YEAR = ("01-01", "12-31")


def read_hours(words: str, field: str = "hours") -> list[str]:
    """Read "9:00-12:00 13:00–18:00" into ["09:00-12:00", "13:00-18:00"]; raises Refused in plain words."""
    plain = words.translate(str.maketrans("：０１２３４５６７８９", ":0123456789")).strip()
    plain = re.sub(r"\s*([-–—~～至])\s*", r"\1", plain)
    stretches = [_stretch(part, field) for part in APART.split(plain) if part]
    if not stretches:
        raise Refused(_("Give at least one stretch of work, like 09:00-12:00."), field=field)
    for before, after in pairwise(stretches):
        if after.start < before.end:
            raise Refused(
                _("%(second)s begins before %(first)s is over. Write the stretches one after another.")
                % {"first": _written(before), "second": _written(after)},
                field=field,
            )
    return [_written(shift) for shift in stretches]


def _stretch(words: str, field: str) -> Shift:
    found = STRETCH.fullmatch(words)
    if found is None:
        raise Refused(
            _("“%(words)s” is no stretch of work. Write it like 09:00-12:00.") % {"words": words[:40]}, field
        )
    start_hour, start_minute, end_hour, end_minute = map(int, found.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if start_minute > 59 or end_minute > 59 or end > MINUTES_A_DAY:
        raise Refused(_("“%(words)s”: a day has 24 hours of 60 minutes.") % {"words": words}, field)
    if start >= end:
        raise Refused(
            _("“%(words)s” ends before it begins. Write a night as two: 22:00-24:00 00:00-06:00.")
            % {"words": words},
            field,
        )
    return Shift(start, end)


def _written(shift: Shift) -> str:
    (h1, m1), (h2, m2) = divmod(shift.start, 60), divmod(shift.end, 60)
    return f"{h1:02}:{m1:02}-{h2:02}:{m2:02}"


def read_day_of_year(words: str, field: str) -> str:
    """Read "6-1", "06-01" or "6月1日" into "06-01"; raises Refused for what is no day of a year."""
    found = DAY_OF_YEAR.fullmatch(words.strip())
    try:
        if found is None:
            raise ValueError(words)
        day = date(LEAP_YEAR, int(found[1]), int(found[2]))
    except ValueError:
        raise Refused(
            _("“%(words)s” is no day of the year. Write month and day like 06-01.") % {"words": words[:20]},
            field,
        ) from None
    return f"{day:%m-%d}"


@dataclass(frozen=True)
class Row:
    """One line of the form: the number under which its faults are told, and what was typed."""

    number: int
    first: str
    last: str
    hours: str


def read_seasons(all_year: str, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Read the hours of all year and of seasons into what a calendar stores.

    A season may run over New Year. What no season covers keeps the hours of all year, so nothing is left out.
    Raises Refused where a line is wrong, or two seasons claim one day.
    """
    first, last = ALL_YEAR
    read = [{"from": first, "to": last, "hours": read_hours(all_year, "all_year")}]
    read += [_season(row) for row in rows if row.first or row.last or row.hours]
    _demand_apart(read[1:])
    return read


def _season(row: Row) -> dict[str, Any]:
    try:
        return {
            "from": read_day_of_year(row.first, "seasons"),
            "to": read_day_of_year(row.last, "seasons"),
            "hours": read_hours(row.hours, "seasons"),
        }
    except Refused as refused:
        raise Refused(
            _("Season %(number)d: %(why)s") % {"number": row.number, "why": refused}, field="seasons"
        ) from None


def _demand_apart(seasons: Sequence[dict[str, Any]]) -> None:
    taken: dict[date, dict[str, Any]] = {}
    for season in seasons:
        for day in days_of(season):
            other = taken.setdefault(day, season)
            if other is not season:
                raise Refused(
                    _("%(day)s lies in two seasons: %(first)s and %(second)s.")
                    % {"day": f"{day:%m-%d}", "first": _span(other), "second": _span(season)},
                    field="seasons",
                )


def _span(season: dict[str, Any]) -> str:
    return _("%(first)s – %(last)s") % {"first": season["from"], "last": season["to"]}


def days_of(season: dict[str, Any]) -> list[date]:
    """The days of a leap year in which a season holds."""
    first, last = (_month_and_day(season[name]) for name in ("from", "to"))
    covers = Season(first, last, ()).covers
    new_year = date(LEAP_YEAR, 1, 1)
    days = (new_year + timedelta(days=number) for number in range(366))
    return [day for day in days if covers(day)]


def _month_and_day(words: str) -> tuple[int, int]:
    month, day = words.split("-")
    return int(month), int(day)


def weekday_names() -> list[str]:
    """The days of the week, from Monday."""
    return [
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    ]


def weekday_letters() -> list[str]:
    """The days of the week as a calendar heads its columns, from Monday."""
    return [
        pgettext("weekday", "Mo"),
        pgettext("weekday", "Tu"),
        pgettext("weekday", "We"),
        pgettext("weekday", "Th"),
        pgettext("weekday", "Fr"),
        pgettext("weekday", "Sa"),
        pgettext("weekday", "Su"),
    ]


def weekdays_words(days: Iterable[int]) -> str:
    """Days of the week in words."""
    names = weekday_names()
    return _(", ").join(names[day] for day in sorted(days)) or _("no day")
