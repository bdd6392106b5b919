"""Cases over HTTP, for people signed in: those in their scope, one with its timeline, and every step of the table."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field

from wangge.accounts.models import Account
from wangge.cases import actions
from wangge.cases.api_steps import TAKEN, StepIn
from wangge.cases.models import Case, Report
from wangge.cases.permissions import may_ever, may_see_case, refusal, visible_cases
from wangge.cases.queries import matter
from wangge.cases.queries.lights import deadline_of, light_of
from wangge.cases.queries.rows import provisional_of
from wangge.cases.queries.timeline import Entry
from wangge.cases.views.asking import person_of
from wangge.cases.views.confidence import log_look
from wangge.cases.workflow import BY_VERB, MERGE, SPLIT, Stage, Step
from wangge.common import rows
from wangge.common.api import (
    Code,
    Problem,
    SignedIn,
    forbidden,
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
    provisional: bool = Field(
        description="`due_at` reads a year whose holidays are not published yet; it may still move"
    )
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


class OrderOut(Schema):
    """A supervision order of a case; `id` is what a reply names."""

    id: int
    given_at: datetime
    words: str
    reply_due_at: datetime
    replied_at: datetime | None
    ended_at: datetime | None


class CaseDetailOut(CaseOut):
    """A case with what happened and what the caller may do."""

    condition: str
    closing_condition: str
    whole_due_at: datetime | None
    result: str
    answer: str
    reports: list[int]
    orders: list[OrderOut]
    timeline: list[EntryOut]
    steps: list[StepOut]


class MovedOut(Schema):
    """Where the case stands after a step."""

    number: str
    stage: str
    stage_label: str
    seen: int


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
    condition = visible_cases(person_of(request))
    if stage:
        condition &= Q(stage__in=stage)
    if class_code:
        condition &= Q(matter__code=class_code)
    if before:
        condition &= Q(number__lt=before)
    now = timezone.now()
    chosen = Case.objects.filter(condition).select_related("matter", "unit").order_by("-number")[:size]
    cases = list(chosen)
    provisional = provisional_of(cases, now)
    return [CaseOut(**_told(case, now, provisional=case.pk in provisional)) for case in cases]


def _told(case: Case, now: datetime, *, provisional: bool) -> dict[str, Any]:
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
        "due_at": deadline_of(case, now),
        "provisional": provisional,
        "light": light_of(case, now),
        "seen": case.event_seq,
    }


class NextOut(Schema):
    """A matter that the caller has just taken: a report or a case, by its number."""

    kind: Literal["report", "case"]
    number: str
    stage: str
    stage_label: str
    due_at: datetime | None
    seen: int


@router.post("/desk/next", response={200: NextOut, **problems(401, 403, 409)}, operation_id="take_next")
def take_next(request: HttpRequest) -> NextOut:
    """Take the most urgent matter of the caller's desk that nobody has open; it is nobody else's next for two minutes.

    409 when nothing is left. Nothing is moved by it: no event is written and no clock touched.
    """
    person = person_of(request)
    if not actions.may_take_next(person):
        raise forbidden(_("Acceptors, duty chiefs and dispatchers take what waits at their desk."))
    now = timezone.now()
    taken = actions.take_next(by=person, at=now)
    return NextOut(
        kind="case" if isinstance(taken, Case) else "report",
        number=str(taken.number),
        stage=taken.stage,
        stage_label=taken.get_stage_display(),
        due_at=deadline_of(taken, now),
        seen=taken.event_seq,
    )


@router.get(
    "/cases/{number}", response={200: CaseDetailOut, **problems(401, 403, 404, 422)}, operation_id="case"
)
def show_case(request: HttpRequest, number: CaseNumber) -> CaseDetailOut:
    """One case with its timeline and the steps the caller may take or is refused, each refusal with its sentence."""
    person, now = person_of(request), timezone.now()
    case = _seen(person, number, matter.cases().filter(number=number).first())
    log_look(request, case)
    page = matter.page_of(case, person, now)
    return CaseDetailOut(
        **_told(case, now, provisional=bool(provisional_of([case], now))),
        condition=case.condition_label,
        closing_condition=case.closing_label,
        whole_due_at=case.whole_due_at,
        result=case.result,
        answer=case.answer,
        reports=[told.report.number for told in page.told],
        orders=[OrderOut.from_orm(one.order) for one in page.beside.orders],
        timeline=[_entry(entry) for entry in page.entries],
        steps=[step_for(BY_VERB[verb], case, person) for verb in TAKEN],
    )


def _seen(person: Account, number: str, case: Case | None) -> Case:
    """The case, if there is one that the caller may see."""
    if case is None or not may_see_case(person, case):
        raise not_found(_("There is no case %(number)s in your scope.") % {"number": number})
    return case


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


def step_for(step: Step, subject: Report | Case, person: Account) -> StepOut:
    """Tell whether a person may take a step now, and why not."""
    sentence = refusal(step, subject, person)
    return StepOut(verb=step.verb, label=str(step.label), allowed=sentence is None, refusal=sentence)


# They lock more than this case or report, in an order of their own that keeps two of them from waiting for each other
# for ever.
LOCK_THEMSELVES = frozenset({MERGE.verb, SPLIT.verb})

Subject = TypeVar("Subject", Report, Case)


def found_for(verb: str, model: type[Subject], number: str | int) -> Subject | None:
    """Find the matter that a step is to be taken on, locked so that it is judged and moved as it is."""
    read = rows.find if verb in LOCK_THEMSELVES else rows.hold
    return read(model, number=number)


def take(
    verb: str, subject: Report | Case, given: Schema, steps: Mapping[str, Callable[..., None]], *, by: Account
) -> None:
    """Take one of these steps, if there is such a one and it is this person's and the moment for it."""
    if verb not in steps:
        raise not_found(_("There is no step “%(verb)s”.") % {"verb": verb})
    demand_step(BY_VERB[verb], subject, by)
    steps[verb](subject, given, by=by, at=timezone.now())


@router.post(
    "/cases/{number}/steps/{verb}",
    response={200: MovedOut, **problems(401, 403, 404, 409, 422)},
    operation_id="take_step",
)
def take_step(request: HttpRequest, number: CaseNumber, verb: Code, given: StepIn) -> MovedOut:
    """Take a step: 403 when it is not the caller's to take, 409 when it is not the moment or somebody was faster."""
    person = person_of(request)
    with transaction.atomic():
        case = _seen(person, number, found_for(verb, Case, number))
        take(verb, case, given, TAKEN, by=person)
    return MovedOut(
        number=case.number, stage=case.stage, stage_label=case.get_stage_display(), seen=case.event_seq
    )


def demand_step(step: Step, subject: Report | Case, person: Account) -> None:
    """Refuse with 403 what is not this person's at any stage, with 409 what only is not possible now."""
    sentence = refusal(step, subject, person)
    if sentence is None:
        return
    if not may_ever(step, subject, person):
        raise forbidden(sentence)
    raise Problem(409, "refused", sentence)
