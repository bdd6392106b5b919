"""How a case ends other than by closing: it becomes void, and what was asked for or disputed ends with it."""

from wangge.cases.actions.moving import Move
from wangge.cases.models import Arbitration, Case, Help, Request
from wangge.common.statements import prepared

END = """
UPDATE cases_request SET decided_at = %s, decided_by_id = %s, granted = false, answer = %s
WHERE case_id = %s AND kind = ANY(%s) AND decided_at IS NULL
"""


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
    by = move.by.pk if move.by else None
    with prepared() as cursor:
        cursor.execute(END, [move.at, by, answer, move.subject.pk, [str(kind) for kind in kinds]])


def end_work(move: Move[Case]) -> None:
    """End what belongs to the unit's turn: its requests for time, and the helpers named for it."""
    end_requests(move, Request.Kind.EXTEND, Request.Kind.SUSPEND)
    Help.objects.filter(case=move.subject).delete()
