"""What the public may read of reports, in the words of GeoReport v2: one statement a list, one more for photos.

Nothing of the reporter, and no free text or photo that nobody has looked at (design: trust). The address is free text
too, and goes out with the published words or once the desk has filed the report.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from wangge.attachments.models import Attachment
from wangge.attachments.queries import public_of
from wangge.audit.models import Event
from wangge.cases.models import Question
from wangge.cases.models.classes import in_reader_language
from wangge.cases.workflow import BY_VERB, Stage
from wangge.common.sealing import fingerprint
from wangge.intake.channels.open311.catalogue import Catalogue
from wangge.intake.channels.open311.moments import told

OPEN, CLOSED = "open", "closed"
UNCLASSED = "unclassified"
LARGEST_NUMBER = 2**63 - 1
# Answers in one's own words stay inside, like the description.
SAFE_ANSWERS = {Question.Datatype.SINGLE, Question.Datatype.MULTI, Question.Datatype.NUMBER}

IS_CLOSED = "(c.stage = 'closed' OR r.stage IN ('answered', 'declined'))"
# For what is closed this is the moment of closing (GeoReport v2), whatever was rated or said later.
UPDATED = "coalesce(c.closed_at, r.ended_at, greatest(r.updated_at, c.updated_at))"

SELECT = f"""
SELECT r.number, r.id, r.case_id, r.stage, c.stage, c.number, r.answer, c.answer, m.code, m.name, m.name_en,
    CASE WHEN r.published_at IS NULL THEN '' ELSE r.public_text END,
    CASE WHEN r.published_at IS NOT NULL OR r.stage = 'filed' THEN r.address ELSE '' END,
    r.street_only, r.lon, r.lat, g.code, u.name, u.name_en, r.received_at, {UPDATED},
    coalesce(c.whole_due_at, c.due_at, r.due_at), r.attributes
FROM cases_report r
    LEFT JOIN cases_case c ON c.id = r.case_id
    LEFT JOIN accounts_unit u ON u.id = c.unit_id
    LEFT JOIN cases_matterclass m ON m.id = r.matter_id
    LEFT JOIN territory_area g ON g.id = r.grid_id
"""


class Row(NamedTuple):
    """One report with what belongs to it; points in WGS84 degrees."""

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
    updated_at: datetime
    expected_at: datetime | None
    attributes: dict[str, Any]

    @property
    def stage(self) -> Stage:
        return Stage(self.case_stage or self.report_stage)

    @property
    def status(self) -> str:
        return CLOSED if self.stage in (Stage.CLOSED, Stage.ANSWERED, Stage.DECLINED) else OPEN

    @property
    def service_name(self) -> str:
        return in_reader_language(self.name or "", self.name_en or "") or _("Not yet classed")


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


def rows_wanted(wanted: Wanted) -> list[Row]:
    """Return the reports of a list, newest first."""
    conditions, values = ["true"], []
    for condition, value in (
        ("r.received_at >= %s", wanted.start),
        ("r.received_at <= %s", wanted.end),
        (f"{UPDATED} >= %s", wanted.updated_after),
        (f"{UPDATED} <= %s", wanted.updated_before),
        ("m.code = ANY(%s)", list(wanted.codes)),
    ):
        if value:
            conditions.append(condition)
            values.append(value)
    if set(wanted.statuses) in ({OPEN}, {CLOSED}):
        conditions.append(IS_CLOSED if CLOSED in wanted.statuses else f"NOT coalesce({IS_CLOSED}, false)")
    tail = "ORDER BY r.received_at DESC, r.number DESC LIMIT %s OFFSET %s"
    return _rows(f"WHERE {' AND '.join(conditions)} {tail}", [*values, wanted.most, wanted.skipped])


def rows_numbered(numbers: Iterable[str]) -> list[Row]:
    """Return the reports with these numbers, newest first; what is no number of ours is left out."""
    known = [int(text) for text in numbers if text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST_NUMBER]
    return _rows("WHERE r.number = ANY(%s) ORDER BY r.received_at DESC, r.number DESC", [known])


def number_of_token(token: str) -> str | None:
    """Return the number of the report that is followed with this secret code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM cases_report WHERE code_hash = %s", [fingerprint(token)])
        row = cursor.fetchone()
    return str(row[0]) if row else None


def _rows(condition: str, values: list[Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(SELECT + condition, values)
        return [Row(*row[:-1], _parsed(row[-1])) for row in cursor.fetchall()]


def _parsed(attributes: Any) -> dict[str, Any]:
    import json

    return json.loads(attributes) if isinstance(attributes, str) else attributes or {}


def service_requests(rows: Sequence[Row], known: Catalogue, *, site: str, extensions: bool) -> list[dict[str, Any]]:
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
    lon, lat = shown_point(row)
    told_request = {
        "service_request_id": str(row.number),
        "status": row.status,
        "status_notes": _status_notes(row),
        "service_name": row.service_name,
        "service_code": row.code or UNCLASSED,
        "description": row.text,
        "agency_responsible": in_reader_language(row.unit or "", row.unit_en or ""),
        "requested_datetime": told(row.requested_at),
        "updated_datetime": told(row.updated_at),
        "expected_datetime": told(row.expected_at) if row.expected_at else None,
        "address": "" if row.street_only else row.address,
        "address_id": row.grid_code,
        "lat": lat,
        "long": lon,
        "media_url": site + photos[0].full_url if photos else None,
    }
    # An optional field that says nothing is left out: importers stumble over null and "".
    return {key: value for key, value in told_request.items() if value or key == "description" or value == 0.0}


def shown_point(row: Row) -> tuple[float | None, float | None]:
    """Return (lon, lat) as the public sees it: to about 100 metres when only the street may be known."""
    if row.lon is None or row.lat is None:
        return None, None
    places = 3 if row.street_only else 6
    return round(row.lon, places), round(row.lat, places)


def _status_notes(row: Row) -> str:
    answer = row.case_answer if row.status == CLOSED and row.case_id else row.report_answer
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
    owners: dict[UUID, list[UUID]] = {}
    for row in rows:
        owners.setdefault(row.id, []).append(row.id)
        if row.case_id:
            owners.setdefault(row.case_id, []).append(row.id)
    public = [verb for verb, step in BY_VERB.items() if step.public]
    events = Event.objects.filter(subject_id__in=owners, verb__in=public).order_by("at", "id")
    notes: dict[UUID, list[dict[str, str]]] = {row.id: [] for row in rows}
    for kind, subject_id, verb, at in events.values_list("subject_kind", "subject_id", "verb", "at"):
        if kind == "case" and verb == "file":
            continue  # the report's own chain tells the filing too
        for report_id in owners[subject_id]:
            notes[report_id].append({"datetime": told(at), "summary": str(BY_VERB[verb].past)})
    return notes
