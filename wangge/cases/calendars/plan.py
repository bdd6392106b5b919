"""What somebody plans to change in a calendar, as one value: stored as JSON, joined, compared, put into force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import F

from wangge.cases.deadlines import DayMark
from wangge.cases.models import Calendar, CalendarDay, CalendarYear

NORMAL = ""  # the kind of a day that is to be what its weekday says


@dataclass(frozen=True)
class Day:
    """A day as it is to be: working, resting, or again what its weekday (or the calendar it follows) says."""

    date: date
    kind: str
    name: str = ""
    emergency: bool = False
    reason: str = ""

    def data(self) -> list[Any]:
        return [self.date.isoformat(), self.kind, self.name, self.emergency, self.reason]

    @classmethod
    def read(cls, data: Sequence[Any]) -> Day:
        day, kind, name, emergency, reason = data
        return cls(date.fromisoformat(day), kind, name, emergency, reason)

    def holds_in(self, known: CalendarDay | None) -> bool:
        """Tell whether the calendar says this already."""
        if known is None or self.kind == NORMAL:
            return known is None and self.kind == NORMAL
        told = (self.kind, self.name) == (known.kind, known.name)
        return told and (not self.emergency or (known.emergency and known.reason == self.reason))


@dataclass(frozen=True)
class Plan:
    """Days, published years (True) and years taken back (False), hours, weekly rest, time zone; None stays as it is."""

    days: tuple[Day, ...] = ()
    years: Mapping[int, bool] = field(default_factory=dict)
    shifts: list[dict[str, Any]] | None = None
    weekly_rest: list[int] | None = None
    time_zone: str | None = None
    # Days of a file that does not say what they are; somebody has to, before anything is confirmed.
    unsure: tuple[tuple[date, str], ...] = ()

    @classmethod
    def of(cls, marks: Iterable[DayMark], publish: Iterable[int] = ()) -> Plan:
        """A plan from marked days and years to publish."""
        return cls(
            tuple(Day(mark.date, mark.kind.value, mark.name) for mark in marks), dict.fromkeys(publish, True)
        )

    def data(self) -> dict[str, Any]:
        """The plan as JSON."""
        return {
            "days": [day.data() for day in self.days],
            "years": {str(year): published for year, published in self.years.items()},
            "shifts": self.shifts,
            "weekly_rest": self.weekly_rest,
            "time_zone": self.time_zone,
            "unsure": [[day.isoformat(), name] for day, name in self.unsure],
        }

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Plan:
        """The plan that was stored."""
        return cls(
            tuple(Day.read(day) for day in data.get("days", [])),
            {int(year): published for year, published in data.get("years", {}).items()},
            data.get("shifts"),
            data.get("weekly_rest"),
            data.get("time_zone"),
            tuple((date.fromisoformat(day), name) for day, name in data.get("unsure", [])),
        )

    def joined(self, later: Plan) -> Plan:
        """This plan and a later one; where both speak, the later one holds."""
        days = {day.date: day for day in (*self.days, *later.days)}
        unsure = {day: name for day, name in (*self.unsure, *later.unsure) if day not in days}
        return Plan(
            tuple(sorted(days.values(), key=lambda day: day.date)),
            {**self.years, **later.years},
            self.shifts if later.shifts is None else later.shifts,
            self.weekly_rest if later.weekly_rest is None else later.weekly_rest,
            self.time_zone if later.time_zone is None else later.time_zone,
            tuple(sorted(unsure.items())),
        )

    def news_for(self, calendar: Calendar) -> Plan:
        """What of it the calendar does not say already."""
        known = {day.day: day for day in calendar.days.filter(day__in=[day.date for day in self.days])}
        published = set(calendar.years.values_list("year", flat=True))
        return replace(
            self,
            days=tuple(day for day in self.days if not day.holds_in(known.get(day.date))),
            years={year: wanted for year, wanted in self.years.items() if (year in published) != wanted},
            shifts=None if self.shifts == calendar.shifts else self.shifts,
            weekly_rest=None if self.weekly_rest == calendar.weekly_rest else self.weekly_rest,
            time_zone=None if self.time_zone == calendar.time_zone else self.time_zone,
        )

    @property
    def changes_hours(self) -> bool:
        """Whether other hours are planned, which count for every day there is."""
        return self.shifts is not None or self.weekly_rest is not None or self.time_zone is not None

    @property
    def says_nothing(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.days or self.years or self.changes_hours or self.unsure)

    def first_day(self) -> date | None:
        """The first day that becomes different; None when all days may."""
        if self.changes_hours:
            return None
        return min([*(day.date for day in self.days), *(date(year, 1, 1) for year in self.years)])

    def store(self, calendar: Calendar, at: datetime) -> None:
        """Put it into force; the caller holds the calendar's row lock."""
        _store_days(calendar, self.days)
        wanted = [year for year, published in self.years.items() if published]
        CalendarYear.objects.bulk_create(
            [CalendarYear(calendar=calendar, year=year, published_at=at) for year in sorted(wanted)],
            ignore_conflicts=True,
        )
        calendar.years.filter(year__in=set(self.years) - set(wanted)).delete()
        parts = {name: getattr(self, name) for name in ("shifts", "weekly_rest", "time_zone")}
        spoken = {name: value for name, value in parts.items() if value is not None}
        Calendar.objects.filter(pk=calendar.pk).update(version=F("version") + 1, **spoken)


def _store_days(calendar: Calendar, days: Sequence[Day]) -> None:
    calendar.days.filter(day__in=[day.date for day in days if day.kind == NORMAL]).delete()
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(
                calendar=calendar, day=day.date, kind=day.kind, name=day.name, emergency=day.emergency,
                reason=day.reason,
            )
            for day in days
            if day.kind != NORMAL
        ],
        update_conflicts=True,
        unique_fields=["calendar", "day"],
        update_fields=["kind", "name", "emergency", "reason"],
    )  # fmt: skip
