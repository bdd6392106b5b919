"""Anchors: once a day a digest over everything the day added to the logs, made so that copies of it can lie elsewhere."""

import logging
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from wangge.audit import chain
from wangge.audit.actions import ACCESS_LOCK
from wangge.audit.anchor_line import Head, Line, Root
from wangge.audit.models import AccessEntry, Anchor, Event
from wangge.common.days import midnight
from wangge.common.refusals import Refused

log = logging.getLogger(__name__)

ANCHOR_LOCK = 7_311_003  # advisory lock: one anchor after another
DAY = timedelta(days=1)
PATIENCE = 600.0  # seconds to wait for transactions that are still writing events

HEADS = """
SELECT DISTINCT ON (subject_id) subject_kind, subject_id, seq, digest FROM audit_event
WHERE id > %s AND id <= %s ORDER BY subject_id, seq DESC
"""
# Whoever inserts holds this lock before a number is drawn, so a number drawn before a look belongs to one of these.
WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND relation = 'audit_event'::regclass AND mode = 'RowExclusiveLock'
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND pid <> pg_backend_pid()
"""
DRAWN = "SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM audit_event_id_seq"


def make_anchors(*, at: datetime) -> list[Anchor]:
    """Anchor every local day that is over and has no anchor; the first anchor ever covers all there was before it."""
    settled = _settled()
    with transaction.atomic():
        _lock(ANCHOR_LOCK)
        last = Anchor.objects.last()
        days = _days(last.day if last else None, timezone.localdate(at))
        made: list[Anchor] = []
        for day in days:
            last = _make(day, last, None if day == days[-1] else midnight(day + DAY), settled, at)
            made.append(last)
    _write_down(made)
    return made


def _days(anchored: date | None, today: date) -> list[date]:
    first = anchored + DAY if anchored else today - DAY
    return [first + DAY * number for number in range((today - first).days)]


def _lock(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _settled() -> int:
    """The greatest number up to which no event can still come; waits for those who are writing, and stops nobody."""
    with connection.cursor() as cursor:
        cursor.execute(DRAWN)
        drawn = int(cursor.fetchone()[0])
        waiting, until = _writers(), time.monotonic() + PATIENCE
        while waiting:
            if time.monotonic() > until:
                raise Refused("Somebody has been writing events for ten minutes; the anchor is made later.")
            time.sleep(0.05)
            waiting &= _writers()
    return drawn


def _writers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(WRITERS)
        return {row[0] for row in cursor.fetchall()}


def _make(day: date, before: Anchor | None, end: datetime | None, settled: int, at: datetime) -> Anchor:
    """Make one anchor; a day that was missed (`end` given) takes what had happened by its midnight."""
    after = before.last if before else 0
    last = max(after, min(settled, _before(Event, end, settled)))
    root, events = root_of(after, last)
    entry = _access_end(before, end)
    anchor = Anchor(
        day=day,
        made_at=at,
        after=after,
        last=last,
        events=events,
        chains=root.chains,
        root=bytes.fromhex(root.digest),
        access=entry.pk if entry else 0,
        access_digest=bytes(entry.digest) if entry else chain.START,
        previous=bytes(before.digest) if before else chain.START,
    )
    anchor.digest = bytes.fromhex(anchor.line.digest)
    anchor.save(force_insert=True)
    return anchor


def _before(model: type[Event] | type[AccessEntry], end: datetime | None, most: int) -> int:
    """The number before the first row of the next day."""
    first = model._default_manager.filter(at__gte=end).order_by("id").first() if end else None
    return first.pk - 1 if first else most


def _access_end(before: Anchor | None, end: datetime | None) -> AccessEntry | None:
    """The last entry of the access log by then; who is writing one is waited for."""
    _lock(ACCESS_LOCK)
    newest = AccessEntry.objects.order_by("id").last()
    if newest is None:
        return None
    most = max(before.access if before else 0, _before(AccessEntry, end, newest.pk))
    return AccessEntry.objects.filter(pk__lte=most).order_by("id").last()


def heads_of(after: int, last: int) -> Iterator[Head]:
    """The last event of each chain among the events of a range of numbers, in the order of their subjects."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(HEADS, [after, last])
        for kind, subject_id, seq, digest in cursor:
            yield Head(kind, str(subject_id), seq, bytes(digest).hex())


def root_of(after: int, last: int) -> tuple[Root, int]:
    """The root over the heads of a range of numbers, and how many events there are."""
    root = Root()
    for head in heads_of(after, last):
        root.add(head)
    return root, Event.objects.filter(pk__gt=after, pk__lte=last).count()


def _write_down(made: list[Anchor]) -> None:
    """Keep the lines in a file beside the database: who reaches only the database cannot change them."""
    path = Path(settings.ANCHOR_FILE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{anchor.line}\n" for anchor in made)
    except OSError as error:
        log.warning("The anchors could not be written to %s: %s", path, error)


def copy_of(anchor: Anchor, *, heads: bool = False) -> Iterator[str]:
    """The lines of one anchor for a file: its own and, if wanted, that of each chain the day moved."""
    line: Line = anchor.line
    yield f"{line}\n"
    if heads:
        yield from (f"{head}\n" for head in heads_of(anchor.after, anchor.last))
