"""The relay: hands events to their listeners in batches, in order for each subject, until all have succeeded.

A listener that fails is tried again later, and holds back the later events of the same subject only. Listeners are
listed in config/listeners.py and must be harmless the second time. One that can take the events of many subjects at
once (`together`) gets them so; where that fails, each event goes its way alone.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from graphlib import TopologicalSorter
from itertools import pairwise
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from wangge.audit.models import Event, Outbox
from wangge.common.logs import kind_of
from wangge.common.statements import prepared

log = logging.getLogger(__name__)

Listener = Callable[[Event], None]
Many = Callable[[Sequence[Event]], None]
Listeners = Mapping[str, Sequence[str]]  # verb → dotted names of listeners

RELAY_LOCK = 7_311_002  # advisory lock: one relay at a time keeps the order
LONGEST_WAIT = timedelta(hours=1)
BATCH = 500


@dataclass(frozen=True)
class Batch:
    """How many events a batch held, and how many of them were finished."""

    tried: int = 0
    finished: int = 0


def relay_once(listeners: Listeners, *, limit: int = BATCH) -> int:
    """Hand over one batch; returns how many events were finished. Does nothing while another relay is at work."""
    return _relay_locked(listeners, limit, timezone.now()).finished


def relay_waiting(listeners: Listeners) -> None:
    """Hand over what waits, in full batches; what comes meanwhile waits for the next pass, and is handed over together."""
    while _relay_locked(listeners, BATCH, timezone.now()).tried >= BATCH:
        pass


def installed_listeners() -> Listeners:
    """The list of who listens to what (config/listeners.py), named in the settings so that nothing imports upward."""
    return import_string(settings.LISTENERS)  # type: ignore[no-any-return]


def relay_all(listeners: Listeners | None = None) -> int:
    """Hand over until nothing more can be finished now."""
    listeners = installed_listeners() if listeners is None else listeners
    before = timezone.now()  # what fails now is not tried again in the same pass, or a pass might never end
    finished = 0
    while (batch := _relay_locked(listeners, BATCH, before)).tried:
        finished += batch.finished
    return finished


def _relay_locked(listeners: Listeners, limit: int, now: datetime) -> Batch:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [RELAY_LOCK])
        if not cursor.fetchone()[0]:
            return Batch()
        try:
            return _relay_batch(listeners, limit, now)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [RELAY_LOCK])


def ready(now: datetime) -> QuerySet[Outbox]:
    """The rows that can be tried now, oldest first: due, and no earlier row of the same subject waits for its time.

    Rows that wait take no place in a batch, so that no number of failing events stops the others.
    """
    waiting = Outbox.objects.filter(
        next_try_at__gt=now,
        event__subject_id=OuterRef("event__subject_id"),
        event_id__lt=OuterRef("event_id"),
    )
    due = Q(next_try_at=None) | Q(next_try_at__lte=now)
    found = Outbox.objects.filter(due, ~Exists(waiting)).select_related("event__payload")
    return found.order_by("event_id")


def stuck() -> int:
    """How many events some listener has refused and that wait to be tried again."""
    return Outbox.objects.filter(tries__gt=0).count()


def _relay_batch(listeners: Listeners, limit: int, now: datetime) -> Batch:
    rows = list(ready(now)[:limit])
    heard = [row for row in rows if listeners.get(row.event.verb)]
    _forget([row for row in rows if not listeners.get(row.event.verb)])
    finished = len(rows) - len(heard)
    held: set[UUID] = set()
    for turn in _turns(heard):
        free = [row for row in turn if row.event.subject_id not in held]
        for row in _left_alone(free, listeners):
            if not _deliver(row, listeners[row.event.verb], now):
                held.add(row.event.subject_id)
        finished += sum(row.event.subject_id not in held for row in free)
    return Batch(len(rows), finished)


def _turns(rows: Iterable[Outbox]) -> list[list[Outbox]]:
    """The first event of each subject, then the second of each, and so on: in a turn nobody waits for another."""
    turns: list[list[Outbox]] = []
    seen: dict[UUID, int] = {}
    for row in rows:
        turn = seen[row.event.subject_id] = seen.get(row.event.subject_id, -1) + 1
        if turn == len(turns):
            turns.append([])
        turns[turn].append(row)
    return turns


def _deliver(row: Outbox, names: Sequence[str], now: datetime) -> bool:
    """Run the listeners in one transaction, marked done together with what they did; returns whether all are done."""
    done, name = row.done, ""
    try:
        with transaction.atomic():
            for name in names:
                if name not in done and not _run(row, name, now):
                    return False
            _forget([row])
        return True
    except Exception as error:  # what a constraint refuses only when the transaction ends
        row.done = done
        _note_failure(row, name, error, now)
        return False


def _run(row: Outbox, name: str, now: datetime) -> bool:
    """Run one listener in a savepoint, so that what those before it did stays when it fails."""
    try:
        with transaction.atomic():
            import_string(name)(row.event)
    except Exception as error:  # whatever a listener raises must not stop the others' events
        _note_failure(row, name, error, now)
        return False
    row.done = [*row.done, name]
    return True


def _forget(rows: Collection[Outbox]) -> None:
    if rows:
        with prepared() as cursor:
            cursor.execute("DELETE FROM audit_outbox WHERE event_id = ANY(%s)", [[row.pk for row in rows]])


def _note_failure(row: Outbox, name: str, error: Exception, now: datetime) -> None:
    log.exception("Listener %s failed on event %s", name, row.pk)
    row.tries += 1
    row.error = f"{name}: {kind_of(error)}"[:2000]
    row.next_try_at = now + min(timedelta(seconds=2**row.tries), LONGEST_WAIT)
    row.save(update_fields=["tries", "error", "next_try_at", "done"])


# -- Together -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Together:
    """A listener that takes the events of many subjects at once, and gives back the keys of those it wants one by one.

    It shares a transaction with the others of its kind, so it locks nothing that a person's step waits for.
    """

    at_once: Callable[[Sequence[Event]], Collection[int]]
    one: Listener

    def __call__(self, event: Event) -> None:
        """Take a single event, as any listener."""
        self.one(event)


def together(many: Many) -> Together:
    """Make a listener of a function that takes events of many subjects, no two of the same."""

    def at_once(events: Sequence[Event]) -> Collection[int]:
        many(events)
        return ()

    return Together(at_once, lambda event: many([event]))


def only_where(concerned: Callable[[Sequence[Event]], Collection[int]]) -> Callable[[Listener], Together]:
    """Spare a listener the events that are nothing to it; `concerned` tells of many at once the keys of the others."""

    def guard(listener: Listener) -> Together:
        def one(event: Event) -> None:
            if concerned([event]):
                listener(event)

        return Together(concerned, one)

    return guard


def _left_alone(rows: Sequence[Outbox], listeners: Listeners) -> list[Outbox]:
    """Hand over together what can be, and return the rows of which something is left to hand over one by one."""
    fresh = [row for row in rows if not row.tries and _together(listeners[row.event.verb][0])]
    try:
        done = _hand_over(fresh, listeners) if fresh else {}
    except Exception:  # whose fault it is shows when each goes its way alone
        log.info("%s events could not be handed over together", len(fresh))
        return list(rows)
    for row in fresh:
        row.done = done[row.pk]
    return [row for row in rows if row.pk not in done or len(done[row.pk]) < len(listeners[row.event.verb])]


@transaction.atomic
def _hand_over(rows: Sequence[Outbox], listeners: Listeners) -> dict[int, list[str]]:
    """Run each listener once for all rows that have come as far as it; returns which ones each row is done with."""
    done: dict[int, list[str]] = {row.pk: [] for row in rows}
    for name in _in_order(listeners[row.event.verb] for row in rows):
        there = [row for row in rows if _next(row, listeners, done[row.pk]) == name]
        if there and (listener := _together(name)):
            left = listener.at_once([row.event for row in there])
            for row in there:
                if row.pk not in left:
                    done[row.pk].append(name)
    _forget([row for row in rows if len(done[row.pk]) == len(listeners[row.event.verb])])
    return done


def _together(name: str) -> Together | None:
    listener = import_string(name)
    return listener if isinstance(listener, Together) else None


def _next(row: Outbox, listeners: Listeners, done: Sequence[str]) -> str | None:
    names = listeners[row.event.verb]
    return names[len(done)] if len(done) < len(names) else None


def _in_order(lists: Iterable[Sequence[str]]) -> Iterable[str]:
    """The listeners of several verbs in an order in which those of each verb come in theirs."""
    order: TopologicalSorter[str] = TopologicalSorter()
    for names in set(lists):
        order.add(names[0])
        for before, after in pairwise(names):
            order.add(after, before)
    return order.static_order()
