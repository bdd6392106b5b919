"""A file of days, whoever wrote it: all of it is understood, or it is refused with every line that is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath

from django.utils.translation import gettext as _

from wangge.cases.calendars.plan import Day, Plan
from wangge.common.refusals import Refused

MOST_BYTES = 2_000_000
MOST_DAYS = 20_000
MOST_FAULTS = 20  # told at once
FIRST, LAST = date(1990, 1, 1), date(2100, 12, 31)


class Unreadable(Refused):
    """A file that is not understood; `faults` says why, one line each."""

    def __init__(self, faults: Sequence[str]) -> None:
        told = [*faults[:MOST_FAULTS]]
        if len(faults) > MOST_FAULTS:
            told.append(_("and %(number)d more") % {"number": len(faults) - MOST_FAULTS})
        super().__init__("\n".join(told), field="file")
        self.faults = told


@dataclass
class Told:
    """What a file tells: days, days of which it does not say what they are, and what is wrong with it."""

    days: dict[date, Day] = field(default_factory=dict)
    unsure: dict[date, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(self, where: str, days: Iterable[date], kind: str | None, name: str) -> None:
        """Take days in; a day told twice must be told alike."""
        for day in days:
            if not FIRST <= day <= LAST:
                self.faults.append(
                    _("%(where)s: %(day)s lies outside the years 1990 to 2100.")
                    % {"where": where, "day": day}
                )
                return
            if kind is None:
                self.unsure.setdefault(day, name)
                continue
            told = self.days.setdefault(day, Day(day, kind, name))
            if told.kind != kind:
                self.faults.append(
                    _("%(where)s: %(day)s is told twice, as different kinds of day.")
                    % {"where": where, "day": day}
                )
                return

    def plan(self) -> Plan:
        """The days as a plan; raises Unreadable."""
        if self.faults:
            raise Unreadable(self.faults)
        if not self.days and not self.unsure:
            raise Unreadable([_("There is no day in this file.")])
        days = tuple(sorted(self.days.values(), key=lambda day: day.date))
        unsure = {day: name for day, name in self.unsure.items() if day not in self.days}
        return Plan(days, unsure=tuple(sorted(unsure.items())))


def read_file(name: str, content: bytes) -> Plan:
    """Read a CSV or iCalendar file; raises Unreadable, naming the lines."""
    # The library of iCalendar is read when the first such file comes.
    from wangge.cases.calendars.files.ics import read_ics
    from wangge.cases.calendars.files.sheets import read_sheet

    if len(content) > MOST_BYTES:
        raise Unreadable([_("The file is larger than 2 MB; a calendar is not.")])
    is_ics = content.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].upper() == b"BEGIN:VCALENDAR"
    if PurePath(name).suffix.lower() in {".ics", ".ical"} and not is_ics:
        raise Unreadable([_("This is no iCalendar file: it does not begin with BEGIN:VCALENDAR.")])
    plan = (read_ics(content) if is_ics else read_sheet(content)).plan()
    if len(plan.days) + len(plan.unsure) > MOST_DAYS:
        raise Unreadable([_("The file holds more than 20,000 days.")])
    return plan
