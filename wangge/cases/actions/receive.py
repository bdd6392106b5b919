"""Receiving reports: one statement stores any number of them, each with its clock, event and place in the outbox.

Every channel ends here. Reports that arrive together are committed together (see intake.group), so the statement
takes a list; each report still has its own identity, answer and error.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from wangge.audit import chain
from wangge.cases import clocks
from wangge.cases.models import ClockKind, MatterClass, Report
from wangge.cases.workflow import RECEIVE, Stage
from wangge.common import statements
from wangge.common.ids import READABLE, readable_code, uuid7
from wangge.common.refusals import Refused
from wangge.common.sealing import fingerprint, seal
from wangge.common.words import MOST_WORDS
from wangge.territory import lookup
from wangge.territory.cells import cell


@dataclass(frozen=True)
class Contact:
    """How to reach a reporter; every part may be empty."""

    name: str = ""
    phone: str = ""
    email: str = ""
    share_with_unit: bool = False

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.email)


@dataclass(frozen=True)
class Draft:
    """What a channel knows of a report before it is received. Point: WGS84 degrees, both or neither."""

    channel: str
    text: str
    at: datetime
    lon: float | None = None
    lat: float | None = None
    address: str = ""
    kind: str = Report.Kind.PROBLEM
    matter: MatterClass | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    contact: Contact = Contact()
    street_only: bool = False
    confidential: bool = False  # a tip-off: only named handlers see it
    source: str = ""
    source_key: str = ""  # the same (channel, source, source_key) sent again is the same report
    by: Any = None

    @property
    def is_confidential(self) -> bool:
        """Whether only named handlers will see it: a tip-off, or of a class that is confidential by itself."""
        return self.confidential or (self.matter is not None and self.matter.confidential)


@dataclass(frozen=True)
class Received:
    """What the reporter is told: the number, the secret code to follow it, and by when somebody looks."""

    id: UUID
    number: int
    code: str
    due_at: datetime
    new: bool


def secret_code(draft: Draft) -> str:
    """Make the code the reporter follows the report with; a repeated submission gets the same code again."""
    if not draft.source_key:
        return readable_code()
    seed = fingerprint(f"{draft.channel}|{draft.source}|{draft.source_key}")
    return _code_from(seed)


def _code_from(seed: bytes) -> str:
    number = int.from_bytes(seed, "big")
    return "".join(READABLE[(number // len(READABLE) ** place) % len(READABLE)] for place in range(10))


def check_draft(draft: Draft) -> None:
    """Raise Refused, naming the field, when a draft says nothing, too much, or half a place."""
    if len(draft.text) > MOST_WORDS:
        raise Refused(
            _("The description has %(length)d characters; at most %(most)d can be kept. Please shorten it.")
            % {"length": len(draft.text), "most": MOST_WORDS},
            field="description",
        )
    if (draft.lon is None) != (draft.lat is None):
        raise Refused(_("Half a coordinate: give both longitude and latitude, or neither."), field="lat")
    if draft.lon is None and not draft.address.strip():
        raise Refused(_("Please say where it is: a place on the map or an address."), field="place")
    if not draft.text.strip() and draft.matter is None:
        raise Refused(_("Please say what is the matter."), field="description")


INSERT = """
WITH draft AS (
    SELECT * FROM unnest(
        %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::jsonb[], %s::float8[],
        %s::float8[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[],
        %s::bool[], %s::bigint[], %s::timestamptz[], %s::bigint[], %s::bytea[], %s::timestamptz[],
        %s::timestamptz[], %s::bytea[], %s::bytea[], %s::bytea[], %s::jsonb[], %s::bigint[], %s::jsonb[],
        %s::bool[], %s::bytea[], %s::bytea[], %s::bytea[], %s::bool[], %s::bool[]
    ) AS d (id, kind, channel, source, source_key, text, attributes, lon, lat, cell, address, grid_id,
            unit_grid_id, current_grid_id, area_path, locating, street_only, matter_id, at, by_id, code_hash,
            due_at, amber_at, digest, payload_digest, salt, data, calendar_id, limits, provisional,
            name, phone, email, share, confidential)
), report AS (
    INSERT INTO cases_report (id, kind, channel, source, source_key, text, attributes, lon, lat, cell, address,
        grid_id, unit_grid_id, current_grid_id, area_path, locating, street_only, matter_id, stage, received_at,
        updated_at, received_by_id, code_hash, finding, answer, public_text, event_seq, event_digest, due_at,
        amber_at, confidential)
    SELECT id, kind, channel, source, source_key, text, attributes, lon, lat, cell, address, grid_id,
        unit_grid_id, current_grid_id, area_path, locating, street_only, matter_id, 'received', at, at, by_id,
        code_hash, '', '', '', 1, digest, due_at, amber_at, confidential
    FROM draft
    ON CONFLICT (channel, source, source_key) WHERE NOT (source_key = '') DO NOTHING
    RETURNING id, number
), clock AS (
    INSERT INTO cases_clock (report_id, kind, calendar_id, started_at, limits, used_before, due_at,
        amber_at, provisional, given)
    SELECT id, 'accept', calendar_id, at, limits, interval '0', due_at, amber_at, provisional, false
    FROM draft JOIN report USING (id)
), event AS (
    INSERT INTO audit_event (subject_kind, subject_id, seq, verb, at, actor_id, from_stage, to_stage,
        payload_digest, previous, digest)
    SELECT 'report', id, 1, 'receive', at, by_id, '', 'received', payload_digest, %s, digest
    FROM draft JOIN report USING (id)
    RETURNING id, subject_id
), words AS (
    INSERT INTO audit_payload (event_id, salt, data)
    SELECT event.id, salt, data FROM event JOIN draft ON draft.id = event.subject_id
), outbox AS (
    INSERT INTO audit_outbox (event_id, done, tries, error) SELECT id, '[]', 0, '' FROM event
), contact AS (
    INSERT INTO cases_reportercontact (report_id, name, phone, email, share_with_unit)
    SELECT id, name, phone, email, share FROM draft JOIN report USING (id) WHERE name IS NOT NULL
)
SELECT id, number FROM report
"""


DUE_AT = 21  # its place in a row


def _row(draft: Draft, code: str) -> tuple[Any, ...]:
    located = lookup.place(draft.lon, draft.lat)
    limit = clocks.stage_limit(ClockKind.ACCEPT)
    clock = clocks.compute(clocks.calendar_for(located.path), [limit], draft.at)
    report_id, salt = uuid7(), chain.new_salt()
    by_id = draft.by.pk if draft.by is not None else None
    data = {"channel": draft.channel, "class": draft.matter.code if draft.matter else ""}
    payload = chain.payload_digest(salt, data)
    digest = chain.event_digest(
        previous=chain.START,
        subject_kind="report",
        subject_id=report_id,
        seq=1,
        verb=RECEIVE.verb,
        at=draft.at,
        actor_id=by_id,
        from_stage="",
        to_stage=Stage.RECEIVED,
        payload=payload,
    )
    sealed = draft.contact
    return (
        report_id, draft.kind, draft.channel, draft.source, draft.source_key, draft.text,
        Jsonb(draft.attributes), draft.lon, draft.lat,
        cell(draft.lon, draft.lat) if draft.lon is not None and draft.lat is not None else None,
        draft.address, located.grid_id, located.unit_grid_id, located.area_id, located.path, located.how,
        draft.street_only, draft.matter.pk if draft.matter else None, draft.at, by_id, fingerprint(code),
        clock.due_at, clock.amber_at, digest, payload, salt, Jsonb(data), clock.calendar_id,
        Jsonb([[limit.kind, str(limit.amount)]]), clock.provisional,
        seal(sealed.name) if sealed else None, seal(sealed.phone) if sealed else None,
        seal(sealed.email) if sealed else None, sealed.share_with_unit,
        draft.is_confidential,
    )  # fmt: skip


@dataclass(frozen=True)
class Prepared:
    """A draft with everything computed that needs no transaction: place, due time, digests, sealed contact."""

    draft: Draft
    code: str
    row: tuple[Any, ...]


def prepare(draft: Draft) -> Prepared:
    """Compute what is stored of a draft; threads do this side by side, while another one waits for its commit."""
    code = secret_code(draft)
    return Prepared(draft, code, _row(draft, code))


def store_reports(prepared: Sequence[Prepared]) -> list[Received]:
    """Store prepared reports in one statement; a submission already stored is answered with the stored one."""
    rows = [each.row for each in prepared]
    with statements.prepared() as cursor:
        cursor.execute(INSERT, (*(list(column) for column in zip(*rows, strict=True)), chain.START))
        numbers = dict(cursor.fetchall())
    return [
        Received(each.row[0], numbers[each.row[0]], each.code, each.row[DUE_AT], True)
        if each.row[0] in numbers
        else _stored(each.draft, each.code)
        for each in prepared
    ]


def receive_reports(drafts: Sequence[Draft]) -> list[Received]:
    """Store reports in one statement; a submission already stored is answered with the stored one."""
    return store_reports([prepare(draft) for draft in drafts])


def _stored(draft: Draft, code: str) -> Received:
    report = Report.objects.get(channel=draft.channel, source=draft.source, source_key=draft.source_key)
    return Received(report.pk, report.number, code, report.due_at or report.received_at, False)


def receive_report(draft: Draft) -> Received:
    """Receive one report: check it, locate it, start its clock, write its event."""
    check_draft(draft)
    return receive_reports([draft])[0]
