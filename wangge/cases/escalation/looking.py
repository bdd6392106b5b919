"""The look of every minute: plan what is new, then take each turn whose moment has come, each in a transaction of its own."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from django.db import transaction

from wangge.cases import clocks
from wangge.cases.actions.escalating import escalate, remind
from wangge.cases.escalation import planning
from wangge.cases.escalation.turns import Book, Turn
from wangge.cases.models import Case, Clock, ReminderRule, Report, Rung, Watch
from wangge.cases.workflow import Stage
from wangge.common import rows

log = logging.getLogger(__name__)

MOST = 50_000  # turns taken in one look; the rest are there at the next
AGAIN = timedelta(minutes=10)  # after a fault of ours


@dataclass
class Looked:
    """What one look did."""

    planned: int = 0
    climbed: int = 0
    reminded: int = 0
    failed: int = 0
    left: int = 0  # for the next look: the time was up


def look(at: datetime, *, seconds: float = 40) -> Looked:
    """Remind of deadlines and escalate what is overdue; harmless twice, and takes up where a killed one stopped.

    Stops after so many seconds, so that other jobs of the clock get their turn.
    """
    begun, book = time.monotonic(), planning.read_book()
    planning.refresh(book)
    planning.end_stopped()
    # After a change of ladders all clocks are planned anew; those whose turn has come do not wait for that.
    planned = planning.plan(book, at, lambda: time.monotonic() < begun + seconds / 2)
    done = Looked(planned=planned)
    due = _due(at)
    for number, clock_id in enumerate(due):
        if time.monotonic() > begun + seconds:
            done.left = len(due) - number
            break
        _take_turns(clock_id, book, at, done)
    Watch.objects.update_or_create(pk=1, defaults={"looked_at": at})
    return done


def _due(at: datetime) -> Sequence[int]:
    waiting = Clock.objects.filter(stopped_at=None, watch_at__isnull=False, watch_at__lte=at)
    return list(waiting.order_by("watch_at", "pk").values_list("pk", flat=True)[:MOST])


def _take_turns(clock_id: int, book: Book, at: datetime, done: Looked) -> None:
    try:
        with transaction.atomic():
            _take(clock_id, book, at, done)
    except Exception:
        # One matter with a fault must not keep all others from being told.
        log.exception("The turns of clock %s failed; they are tried again", clock_id)
        done.failed += 1
        Clock.objects.filter(pk=clock_id).update(watch_at=at + AGAIN)


def _take(clock_id: int, book: Book, at: datetime, done: Looked) -> None:
    """Take the turns of one clock that are due, with its matter and itself locked as a step does."""
    subject = _locked_subject(clock_id)
    clock = Clock.objects.select_for_update().filter(pk=clock_id, stopped_at=None, watch_at__lte=at).first()
    if clock is None:
        return  # somebody was faster
    if subject.stage == Stage.SUSPENDED and isinstance(subject, Case):
        Clock.objects.filter(pk=clock_id).update(watch_at=subject.resume_at)
        return
    _take_each(
        list(takewhile(lambda turn: turn.at <= at, planning.turns_of(clock, book, at))),
        clock,
        subject,
        book,
        at,
        done,
    )
    planning.plan_clocks([clock], book, at)


def _locked_subject(clock_id: int) -> Report | Case:
    clock = Clock.objects.only("report_id", "case_id").get(pk=clock_id)
    if clock.case_id is not None:
        return rows.lock(Case, clock.case_id)
    assert clock.report_id is not None, "the constraint on clocks"
    return rows.lock(Report, clock.report_id)


def _take_each(
    turns: Sequence[Turn], clock: Clock, subject: Report | Case, book: Book, at: datetime, done: Looked
) -> None:
    if rules := [turn.what for turn in turns if isinstance(turn.what, ReminderRule)]:
        urgent = clocks.facts_of(clock).round_the_clock
        remind(subject, clock=clock, rules=rules, at=at, round_the_clock=urgent)
        done.reminded += 1
    for turn in turns:
        if isinstance(turn.what, Rung):
            escalate(subject, clock=clock, rung=turn.what, ladder=book.rungs[clock.kind], at=at)
            done.climbed += 1
