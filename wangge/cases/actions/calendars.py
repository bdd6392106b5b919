"""Changing a calendar: its days, its published years, and every running clock that the change moves."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.audit.actions import record, record_access
from wangge.cases import clocks, deadlines
from wangge.cases.models import Calendar, CalendarDay, CalendarYear, Case, Clock, ClockKind, Report
from wangge.common import rows
from wangge.common.refusals import Refused

RECOMPUTE = "recompute"  # the verb of the event; no step of a person, so it is not in the workflow table


@dataclass(frozen=True)
class Changed:
    """What a change of a calendar did: days added or changed, years published, reports and cases recomputed."""

    days: int
    years: int
    recomputed: int


@transaction.atomic
def change_calendar(
    code: str,
    marks: Sequence[deadlines.DayMark],
    *,
    publish: Iterable[int] = (),
    by: Account | None,
    at: datetime,
    dry_run: bool = False,
) -> Changed:
    """Add or change marked days and publish years; running clocks follow, each with an event of old and new due.

    A given (imported) due moment stays. A dry run does the same and takes all of it back. Raises Refused.
    """
    calendar = Calendar.objects.select_for_update().filter(code=code).first()
    if calendar is None:
        raise Refused(_("There is no calendar with the code “%(code)s”.") % {"code": code}, field="calendar")
    days, years = _mark(calendar, marks), _publish(calendar, publish, at)
    recomputed = 0
    if days or years:
        Calendar.objects.filter(pk=calendar.pk).update(version=F("version") + 1)
        recomputed = _recompute(Calendar.objects.get(pk=calendar.pk), by, at)
        detail = {"calendar": code, "days": days, "years": years, "recomputed": recomputed}
        record_access(
            "calendar_changed", by=by, at=at, subject_kind="calendar", subject_id=code, detail=detail
        )
    if dry_run:
        transaction.set_rollback(True)
    else:
        transaction.on_commit(clocks.forget)
    return Changed(days, years, recomputed)


def _mark(calendar: Calendar, marks: Sequence[deadlines.DayMark]) -> int:
    known = {day: (kind, name) for day, kind, name in calendar.days.values_list("day", "kind", "name")}
    wanted = {mark.date: (mark.kind.value, mark.name) for mark in marks}
    new = {day: told for day, told in wanted.items() if known.get(day) != told}
    CalendarDay.objects.bulk_create(
        [CalendarDay(calendar=calendar, day=day, kind=kind, name=name) for day, (kind, name) in new.items()],
        update_conflicts=True,
        unique_fields=["calendar", "day"],
        update_fields=["kind", "name"],
    )
    return len(new)


def _publish(calendar: Calendar, years: Iterable[int], at: datetime) -> int:
    new = set(years) - set(calendar.years.values_list("year", flat=True))
    CalendarYear.objects.bulk_create(
        CalendarYear(calendar=calendar, year=year, published_at=at) for year in sorted(new)
    )
    return len(new)


def _recompute(row: Calendar, by: Account | None, at: datetime) -> int:
    """Recompute the running clocks of a calendar; returns how many reports and cases got another due moment."""
    calendar = clocks.calendar_from(row)
    moved: dict[tuple[type[Report] | type[Case], UUID], list[int]] = defaultdict(list)
    for clock in _running(row).iterator():
        due = deadlines.due(calendar, clocks.facts_of(clock))
        if due.at != clock.due_at:
            owner = (Case, clock.case_id) if clock.case_id else (Report, clock.report_id)
            moved[owner].append(clock.pk)  # type: ignore[index]
        elif (due.amber_at, due.provisional) != (clock.amber_at, clock.provisional):
            Clock.objects.filter(pk=clock.pk).update(amber_at=due.amber_at, provisional=due.provisional)
    return sum(_move(model, key, calendar, clock_ids, by, at) for (model, key), clock_ids in moved.items())


def _running(row: Calendar) -> QuerySet[Clock]:
    return Clock.objects.filter(calendar=row, stopped_at=None, given=False).order_by("pk")


def _move(
    model: type[Report] | type[Case],
    key: UUID,
    calendar: deadlines.Calendar,
    clock_ids: Sequence[int],
    by: Account | None,
    at: datetime,
) -> bool:
    """Give one report or case its new moments and write the event; clocks stopped meanwhile stay as they are."""
    subject: Report | Case = rows.lock(model, key)
    changes: dict[str, list[str]] = {}
    for clock in Clock.objects.filter(pk__in=clock_ids, stopped_at=None).order_by("pk"):
        changes[f"due_{clock.kind}"] = _settle(subject, clock, calendar)
    if not changes:
        return False
    kind = "case" if isinstance(subject, Case) else "report"
    stage, data = subject.stage, {"changes": changes}
    record(subject, kind=kind, verb=RECOMPUTE, at=at, by=by, from_stage=stage, to_stage=stage, data=data)
    subject.updated_at = max(at, subject.updated_at)
    rows.store(subject)
    return True


def _settle(subject: Report | Case, clock: Clock, calendar: deadlines.Calendar) -> list[str]:
    """Move one clock and the columns of its subject that show it; returns the old and the new due moment."""
    due, old = deadlines.due(calendar, clocks.facts_of(clock)), clock.due_at
    assert due.at is not None
    assert due.amber_at is not None
    if isinstance(subject, Case) and clock.kind == ClockKind.WHOLE:
        subject.whole_due_at, subject.whole_amber_at = due.at, due.amber_at
    elif clock.kind != ClockKind.SIGN_OFF and subject.due_at == old:
        subject.due_at, subject.amber_at = due.at, due.amber_at
    clock.due_at, clock.amber_at, clock.provisional = due.at, due.amber_at, due.provisional
    clock.save(update_fields=["due_at", "amber_at", "provisional"])
    return [old.isoformat(), due.at.isoformat()]
