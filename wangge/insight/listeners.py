"""What evaluation does when matters move: their facts are made anew. Harmless the second time, and in any order."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from wangge.audit.models import Event
from wangge.audit.relay import together
from wangge.cases.models import Case
from wangge.common.statements import prepared
from wangge.insight.facts import around, rebuild

# Every step that begins, ends or is counted in a stretch; words, photos and looks change no fact.
CHANGES_FACTS = (
    "receive", "verify", "find", "answer", "decline", "join", "file", "split", "withdraw", "void_report", "rate", "urge",
    "correct_report", "settle", "dispatch", "recall", "accept", "forward", "send_back", "arbitrate", "extend", "suspend",
    "resume", "finish", "request_check", "pass_check", "fail_check", "close", "reopen", "correct", "merge", "void",
    "hide_report", "hide_case", "hand_up", "hand_down", "supervise", "escalate", "recompute",
)  # fmt: skip


@together
def note_facts(events: Sequence[Event]) -> None:
    """Make the facts of these matters anew, except where a later event that waits behind will do so anyway."""
    later = _waiting_behind(events)
    due = [event for event in events if event.verb == "split" or event.subject_id not in later]
    if due:
        cases, reports = around(
            reports=[event.subject_id for event in due if event.subject_kind == "report"],
            cases=[event.subject_id for event in due if event.subject_kind == "case"],
        )
        rebuild(cases=[*cases, *_left_by(due)], reports=reports)


# Asked after nearly every step.
LATER = """
SELECT event.subject_id FROM unnest(%s::uuid[], %s::bigint[]) AS now (subject_id, id)
JOIN audit_event event ON event.subject_id = now.subject_id AND event.id > now.id AND event.verb = ANY(%s)
JOIN audit_outbox ON audit_outbox.event_id = event.id
"""


def _waiting_behind(events: Sequence[Event]) -> set[UUID]:
    subjects, keys = [event.subject_id for event in events], [event.pk for event in events]
    with prepared() as cursor:
        cursor.execute(LATER, [subjects, keys, list(CHANGES_FACTS)])
        return {subject for (subject,) in cursor.fetchall()}


def _left_by(events: Iterable[Event]) -> list[UUID]:
    """The cases that reports were taken off: neither points to the other any more; the events name them."""
    words = [event.payload.data for event in events if event.verb == "split" and hasattr(event, "payload")]
    if not words:
        return []
    numbers = [word["case"] for word in words if "case" in word]
    return list(Case.objects.filter(number__in=numbers).values_list("pk", flat=True))
