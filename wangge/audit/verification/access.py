"""Walks the access log."""

from collections.abc import Iterator

from wangge.audit import chain
from wangge.audit.models import AccessEntry, Anchor
from wangge.audit.verification.fault import Fault


def verify_access(after: Anchor | None = None) -> Iterator[Fault]:
    """Walk the access log from its first entry, or from the one an anchor ends with."""
    previous = bytes(after.access_digest) if after else chain.START
    entries = AccessEntry.objects.filter(pk__gt=after.access if after else 0)
    for entry in entries.order_by("id").iterator():
        name = f"access entry {entry.pk} ({entry.act})"
        if _made(entry) != bytes(entry.digest):
            yield Fault(name, "was changed")
        if bytes(entry.previous) != previous:
            yield Fault(name, "does not follow the entry before it: a row is missing, changed or put in")
        previous = bytes(entry.digest)


def _made(entry: AccessEntry) -> bytes:
    return chain.access_digest(
        previous=bytes(entry.previous),
        at=entry.at,
        account_id=entry.account_id,
        act=entry.act,
        subject=[entry.subject_kind, entry.subject_id],
        purpose=entry.purpose,
        detail=entry.detail,
    )
