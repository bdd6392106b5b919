"""The matters that a change of a calendar would move, or has moved, as lists; a number and its two moments, no words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from wangge.cases.calendars.impact import Moved, moved_by
from wangge.cases.models import CalendarChange, Case, Clock, ClockKind, Report

PER_PAGE = 50


@dataclass(frozen=True)
class Line:
    """One clock that moves: whose it is, what it limits, from when to when."""

    what: str
    number: str
    stage: str
    clock: str
    old: datetime
    new: datetime | None
    becomes_overdue: bool
    is_relieved: bool
    provisional: bool


@dataclass(frozen=True)
class LinesPage:
    """Some lines, and the clock after which the next page begins."""

    lines: Sequence[Line]
    next: int | None


def page_of(change: CalendarChange, at: datetime, *, after: int, only: str) -> LinesPage:
    """A page of the clocks a planned change would move; confidential matters are left out of what is read here."""
    found = list(islice(moved_by(change, at, after=after, only=only), PER_PAGE + 1))
    shown = found[:PER_PAGE]
    return LinesPage(_lines(shown), shown[-1].clock.pk if len(found) > PER_PAGE else None)


def _lines(found: Sequence[Moved]) -> list[Line]:
    clocks = [moved.clock for moved in found]
    cases = {case.pk: case for case in Case.objects.filter(pk__in=_ids(clocks, "case_id"))}
    reports = {report.pk: report for report in Report.objects.filter(pk__in=_ids(clocks, "report_id"))}
    owners: dict[UUID, Report | Case] = {**cases, **reports}
    told = ((moved, owners[moved.owner]) for moved in found)
    return [_line(moved, owner) for moved, owner in told if not getattr(owner, "confidential", False)]


def _ids(clocks: Iterable[Clock], name: str) -> list[UUID]:
    return [getattr(clock, name) for clock in clocks if getattr(clock, name) is not None]


def _line(moved: Moved, subject: Report | Case) -> Line:
    return Line(
        what="case" if isinstance(subject, Case) else "report",
        number=str(subject.number),
        stage=subject.get_stage_display(),
        clock=str(ClockKind(moved.clock.kind).label),
        old=moved.clock.due_at,
        new=moved.due.at,
        becomes_overdue=moved.becomes_overdue,
        is_relieved=moved.is_relieved,
        provisional=moved.due.provisional,
    )
