"""How a case ends other than by closing: it becomes void, and what was asked for ends with it."""

from wangge.cases.actions.moving import Move
from wangge.cases.models import Case, Request


def end_as_void(move: Move[Case], *, answer: str) -> None:
    """Give a void case its last moment and the words its reporters read; open requests end with it."""
    case = move.subject
    case.answer, case.closed_at = answer, move.at
    case.resume_at = None
    move.judge_by(None)
    Request.objects.filter(case=case, decided_at=None).update(
        decided_at=move.at, decided_by=move.by, granted=False, answer=answer
    )
