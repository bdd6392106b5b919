"""How a case ends other than by closing: it becomes void, and what was asked for or disputed ends with it."""

from wangge.cases.actions.moving import Move
from wangge.cases.models import Arbitration, Case, Help, Request


def end_as_void(move: Move[Case], *, answer: str) -> None:
    """Give a void case its last moment and the words its reporters read; open requests and disputes end with it."""
    case = move.subject
    case.answer, case.closed_at = answer, move.at
    case.resume_at = None
    move.judge_by(None)
    end_requests(move, *Request.Kind, answer=answer)
    Arbitration.objects.filter(case=case, ruled_at=None, ended_at=None).update(
        ended_at=move.at, reason=answer
    )


def end_requests(move: Move[Case], *kinds: str, answer: str = "") -> None:
    """End what waits for a decision: the work it was asked for is not this unit's, or not to be done, any more."""
    waiting = Request.objects.filter(case=move.subject, kind__in=kinds, decided_at=None)
    waiting.update(decided_at=move.at, decided_by=move.by, granted=False, answer=answer)


def end_work(move: Move[Case]) -> None:
    """End what belongs to the unit's turn: its requests for time, and the helpers named for it."""
    end_requests(move, Request.Kind.EXTEND, Request.Kind.SUSPEND)
    Help.objects.filter(case=move.subject).delete()
