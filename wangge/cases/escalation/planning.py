"""Which clock has its next turn when: computed in batches for clocks that are new or have another due moment."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID

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
# Along the index of what runs, a stretch at a time: the primary key would lead past all clocks that ever stopped.
FORGET = """
WITH stretch AS (
    SELECT id, {owner} AS owner, kind FROM cases_clock
    WHERE stopped_at IS NULL AND {owner} IS NOT NULL AND ({owner}, kind) > (%s, %s) ORDER BY {owner}, kind LIMIT %s
), forgotten AS (
    UPDATE cases_clock c SET watched_due_at = NULL FROM stretch WHERE c.id = stretch.id AND c.watched_due_at IS NOT NULL
)
SELECT owner, kind FROM stretch ORDER BY owner DESC, kind DESC LIMIT 1
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
    for owner in ("case_id", "report_id"):
        last: tuple[UUID, str] | None = (UUID(int=0), "")
        while last is not None:
            with connection.cursor() as cursor:
                cursor.execute(FORGET.format(owner=owner), [*last, BATCH])
                last = cursor.fetchone()


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
    """Keep the moment of the next turn of these locked clocks; four statements whatever their number."""
    courses = {clock.pk: _course(clock) for clock in batch}
    climbed, sent = _climbed(batch, courses, now), _sent(batch)
    at = [
        min((turn.at for turn in _turns(clock, courses[clock.pk], book, climbed, sent, now)), default=None)
        for clock in batch
    ]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [[clock.pk for clock in batch], at, [clock.due_at for clock in batch]])


def turns_of(clock: Clock, book: Book, now: datetime) -> list[Turn]:
    """The turns that a locked clock has ahead, the nearest first."""
    course = _course(clock)
    climbed, sent = _climbed([clock], {clock.pk: course}, now), _sent([clock])
    return sorted(_turns(clock, course, book, climbed, sent, now), key=lambda turn: turn.at)


def _course(clock: Clock) -> deadlines.Course:
    return deadlines.Course(clocks.calendar_by_id(clock.calendar_id), clocks.facts_of(clock))


def _turns(
    clock: Clock,
    course: deadlines.Course,
    book: Book,
    climbed: Mapping[int, set[int]],
    sent: Mapping[int, set[tuple[int, datetime]]],
    now: datetime,
) -> Iterator[Turn]:
    of_this_due = {rule for rule, due_at in sent.get(clock.pk, ()) if due_at == clock.due_at}
    yield from rungs_ahead(course, book.rungs.get(clock.kind, ()), climbed.get(clock.pk, ()))
    yield from reminders_ahead(course, book.rules.get(clock.kind, ()), of_this_due, now)


def _sent(batch: Iterable[Clock]) -> Mapping[int, set[tuple[int, datetime]]]:
    found: defaultdict[int, set[tuple[int, datetime]]] = defaultdict(set)
    rows = Reminder.objects.filter(clock__in=[clock.pk for clock in batch]).order_by()
    for clock_id, rule_id, due_at in rows.values_list("clock_id", "rule_id", "due_at"):
        found[clock_id].add((rule_id, due_at))
    return found


def _climbed(
    batch: Iterable[Clock], courses: Mapping[int, deadlines.Course], now: datetime
) -> Mapping[int, set[int]]:
    """The rungs that each clock stands on; one whose moment lies ahead again, since it got more time, is left."""
    by_key = {clock.pk: clock for clock in batch}
    found: defaultdict[int, set[int]] = defaultdict(set)
    lapsed = []
    for one in Escalation.objects.filter(clock__in=by_key, ended_at=None).select_related("rung").order_by():
        if _lies_ahead(by_key[one.clock_id], courses[one.clock_id], one, now):
            lapsed.append(one.pk)
        else:
            found[one.clock_id].add(one.ordinal)
    if lapsed:
        Escalation.objects.filter(pk__in=lapsed).update(ended_at=now)
    return found


def _lies_ahead(clock: Clock, course: deadlines.Course, escalation: Escalation, now: datetime) -> bool:
    if escalation.rung is None:
        return clock.due_at > now and clock.due_at > escalation.due_at
    at = rung_at(course, escalation.rung)
    return at is None or at > max(now, escalation.at)
