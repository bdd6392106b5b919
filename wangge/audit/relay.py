"""The relay: hands events to their listeners in batches, in order for each subject, until all have succeeded.

A listener that fails is tried again later, and holds back the later events of the same subject only. Listeners are
listed in config/listeners.py and must be harmless the second time.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from wangge.audit.models import Event, Outbox
from wangge.common.statements import prepared

log = logging.getLogger(__name__)

Listener = Callable[[Event], None]
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
    _drop_unheard(rows, listeners)
    held: set[UUID] = set()
    finished = 0
    for row in rows:
        names = listeners.get(row.event.verb, ())
        if not names:
            finished += 1
        elif row.event.subject_id in held:
            continue
        elif _deliver(row, names, now):
            finished += 1
        else:
            held.add(row.event.subject_id)
    return Batch(len(rows), finished)


def _drop_unheard(rows: Iterable[Outbox], listeners: Listeners) -> None:
    unheard = [row.pk for row in rows if not listeners.get(row.event.verb)]
    Outbox.objects.filter(pk__in=unheard).delete()


def _deliver(row: Outbox, names: Sequence[str], now: datetime) -> bool:
    """Run the listeners in one transaction, marked done together with what they did; returns whether all are done."""
    done, name = row.done, ""
    try:
        with transaction.atomic():
            for name in names:
                if name not in done and not _run(row, name, now):
                    return False
            _forget(row)
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


def _forget(row: Outbox) -> None:
    with prepared() as cursor:
        cursor.execute("DELETE FROM audit_outbox WHERE event_id = %s", [row.pk])


def _note_failure(row: Outbox, name: str, error: Exception, now: datetime) -> None:
    log.exception("Listener %s failed on event %s", name, row.pk)
    row.tries += 1
    # The first line only: what a database says below it quotes the row, which may be somebody's words.
    what = str(error).partition("\n")[0]
    row.error = f"{name}: {type(error).__name__}: {what}"[:2000]
    row.next_try_at = now + min(timedelta(seconds=2**row.tries), LONGEST_WAIT)
    row.save(update_fields=["tries", "error", "next_try_at", "done"])
