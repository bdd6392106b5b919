"""Compares where each chain ends with what its subject says: finds a tail that was cut off, or a whole chain."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from wangge.audit.verification.fault import Fault

# Whoever owns chains says in SQL where each should end: rows of (kind, subject_id, seq, digest, moved_at).
_heads: list[Callable[[], str]] = []

ENDS = """
SELECT head.kind, head.subject_id, head.seq, coalesce(final.seq, 0)
FROM ({heads}) AS head (kind, subject_id, seq, digest, moved_at)
LEFT JOIN LATERAL (
    SELECT seq, digest FROM audit_event WHERE subject_id = head.subject_id ORDER BY seq DESC LIMIT 1
) final ON true
WHERE (head.seq <> coalesce(final.seq, 0) OR head.digest <> final.digest) {which}
ORDER BY head.subject_id
"""
# A subject all of whose new events are gone is found by the moment it says it moved.
MOVED = """
AND (head.moved_at >= %s OR head.subject_id IN (SELECT subject_id FROM audit_event WHERE id > %s))
"""


def register_heads(heads: Callable[[], str]) -> None:
    """Let `heads()` name chains: a SELECT of kind, subject_id, seq and digest of the last event, and when it moved."""
    if heads not in _heads:
        _heads.append(heads)


def verify_ends(since: tuple[datetime, int] | None = None) -> Iterator[Fault]:
    """Check the ends of all chains, or of those that moved since a moment or above an event's number.

    One statement, so that a step taken meanwhile is seen whole or not at all.
    """
    if not _heads:
        return
    question = ENDS.format(
        heads=" UNION ALL ".join(heads() for heads in _heads), which="" if since is None else MOVED
    )
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(question, since)
        for kind, subject_id, wanted, found in cursor:
            yield Fault(f"{kind} {subject_id}", _what_of_end(wanted, found))


def _what_of_end(wanted: Any, found: Any) -> str:
    if not found:
        return "all its events are missing"
    if found > wanted:
        return f"no. {wanted + 1} was put in at the end"
    if found == wanted:
        return f"no. {found} is not the event that its subject ends with"
    missing = f"no. {found + 1} is" if wanted == found + 1 else f"no. {found + 1} to {wanted} are"
    return f"{missing} missing at the end"
