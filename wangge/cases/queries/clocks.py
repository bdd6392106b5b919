"""The clocks of a matter as a page shows them, and the arithmetic behind a due moment in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from wangge.cases import clocks, deadlines
from wangge.cases.deadlines import Light, LimitKind, Note
from wangge.cases.models import Case, Clock, ClockKind, Report
from wangge.cases.queries import durations

NOTES: dict[Note, Promise] = {
    Note.USED_BEFORE: gettext_lazy("Used by the first attempt, before the rework"),
    Note.START_DAY: gettext_lazy("The day it begins is not counted (Civil Code, art. 201)"),
    Note.ROUND_THE_CLOCK: gettext_lazy("Counts round the clock"),
    Note.CALENDAR_DAYS: gettext_lazy("Calendar days"),
    Note.SHIFT: gettext_lazy("Working time"),
    Note.WORKING_DAYS: gettext_lazy("Whole working days"),
    Note.MAKE_UP_DAY: gettext_lazy("Make-up working day"),
    Note.WEEKEND: gettext_lazy("Weekend, not counted"),
    Note.REST_DAY: gettext_lazy("Rest day, not counted"),
    Note.ROLLED: gettext_lazy("It would end on a rest day and moves on (Civil Code, art. 203)"),
    Note.PAUSED: gettext_lazy("Suspended, not counted"),
    Note.SPAN: gettext_lazy("The days between"),
    Note.GIVEN: gettext_lazy("This due time came with the imported matter and is kept as it was given"),
}


@dataclass(frozen=True)
class ClockLine:
    """One clock beside a matter: its light, when it is due and how much is left."""

    clock: Clock
    label: str
    light: Light
    left: str
    url: str


@dataclass(frozen=True)
class Sum:
    """One line of the arithmetic."""

    from_at: datetime
    to_at: datetime | None
    words: str
    counted: str
    left: str
    provisional: bool


@dataclass(frozen=True)
class Explanation:
    """A due moment, explained."""

    clock: Clock
    label: str
    limits: Sequence[str]
    lines: Sequence[Sum]
    total: str
    working_time: bool


def clock_lines(subject: Report | Case, now: datetime) -> list[ClockLine]:
    """Return the clocks of the stage that run, the unit's time to accept and the whole case's; one statement."""
    running = clocks.running(subject)
    kinds = [clocks.STAGE_CLOCK.get(subject.stage), ClockKind.SIGN_OFF, ClockKind.WHOLE]  # type: ignore[call-overload]
    if isinstance(subject, Report) and subject.finding and ClockKind.FILE in running:
        kinds[0] = ClockKind.FILE
    return [_line(running[kind], subject, now) for kind in kinds if kind in running]


def _line(clock: Clock, subject: Report | Case, now: datetime) -> ClockLine:
    facts = clocks.facts_of(clock)
    left = deadlines.remaining(clocks.calendar_by_id(clock.calendar_id), facts, now)
    return ClockLine(
        clock,
        str(ClockKind(clock.kind).label),
        deadlines.light(clock.due_at, clock.amber_at, now),
        _left(left, working=in_working_time(clock)),
        clock_url(clock, subject),
    )


def clock_url(clock: Clock, subject: Report | Case) -> str:
    """The address where the due moment of a clock is explained."""
    name = "cases:case_clock" if isinstance(subject, Case) else "cases:report_clock"
    return reverse(name, args=[subject.number, clock.pk])


def in_working_time(clock: Clock) -> bool:
    """Tell whether the clock is counted on the scale of working time."""
    return any(kind in (LimitKind.WORKING_HOURS, LimitKind.WORKING_DAYS) for kind, _amount in clock.limits)


def _left(left: timedelta, *, working: bool) -> str:
    length = durations.words(left, days=not working)
    if left < timedelta(0):
        return (_("%(length)s of working time over") if working else _("%(length)s over")) % {
            "length": length
        }
    return (_("%(length)s of working time left") if working else _("%(length)s left")) % {"length": length}


def explanation(clock: Clock) -> Explanation:
    """Say line by line how a clock gets to its due moment."""
    calendar, facts = clocks.calendar_by_id(clock.calendar_id), clocks.facts_of(clock)
    working = in_working_time(clock)
    return Explanation(
        clock=clock,
        label=str(ClockKind(clock.kind).label),
        limits=[durations.limit_words(kind, Decimal(amount)) for kind, amount in clock.limits],
        lines=[_sum(line, working=working) for line in deadlines.explain(calendar, facts)],
        total=durations.words(deadlines.total(calendar, facts), days=not working),
        working_time=working,
    )


def _sum(line: deadlines.Line, *, working: bool) -> Sum:
    words = str(NOTES[line.note])
    if line.name:
        words = _("%(what)s (%(name)s)") % {"what": words, "name": line.name}
    if line.days > 1:
        count = ngettext("%(number)d day", "%(number)d days", line.days) % {"number": line.days}
        words = _("%(what)s: %(count)s") % {"what": words, "count": count}
    counted = durations.words(line.counted, days=not working) if line.counted else "–"
    return Sum(
        line.from_at,
        line.to_at,
        words,
        counted,
        durations.words(line.left, days=not working),
        line.provisional,
    )
