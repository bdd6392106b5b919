"""Taking over finished and running work from another system: reports, cases, clocks and events by COPY.

The moments are the other system's own. Its due moment is a *given* one: kept, never recomputed. Nobody is told
anything, so these events do not go through the outbox.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from psycopg.types.json import Jsonb

from wangge.audit import chain
from wangge.cases.models import ClockKind, Report
from wangge.cases.workflow import CLOSE, DISPATCH, FILE, RECEIVE, Stage
from wangge.common.ids import uuid7
from wangge.common.sealing import fingerprint
from wangge.territory.cells import cell

BATCH = 4000  # rows held in memory at once


@dataclass(frozen=True, slots=True)
class History:
    """One report and its case as another system knew them. Point: WGS84 degrees, both or neither."""

    source_key: str
    opened_at: datetime
    matter_id: int
    unit_id: int
    area_id: int
    path: str
    target_at: datetime | None = None
    closed_at: datetime | None = None
    text: str = ""
    answer: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    grid_id: int | None = None
    unit_grid_id: int | None = None
    locating: str = Report.Locating.NONE
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Event:
    kind: str
    subject: UUID
    seq: int
    verb: str
    at: datetime
    before: str
    after: str
    data: dict[str, Any]


TABLES = {
    "cases_case": "id uuid, number varchar, matter_id int8, stage varchar, unit_id int8, filed_at timestamptz, "
    "dispatched_at timestamptz, closed_at timestamptz, updated_at timestamptz, answer text, due_at timestamptz, "
    "amber_at timestamptz, whole_due_at timestamptz, whole_amber_at timestamptz, lon float8, lat float8, cell int8, "
    "address varchar, grid_id int8, unit_grid_id int8, current_grid_id int8, area_path varchar, "
    "held_path varchar, event_seq int4, event_digest bytea, condition_text varchar, condition_text_en varchar, closing_text varchar, "
    "closing_text_en varchar, limit_kind varchar, needs_after_photo bool, result text",
    "cases_report": "id uuid, number int8, kind varchar, channel varchar, source varchar, source_key varchar, "
    "text text, attributes jsonb, lon float8, lat float8, cell int8, address varchar, grid_id int8, "
    "unit_grid_id int8, current_grid_id int8, area_path varchar, locating varchar, street_only bool, matter_id int8, "
    "stage varchar, received_at timestamptz, updated_at timestamptz, case_id uuid, code_hash bytea, finding varchar, "
    "answer text, public_text text, event_seq int4, event_digest bytea",
    "cases_clock": "case_id uuid, kind varchar, calendar_id int8, started_at timestamptz, stopped_at timestamptz, "
    "limits jsonb, used_before interval, due_at timestamptz, amber_at timestamptz, provisional bool, given bool",
    "audit_event": "id int8, subject_kind varchar, subject_id uuid, seq int4, verb varchar, at timestamptz, "
    "from_stage varchar, to_stage varchar, payload_digest bytea, previous bytea, digest bytea",
    "audit_payload": "event_id int8, salt bytea, data jsonb",
}
Rows = dict[str, list[tuple[Any, ...]]]


@transaction.atomic
def store_history(histories: Sequence[History], *, source: str, calendar_id: int) -> int:
    """Store the rows that are not here yet, all or none; returns how many were new."""
    new = _unknown(histories, source)
    if new:
        copy_rows(_finished_rows(new, source, calendar_id))
    return len(new)


def _unknown(histories: Sequence[History], source: str) -> list[History]:
    known = set(
        Report.objects.filter(
            channel=Report.Channel.IMPORT, source=source, source_key__in=[h.source_key for h in histories]
        ).values_list("source_key", flat=True)
    )
    return [history for history in histories if history.source_key not in known]


def copy_rows(rows: Rows) -> None:
    """Copy finished rows into their tables, in the order their foreign keys ask for."""
    with connection.cursor() as cursor:
        for table, described in TABLES.items():
            columns = [part.split() for part in described.split(", ")]
            names = ", ".join(name for name, _type in columns)
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types([kind for _name, kind in columns])
                for row in rows[table]:
                    copy.write_row(row)


def _take(sequence: str, count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
        return [row[0] for row in cursor.fetchall()]


def _finished_rows(histories: Sequence[History], source: str, calendar_id: int) -> Rows:
    rows: Rows = {table: [] for table in TABLES}
    events: list[list[_Event]] = []
    numbers = zip(_take("report_number", len(histories)), _take("case_number", len(histories)), strict=True)
    for history, (report_number, case_number) in zip(histories, numbers, strict=True):
        report_id, case_id = uuid7(), uuid7()
        number = f"{history.opened_at.year}-{case_number:07d}"
        chains = [_report_chain(history, report_id, source), _case_chain(history, case_id, report_number)]
        events += chains
        rows["cases_report"].append(_report(history, report_id, report_number, case_id, source))
        rows["cases_case"].append(_case(history, case_id, number))
        rows["cases_clock"] += _clocks(history, case_id, calendar_id)
    heads = _chain_rows(events, rows)
    rows["cases_report"] = [(*row, *heads[row[0]]) for row in rows["cases_report"]]
    # The case's own columns after the head: nothing was frozen into it, it has no filing condition.
    rows["cases_case"] = [(*row, *heads[row[0]], "", "", "", "", "", False, "") for row in rows["cases_case"]]
    return rows


def _chain_rows(chains: Sequence[list[_Event]], rows: Rows) -> dict[UUID, tuple[int, bytes]]:
    """Turn events into rows of the log; returns the head of each chain."""
    count = sum(map(len, chains))
    with connection.cursor() as cursor:
        # Numbers are drawn before rows are written: an anchor must know that somebody is about to write them.
        cursor.execute("LOCK TABLE audit_event IN ROW EXCLUSIVE MODE")
    ids = iter(_take("audit_event_id_seq", count))
    salts = os.urandom(16 * count)
    place, heads = 0, {}
    for events in chains:
        previous = chain.START
        for event in events:
            event_id, salt = next(ids), salts[place : place + 16]
            place += 16
            words = chain.payload_digest(salt, event.data)
            digest = chain.event_digest(
                previous=previous,
                subject_kind=event.kind,
                subject_id=event.subject,
                seq=event.seq,
                verb=event.verb,
                at=event.at,
                actor_id=None,
                from_stage=event.before,
                to_stage=event.after,
                payload=words,
            )
            rows["audit_event"].append(
                (event_id, event.kind, event.subject, event.seq, event.verb, event.at, event.before, event.after,
                 words, previous, digest)
            )  # fmt: skip
            rows["audit_payload"].append((event_id, salt, Jsonb(event.data)))
            previous = digest
        heads[events[0].subject] = (len(events), previous)
    return heads


def _report_chain(history: History, report_id: UUID, source: str) -> list[_Event]:
    facts = {
        "channel": Report.Channel.IMPORT.value,
        "source": source,
        "key": history.source_key,
        **history.facts,
    }
    at = history.opened_at
    return [
        _Event("report", report_id, 1, RECEIVE.verb, at, "", Stage.RECEIVED.value, facts),
        _Event("report", report_id, 2, FILE.verb, at, Stage.RECEIVED.value, Stage.FILED.value, {}),
    ]


def _case_chain(history: History, case_id: UUID, report_number: int) -> list[_Event]:
    at = history.opened_at
    events = [
        _Event("case", case_id, 1, FILE.verb, at, "", Stage.FILED.value, {"report": report_number}),
        _Event(
            "case",
            case_id,
            2,
            DISPATCH.verb,
            at,
            Stage.FILED.value,
            Stage.DISPATCHED.value,
            {"imported": True},
        ),
    ]
    if history.closed_at is not None:
        data = {"note": history.answer, "imported": True}
        events.append(
            _Event(
                "case",
                case_id,
                3,
                CLOSE.verb,
                history.closed_at,
                Stage.DISPATCHED.value,
                Stage.CLOSED.value,
                data,
            )
        )
    return events


def _located(history: History) -> tuple[Any, ...]:
    lon, lat = history.lon, history.lat
    return (
        lon,
        lat,
        cell(lon, lat) if lon is not None and lat is not None else None,
        history.address,
        history.grid_id,
        history.unit_grid_id,
        history.area_id,
        history.path,
    )


def _report(history: History, report_id: UUID, number: int, case_id: UUID, source: str) -> tuple[Any, ...]:
    updated = history.closed_at or history.opened_at
    code = fingerprint(f"{Report.Channel.IMPORT}|{source}|{history.source_key}|nobody holds this code")
    return (
        report_id, number, Report.Kind.PROBLEM.value, Report.Channel.IMPORT.value, source, history.source_key,
        history.text, Jsonb({}), *_located(history), history.locating, False, history.matter_id, Stage.FILED.value,
        history.opened_at, updated, case_id, code, "", "", "",
    )  # fmt: skip


def _case(history: History, case_id: UUID, number: str) -> tuple[Any, ...]:
    closed = history.closed_at
    due, amber = (history.target_at, _amber(history)) if history.target_at else (None, None)
    running = (None, None) if closed else (due, amber)
    return (
        case_id, number, history.matter_id, (Stage.CLOSED if closed else Stage.DISPATCHED).value, history.unit_id,
        history.opened_at, history.opened_at, closed, closed or history.opened_at, history.answer, *running, due,
        amber, *_located(history), history.path,
    )  # fmt: skip


def _amber(history: History) -> datetime:
    """Four fifths of the given time, on the wall clock; a target before the opening has no amber time of its own."""
    assert history.target_at is not None
    return history.target_at - max((history.target_at - history.opened_at) / 5, timedelta(0))


def _clocks(history: History, case_id: UUID, calendar_id: int) -> Iterator[tuple[Any, ...]]:
    if history.target_at is None:
        return
    for kind in (ClockKind.HANDLE, ClockKind.WHOLE):
        yield (
            case_id, kind.value, calendar_id, history.opened_at, history.closed_at, Jsonb([]), timedelta(0),
            history.target_at, _amber(history), False, True,
        )  # fmt: skip
