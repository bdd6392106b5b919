"""The hash chain: pure functions that make and check the digests of events."""

import hashlib
import json
import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

START = bytes(32)
# The verb of an event that vouches for the words another one has left, when some of them were blanked.
BLANKED = "blanked"


def canonical(data: Any) -> bytes:
    """Write data the same way each time: sorted keys, no spaces, UTF-8."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def new_salt() -> bytes:
    """Make the salt that keeps short words from being guessed out of their digest."""
    return os.urandom(16)


def payload_digest(salt: bytes, data: Any) -> bytes:
    """Digest the words of an event; the chain holds this and not the words."""
    return hashlib.sha256(salt + canonical(data)).digest()


def event_digest(
    *,
    previous: bytes,
    subject_kind: str,
    subject_id: UUID,
    seq: int,
    verb: str,
    at: datetime,
    actor_id: int | None,
    from_stage: str,
    to_stage: str,
    payload: bytes,
) -> bytes:
    """Digest one event together with the digest of the event before it in its chain."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    head = [subject_kind, str(subject_id), seq, verb, moment, actor_id, from_stage, to_stage]
    return hashlib.sha256(previous + canonical(head) + payload).digest()


def access_digest(
    *,
    previous: bytes,
    at: datetime,
    account_id: int | None,
    act: str,
    subject: list[str],
    purpose: str,
    detail: dict[str, Any],
) -> bytes:
    """Digest one entry of the access log together with the digest of the entry before it."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(previous + canonical([moment, account_id, act, *subject, purpose, detail])).digest()
