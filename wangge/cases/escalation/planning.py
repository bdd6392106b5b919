"""Which clock has its next turn when: computed in batches for clocks that are new or have another due moment."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from django.db import connection, transaction

from wangge.cases import clocks, deadlines
from wangge.cases.escalation.turns import Book, Turn, reminders_ahead, rung_at, rungs_ahead
from wangge.cases.models import Clock, Escalation, Reminder, ReminderRule, Rung, Watch
from wangge.cases.models.clock import UNPLANNED

BATCH = 2000

KEEP = """
UPDATE cases_clock c SET watch_at = planned.at, watched_due_at = planned.due_at
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS planned(id, at, due_at)
WHERE c.id = planned.id
"""
END_OF_STOPPED = """
UPDATE cases_escalation e SET ended_at = c.stopped_at
FROM cases_clock c WHERE c.id = e.clock_id AND e.ended_at IS NULL AND c.stopped_at IS NOT NULL
"""
FORGET = """
UPDATE cases_clock SET watched_due_at = NULL WHERE id IN (
    SELECT id FROM cases_clock
    WHERE stopped_at IS NULL AND watched_due_at IS NOT NULL AND watched_due_at = due_at AND id > %s
    ORDER BY id LIMIT %s
) RETURNING id
"""


def read_book() -> Book:
    """The ladders and reminder rules in force."""
    rungs: dict[str, list[Rung]] = defaultdict(list)
    found = Rung.objects.filter(ladder__in_force=True).select_related("ladder", "fallback_account")
    for rung in found.order_by("ladder_id", "ordinal"):
        rungs[rung.ladder.clock].append(rung)
    rules: dict[str, list[ReminderRule]] = defaultdict(list)
    for rule in ReminderRule.objects.filter(in_force=True):
        rules[rule.clock].append(rule)
    return Book(dict(rungs), dict(rules))


def stamp_of(book: Book) -> str:
    """A fingerprint of all that decides when a turn comes."""
    rungs = [
        (kind, rung.ordinal, rung.after_percent, rung.after_amount, rung.after_kind)
        for kind, found in sorted(book.rungs.items())
        for rung in found
    ]
    rules = [
        (kind, rule.pk, rule.after_percent, rule.before_hours)
        for kind, found in sorted(book.rules.items())
        for rule in found
    ]
    return sha256(repr((rungs, rules)).encode()).hexdigest()


def refresh(book: Book) -> None:
    """Plan every running clock anew after ladders or rules were changed; in batches, and again if it was interrupted."""
    watch, stamp = Watch.objects.get_or_create(pk=1)[0], stamp_of(book)
    if watch.stamp != stamp:
        _forget_plans()
        Watch.objects.filter(pk=1).update(stamp=stamp)


def _forget_plans() -> None:
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(FORGET, [last, BATCH])
            forgotten = [row[0] for row in cursor.fetchall()]
        if not forgotten:
            return
        last = max(forgotten)


def end_stopped() -> None:
    """What was escalated is no longer so when its clock has stopped."""
    with connection.cursor() as cursor:
        cursor.execute(END_OF_STOPPED)


def plan(book: Book, now: datetime, goes_on: Callable[[], bool] = lambda: True) -> int:
    """Plan every clock that is not planned for its due moment, as long as it may; returns how many there were."""
    planned, last = 0, 0
    while goes_on() and (batch := _plan_batch(book, now, last)):
        planned, last = planned + len(batch), batch[-1].pk
    return planned


@transaction.atomic
def _plan_batch(book: Book, now: datetime, last: int) -> list[Clock]:
    """Keep the moment of the next turn of some clocks; a clock that a step holds is left for the next time."""
    unplanned = Clock.objects.filter(UNPLANNED, pk__gt=last).select_for_update(skip_locked=True, no_key=True)
    if batch := list(unplanned.order_by("pk")[:BATCH]):
        plan_clocks(batch, book, now)
    return batch


def plan_clocks(batch: Sequence[Clock], book: Book, now: datetime) -> None:
    """Keep the moment of the next turn of these locked clocks; five statements whatever their number."""
    end_those_with_more_time(batch, now)
    climbed, sent = _climbed(batch), _sent(batch)
    at = [
        min((turn.at for turn in _turns(clock, book, climbed[clock.pk], sent[clock.pk], now)), default=None)
        for clock in batch
    ]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [[clock.pk for clock in batch], at, [clock.due_at for clock in batch]])


def turns_of(clock: Clock, book: Book, now: datetime) -> list[Turn]:
    """The turns that a clock has ahead, the nearest first."""
    turns = _turns(clock, book, _climbed([clock])[clock.pk], _sent([clock])[clock.pk], now)
    return sorted(turns, key=lambda turn: turn.at)


def _turns(
    clock: Clock, book: Book, climbed: set[int], sent: set[tuple[int, datetime]], now: datetime
) -> list[Turn]:
    course = _course(clock)
    of_this_due = {rule for rule, due_at in sent if due_at == clock.due_at}
    return [
        *rungs_ahead(course, book.rungs.get(clock.kind, ()), climbed),
        *reminders_ahead(course, book.rules.get(clock.kind, ()), of_this_due, now),
    ]


def _course(clock: Clock) -> deadlines.Course:
    return deadlines.Course(clocks.calendar_by_id(clock.calendar_id), clocks.facts_of(clock))


def _climbed(batch: Iterable[Clock]) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    rows = Escalation.objects.filter(clock__in=[clock.pk for clock in batch], ended_at=None)
    for clock_id, ordinal in rows.values_list("clock_id", "ordinal"):
        found[clock_id].add(ordinal)
    return found


def _sent(batch: Iterable[Clock]) -> defaultdict[int, set[tuple[int, datetime]]]:
    found: defaultdict[int, set[tuple[int, datetime]]] = defaultdict(set)
    rows = Reminder.objects.filter(clock__in=[clock.pk for clock in batch])
    for clock_id, rule_id, due_at in rows.values_list("clock_id", "rule_id", "due_at"):
        found[clock_id].add((rule_id, due_at))
    return found


def end_those_with_more_time(batch: Sequence[Clock], now: datetime) -> None:
    """A rung whose moment lies ahead again, since the clock got more time, is no longer climbed."""
    by_key = {clock.pk: clock for clock in batch}
    open_ones = Escalation.objects.filter(clock__in=by_key, ended_at=None).select_related("rung")
    lapsed = [one.pk for one in open_ones if _lies_ahead(by_key[one.clock_id], one, now)]
    if lapsed:
        Escalation.objects.filter(pk__in=lapsed).update(ended_at=now)


def _lies_ahead(clock: Clock, escalation: Escalation, now: datetime) -> bool:
    if escalation.rung is None:
        return clock.due_at > now and clock.due_at > escalation.due_at
    at = rung_at(_course(clock), escalation.rung)
    return at is None or at > max(now, escalation.at)
