"""What a step over HTTP needs, and the action behind each verb of the table."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from wangge.accounts.models import Account, Unit
from wangge.cases import actions, clocks
from wangge.cases.models import Case, FilingCondition, Reason, Report, Request, SupervisionOrder
from wangge.cases.permissions import visible_cases
from wangge.cases.queries.colleagues import colleagues_around
from wangge.common import rows
from wangge.common.api import Code, Latitude, Longitude, Name, Words, invalid


class StepIn(Schema):
    """What a step needs; which fields depends on the verb."""

    note: Words = Field(
        "",
        description="where the step asks for a reason or words; dispatch: words to the unit, "
        "required for one that has sent the case back",
    )
    seen: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    unit_code: Code | None = Field(None, description="dispatch")
    reason_code: Code | None = Field(None, description="send_back")
    legal_basis: Name = Field("", description="send_back, where the reason asks for it")
    result: Words = Field("", description="finish")
    answer: Words = Field("", description="close")
    class_code: Code | None = Field(None, description="correct")
    condition: Annotated[int, Field(ge=1, le=32767)] | None = Field(
        None, description="correct: which filing condition of the class, counted from 1"
    )
    address: Name | None = Field(None, description="correct")
    unit_codes: Annotated[list[Code], Field(max_length=20)] = Field(
        [], description="ask_help; dispatch: units that help"
    )
    case_number: Code | None = Field(None, description="merge: the case that goes on")
    limit_kind: Literal["urgent_hours", "working_hours", "working_days", "calendar_days"] | None = Field(
        None, description="ask_extension"
    )
    limit_amount: Annotated[Decimal, Field(ge=Decimal("0.01"), le=1000, decimal_places=2)] | None = Field(
        None, description="ask_extension"
    )
    until: datetime | None = Field(None, description="ask_suspension; suspend, if other than asked")
    reply_due_at: datetime | None = Field(None, description="supervise; the centre's limit unless given")
    order: Annotated[int, Field(ge=1, le=2**53)] | None = Field(
        None, description="reply_supervision, end_supervision: id of the order"
    )
    handlers: Annotated[list[Name], Field(max_length=50)] = Field(
        [], description="hide_case, name_handlers: account names of colleagues who work around there"
    )
    lon: Longitude | None = Field(None, description="correct; WGS84")
    lat: Latitude | None = Field(None, description="correct; WGS84")


def _dispatch(case: Case, given: StepIn, **who: Any) -> None:
    unit = rows.find(Unit, code=given.unit_code or "")
    if unit is None:
        raise invalid(_("Choose the unit that is to handle it."), "unit_code")
    helpers = _units(given) if given.unit_codes else []
    actions.dispatch_case(case, to=unit, note=given.note, helpers=helpers, seen=given.seen, **who)


def _recall(case: Case, given: StepIn, **who: Any) -> None:
    actions.recall_case(case, note=given.note, seen=given.seen, **who)


def _accept(case: Case, given: StepIn, **who: Any) -> None:
    actions.accept_case(case, seen=given.seen, **who)


def _send_back(case: Case, given: StepIn, **who: Any) -> None:
    reason = Reason.objects.filter(code=given.reason_code or "", verb="send_back", in_force=True).first()
    if reason is None:
        raise invalid(_("Choose the reason for sending back."), "reason_code")
    if reason.needs_legal_basis and not given.legal_basis.strip():
        raise invalid(_("This reason needs its legal basis: please name the rule."), "legal_basis")
    note = given.note
    if given.legal_basis.strip():
        note = _("%(note)s\nLegal basis: %(basis)s") % {"note": note, "basis": given.legal_basis}
    actions.send_back_case(case, reason=reason, note=note, seen=given.seen, **who)


def _finish(case: Case, given: StepIn, **who: Any) -> None:
    actions.finish_case(case, result=given.result or given.note, seen=given.seen, **who)


def _request_check(case: Case, given: StepIn, **who: Any) -> None:
    actions.request_check(case, **who)


def _pass_check(case: Case, given: StepIn, **who: Any) -> None:
    actions.pass_check(case, note=given.note, seen=given.seen, **who)


def _fail_check(case: Case, given: StepIn, **who: Any) -> None:
    actions.fail_check(case, note=given.note, seen=given.seen, **who)


def _close(case: Case, given: StepIn, **who: Any) -> None:
    actions.close_case(case, answer=given.answer or given.note, seen=given.seen, **who)


def _reopen(case: Case, given: StepIn, **who: Any) -> None:
    actions.reopen_case(case, note=given.note, seen=given.seen, **who)


def _comment(case: Case, given: StepIn, **who: Any) -> None:
    actions.comment_case(case, note=given.note, **who)


def _correct(case: Case, given: StepIn, **who: Any) -> None:
    actions.correct_case(
        case,
        condition=_condition(given),
        point=point_of(given.lon, given.lat),
        address=given.address,
        note=given.note,
        seen=given.seen,
        **who,
    )


def _units(given: StepIn) -> list[Unit]:
    found = list(Unit.objects.filter(code__in=given.unit_codes))
    if missing := set(given.unit_codes) - {unit.code for unit in found}:
        raise invalid(
            _("There is no unit with the code %(codes)s.") % {"codes": ", ".join(sorted(missing))},
            "unit_codes",
        )
    return found


def _unit(given: StepIn, sentence: str) -> Unit:
    unit = Unit.objects.filter(code=given.unit_code or "").first()
    if unit is None:
        raise invalid(sentence, "unit_code")
    return unit


def _forward(case: Case, given: StepIn, **who: Any) -> None:
    unit = _unit(given, _("Choose where to forward it."))
    actions.forward_case(case, to=unit, note=given.note, seen=given.seen, **who)


def _ask_help(case: Case, given: StepIn, **who: Any) -> None:
    actions.ask_help(case, units=_units(given), words=given.note, seen=given.seen, **who)


def _give_help(case: Case, given: StepIn, **who: Any) -> None:
    actions.give_help(case, result=given.note, seen=given.seen, **who)


def _arbitrate(case: Case, given: StepIn, **who: Any) -> None:
    unit = _unit(given, _("Choose the unit that is responsible."))
    actions.arbitrate(case, to=unit, reason=given.note, seen=given.seen, **who)


def _hand_up(case: Case, given: StepIn, **who: Any) -> None:
    actions.hand_up(case, note=given.note, seen=given.seen, **who)


def _hand_down(case: Case, given: StepIn, **who: Any) -> None:
    actions.hand_down(case, note=given.note, seen=given.seen, **who)


def _merge(case: Case, given: StepIn, **who: Any) -> None:
    into = Case.objects.filter(visible_cases(who["by"]), number=given.case_number or "").first()
    if into is None:
        raise invalid(_("Choose a case, or type its number."), "case_number")
    actions.merge_case(case, into=into, note=given.note, seen=given.seen, **who)


def _ask_extension(case: Case, given: StepIn, **who: Any) -> None:
    if given.limit_kind is None or given.limit_amount is None:
        raise invalid(_("Say how much more time the unit needs."), "limit_amount")
    limit = clocks.LimitOf(given.limit_kind, given.limit_amount)
    actions.ask_extension(case, limit=limit, reason=given.note, seen=given.seen, **who)


def _extend(case: Case, given: StepIn, **who: Any) -> None:
    actions.extend_case(case, note=given.note, seen=given.seen, **who)


def _moment(moment: datetime | None, field: str) -> datetime:
    if moment is None or moment.tzinfo is None:
        raise invalid(_("Give a moment with its time zone, such as 2026-12-01T00:00:00+08:00."), field)
    return moment


def _ask_suspension(case: Case, given: StepIn, **who: Any) -> None:
    until = _moment(given.until, "until")
    actions.ask_suspension(case, until=until, reason=given.note, seen=given.seen, **who)


def _suspend(case: Case, given: StepIn, **who: Any) -> None:
    until = _moment(given.until, "until") if given.until else None
    actions.suspend_case(case, until=until, note=given.note, seen=given.seen, **who)


def _resume(case: Case, given: StepIn, **who: Any) -> None:
    actions.resume_case(case, note=given.note, seen=given.seen, **who)


def _ask_void(case: Case, given: StepIn, **who: Any) -> None:
    actions.ask_void(case, reason=given.note, seen=given.seen, **who)


def _void(case: Case, given: StepIn, **who: Any) -> None:
    actions.void_case(case, reason=given.note, seen=given.seen, **who)


def _refuse(kind: str) -> Callable[..., None]:
    def refuse(case: Case, given: StepIn, **who: Any) -> None:
        actions.refuse_request(case, kind=kind, note=given.note, seen=given.seen, **who)

    return refuse


def _supervise(case: Case, given: StepIn, **who: Any) -> None:
    due = _moment(given.reply_due_at, "reply_due_at") if given.reply_due_at else None
    actions.supervise(case, words=given.note, reply_due_at=due, seen=given.seen, **who)


def _order(case: Case, given: StepIn) -> SupervisionOrder:
    order = SupervisionOrder.objects.filter(case=case, pk=given.order or 0).first()
    if order is None:
        raise invalid(_("There is no such order for this case."), "order")
    return order


def _reply_supervision(case: Case, given: StepIn, **who: Any) -> None:
    actions.reply_to_order(case, order=_order(case, given), reply=given.note, seen=given.seen, **who)


def _end_supervision(case: Case, given: StepIn, **who: Any) -> None:
    actions.end_order(case, order=_order(case, given), note=given.note, seen=given.seen, **who)


def _refuse_reopen(case: Case, given: StepIn, **who: Any) -> None:
    actions.refuse_reopening(case, note=given.note, seen=given.seen, **who)


def _ask_recheck(case: Case, given: StepIn, **who: Any) -> None:
    actions.ask_recheck(case, seen=given.seen, **who)


def _look_again(passed: bool) -> Callable[..., None]:
    def step(case: Case, given: StepIn, **who: Any) -> None:
        actions.do_recheck(case, passed=passed, note=given.note, seen=given.seen, **who)

    return step


def point_of(lon: float | None, lat: float | None) -> tuple[float, float] | None:
    """The point that was given, if one was; 422 for half of one."""
    if lon is not None and lat is not None:
        return lon, lat
    if lon is None and lat is None:
        return None
    raise invalid(_("A point needs both numbers: longitude and latitude."), "lon")


def named(matter: Report | Case, usernames: Sequence[str]) -> list[Account]:
    """The colleagues around a matter who have these account names; 422 for anybody else."""
    found = list(colleagues_around(matter).filter(username__in=usernames))
    if missing := sorted(set(usernames) - {account.username for account in found}):
        raise invalid(
            _("Nobody who works around here is called %(names)s.") % {"names": "、".join(missing)}, "handlers"
        )
    return found


def _hide_case(case: Case, given: StepIn, **who: Any) -> None:
    actions.hide_case(case, handlers=named(case, given.handlers), note=given.note, seen=given.seen, **who)


def _name_handlers(case: Case, given: StepIn, **who: Any) -> None:
    actions.name_handlers(case, handlers=named(case, given.handlers), seen=given.seen, **who)


def _condition(given: StepIn) -> FilingCondition | None:
    if given.class_code is None and given.condition is None:
        return None
    found = FilingCondition.objects.filter(
        matter__code=given.class_code or "",
        matter__in_force=True,
        in_force=True,
        ordinal=given.condition or 0,
    )
    condition = found.select_related("matter").first()
    if condition is None:
        raise invalid(_("Choose a filing condition: it sets the limit and the unit."), "condition")
    return condition


TAKEN: dict[str, Callable[..., None]] = {
    "dispatch": _dispatch,
    "recall": _recall,
    "accept": _accept,
    "send_back": _send_back,
    "finish": _finish,
    "request_check": _request_check,
    "pass_check": _pass_check,
    "fail_check": _fail_check,
    "close": _close,
    "reopen": _reopen,
    "correct": _correct,
    "comment": _comment,
    "forward": _forward,
    "ask_help": _ask_help,
    "give_help": _give_help,
    "arbitrate": _arbitrate,
    "hand_up": _hand_up,
    "hand_down": _hand_down,
    "merge": _merge,
    "ask_extension": _ask_extension,
    "extend": _extend,
    "refuse_extension": _refuse(Request.Kind.EXTEND),
    "ask_suspension": _ask_suspension,
    "suspend": _suspend,
    "refuse_suspension": _refuse(Request.Kind.SUSPEND),
    "resume": _resume,
    "ask_void": _ask_void,
    "void": _void,
    "refuse_void": _refuse(Request.Kind.VOID),
    "supervise": _supervise,
    "reply_supervision": _reply_supervision,
    "end_supervision": _end_supervision,
    "refuse_reopen": _refuse_reopen,
    "ask_recheck": _ask_recheck,
    "pass_recheck": _look_again(passed=True),
    "fail_recheck": _look_again(passed=False),
    "hide_case": _hide_case,
    "name_handlers": _name_handlers,
}
