"""Which units have sent a case back since it was filed: the duty list may name them, but not as if nothing had happened."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from wangge.accounts.models import Unit
from wangge.audit.models import Event
from wangge.cases.models import Case, Reason
from wangge.cases.workflow import ARBITRATE, DISPATCH, REOPEN, SEND_BACK
from wangge.common.refusals import Refused


@dataclass(frozen=True)
class Returned:
    """One send-back: by whom, when, and why."""

    unit: str
    codes: Container[str]  # the unit itself, and the one it was dispatched to that had forwarded it there
    at: datetime
    reason: str
    note: str


def returned(cases: Iterable[Case]) -> Mapping[UUID, Sequence[Returned]]:
    """The send-backs of each of these cases since it was filed or reopened, the first one first; two statements at most."""
    found: dict[UUID, list[Returned]] = {}
    # What was never dispatched was never sent back either.
    keys = [case.pk for case in cases if case.dispatched_at is not None]
    events = _events(keys) if keys else []
    reasons = _reasons(events)
    lead: dict[UUID, str] = {}
    for event in events:
        data = event.payload.data if hasattr(event, "payload") else {}  # words may have been erased
        if event.verb == REOPEN.verb:
            found.pop(event.subject_id, None)
        elif event.verb == SEND_BACK.verb:
            one = _told(event, data, lead.get(event.subject_id, ""), reasons)
            found.setdefault(event.subject_id, []).append(one)
        else:
            lead[event.subject_id] = data.get("unit_code", "")
    return found


def demand_words(case: Case, to: Unit, note: str) -> None:
    """Nobody gets a case again without a word after they said why it is not theirs. Raises Refused (field `note`)."""
    if note.strip() or not any(to.code in one.codes for one in returned([case]).get(case.pk, ())):
        return
    sentence = _("%(unit)s has sent this case back: please say why it goes there again.")
    raise Refused(sentence % {"unit": to.name}, field="note")


def _events(keys: Sequence[UUID]) -> Sequence[Event]:
    verbs = [step.verb for step in (DISPATCH, ARBITRATE, SEND_BACK, REOPEN)]
    events = Event.objects.filter(subject_id__in=keys, verb__in=verbs).select_related("payload")
    return list(events.order_by("subject_id", "seq"))


def _reasons(events: Sequence[Event]) -> Mapping[str, Reason]:
    if all(event.verb != SEND_BACK.verb for event in events):
        return {}
    return {reason.code: reason for reason in Reason.objects.filter(verb=SEND_BACK.verb)}


def _told(event: Event, data: Mapping[str, Any], lead: str, reasons: Mapping[str, Reason]) -> Returned:
    code = data.get("reason", "")
    return Returned(
        unit=data.get("unit", ""),
        codes={lead, data.get("unit_code", "")} - {""},
        at=event.at,
        reason=str(reasons.get(code, code)),
        note=data.get("note", ""),
    )
