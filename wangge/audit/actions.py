"""Writing events: the only way a row gets into the log."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model

from wangge.audit import chain
from wangge.audit.models import AccessEntry, Event, Payload
from wangge.common.statements import prepared


class Subject(Protocol):
    """Something that has a chain of events: the row itself carries the chain's head."""

    pk: UUID
    event_seq: int
    event_digest: Any  # bytes, or a memoryview when it came from the database


@dataclass(frozen=True)
class Recorded:
    """Where an event stands after it was written."""

    event_id: int
    seq: int
    digest: bytes


# One round trip: the event, its words and its place in the outbox belong together.
WRITE = """
WITH event AS (
    INSERT INTO audit_event (subject_kind, subject_id, seq, verb, at, actor_id, from_stage, to_stage,
                             payload_digest, previous, digest)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id
), words AS (
    INSERT INTO audit_payload (event_id, salt, data) SELECT id, %s, %s::jsonb FROM event
), outbox AS (
    INSERT INTO audit_outbox (event_id, done, tries, error) SELECT id, '[]', 0, '' FROM event
)
SELECT id FROM event
"""


def record(
    subject: Subject,
    *,
    kind: str,
    verb: str,
    at: datetime,
    by: Model | None,
    from_stage: str = "",
    to_stage: str = "",
    data: Mapping[str, Any] | None = None,
) -> Recorded:
    """Append one event to the subject's chain; the caller holds the subject's row lock and saves its new head."""
    words, salt = dict(data or {}), chain.new_salt()
    digest_of_words = chain.payload_digest(salt, words)
    seq, previous = subject.event_seq + 1, bytes(subject.event_digest)
    actor_id = by.pk if by is not None else None
    digest = chain.event_digest(
        previous=previous,
        subject_kind=kind,
        subject_id=subject.pk,
        seq=seq,
        verb=verb,
        at=at,
        actor_id=actor_id,
        from_stage=from_stage,
        to_stage=to_stage,
        payload=digest_of_words,
    )
    row: tuple[Any, ...] = (
        kind,
        subject.pk,
        seq,
        verb,
        at,
        actor_id,
        from_stage,
        to_stage,
        digest_of_words,
        previous,
        digest,
    )
    with prepared() as cursor:
        cursor.execute(WRITE, (*row, salt, json.dumps(words)))
        event_id = cursor.fetchone()[0]
    subject.event_seq, subject.event_digest = seq, digest
    return Recorded(event_id, seq, digest)


ERASED = "words_erased"  # the act without which the database deletes no words
ACCESS_LOCK = 7_311_001  # advisory lock: entries of the access log are written one after another


def record_access(
    act: str,
    *,
    by: Model | None,
    at: datetime,
    subject_kind: str = "",
    subject_id: object = "",
    purpose: str = "",
    address: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> AccessEntry:
    """Append one entry to the access log; call it inside the transaction of the act itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ACCESS_LOCK])
    last = AccessEntry.objects.order_by("-id").first()
    entry = AccessEntry(
        at=at,
        account_id=by.pk if by is not None else None,
        act=act,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        purpose=purpose,
        address=address,
        detail=dict(detail or {}),
        previous=bytes(last.digest) if last else chain.START,
    )
    entry.digest = chain.access_digest(
        previous=bytes(entry.previous),
        at=at,
        account_id=entry.account_id,
        act=act,
        subject=[subject_kind, entry.subject_id],
        purpose=purpose,
        detail=entry.detail,
    )
    entry.save()
    return entry


@transaction.atomic
def erase_words(
    subject: Subject,
    *,
    kind: str,
    by: Model | None,
    at: datetime,
    purpose: str,
    until: datetime | None = None,
) -> int:
    """Delete the words of a subject's events (those before `until`, if given) and write down that it was done, and why.

    The only way: the database refuses to delete words without this entry. Chains stay whole; returns how many went.
    """
    events = Event.objects.filter(subject_id=subject.pk)
    if until is not None:
        events = events.filter(at__lt=until)
    words = Payload.objects.filter(event__in=events)
    record_access(
        ERASED,
        by=by,
        at=at,
        subject_kind=kind,
        subject_id=subject.pk,
        purpose=purpose,
        detail={"rows": words.count()},
    )
    return words.delete()[0]


@transaction.atomic
def blank_words(
    subject: Subject,
    event: Event,
    *,
    kept: Mapping[str, Any],
    kind: str,
    by: Model,
    at: datetime,
    purpose: str,
    text: str,
) -> None:
    """Put what is to stay of an event's words in their place; a new event of the same chain vouches for it.

    The words go for good. That they did, which (`text` is a name that tells nothing of them) and why is in the access
    log. The caller holds the subject's lock and saves its new head.
    """
    where = f"event {event.seq}"
    _note_erasure(subject, where=where, kind=kind, by=by, at=at, purpose=purpose, text=text)
    Payload.objects.filter(event=event).delete()
    salt = chain.new_salt()
    Payload.objects.create(event=event, salt=salt, data=dict(kept))
    vouched = chain.payload_digest(salt, dict(kept)).hex()
    _record_blanking(subject, kind=kind, by=by, at=at, data={"of": event.seq, "kept": vouched})


@transaction.atomic
def note_blanking(
    subject: Subject, *, where: str, kind: str, by: Model, at: datetime, purpose: str, text: str
) -> None:
    """Write down that a text beside the log was blanked, and why: in the access log, and in the subject's chain."""
    _note_erasure(subject, where=where, kind=kind, by=by, at=at, purpose=purpose, text=text)
    _record_blanking(subject, kind=kind, by=by, at=at, data={"where": where})


def _note_erasure(
    subject: Subject, *, where: str, kind: str, by: Model, at: datetime, purpose: str, text: str
) -> None:
    detail = {"rows": 1, "text": text, "where": where}
    record_access(
        ERASED, by=by, at=at, subject_kind=kind, subject_id=subject.pk, purpose=purpose, detail=detail
    )


def _record_blanking(subject: Any, *, kind: str, by: Model, at: datetime, data: Mapping[str, Any]) -> None:
    stage = subject.stage
    record(subject, kind=kind, verb=chain.BLANKED, at=at, by=by, from_stage=stage, to_stage=stage, data=data)
