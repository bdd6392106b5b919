"""Reports over HTTP, for people signed in: one as the desk needs it, and every step of the table on a report."""

from collections.abc import Callable
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from wangge.accounts.models import Account
from wangge.cases import actions
from wangge.cases.api import StepOut, found_for, step_for, take
from wangge.cases.api_steps import named, point_of
from wangge.cases.models import Case, Exclusion, FilingCondition, MatterClass, Report
from wangge.cases.permissions import may_see_report, visible_cases
from wangge.cases.views.asking import person_of
from wangge.cases.views.confidence import log_look
from wangge.cases.workflow import BY_VERB
from wangge.common import rows
from wangge.common.api import Code, Latitude, Longitude, Name, SignedIn, Words, invalid, not_found, problems

router = Router(tags=["reports"], auth=SignedIn())

Number = Annotated[int, Field(ge=1, le=2**63 - 1)]


class ReportStepIn(Schema):
    """What a step on a report needs; which fields depends on the verb."""

    note: Words = ""
    seen: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    confirmed: bool | None = Field(None, description="find")
    answer: Words = Field("", description="answer")
    reason_code: Code | None = Field(None, description="decline: a ground of the exclusion list")
    case_number: Code | None = Field(None, description="join")
    class_code: Code | None = Field(None, description="file, correct_report")
    condition: Annotated[int, Field(ge=1, le=32767)] | None = Field(
        None, description="file: which filing condition of the class, counted from 1"
    )
    publish_text: Words | None = Field(
        None,
        description="file, publish: what the public may read, after a person has looked at it; empty: nothing",
    )
    handlers: Annotated[list[Name], Field(max_length=50)] = Field(
        [], description="hide_report: account names of colleagues who work around there"
    )
    address: Name | None = Field(None, description="correct_report")
    lon: Longitude | None = Field(None, description="correct_report; WGS84")
    lat: Latitude | None = Field(None, description="correct_report; WGS84")


class ReportMovedOut(Schema):
    """Where a report stands after a step, and the case that works on it."""

    number: int
    stage: str
    stage_label: str
    case_number: str | None
    seen: int = Field(description="give it back with a step: it is refused if somebody was faster")


class ReportDetailOut(ReportMovedOut):
    """A report with what the caller may do."""

    text: str
    class_code: str | None
    address: str
    lon: float | None
    lat: float | None
    finding: str
    answer: str
    steps: list[StepOut]


@router.get(
    "/reports/{number}",
    response={200: ReportDetailOut, **problems(401, 403, 404, 422)},
    operation_id="report",
)
def show_report(request: HttpRequest, number: Number) -> ReportDetailOut:
    """One report in the caller's scope with the steps the caller may take or is refused, each with its sentence."""
    person = person_of(request)
    report = _seen(person, number, rows.find(Report, number=number))
    log_look(request, report)
    return ReportDetailOut(
        **_where(report),
        text=report.text,
        class_code=report.matter.code if report.matter else None,
        address=report.address,
        lon=report.lon,
        lat=report.lat,
        finding=report.finding,
        answer=report.answer,
        steps=[step_for(BY_VERB[verb], report, person) for verb in TAKEN],
    )


@router.post(
    "/reports/{number}/steps/{verb}",
    response={200: ReportMovedOut, **problems(401, 403, 404, 409, 422)},
    operation_id="take_report_step",
)
def take_report_step(request: HttpRequest, number: Number, verb: Code, given: ReportStepIn) -> ReportMovedOut:
    """Take a step: 403 when it is not the caller's to take, 409 when it is not the moment or somebody was faster."""
    person = person_of(request)
    with transaction.atomic():
        report = _seen(person, number, found_for(verb, Report, number))
        take(verb, report, given, TAKEN, by=person)
    return ReportMovedOut(**_where(report))


def _seen(person: Account, number: int, report: Report | None) -> Report:
    """The report, if there is one that the caller may see."""
    if report is None or not may_see_report(person, report):
        raise not_found(_("There is no report %(number)s in your scope.") % {"number": number})
    return report


def _where(report: Report) -> dict[str, Any]:
    return {
        "number": report.number,
        "stage": report.stage,
        "stage_label": report.get_stage_display(),
        "case_number": report.case.number if report.case else None,
        "seen": report.event_seq,
    }


# -- The action behind each verb ---------------------------------------------------------------------------


def _verify(report: Report, given: ReportStepIn, **who: Any) -> None:
    actions.ask_to_verify(report, note=given.note, seen=given.seen, **who)


def _find(report: Report, given: ReportStepIn, **who: Any) -> None:
    if given.confirmed is None:
        raise invalid(_("Say whether the problem is there."), "confirmed")
    actions.report_finding(report, confirmed=given.confirmed, note=given.note, seen=given.seen, **who)


def _answer(report: Report, given: ReportStepIn, **who: Any) -> None:
    actions.answer_report(report, answer=given.answer or given.note, seen=given.seen, **who)


def _decline(report: Report, given: ReportStepIn, **who: Any) -> None:
    reason = Exclusion.objects.filter(code=given.reason_code or "", in_force=True).first()
    if reason is None:
        raise invalid(_("Choose the ground on which it is declined."), "reason_code")
    actions.decline_report(report, reason=reason, note=given.note, seen=given.seen, **who)


def _join(report: Report, given: ReportStepIn, **who: Any) -> None:
    case = Case.objects.filter(visible_cases(who["by"]), number=given.case_number or "").first()
    if case is None:
        raise invalid(_("There is no such case in your scope."), "case_number")
    actions.join_report(report, case=case, note=given.note, seen=given.seen, **who)


def _file(report: Report, given: ReportStepIn, **who: Any) -> None:
    actions.file_report(
        report,
        condition=_condition(report, given),
        note=given.note,
        publish_text=given.publish_text,
        seen=given.seen,
        **who,
    )


def _condition(report: Report, given: ReportStepIn) -> FilingCondition:
    matter_id = _class(given.class_code).pk if given.class_code else report.matter_id
    found = matter_id and rows.find_with(
        FilingCondition, "matter", matter_id=matter_id, ordinal=given.condition or 0, in_force=True
    )
    if not found or not found.matter.in_force:
        raise invalid(_("Choose a filing condition: it sets the limit and the unit."), "condition")
    return found


def _correct(report: Report, given: ReportStepIn, **who: Any) -> None:
    actions.correct_report(
        report,
        matter=_class(given.class_code) if given.class_code else None,
        point=point_of(given.lon, given.lat),
        address=given.address,
        note=given.note,
        seen=given.seen,
        **who,
    )


def _class(code: str) -> MatterClass:
    found = MatterClass.objects.filter(code=code, in_force=True).first()
    if found is None:
        raise invalid(_("There is no class %(code)s in force.") % {"code": code}, "class_code")
    return found


def _split(report: Report, given: ReportStepIn, **who: Any) -> None:
    actions.split_report(report, note=given.note, seen=given.seen, **who)


def _void(report: Report, given: ReportStepIn, **who: Any) -> None:
    actions.void_report(report, reason=given.note, seen=given.seen, **who)


def _hide(report: Report, given: ReportStepIn, **who: Any) -> None:
    handlers = named(report, given.handlers)
    actions.hide_report(report, handlers=handlers, note=given.note, seen=given.seen, **who)


def _publish(report: Report, given: ReportStepIn, **who: Any) -> None:
    if given.publish_text is None:
        raise invalid(_("Say what the public may read; empty words withhold it."), "publish_text")
    actions.publish_report(report, text=given.publish_text, seen=given.seen, **who)


TAKEN: dict[str, Callable[..., None]] = {
    "verify": _verify,
    "find": _find,
    "answer": _answer,
    "decline": _decline,
    "join": _join,
    "file": _file,
    "correct_report": _correct,
    "split": _split,
    "void_report": _void,
    "hide_report": _hide,
    "publish": _publish,
}
