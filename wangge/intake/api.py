"""Reporting and public reading over HTTP: matters as the public sees them, classes, and new reports."""

from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema, Status
from ninja.security import HttpBearer
from pydantic import Field

from wangge.accounts.models import Account
from wangge.cases.actions import Contact, Draft, Received, check_draft
from wangge.cases.models import MatterClass, Report
from wangge.cases.queries import public
from wangge.cases.queries.public import PublicMatter
from wangge.cases.workflow import DESK_ROLES
from wangge.common.api import Code, Name, SignedIn, Words, invalid, not_found, problems
from wangge.common.ids import uuid7
from wangge.intake import keys
from wangge.intake.channels.open311.answers import answers_of
from wangge.intake.channels.open311.catalogue import Service, catalogue
from wangge.intake.group import receive_together
from wangge.territory.coordinates import CRS, parse_pair, to_wgs84
from wangge.territory.models import Area
from wangge.territory.scopes import scope_of

router = Router(tags=["reports"])

Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
Submission = Annotated[str, Field(max_length=64, pattern="^[0-9A-Za-z_.:-]*$")]


class Key(HttpBearer):
    """The key of another system, as a bearer token."""

    def authenticate(self, request: HttpRequest, token: str) -> str | None:
        return keys.holder_of(token)


class MatterOut(Schema):
    """What the public sees of a matter; the point in WGS84 degrees, to the street segment unless `exact`."""

    number: int
    title: str
    class_code: str
    group: str
    stage: str
    stage_label: str
    is_open: bool
    place: str
    lon: float | None
    lat: float | None
    exact: bool
    received_at: datetime
    updated_at: datetime
    ended_at: datetime | None
    text: str = Field(description="only after a person has looked at it")
    answer: str
    photos: list[str]


class MomentOut(Schema):
    """One public step."""

    verb: str
    label: str
    at: datetime


class MatterDetailOut(MatterOut):
    """A matter with its public steps, oldest first."""

    steps: list[MomentOut]


class ValueOut(Schema):
    """One value of a list to choose from."""

    key: str
    name: str


class QuestionOut(Schema):
    """An extra question of a class."""

    code: str
    datatype: str
    required: bool
    text: str
    hint: str
    values: list[ValueOut]
    only_if: str = Field(
        "", description="code of another question: asked only after one of `only_if_answers` to it"
    )
    only_if_answers: list[str] = Field(default_factory=list)


class ClassOut(Schema):
    """A class of matter in force with its questions, in the reader's language."""

    code: str
    name: str
    group: str
    questions: list[QuestionOut]


class ContactIn(Schema):
    """How to reach the reporter: sealed, and shown to the unit only if the reporter agrees."""

    name: Annotated[str, Field(max_length=60, pattern="^[^\\u0000]*$")] = ""
    phone: Annotated[str, Field(max_length=40, pattern="^[^\\u0000]*$")] = ""
    email: Annotated[str, Field(max_length=254, pattern="^[^\\u0000]*$")] = ""
    share_with_unit: bool = False


class ReportIn(Schema):
    """A report: words or a class, and a place (a point, an address, or both)."""

    text: Words = ""
    class_code: Code | None = None
    kind: Report.Kind = Report.Kind.PROBLEM
    lon: Annotated[float, Field(allow_inf_nan=False)] | None = None
    lat: Annotated[float, Field(allow_inf_nan=False)] | None = None
    crs: CRS = CRS.WGS84
    address: Annotated[str, Field(max_length=256, pattern="^[^\\u0000]*$")] = ""
    answers: dict[Code, Name | list[Name]] = Field(default_factory=dict, description="by question code")
    contact: ContactIn = Field(default_factory=ContactIn)
    street_only: bool = Field(False, description="show the public the place to the street segment only")
    confidential: bool = Field(False, description="a tip-off: only named handlers see it, the public nothing")
    submission: Submission = Field(
        "", description="the same value sent again is the same report, answered again"
    )


class ReceivedOut(Schema):
    """What the reporter is told."""

    number: int
    code: str = Field(description="the secret code the reporter follows the matter with")
    url: str
    due_at: datetime = Field(description="by when somebody looks at it")


@router.get(
    "/matters", response={200: list[MatterOut], **problems(404, 422)}, auth=None, operation_id="matters"
)
def list_matters(
    request: HttpRequest,
    group: Annotated[Code | None, Query()] = None,
    area: Annotated[Code | None, Query(description="code of an area: everything in its subtree")] = None,
    is_open: Annotated[bool | None, Query()] = None,
    words: Annotated[
        Name | None, Query(description="looked for in matters received in the last 90 days")
    ] = None,
    start: Annotated[int, Query(ge=0, le=100_000)] = 0,
    size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[MatterOut]:
    """Public matters, newest first."""
    filters = public.Filters(
        group=group or "", area=_area(area) if area else None, open=is_open, words=words or ""
    )
    return [MatterOut(**_told(request, found)) for found in public.matters(filters, start=start, most=size)]


def _area(code: str) -> Area:
    area = Area.objects.filter(code=code, valid_to=None).defer("boundary").first()
    if area is None:
        raise not_found(_("There is no area with the code “%(code)s”.") % {"code": code})
    return area


def _told(request: HttpRequest, found: PublicMatter) -> dict[str, Any]:
    names = (
        "number", "title", "class_code", "group", "stage_label", "is_open", "place", "lon", "lat", "exact",
        "received_at", "updated_at", "ended_at", "text", "answer",
    )  # fmt: skip
    photos = [photo.medium_url for photo in (*found.photos, *found.result_photos) if photo.is_photo]
    return {
        **{name: getattr(found, name) for name in names},
        "stage": found.stage.value,
        "photos": [request.build_absolute_uri(url) for url in photos],
    }


@router.get(
    "/matters/{number}",
    response={200: MatterDetailOut, **problems(404, 422)},
    auth=None,
    operation_id="matter",
)
def show_matter(request: HttpRequest, number: Number) -> MatterDetailOut:
    """One public matter with its steps."""
    found = public.matter(number)
    if found is None:
        raise not_found(_("There is no public matter with the number %(number)s.") % {"number": number})
    moments = public.moments(found.id, found.case_id, found.received_at)
    steps = [MomentOut(verb=moment.verb, label=str(moment.label), at=moment.at) for moment in moments]
    return MatterDetailOut(**_told(request, found), steps=steps)


@router.get("/classes", response={200: list[ClassOut]}, auth=None, operation_id="classes")
def list_classes(request: HttpRequest) -> list[ClassOut]:
    """Every class in force with its questions."""
    return [_class(service) for service in catalogue().services.values()]


def _class(service: Service) -> ClassOut:
    return ClassOut(
        code=service.matter.code,
        name=service.matter.label,
        group=str(service.matter.group or ""),
        questions=[
            QuestionOut(
                code=question.code,
                datatype=question.datatype,
                required=question.required,
                text=str(question),
                hint=question.hint_label,
                values=[ValueOut(key=key, name=name) for key, name in question.choices],
                only_if=question.only_if.code if question.only_if else "",
                only_if_answers=question.only_if_answers,
            )
            for question in service.questions
        ],
    )


@router.post(
    "/reports",
    response={200: ReceivedOut, 201: ReceivedOut, **problems(401, 403, 404, 409, 422)},
    auth=[SignedIn(), Key()],
    operation_id="report",
)
def create_report(request: HttpRequest, given: ReportIn) -> Status[ReceivedOut]:
    """Store a report; 201 when it is new, 200 when the same `submission` was stored before."""
    matter, answers = _classed(given)
    lon, lat = _point(given)
    draft = Draft(
        **_sender(request),
        source_key=given.submission or uuid7().hex,
        text=given.text.strip(),
        at=timezone.now(),
        lon=lon,
        lat=lat,
        address=given.address.strip(),
        kind=given.kind,
        matter=matter,
        attributes=answers,
        contact=Contact(**given.contact.model_dump()),
        street_only=given.street_only,
        confidential=given.confidential,
    )
    check_draft(draft)
    received = receive_together(draft)
    return Status(201 if received.new else 200, _received(received))


def _sender(request: HttpRequest) -> dict[str, Any]:
    """Who sends: a person at the desk, or another system by the name of its key."""
    sender = request.auth  # type: ignore[attr-defined]  # set by ninja
    if isinstance(sender, Account):
        return {**_role_of(sender), "source": f"api:{sender.pk}"}
    return {"channel": Report.Channel.OPEN311, "source": str(sender)}


def _role_of(sender: Account) -> dict[str, Any]:
    """Only those who may write down calls receive for the desk; all others report as residents do."""
    if scope_of(sender).has(*DESK_ROLES):
        return {"channel": Report.Channel.DESK, "by": sender}
    return {"channel": Report.Channel.WEB}


def _classed(given: ReportIn) -> tuple[MatterClass | None, dict[str, Any]]:
    if given.class_code is None:
        return None, {}
    service = catalogue().services.get(given.class_code)
    if service is None:
        raise not_found(_("There is no class with the code “%(code)s”.") % {"code": given.class_code})
    fields = {
        f"attribute[{code}]": values if isinstance(values, list) else [values]
        for code, values in given.answers.items()
    }
    answers, faults = answers_of(service, fields)
    if faults:
        raise invalid(" ".join(fault.description for fault in faults), "answers")
    return service.matter, dict(answers)


def _point(given: ReportIn) -> tuple[float | None, float | None]:
    numbers = ("" if number is None else repr(number) for number in (given.lon, given.lat))
    pair = parse_pair(*numbers)
    return to_wgs84(*pair, given.crs) if pair else (None, None)


def _received(received: Received) -> ReceivedOut:
    url = f"{settings.PUBLIC_URL}/m/{received.code}/"
    return ReceivedOut(number=received.number, code=received.code, url=url, due_at=received.due_at)
