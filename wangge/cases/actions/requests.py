"""What is asked of the desk about a case, and the desk's decision: more time, a suspension, to declare it void."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.cases import clocks
from wangge.cases.actions.ending import end_as_void
from wangge.cases.actions.moving import Move, taking
from wangge.cases.conditions import open_request, quota
from wangge.cases.models import Case, Clock, ClockKind, Quota, Request
from wangge.cases.workflow import (
    ASK_EXTENSION,
    ASK_SUSPENSION,
    ASK_VOID,
    EXTEND,
    REFUSE_EXTENSION,
    REFUSE_SUSPENSION,
    REFUSE_VOID,
    RESUME,
    SUSPEND,
    VOID,
    Step,
)
from wangge.common.refusals import Refused

PAUSED = (ClockKind.HANDLE, ClockKind.WHOLE)
REFUSALS = {
    Request.Kind.EXTEND: REFUSE_EXTENSION,
    Request.Kind.SUSPEND: REFUSE_SUSPENSION,
    Request.Kind.VOID: REFUSE_VOID,
}


# -- Asking ----------------------------------------------------------------------------------------------------


def ask_extension(
    case: Case,
    *,
    limit: clocks.LimitOf,
    reason: str,
    by: Account,
    at: datetime | None = None,
    seen: int | None = None,
) -> Request:
    """The unit asks for more time, before the limit is used up and within the quota."""
    if limit.amount <= 0:
        raise Refused(_("Say how much more time the unit needs."), field="limit_amount")
    with taking(ASK_EXTENSION, case, by=by, at=at, note=reason, seen=seen) as move:
        if move.subject.due_at is not None and move.at >= move.subject.due_at:
            raise Refused(_("The time limit has passed: more time is asked for before it ends."))
        move.data.update(limit_kind=limit.kind, limit_amount=str(limit.amount))
        return Request.objects.create(
            case=move.subject,
            kind=Request.Kind.EXTEND,
            asked_at=move.at,
            asked_by=by,
            reason=reason,
            limit_kind=limit.kind,
            limit_amount=limit.amount,
        )


def ask_suspension(
    case: Case,
    *,
    until: datetime,
    reason: str,
    by: Account,
    at: datetime | None = None,
    seen: int | None = None,
) -> Request:
    """The unit asks to suspend the case until a moment: for weather, material or a decision nobody can hurry."""
    with taking(ASK_SUSPENSION, case, by=by, at=at, note=reason, seen=seen) as move:
        _demand_until(until, move.at)
        move.data["until"] = until.isoformat()
        return Request.objects.create(
            case=move.subject,
            kind=Request.Kind.SUSPEND,
            asked_at=move.at,
            asked_by=by,
            reason=reason,
            until=until,
        )


def _demand_until(until: datetime, at: datetime) -> None:
    if until <= at:
        raise Refused(_("Choose a day on which the work goes on; it must lie ahead."), field="until")
    most = quota(Quota.Code.SUSPENSION_DAYS)
    if until > at + timedelta(days=most):
        raise Refused(
            _("A case can be suspended for at most %(days)d days at a time.") % {"days": most}, field="until"
        )


def ask_void(
    case: Case, *, reason: str, by: Account, at: datetime | None = None, seen: int | None = None
) -> Request:
    """The desk asks the duty chief to declare a case void."""
    with taking(ASK_VOID, case, by=by, at=at, note=reason, seen=seen) as move:
        return Request.objects.create(
            case=move.subject, kind=Request.Kind.VOID, asked_at=move.at, asked_by=by, reason=reason
        )


# -- Deciding --------------------------------------------------------------------------------------------------


def extend_case(
    case: Case, *, by: Account, at: datetime | None = None, note: str = "", seen: int | None = None
) -> None:
    """Grant the time that was asked for: the handling clock and the whole case's become due later."""
    with taking(EXTEND, case, by=by, at=at, note=note, seen=seen) as move:
        request = _decide(move, Request.Kind.EXTEND, granted=True, answer=note)
        assert request.limit_amount is not None
        limit = clocks.LimitOf(request.limit_kind, request.limit_amount)
        for clock in _clocks_of(move.subject):
            before = clock.due_at
            clocks.extend(clock, limit)
            move.note_due(clock, before)
        move.data.update(limit_kind=limit.kind, limit_amount=str(limit.amount))


def suspend_case(
    case: Case,
    *,
    by: Account,
    at: datetime | None = None,
    until: datetime | None = None,
    note: str = "",
    seen: int | None = None,
) -> None:
    """Suspend a case as the unit asked, or until another moment; both clocks stand still, in their own calendar."""
    with taking(SUSPEND, case, by=by, at=at, note=note, seen=seen) as move:
        request = _decide(move, Request.Kind.SUSPEND, granted=True, answer=note)
        assert request.until is not None
        until = until or request.until
        _demand_until(until, move.at)
        for clock in _clocks_of(move.subject):
            before = clock.due_at
            clocks.pause(clock, move.at, until)
            move.note_due(clock, before)
        move.subject.resume_at = until
        move.data["until"] = until.isoformat()


def resume_case(
    case: Case, *, by: Account | None, at: datetime | None = None, note: str = "", seen: int | None = None
) -> None:
    """Let a suspended case go on; early by the unit or the duty chief, on its day by itself."""
    with taking(RESUME, case, by=by, at=at, note=note, seen=seen) as move:
        until = move.subject.resume_at
        assert until is not None
        for clock in _clocks_of(move.subject):
            before = clock.due_at
            if move.at < until:
                clocks.resume(clock, move.at)
            move.note_due(clock, before)
        move.subject.resume_at = None


def resume_due(at: datetime) -> int:
    """Let every case go on whose suspension has ended; returns how many did. For a job of the clock."""
    waiting = Case.objects.filter(resume_at__lte=at).values_list("pk", flat=True)
    return sum(_resumed(key, at) for key in list(waiting))


def _resumed(key: UUID, at: datetime) -> bool:
    case = Case.objects.get(pk=key)
    try:
        resume_case(case, by=None, at=at)
    except Refused:
        return False  # somebody was faster
    return True


def void_case(
    case: Case, *, reason: str, by: Account, at: datetime | None = None, seen: int | None = None
) -> None:
    """Declare a case void, whether somebody asked for it or not; its reporters are told why."""
    with taking(VOID, case, by=by, at=at, note=reason, seen=seen) as move:
        if request := open_request(move.subject, Request.Kind.VOID):
            _settle(request, move, granted=True, answer=reason)
        end_as_void(move, answer=reason)


def refuse_request(
    case: Case, *, kind: str, note: str, by: Account, at: datetime | None = None, seen: int | None = None
) -> None:
    """Refuse what was asked for, with the reason; the clocks go on as they were."""
    step: Step = REFUSALS[Request.Kind(kind)]
    with taking(step, case, by=by, at=at, note=note, seen=seen) as move:
        _decide(move, kind, granted=False, answer=note)


def _decide(move: Move[Case], kind: str, *, granted: bool, answer: str) -> Request:
    request = open_request(move.subject, kind)
    assert request is not None, "the condition of the step"
    return _settle(request, move, granted=granted, answer=answer)


def _settle(request: Request, move: Move[Case], *, granted: bool, answer: str) -> Request:
    request.decided_at, request.decided_by, request.granted = move.at, move.by, granted
    request.answer = answer
    request.save(update_fields=["decided_at", "decided_by", "granted", "answer"])
    move.data["asked_at"] = request.asked_at.isoformat()
    return request


def _clocks_of(case: Case) -> list[Clock]:
    running = clocks.running(case)
    return [running[kind] for kind in PAUSED if kind in running]


def granted_limits(case: Case) -> list[clocks.LimitOf]:
    """The extensions granted since the case was filed or opened again, in their order."""
    whole = Clock.objects.filter(case=case, kind=ClockKind.WHOLE).order_by("-started_at").first()
    return _granted_since(case, whole.started_at) if whole else []


def granted_to_unit(case: Case) -> list[clocks.LimitOf]:
    """Those of them that were granted since the case was dispatched: the next unit has its own limit."""
    return _granted_since(case, case.dispatched_at) if case.dispatched_at else []


def _granted_since(case: Case, at: datetime) -> list[clocks.LimitOf]:
    granted = Request.objects.filter(case=case, kind=Request.Kind.EXTEND, granted=True, decided_at__gte=at)
    return [
        clocks.LimitOf(r.limit_kind, r.limit_amount or Decimal(0)) for r in granted.order_by("decided_at")
    ]
