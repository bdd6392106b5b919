"""A change of a calendar in words: for the page that asks for a yes, the timeline of a matter, the access log."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wangge.cases.calendars.hours import weekdays_words
from wangge.cases.calendars.plan import NORMAL, Day, Plan
from wangge.cases.models import Calendar, CalendarChange, CalendarDay

MOST_DAYS_TOLD = 5  # in an event; the change itself keeps all of them

Run = tuple[Day, date]  # the first day and the last of neighbours that are to be alike


def runs(days: Iterable[Day]) -> Iterator[Run]:
    """Neighbouring days that are to be alike, as one; the days are in order."""
    first: Day | None = None
    last: date | None = None
    for day in days:
        if first is not None and last is not None:
            if day.data()[1:] == first.data()[1:] and day.date - last == timedelta(days=1):
                last = day.date
                continue
            yield first, last
        first, last = day, day.date
    if first is not None and last is not None:
        yield first, last


def kind_words(kind: str, *, emergency: bool = False) -> str:
    """What a day is to be."""
    if kind == NORMAL:
        return pgettext("day", "as its weekday says")
    label = str(CalendarDay.Kind(kind).label)
    return _("%(kind)s, declared at short notice") % {"kind": label} if emergency else label


def day_words(run: Run) -> str:
    """One line for a day or for several in a row: ``2027-02-05 – 2027-02-11: Rest day (春节)``."""
    day, last = run
    when = (
        f"{day.date}" if day.date == last else _("%(first)s – %(last)s") % {"first": day.date, "last": last}
    )
    said = [text for text in (day.name, day.reason) if text]
    what = kind_words(day.kind, emergency=day.emergency)
    if said:
        what = _("%(what)s (%(name)s)") % {"what": what, "name": " · ".join(said)}
    return _("%(when)s: %(what)s") % {"when": when, "what": what}


def year_words(year: int, *, published: bool) -> str:
    """What becomes of a year."""
    return (
        _("%(year)d is published: its days are final") if published else _("%(year)d is provisional again")
    ) % {"year": year}


def season_words(season: Mapping[str, Any], *, first: bool) -> str:
    """One line for the hours of a season."""
    hours = ", ".join(season["hours"])
    if first:
        return _("All year: %(hours)s") % {"hours": hours}
    return _("%(first)s to %(last)s: %(hours)s") % {
        "first": season["from"],
        "last": season["to"],
        "hours": hours,
    }


def hours_words(shifts: Sequence[Mapping[str, Any]]) -> list[str]:
    """The hours of a calendar, one line a season."""
    return [season_words(season, first=number == 0) for number, season in enumerate(shifts)]


def plan_lines(plan: Plan) -> list[str]:
    """All that a plan says, one line each."""
    lines = [day_words(run) for run in runs(plan.days)]
    lines += [year_words(year, published=published) for year, published in sorted(plan.years.items())]
    if plan.shifts is not None:
        lines += [_("Hours: %(hours)s") % {"hours": line} for line in hours_words(plan.shifts)]
    if plan.weekly_rest is not None:
        lines.append(_("Rests weekly: %(days)s") % {"days": weekdays_words(plan.weekly_rest)})
    if plan.time_zone is not None:
        lines.append(_("Time zone: %(zone)s") % {"zone": plan.time_zone})
    return lines


def told(change: CalendarChange) -> dict[str, object]:
    """What the event of a moved matter says about the change: codes, put into words when somebody reads them."""
    plan = Plan.read(change.plan)
    said: dict[str, object] = {"calendar": change.calendar.name}
    days = [[run[0].data(), run[1].isoformat()] for run in runs(plan.days)]
    said["calendar_change"] = {
        "days": days[:MOST_DAYS_TOLD],
        "more": max(0, len(days) - MOST_DAYS_TOLD),
        "years": {str(year): published for year, published in plan.years.items()},
        "hours": plan.changes_hours,
    }
    return said


def told_words(said: Mapping[str, Any]) -> str:
    """The change as the timeline of a matter tells it."""
    lines = [day_words((Day.read(day), date.fromisoformat(last))) for day, last in said.get("days", [])]
    if said.get("more"):
        lines.append(_("and %(number)d more") % {"number": said["more"]})
    years = said.get("years", {}).items()
    lines += [year_words(int(year), published=published) for year, published in sorted(years)]
    if said.get("hours"):
        lines.append(_("other working hours"))
    return "; ".join(lines)


def holds_for(calendar: Calendar) -> str:
    """Where or for whom a calendar holds."""
    if not calendar.in_force:
        return _("nobody any more; running clocks keep it")
    if calendar.unit is not None:
        return _("%(unit)s, for its own work") % {"unit": calendar.unit.name}
    return calendar.area.name if calendar.area is not None else _("everywhere")


def month_words(year: int, month: int) -> str:
    """The name of a month."""
    return date_format(date(year, month, 1), "F")
