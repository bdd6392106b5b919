"""The clocks follow a calendar that was changed, a few at a time, so that no transaction is long and nothing is lost.

Each batch is one transaction and says how far it got, so a process that dies loses one batch at most and the next one
goes on. All clocks are looked at twice: another process may start a clock by the old calendar up to a second after the
change, and the second pass, some seconds later, finds it. Computing a clock anew is harmless however often it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app

from wangge.accounts.models import Account
from wangge.audit.actions import record
from wangge.cases import clocks, deadlines
from wangge.cases.calendars import impact, words
from wangge.cases.models import Calendar, CalendarChange, Case, Clock, ClockKind, Report
from wangge.common import rows

RECOMPUTE = "recompute"  # the verb of the event; no step of a person, so it is not in the workflow table
REPLY_BY = "reply_"  # with the order behind it, beside the clocks' "due_"
BATCH = 200  # clocks in one transaction
PASSES = 2
A_WHILE = timedelta(seconds=20)  # for which a job goes on before others have their turn
SETTLES_AFTER = timedelta(seconds=5)  # more than the second for which a process may remember a calendar

Owner = tuple[type[Report] | type[Case], UUID]


def recompute_soon(change: CalendarChange, *, seconds: int = 0) -> None:
    """Let the worker go on with a change."""
    task = app.configure_task(
        "config.jobs.recompute_calendar",
        queue="upkeep",
        schedule_in={"seconds": seconds} if seconds else None,
    )
    task.defer(change_id=change.pk)


def go_on(change_id: int, *, clock: Callable[[], datetime]) -> None:
    """Go on with a change for a while, and see to it that somebody goes on after that."""
    change = recompute(change_id, clock=clock, until=clock() + A_WHILE)
    if change.finished_at is None:
        recompute_soon(change, seconds=2 * SETTLES_AFTER.seconds if must_wait(change, clock()) else 0)


def unfinished(at: datetime) -> list[CalendarChange]:
    """The confirmed changes whose clocks have not all followed though a minute has passed."""
    since = at - timedelta(minutes=1)
    return list(CalendarChange.objects.filter(confirmed_at__lt=since, finished_at=None).order_by("pk"))


def recompute(
    change_id: int, *, clock: Callable[[], datetime], until: datetime, passes: int = PASSES
) -> CalendarChange:
    """Go on with a change until so many passes are done, the second one must wait, or it is late; returns where it stands."""
    while True:
        at = clock()
        change = recompute_some(change_id, at=at)
        if change.finished_at or change.passes >= passes or at > until or must_wait(change, at):
            return change


def must_wait(change: CalendarChange, at: datetime) -> bool:
    """Tell whether it is too early for the second pass: somebody may still remember the calendar as it was."""
    assert change.confirmed_at is not None
    return change.passes == 1 and at - change.confirmed_at <= SETTLES_AFTER


@transaction.atomic
def recompute_some(change_id: int, *, at: datetime, batch: int = BATCH) -> CalendarChange:
    """Compute the next clocks of a confirmed change anew, each moved matter with an event of old and new due moment."""
    change = CalendarChange.objects.select_for_update().get(pk=change_id)
    if change.confirmed_at is None or change.finished_at is not None or must_wait(change, at):
        return change
    calendars = _held(change.calendar)
    found = list(impact.running(calendars).filter(pk__gt=change.reached).order_by("pk")[:batch])
    last = len(found) < batch
    change.moved += _follow(calendars, found, change, at, orders=last)
    change.looked_at += len(found)
    if not last:
        change.reached = found[-1].pk
    else:
        change.passes, change.reached = change.passes + 1, 0
    if change.passes >= PASSES:
        change.finished_at = at
    change.save()
    return change


def _held(calendar: Calendar) -> impact.Calendars:
    """The calendars as they are, and stay until this transaction ends: whoever changes one waits."""
    for row in impact.family(calendar):
        # A lock that several may share, but not with whoever changes the calendar.
        Calendar.objects.raw("SELECT id FROM cases_calendar WHERE id = %s FOR SHARE", [row.pk])[0]
    return impact.in_force(calendar)


def _follow(
    calendars: impact.Calendars,
    found: Sequence[Clock],
    change: CalendarChange,
    at: datetime,
    *,
    orders: bool,
) -> int:
    """Move the matters of these clocks, with the last of them those that owe a reply to a supervision order."""
    moved: set[Owner] = set()
    if orders:
        moved |= {
            (Case, order.case_id) for order, _due in impact.moved_orders(calendars, impact.orders(calendars))
        }
    for one in impact.compare(calendars, Clock.objects.filter(pk__in=[clock.pk for clock in found]), at):
        if one.moves:
            moved.add(_owner(one.clock))
        else:
            Clock.objects.filter(pk=one.clock.pk).update(
                amber_at=one.due.amber_at, provisional=one.due.provisional
            )
    told = words.told(change)
    # In one order everywhere, so that two who move several matters never wait for each other.
    owners = sorted(moved, key=lambda owner: (owner[0].__name__, owner[1]))
    return sum(_move(owner, calendars, told, change.confirmed_by, at) for owner in owners)


def _owner(clock: Clock) -> Owner:
    if clock.case_id is not None:
        return Case, clock.case_id
    assert clock.report_id is not None
    return Report, clock.report_id


def _move(
    owner: Owner,
    calendars: impact.Calendars,
    told: dict[str, object],
    by: Account | None,
    at: datetime,
) -> bool:
    """Give one report or case its new moments, all of them with one event, wherever the batch ends."""
    model, key = owner
    subject: Report | Case = rows.lock(model, key)
    changes: dict[str, list[str]] = {}
    for clock in impact.running(calendars).filter(clocks.of(subject)).order_by("pk"):
        if settled := _settle(subject, clock, calendars[clock.calendar_id]):
            changes[f"due_{clock.kind}"] = settled
    if isinstance(subject, Case):
        changes |= _settle_orders(subject, calendars)
    if not changes:
        return False
    kind = "case" if isinstance(subject, Case) else "report"
    stage, data = subject.stage, {**told, "changes": changes}
    record(subject, kind=kind, verb=RECOMPUTE, at=at, by=by, from_stage=stage, to_stage=stage, data=data)
    subject.updated_at = max(at, subject.updated_at)
    rows.store(subject)
    return True


def _settle(subject: Report | Case, clock: Clock, calendar: deadlines.Calendar) -> list[str] | None:
    """Move one clock and the columns of its subject that show it; returns the old and the new due moment."""
    due, old = deadlines.due(calendar, clocks.facts_of(clock)), clock.due_at
    if due.at is None or due.amber_at is None or due.at == old:
        return None
    if isinstance(subject, Case) and clock.kind == ClockKind.WHOLE:
        subject.whole_due_at, subject.whole_amber_at = due.at, due.amber_at
    elif clock.kind != ClockKind.SIGN_OFF and subject.due_at == old:
        subject.due_at, subject.amber_at = due.at, due.amber_at
    clock.due_at, clock.amber_at, clock.provisional = due.at, due.amber_at, due.provisional
    clock.save(update_fields=["due_at", "amber_at", "provisional"])
    return [old.isoformat(), due.at.isoformat()]


def _settle_orders(case: Case, calendars: impact.Calendars) -> dict[str, list[str]]:
    """Give the open supervision orders of a case their new reply deadlines; returns the old and the new of each."""
    changes = {}
    own = impact.orders(calendars).filter(case=case).select_for_update()
    for order, due in impact.moved_orders(calendars, own):
        changes[f"{REPLY_BY}{order.pk}"] = [order.reply_due_at.isoformat(), due.isoformat()]
        order.reply_due_at = due
        order.save(update_fields=["reply_due_at"])
    return changes


def clocks_to_follow(calendar: Calendar) -> int:
    """How many running clocks there are to look at."""
    return impact.running(impact.in_force(calendar)).count()
