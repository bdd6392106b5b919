"""Links by which a reporter follows a matter from a message, though only a fingerprint of the code is stored.

A link holds the report's id and the last day on which it opens, signed with a key derived from the installation's. It
opens what the code opens. It is made when a message is sent and stored nowhere but sealed in the queue (ADR 0023).
"""

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.urls import reverse

OPENS_FOR = timedelta(days=180)
LENGTH = 35  # what is not so long is a code; a carrier's template takes no more in one variable
SIGNED = 8  # bytes: 64 bits cannot be guessed over the network


def follow_link(report_id: UUID, *, at: datetime) -> str:
    """Return the path of the page of a report, open for half a year from `at`."""
    return reverse("intake:follow", args=[token_of(report_id, at=at)])


def token_of(report_id: UUID, *, at: datetime) -> str:
    """Return what stands in the place of the secret code."""
    last_day = ((at + OPENS_FOR).astimezone(UTC) - datetime(2020, 1, 1, tzinfo=UTC)).days
    said = report_id.bytes + last_day.to_bytes(2, "big")
    return base64.urlsafe_b64encode(said + _signature(said)).decode().rstrip("=")


def report_of(token: str, *, at: datetime) -> UUID | None:
    """Return whose report a token opens at this moment; None when it is none of ours, altered, or too old."""
    if len(token) != LENGTH:
        return None
    try:
        raw = base64.b64decode(token + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    said, signature = raw[:-SIGNED], raw[-SIGNED:]
    if not hmac.compare_digest(signature, _signature(said)):
        return None
    last_day = int.from_bytes(said[16:], "big")
    today = (at.astimezone(UTC) - datetime(2020, 1, 1, tzinfo=UTC)).days
    return UUID(bytes=said[:16]) if today <= last_day else None


def _signature(said: bytes) -> bytes:
    key = hashlib.sha256(b"follow link" + settings.SEALING_KEY).digest()
    return hmac.new(key, said, hashlib.sha256).digest()[:SIGNED]
