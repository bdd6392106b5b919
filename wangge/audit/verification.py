"""Checks the chains: finds a row that was changed, taken out or put in, and names it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain as both

from django.db import connection, transaction
from django.db.models import Model

from wangge.audit import chain
from wangge.audit.actions import record_access
from wangge.audit.models import AccessEntry

NAMED = 20  # faults that a stored result names


@dataclass(frozen=True)
class Fault:
    """One broken link, in words."""

    row: str
    what: str


QUERY = """
SELECT e.id, e.subject_kind, e.subject_id, e.seq, e.verb, e.at, e.actor_id, e.from_stage, e.to_stage,
       e.payload_digest, e.previous, e.digest, p.salt, p.data::text, p.event_id IS NOT NULL
FROM audit_event e LEFT JOIN audit_payload p ON p.event_id = e.id
ORDER BY e.subject_id, e.seq
"""


# Whoever owns chains says in SQL where each should end: rows of (kind, subject_id, seq, digest).
_heads: list[Callable[[], str]] = []

ENDS = """
SELECT head.kind, head.subject_id, head.seq, coalesce(final.seq, 0)
FROM ({heads}) AS head (kind, subject_id, seq, digest)
LEFT JOIN LATERAL (
    SELECT seq, digest FROM audit_event WHERE subject_id = head.subject_id ORDER BY seq DESC LIMIT 1
) final ON true
WHERE head.seq <> coalesce(final.seq, 0) OR head.digest <> final.digest
ORDER BY head.subject_id
"""


def register_heads(heads: Callable[[], str]) -> None:
    """Let `heads()` name chains: a SELECT of kind, subject_id, seq and digest of the last event of each."""
    if heads not in _heads:
        _heads.append(heads)


def verify_ends() -> Iterator[Fault]:
    """Compare where each chain ends with what its subject says: finds a tail that was cut off, or a whole chain.

    One statement, so that a step taken meanwhile is seen whole or not at all.
    """
    if not _heads:
        return
    with connection.chunked_cursor() as cursor:
        cursor.execute(ENDS.format(heads=" UNION ALL ".join(heads() for heads in _heads)))
        for kind, subject_id, wanted, found in cursor:
            yield Fault(f"{kind} {subject_id}", _what_of_end(wanted, found))


def _what_of_end(wanted: int, found: int) -> str:
    if not found:
        return "all its events are missing"
    if found > wanted:
        return f"no. {wanted + 1} was put in at the end"
    if found == wanted:
        return f"no. {found} is not the event that its subject ends with"
    missing = f"no. {found + 1} is" if wanted == found + 1 else f"no. {found + 1} to {wanted} are"
    return f"{missing} missing at the end"


def verify_all() -> Iterator[Fault]:
    """Every check there is."""
    return both(verify_events(), verify_ends(), verify_access())


def verify_events() -> Iterator[Fault]:
    """Walk every chain of events once, in constant memory."""
    import json

    subject, seq, previous = None, 0, chain.START
    with _in_one_pass(), connection.chunked_cursor() as cursor:
        cursor.execute(QUERY)
        for row in cursor:
            (
                event_id,
                kind,
                subject_id,
                place,
                verb,
                at,
                actor,
                before,
                after,
                words,
                prev,
                digest,
                salt,
                data,
                has,
            ) = row
            if subject_id != subject:
                subject, seq, previous = subject_id, 0, chain.START
            name = f"event {event_id} ({kind} {subject_id} no. {place}, {verb})"
            if place != seq + 1:
                yield Fault(name, f"no. {seq + 1} is missing before it")
            elif bytes(prev) != previous:
                yield Fault(name, "does not follow the event before it: a row was changed or put in")
            made = chain.event_digest(
                previous=bytes(prev),
                subject_kind=kind,
                subject_id=subject_id,
                seq=place,
                verb=verb,
                at=at,
                actor_id=actor,
                from_stage=before,
                to_stage=after,
                payload=bytes(words),
            )
            if made != bytes(digest):
                yield Fault(name, "was changed")
            if has and chain.payload_digest(bytes(salt), json.loads(data)) != bytes(words):
                yield Fault(name, "its words were changed")
            seq, previous = place, bytes(digest)


@contextmanager
def _in_one_pass() -> Iterator[None]:
    """Everything is read, so nothing is looked up row by row, whatever the planner believes of tables that just grew."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = on")


def verify_access() -> Iterator[Fault]:
    """Walk the access log."""
    previous = chain.START
    for entry in AccessEntry.objects.order_by("id").iterator():
        made = chain.access_digest(
            previous=bytes(entry.previous),
            at=entry.at,
            account_id=entry.account_id,
            act=entry.act,
            subject=[entry.subject_kind, entry.subject_id],
            purpose=entry.purpose,
            detail=entry.detail,
        )
        name = f"access entry {entry.pk} ({entry.act})"
        if made != bytes(entry.digest):
            yield Fault(name, "was changed")
        if bytes(entry.previous) != previous:
            yield Fault(name, "does not follow the entry before it: a row is missing, changed or put in")
        previous = bytes(entry.digest)


def verify_and_record(*, by: Model | None, at: datetime) -> int:
    """Walk every chain and write the result into the access log; returns the number of faults."""
    named, count = [], 0
    for count, fault in enumerate(verify_all(), 1):
        if count <= NAMED:
            named.append(f"{fault.row}: {fault.what}")
    with transaction.atomic():
        record_access("log_verified", by=by, at=at, detail={"faults": count, "first": named})
    return count
