"""Cases over HTTP, for people signed in: those in their scope, one with its timeline, and every step of the table."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from wangge.accounts.models import Account, Unit
from wangge.cases import actions
from wangge.cases.models import Case, FilingCondition, Reason
from wangge.cases.permissions import refusal, visible_cases
from wangge.cases.queries import matter
from wangge.cases.queries.lights import deadline_of, light_of
from wangge.cases.queries.timeline import Entry
from wangge.cases.workflow import BY_VERB, CASE_STAGES, Stage, Step
from wangge.common.api import (
    Code,
    Latitude,
    Longitude,
    Name,
    Problem,
    SignedIn,
    Words,
    forbidden,
    invalid,
    not_found,
    problems,
)

router = Router(tags=["cases"], auth=SignedIn())

CaseNumber = Annotated[str, Field(pattern=r"^\d{4}-\d{7,12}$", max_length=17)]


class CaseOut(Schema):
    """One line of a list of cases; the point in WGS84 degrees."""

    number: str
    class_code: str
    class_name: str
    stage: str
    stage_label: str
    unit_code: str | None
    unit_name: str | None
    address: str
    lon: float | None
    lat: float | None
    filed_at: datetime
    due_at: datetime | None
    light: str | None
    seen: int = Field(description="give it back with a step: it is refused if somebody was faster")


class EntryOut(Schema):
    """One thing that happened."""

    verb: str
    sentence: str
    at: datetime
    who: str
    stage: str
    note: str
    report: int | None = Field(description="number of the report it happened to; null for the case itself")


class StepOut(Schema):
    """One step of the workflow table for the caller, now: possible, or refused with the sentence why."""

    verb: str
    label: str
    allowed: bool
    refusal: str | None


class CaseDetailOut(CaseOut):
    """A case with what happened and what the caller may do."""

    condition: str
    closing_condition: str
    whole_due_at: datetime | None
    result: str
    answer: str
    reports: list[int]
    timeline: list[EntryOut]
    steps: list[StepOut]


class MovedOut(Schema):
    """Where the case stands after a step."""

    number: str
    stage: str
    stage_label: str
    seen: int


class StepIn(Schema):
    """What a step needs; which fields depends on the verb."""

    note: Words = ""
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
    lon: Longitude | None = Field(None, description="correct; WGS84")
    lat: Latitude | None = Field(None, description="correct; WGS84")


def _person(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@router.get("/cases", response={200: list[CaseOut], **problems(401, 403, 422)}, operation_id="cases")
def list_cases(
    request: HttpRequest,
    stage: Annotated[list[Stage] | None, Query()] = None,
    class_code: Annotated[Code | None, Query()] = None,
    before: Annotated[
        CaseNumber | None, Query(description="only cases with a lower number: the next page")
    ] = None,
    size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[CaseOut]:
    """The cases in the caller's scope, the highest number first."""
    condition = visible_cases(_person(request))
    if stage:
        condition &= Q(stage__in=stage)
    if class_code:
        condition &= Q(matter__code=class_code)
    if before:
        condition &= Q(number__lt=before)
    now = timezone.now()
    chosen = Case.objects.filter(condition).select_related("matter", "unit").order_by("-number")[:size]
    return [CaseOut(**_told(case, now)) for case in chosen]


def _told(case: Case, now: datetime) -> dict[str, Any]:
    return {
        "number": case.number,
        "class_code": case.matter.code,
        "class_name": case.matter.label,
        "stage": case.stage,
        "stage_label": case.get_stage_display(),
        "unit_code": case.unit.code if case.unit else None,
        "unit_name": case.unit.name if case.unit else None,
        "address": case.address,
        "lon": case.lon,
        "lat": case.lat,
        "filed_at": case.filed_at,
        "due_at": deadline_of(case),
        "light": light_of(case, now),
        "seen": case.event_seq,
    }


@router.get(
    "/cases/{number}", response={200: CaseDetailOut, **problems(401, 403, 404, 422)}, operation_id="case"
)
def show_case(request: HttpRequest, number: CaseNumber) -> CaseDetailOut:
    """One case with its timeline and the steps the caller may take or is refused, each refusal with its sentence."""
    person, now = _person(request), timezone.now()
    case = _case(person, number)
    page = matter.page_of(case, person, now)
    return CaseDetailOut(
        **_told(case, now),
        condition=case.condition_label,
        closing_condition=case.closing_label,
        whole_due_at=case.whole_due_at,
        result=case.result,
        answer=case.answer,
        reports=[told.report.number for told in page.told],
        timeline=[_entry(entry) for entry in page.entries],
        steps=[_step(BY_VERB[verb], case, person) for verb in TAKEN],
    )


def _case(person: Account, number: str) -> Case:
    try:
        found = matter.find(person, "case", number)
    except Http404:
        found = None
    if not isinstance(found, Case):
        raise not_found(_("There is no case %(number)s in your scope.") % {"number": number})
    return found


def _entry(entry: Entry) -> EntryOut:
    return EntryOut(
        verb=entry.verb,
        sentence=entry.sentence,
        at=entry.at,
        who=entry.who,
        stage=entry.stage,
        note=entry.note,
        report=entry.report,
    )


def _step(step: Step, case: Case, person: Account) -> StepOut:
    sentence = refusal(step, case, person)
    return StepOut(verb=step.verb, label=str(step.label), allowed=sentence is None, refusal=sentence)


# -- Steps: each row of the table with the action behind it ----------------------------------------------


def _dispatch(case: Case, given: StepIn, **who: Any) -> None:
    unit = Unit.objects.filter(code=given.unit_code or "").first()
    if unit is None:
        raise invalid(_("Choose the unit that is to handle it."), "unit_code")
    actions.dispatch_case(case, to=unit, note=given.note, seen=given.seen, **who)


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
    if (given.lon is None) != (given.lat is None):
        raise invalid(_("A point needs both numbers: longitude and latitude."), "lon")
    actions.correct_case(
        case,
        condition=_condition(given),
        point=(given.lon, given.lat) if given.lon is not None and given.lat is not None else None,
        address=given.address,
        note=given.note,
        seen=given.seen,
        **who,
    )


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
}


@router.post(
    "/cases/{number}/steps/{verb}",
    response={200: MovedOut, **problems(401, 403, 404, 409, 422)},
    operation_id="take_step",
)
def take_step(request: HttpRequest, number: CaseNumber, verb: Code, given: StepIn) -> MovedOut:
    """Take a step: 403 when it is not the caller's to take, 409 when it is not the moment or somebody was faster."""
    person = _person(request)
    case = _case(person, number)
    if verb not in TAKEN:
        raise not_found(_("There is no step “%(verb)s”.") % {"verb": verb})
    _demand(BY_VERB[verb], case, person)
    TAKEN[verb](case, given, by=person, at=timezone.now())
    return MovedOut(
        number=case.number, stage=case.stage, stage_label=case.get_stage_display(), seen=case.event_seq
    )


def _demand(step: Step, case: Case, person: Account) -> None:
    sentence = refusal(step, case, person)
    if sentence is None:
        return
    at_any_stage = replace(step, sources=frozenset(CASE_STAGES))
    if refusal(at_any_stage, case, person) is not None:
        raise forbidden(sentence)
    raise Problem(409, "refused", sentence)
