"""Checks the logs: finds a row that was changed, taken out or put in, and names it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain as one_after_another

from django.db import transaction
from django.db.models import Model

from wangge.audit.actions import record_access
from wangge.audit.models import AccessEntry, Anchor
from wangge.audit.verification.access import verify_access
from wangge.audit.verification.anchored import verify_anchors, verify_copies
from wangge.audit.verification.ends import register_heads, verify_ends
from wangge.audit.verification.events import verify_events
from wangge.audit.verification.fault import Fault
from wangge.common.days import midnight

__all__ = [
    "Fault",
    "last_sound_anchor",
    "register_heads",
    "verify_access",
    "verify_all",
    "verify_anchors",
    "verify_and_record",
    "verify_copies",
    "verify_ends",
    "verify_events",
    "verify_since",
]

NAMED = 20  # faults that a stored result names
VERIFIED = "log_verified"


def verify_all() -> Iterator[Fault]:
    """Every check there is, over everything there is."""
    return one_after_another(verify_anchors(), verify_events(), verify_ends(), verify_access())


def verify_since(anchor: Anchor) -> Iterator[Fault]:
    """The same checks of what moved after an anchor: chains that moved are walked from their first event."""
    return one_after_another(
        verify_anchors(anchor.day),
        verify_events(anchor.last),
        verify_ends((midnight(anchor.day), anchor.last)),
        verify_access(anchor),
    )


def last_sound_anchor() -> Anchor | None:
    """The newest anchor up to which a verification found nothing wrong, if it is still what it was then."""
    for entry in AccessEntry.objects.filter(act=VERIFIED, detail__faults=0).order_by("-id")[:1]:
        if day := entry.detail.get("until"):
            anchor = Anchor.objects.filter(day=date.fromisoformat(day)).first()
            if anchor and bytes(anchor.digest).hex() == entry.detail.get("anchor"):
                return anchor
    return None


def verify_and_record(*, by: Model | None, at: datetime, full: bool = True) -> int:
    """Verify everything, or what moved since the last sound anchor, and write the result into the access log.

    Returns the number of faults.
    """
    until, since = Anchor.objects.last(), None if full else last_sound_anchor()
    count, named = _counted(verify_all() if since is None else verify_since(since))
    detail: dict[str, object] = {"faults": count, "first": named}
    if since is not None:
        detail["after"] = since.day.isoformat()
    if until is not None:
        detail |= {"until": until.day.isoformat(), "anchor": bytes(until.digest).hex()}
    with transaction.atomic():
        record_access(VERIFIED, by=by, at=at, detail=detail)
    return count


def _counted(faults: Iterable[Fault]) -> tuple[int, list[str]]:
    named, count = [], 0
    for count, fault in enumerate(faults, 1):
        if count <= NAMED:
            named.append(str(fault))
    return count, named
