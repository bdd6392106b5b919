"""Public reports in the words of GeoReport v2: one statement a list, one more for its photos.

What the public may see of a matter is decided in `cases.queries.public`, and only there.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case as Choose
from django.db.models import F, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from wangge.attachments.models import Attachment
from wangge.attachments.queries import public_of
from wangge.audit.models import Event
from wangge.cases.models import Question, Report
from wangge.cases.queries import public
from wangge.cases.queries.timeline import TWICE
from wangge.cases.workflow import BY_VERB, ENDED, Stage
from wangge.common.languages import in_reader_language
from wangge.common.sealing import fingerprint
from wangge.intake.channels.open311.catalogue import Catalogue
from wangge.intake.channels.open311.moments import told

OPEN, CLOSED = "open", "closed"
UNCLASSED = "unclassified"
LARGEST_NUMBER = 2**63 - 1
# Answers in one's own words stay inside, like the description.
SAFE_ANSWERS = {Question.Datatype.SINGLE, Question.Datatype.MULTI, Question.Datatype.NUMBER}


class Row(NamedTuple):
    """One report with what belongs to it, as far as the public may know it; points in WGS84 degrees."""

    number: int
    id: UUID
    case_id: UUID | None
    report_stage: str
    case_stage: str | None
    case_number: str | None
    report_answer: str
    case_answer: str | None
    code: str | None
    name: str | None
    name_en: str | None
    text: str
    address: str
    street_only: bool
    lon: float | None
    lat: float | None
    grid_code: str | None
    unit: str | None
    unit_en: str | None
    requested_at: datetime
    changed_at: datetime
    expected_at: datetime | None
    attributes: dict[str, Any]

    @property
    def stage(self) -> Stage:
        return Stage(self.case_stage or self.report_stage)

    @property
    def status(self) -> str:
        return CLOSED if self.stage in ENDED else OPEN

    @property
    def service_name(self) -> str:
        return in_reader_language(self.name or "", self.name_en or "") or _("Not yet classified")


COLUMNS = (
    "number", "id", "case_id", "stage", "case__stage", "case__number", "answer", "case__answer",
    "matter__code", "matter__name", "matter__name_en", "shown_text", "shown_address", "street_only",
    "public_lon", "public_lat", "grid__code", "case__unit__name", "case__unit__name_en", "received_at",
    "changed_at", "expected_at", "attributes",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Which reports a list asks for; bounds are inclusive. An empty tuple of codes or statuses means all."""

    start: datetime | None = None
    end: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    codes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    most: int = 1000
    skipped: int = 0


def _reports() -> QuerySet[Report]:
    return (
        public.public_reports()
        .annotate(
            # For what is closed this is the moment of closing (GeoReport v2), whatever was rated or said later.
            changed_at=Coalesce("case__closed_at", "ended_at", Greatest("updated_at", "case__updated_at")),
            expected_at=Coalesce("case__whole_due_at", "case__due_at", "due_at"),
            shown_text=Choose(
                When(published_at=None, then=Value("")), default=F("public_text"), output_field=TextField()
            ),
            shown_address=Choose(
                When(public.LOOKED_AT, then=F("address")), default=Value(""), output_field=TextField()
            ),
        )
        .order_by("-received_at", "-number")
    )


def rows_wanted(wanted: Wanted) -> list[Row]:
    """Return the reports of a list, newest first."""
    reports = _reports().filter(_within("received_at", wanted.start, wanted.end))
    reports = reports.filter(_within("changed_at", wanted.updated_after, wanted.updated_before))
    if wanted.updated_after is not None:
        reports = reports.filter(pk__in=_touched_since(wanted.updated_after))
    if wanted.codes:
        reports = reports.filter(matter__code__in=wanted.codes)
    if len(set(wanted.statuses)) == 1:
        reports = reports.filter(public.OPEN if OPEN in wanted.statuses else ~public.OPEN)
    return _rows(reports[wanted.skipped : wanted.skipped + wanted.most])


def _touched_since(moment: datetime) -> QuerySet[Report, Any]:
    """The reports that may have changed since: no change is later than the last touch, and that one has an index."""
    own = Report.objects.filter(updated_at__gte=moment).order_by().values("pk")
    return own.union(Report.objects.filter(case__updated_at__gte=moment).order_by().values("pk"))


def _within(name: str, first: datetime | None, final: datetime | None) -> Q:
    bounds = {f"{name}__gte": first, f"{name}__lte": final}
    return Q(**{bound: moment for bound, moment in bounds.items() if moment is not None})


def rows_numbered(numbers: Iterable[str]) -> list[Row]:
    """Return the reports with these numbers, newest first; what is no number of ours is left out."""
    written = [text for text in numbers if text.isascii() and text.isdigit() and len(text) < 20]
    return _rows(_reports().filter(number__in=[n for n in map(int, written) if n <= LARGEST_NUMBER]))


def number_of_token(token: str) -> str | None:
    """Return the number of the report that is followed with this secret code."""
    number = Report.objects.filter(code_hash=fingerprint(token)).values_list("number", flat=True).first()
    return None if number is None else str(number)


def _rows(reports: QuerySet[Report]) -> list[Row]:
    return [Row(*values) for values in reports.values_list(*COLUMNS)]


def service_requests(
    rows: Sequence[Row], known: Catalogue, *, site: str, extensions: bool
) -> list[dict[str, Any]]:
    """Write rows as service requests; `site` is the address photos are found under."""
    photos = public_of("report", [row.id for row in rows])
    notes = _notes(rows) if extensions else {}
    told_requests = []
    for row in rows:
        request = _request(row, photos[row.id], site)
        if extensions:
            request["extended_attributes"] = _extended(row, known)
            request["notes"] = notes[row.id]
        told_requests.append(request)
    return told_requests


def _request(row: Row, photos: Sequence[Attachment], site: str) -> dict[str, Any]:
    told_request = {
        "service_request_id": str(row.number),
        "status": row.status,
        "status_notes": _status_notes(row),
        "service_name": row.service_name,
        "service_code": row.code or UNCLASSED,
        "description": row.text,
        "agency_responsible": in_reader_language(row.unit or "", row.unit_en or ""),
        "requested_datetime": told(row.requested_at),
        "updated_datetime": told(row.changed_at),
        "expected_datetime": told(row.expected_at) if row.expected_at else None,
        "address": public.public_address(row.address, street_only=row.street_only),
        "address_id": None if row.street_only else row.grid_code,  # a grid can be smaller than the segment
        "lat": row.lat,
        "long": row.lon,
        "media_url": site + photos[0].full_url if photos else None,
    }
    # An optional field that says nothing is left out: importers stumble over null and "".
    return {
        key: value for key, value in told_request.items() if value not in ("", None) or key == "description"
    }


def _status_notes(row: Row) -> str:
    answer = (row.case_answer if row.case_id else row.report_answer) if row.status == CLOSED else ""
    return f"{row.stage.label}: {answer}" if answer else str(row.stage.label)


def _extended(row: Row, known: Catalogue) -> dict[str, Any]:
    """What GeoReport has no field for: our stage, the case's number and the answers that hold no free text."""
    extended: dict[str, Any] = {"stage": row.stage.value}
    if row.case_number:
        extended["case_number"] = row.case_number
    if answers := list(_answers(row, known)):
        extended["attributes"] = answers
    return extended


def _answers(row: Row, known: Catalogue) -> Iterator[dict[str, Any]]:
    service = known.services.get(row.code or "")
    for question in service.questions if service else ():
        given = row.attributes.get(question.code)
        if not given or question.datatype not in SAFE_ANSWERS:
            continue
        names = dict(question.choices)
        keys = given if isinstance(given, list) else [given]
        values = [{"key": str(key), "name": names.get(str(key), str(key))} for key in keys]
        yield {"code": question.code, "description": str(question), "values": values}


def _notes(rows: Sequence[Row]) -> dict[UUID, list[dict[str, str]]]:
    """The public steps of each report and its case: when and what, never who or why."""
    owners: dict[UUID, list[Row]] = {}
    for row in rows:
        owners.setdefault(row.id, []).append(row)
        if row.case_id:
            owners.setdefault(row.case_id, []).append(row)
    verbs = [verb for verb, step in BY_VERB.items() if step.public]
    events = Event.objects.filter(subject_id__in=owners, verb__in=verbs).order_by("at", "id")
    notes: dict[UUID, list[dict[str, str]]] = {row.id: [] for row in rows}
    # What makes a case is written on both chains; one of them is enough.
    for subject_id, verb, at in events.exclude(subject_kind="case", verb__in=TWICE).values_list(
        "subject_id", "verb", "at"
    ):
        note = {"datetime": told(at), "summary": str(BY_VERB[verb].past)}
        for row in owners[subject_id]:
            if (
                at >= row.requested_at
            ):  # a case that was there before begins, for this report, with the report
                notes[row.id].append(note)
    return notes
