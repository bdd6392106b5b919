"""What evaluation does when a matter moves: its facts are made anew. Harmless the second time, and in any order."""

from wangge.audit.models import Event
from wangge.cases.models import Case
from wangge.common.statements import prepared
from wangge.insight.facts import rebuild, rebuild_around

# Every step that begins, ends or is counted in a stretch; words, photos and looks change no fact.
CHANGES_FACTS = (
    "receive", "verify", "find", "answer", "decline", "join", "file", "split", "withdraw", "void_report", "rate", "urge",
    "correct_report", "settle", "dispatch", "recall", "accept", "forward", "send_back", "arbitrate", "extend", "suspend",
    "resume", "finish", "request_check", "pass_check", "fail_check", "close", "reopen", "correct", "merge", "void",
    "hide_report", "hide_case", "hand_up", "hand_down", "supervise", "escalate", "recompute",
)  # fmt: skip


def note_facts(event: Event) -> None:
    """Make the facts of this matter anew, unless a later event of it that waits behind will do so anyway."""
    if event.verb == "split" or not _waits_behind(event):
        rebuild_around(event.subject_kind, event.subject_id)
        if event.verb == "split":
            _rebuild_left(event)


# Asked after nearly every step.
LATER = """
SELECT 1 FROM audit_event JOIN audit_outbox ON audit_outbox.event_id = audit_event.id
WHERE audit_event.subject_id = %s AND audit_event.id > %s AND audit_event.verb = ANY(%s) LIMIT 1
"""


def _waits_behind(event: Event) -> bool:
    with prepared() as cursor:
        cursor.execute(LATER, [event.subject_id, event.pk, list(CHANGES_FACTS)])
        return cursor.fetchone() is not None


def _rebuild_left(event: Event) -> None:
    """The case that a report was taken off no longer points to it, nor it to the case; the event names it."""
    number = event.payload.data.get("case") if hasattr(event, "payload") else None
    rebuild(cases=list(Case.objects.filter(number=number).values_list("pk", flat=True)))
