"""Walks the chains of events link by link."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from wangge.audit import chain
from wangge.audit.verification.fault import Fault

QUERY = """
SELECT e.id, e.subject_kind, e.subject_id, e.seq, e.verb, e.at, e.actor_id, e.from_stage, e.to_stage,
       e.payload_digest, e.previous, e.digest, p.salt, p.data::text, p.event_id IS NOT NULL
FROM audit_event e LEFT JOIN audit_payload p ON p.event_id = e.id
{which}
ORDER BY e.subject_id, e.seq
"""
MOVED = "WHERE e.subject_id IN (SELECT subject_id FROM audit_event WHERE id > %s)"


class _Row(NamedTuple):
    """An event as it is stored, with its words."""

    id: int
    kind: str
    subject: UUID
    seq: int
    verb: str
    at: object
    actor_id: int | None
    before: str
    after: str
    words: bytes
    previous: bytes
    digest: bytes
    salt: bytes
    data: str
    has_words: bool

    @property
    def name(self) -> str:
        day = timezone.localdate(self.at)  # type: ignore[arg-type]
        return f"event {self.id} ({self.kind} {self.subject} no. {self.seq}, {self.verb}, {day})"

    def made(self) -> bytes:
        """The digest that the row's own facts make."""
        return chain.event_digest(
            previous=bytes(self.previous),
            subject_kind=self.kind,
            subject_id=self.subject,
            seq=self.seq,
            verb=self.verb,
            at=self.at,  # type: ignore[arg-type]
            actor_id=self.actor_id,
            from_stage=self.before,
            to_stage=self.after,
            payload=bytes(self.words),
        )

    def says_what_was_said(self) -> bool:
        """Tell whether the words are the ones that were digested; deleted words say nothing wrong."""
        return not self.has_words or self.digest_of_words() == bytes(self.words)

    def digest_of_words(self) -> bytes:
        return chain.payload_digest(bytes(self.salt), json.loads(self.data))

    def vouches_for(self) -> tuple[int, bytes] | None:
        """The place in the chain of which words were blanked, and the digest of what is left of them."""
        if self.verb != chain.BLANKED or not self.has_words or not self.says_what_was_said():
            return None
        told = json.loads(self.data)
        return (told["of"], bytes.fromhex(told["kept"])) if "of" in told else None


def verify_events(after: int | None = None) -> Iterator[Fault]:
    """Walk every chain once, in constant memory; with a number only chains that moved above it, from their first row."""
    subject, seq, previous = None, 0, chain.START
    others: dict[
        int, _Row
    ] = {}  # whose words are not those that were said, until a later event vouches for them
    for row in _rows(after):
        if row.subject != subject:
            yield from _changed(others)
            subject, seq, previous, others = row.subject, 0, chain.START, {}
        if row.seq != seq + 1:
            yield Fault(row.name, f"no. {seq + 1} is missing before it")
        elif bytes(row.previous) != previous:
            yield Fault(row.name, "does not follow the event before it: a row was changed or put in")
        if row.made() != bytes(row.digest):
            yield Fault(row.name, "was changed")
        if not row.says_what_was_said():
            others[row.seq] = row
        elif (vouched := row.vouches_for()) is not None:
            _believe(*vouched, others)
        seq, previous = row.seq, bytes(row.digest)
    yield from _changed(others)


def _believe(seq: int, kept: bytes, others: dict[int, _Row]) -> None:
    if seq in others and others[seq].digest_of_words() == kept:
        del others[seq]


def _changed(others: dict[int, _Row]) -> Iterator[Fault]:
    for row in others.values():
        yield Fault(row.name, "its words were changed")


def _rows(after: int | None) -> Iterator[_Row]:
    if after is None:
        with _in_one_pass(), connection.chunked_cursor() as cursor:
            cursor.execute(QUERY.format(which=""))
            yield from map(_Row._make, cursor)
    else:
        with transaction.atomic(), connection.chunked_cursor() as cursor:
            cursor.execute(QUERY.format(which=MOVED), [after])
            yield from map(_Row._make, cursor)


@contextmanager
def _in_one_pass() -> Iterator[None]:
    """Everything is read, so nothing is looked up row by row, whatever the planner believes of tables that just grew."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = on")
