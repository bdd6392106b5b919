"""The relay: hands events to their listeners in batches, in order for each subject, until all have succeeded.

A listener that fails is tried again later, and holds back the later events of the same subject only. Listeners are
listed in config/listeners.py and must be harmless the second time.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from wangge.audit.models import Event, Outbox

log = logging.getLogger(__name__)

Listener = Callable[[Event], None]
Listeners = Mapping[str, Sequence[str]]  # verb → dotted names of listeners

RELAY_LOCK = 7_311_002  # advisory lock: one relay at a time keeps the order
LONGEST_WAIT = timedelta(hours=1)


def relay_once(listeners: Listeners, *, limit: int = 500) -> int:
    """Hand over one batch; returns how many events were finished. Does nothing while another relay is at work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [RELAY_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            return _relay_batch(listeners, limit)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [RELAY_LOCK])


def installed_listeners() -> Listeners:
    """The list of who listens to what (config/listeners.py), named in the settings so that nothing imports upward."""
    return import_string(settings.LISTENERS)  # type: ignore[no-any-return]


def relay_all(listeners: Listeners | None = None) -> int:
    """Hand over until nothing more can be finished now."""
    listeners = installed_listeners() if listeners is None else listeners
    finished = 0
    while batch := relay_once(listeners):
        finished += batch
    return finished


def _relay_batch(listeners: Listeners, limit: int) -> int:
    rows = list(Outbox.objects.select_related("event").order_by("event_id")[:limit])
    _drop_unheard(rows, listeners)
    held: set[UUID] = set()
    now = timezone.now()
    finished = 0
    for row in rows:
        names = listeners.get(row.event.verb, ())
        if not names:
            finished += 1
        elif row.event.subject_id in held or not _is_due(row, now):
            held.add(row.event.subject_id)
        elif _deliver(row, names, now):
            finished += 1
        else:
            held.add(row.event.subject_id)
    return finished


def _drop_unheard(rows: Iterable[Outbox], listeners: Listeners) -> None:
    unheard = [row.pk for row in rows if not listeners.get(row.event.verb)]
    Outbox.objects.filter(pk__in=unheard).delete()


def _is_due(row: Outbox, now: datetime) -> bool:
    return row.next_try_at is None or row.next_try_at <= now


def _deliver(row: Outbox, names: Sequence[str], now: datetime) -> bool:
    """Run each listener in a transaction of its own, marked done together with what it did."""
    waiting = [name for name in names if name not in row.done]
    for name in waiting:
        try:
            with transaction.atomic():
                import_string(name)(row.event)
                _note_success(row, name, last=name == waiting[-1])
        except Exception as error:  # whatever a listener raises must not stop the others' events
            row.done = [done for done in row.done if done != name]
            _note_failure(row, name, error, now)
            return False
    if not waiting:
        _forget(row)
    return True


def _note_success(row: Outbox, name: str, *, last: bool) -> None:
    row.done = [*row.done, name]
    if last:
        _forget(row)
    else:
        row.save(update_fields=["done"])


def _forget(row: Outbox) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_outbox WHERE event_id = %s", [row.pk])


def _note_failure(row: Outbox, name: str, error: Exception, now: datetime) -> None:
    log.exception("Listener %s failed on event %s", name, row.pk)
    row.tries += 1
    row.error = f"{name}: {error!r}"[:2000]
    row.next_try_at = now + min(timedelta(seconds=2**row.tries), LONGEST_WAIT)
    row.save(update_fields=["tries", "error", "next_try_at", "done"])
