"""Reports received over HTTP, durably, against pgbench inserting the same rows in one transaction on the same server."""

import random
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from benchmarks._database import scratch_database
from benchmarks._load import Load, post_forms
from benchmarks._server import serving

SIZE = 32  # connections, and clients of pgbench
SECONDS = 30.0
ROUNDS = 3

TEXTS = (
    "小区东门的路灯已经三天不亮了，晚上老人走路看不清，请尽快派人修理。",
    "路边堆着一大堆装修垃圾，占了半个人行道，味道很大，希望早点清走。",
    "下水道的井盖松动了，车一过就响，担心有人踩空，麻烦来看看。",
)

# What `receive_reports` stores for one report, as plain statements: the same tables, columns, indexes and sizes.
YARDSTICK = """
\\set place random(1, :grids)
\\set matter random(1, :matters)
\\set nudge random(0, 1000000)
BEGIN;
INSERT INTO cases_report (id, kind, channel, source, source_key, text, attributes, lon, lat, cell, address, grid_id,
    unit_grid_id, current_grid_id, area_path, locating, street_only, matter_id, stage, received_at, updated_at,
    received_by_id, code_hash, finding, answer, public_text, event_seq, event_digest, due_at, amber_at)
SELECT {uuid}, 'problem', 'open311', 'pgbench', md5(random()::text), m.text, '{{}}', g.centre_lon + :nudge * 1e-9,
    g.centre_lat, (random() * 4e18)::bigint, '人民路12号', g.id, NULL, g.id, g.path, 'inside', false, m.matter_id,
    'received', now(), now(), NULL, sha256(random()::text::bytea), '', '', '', 1, sha256('x'), now() + '4 hours',
    now() + '3 hours'
FROM territory_area g, bench_matter m WHERE g.id = (SELECT id FROM bench_grid WHERE n = :place) AND m.n = :matter
RETURNING id AS report \\gset
INSERT INTO cases_clock (report_id, kind, calendar_id, started_at, limits, used_before, due_at, amber_at, provisional,
    given) VALUES (:report, 'accept', :calendar, now(), '[["working_hours", "2.00"]]', '0', now() + '4 hours',
    now() + '3 hours', false, false);
INSERT INTO audit_event ({event_columns}) VALUES ({event_values}) RETURNING id AS event \\gset
INSERT INTO audit_payload (event_id, salt, data) VALUES (:event, sha256('s'), '{{"channel": "open311", "class": "06010"}}');
INSERT INTO audit_outbox (event_id, done, tries, error) VALUES (:event, '[]', 0, '');
COMMIT;
"""
EVENT = {
    "subject_kind": "'report'", "subject_id": ":report", "seq": "1", "verb": "'receive'", "at": "now()",
    "from_stage": "''", "to_stage": "'received'", "payload_digest": "sha256('p')", "previous": "sha256('0')",
    "digest": "sha256('d')",
}  # fmt: skip


def run(size: int, seconds: float) -> list[dict[str, Any]]:
    """Post over `size` connections and insert with `size` clients, turn and turn about, `seconds` seconds in all."""
    with scratch_database() as url:
        stage = _set_the_stage()
        with serving() as port:
            return [_measured(size, seconds, url, port, stage)]


@dataclass(frozen=True)
class _Stage:
    """What both sides find: a key, form bodies, and how many grids and classes there are to choose from."""

    bodies: Sequence[str]
    grids: int
    matters: int
    calendar: int


@dataclass(frozen=True)
class _Round:
    """One turn of each side, and what is known about ours from the database."""

    load: Load
    inserts_per_second: float
    missing: int
    commits: float


def _set_the_stage() -> _Stage:
    import numpy as np
    from django.db import connection
    from django.utils import timezone

    from benchmarks.locate import tessellation
    from wangge.cases.models import Calendar, MatterClass
    from wangge.intake import keys

    grids = _draw(tessellation(np.random.default_rng(20260101)))
    codes = list(
        MatterClass.objects.filter(in_force=True)
        .exclude(questions__required=True)
        .values_list("code", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_grid AS SELECT id, row_number() OVER () AS n FROM territory_area WHERE level = 'grid';"
            "CREATE UNIQUE INDEX ON bench_grid (n);"
            "CREATE TABLE bench_matter AS SELECT id AS matter_id, row_number() OVER () AS n, '' AS text"
            " FROM cases_matterclass; CREATE UNIQUE INDEX ON bench_matter (n)"
        )
        cursor.execute("UPDATE bench_matter SET text = %s", [TEXTS[0]])
    key = keys.create_key("benchmark", at=timezone.now())
    calendar = Calendar.objects.get(code="default").pk
    return _Stage(_bodies(key, codes), grids, MatterClass.objects.count(), calendar)


def _draw(shapes: Any) -> int:
    """A community and its 10,000 grids; returns how many."""
    import shapely

    from wangge.territory import lookup
    from wangge.territory.models import Area

    top = Area.objects.create(code="990101001001", name="示范社区", level="community", path="")
    Area.objects.filter(pk=top.pk).update(path=f"/{top.pk}/")
    grids = Area.objects.bulk_create(
        Area(
            code=f"990101001001{number:05}", name=f"第{number}网格", level="grid", kind="general", parent=top, path="",
            boundary=shapely.to_wkb(shape), centre_lon=shape.centroid.x, centre_lat=shape.centroid.y,
        )
        for number, shape in enumerate(shapes)
    )  # fmt: skip
    for grid in grids:
        grid.path = f"/{top.pk}/{grid.pk}/"
    Area.objects.bulk_update(grids, ["path"], batch_size=2000)
    lookup.changed()
    return len(grids)


def _bodies(key: str, codes: Sequence[str]) -> list[str]:
    dice = random.Random(20260101)
    return [
        urlencode(
            {
                "api_key": key,
                "service_code": dice.choice(codes),
                "lat": f"{dice.uniform(39.01, 39.99):.6f}",
                "long": f"{dice.uniform(116.01, 116.99):.6f}",
                "address_string": f"人民路{dice.randrange(1, 400)}号",
                "description": dice.choice(TEXTS),
            }
        )
        for _ in range(2000)
    ]


def _measured(size: int, seconds: float, url: str, port: int, stage: _Stage) -> dict[str, Any]:
    address = f"http://127.0.0.1:{port}/open311/v2/requests.json"
    turn = max(seconds / (2 * ROUNDS), 1.0)
    # The first second pays for connections and for what both sides keep in memory.
    post_forms(address, stage.bodies, connections=size, seconds=1)
    rounds = []
    for _ in range(ROUNDS):
        inserts = _pgbench(url, size, turn, stage)
        rounds.append(_posted(address, size, turn, stage, inserts))
    ours, theirs = median(r.load.per_second for r in rounds), median(r.inserts_per_second for r in rounds)
    return {
        "name": "receive reports (Open311)",
        "size": size,
        "value": round(ours),
        "unit": f"reports/s ({rounds[0].load.tool})",
        "yardstick": f"pgbench, the same rows in one transaction, prepared: {theirs:,.0f} reports/s",
        "ratio": round(ours / theirs, 3),
        "p50_ms": round(median(r.load.p50_ms for r in rounds), 2),
        "p95_ms": round(median(r.load.p95_ms for r in rounds), 2),
        "p99_ms": round(median(r.load.p99_ms for r in rounds), 2),
        "errors": sum(r.load.errors + r.missing for r in rounds),
        "transactions_per_report": round(median(r.commits for r in rounds), 3),
    }


def _posted(address: str, size: int, seconds: float, stage: _Stage, inserts: float) -> _Round:
    reports, commits = _counts()
    load = post_forms(address, stage.bodies, connections=size, seconds=seconds)
    reports_after, commits_after = _counts()
    stored = reports_after - reports
    return _Round(
        load, inserts, max(0, load.requests - load.errors - stored), (commits_after - commits) / stored
    )


def _counts() -> tuple[int, int]:
    """Reports stored and transactions committed so far."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT (SELECT count(*) FROM cases_report),"
            " (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database())"
        )
        reports, commits = cursor.fetchone()
        return reports, commits


def _pgbench(url: str, clients: int, seconds: float, stage: _Stage) -> float:
    """Insert the same rows for so many seconds and return transactions a second; raises when any failed."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "report.sql"
        script.write_text(_yardstick())
        variables = {"grids": stage.grids, "matters": stage.matters, "calendar": stage.calendar}
        defined = [f"--define={name}={value}" for name, value in variables.items()]
        command = [_program(), "-n", "-M", "prepared", f"-c{clients}", "-j2", f"-T{max(1, round(seconds))}"]
        said = subprocess.run(
            [*command, *defined, "-f", str(script), *_connection_words(url)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    failed = re.search(r"number of failed transactions: (\d+)", said)
    found = re.search(r"tps = ([\d.]+)", said)
    if found is None or (failed and failed[1] != "0"):
        raise RuntimeError(said)
    return float(found[1])


def _yardstick() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        uuid = "uuidv7()" if cursor.fetchone()[0] >= 180000 else "gen_random_uuid()"
    return YARDSTICK.format(uuid=uuid, event_columns=", ".join(EVENT), event_values=", ".join(EVENT.values()))


def _connection_words(url: str) -> list[str]:
    parts = urlsplit(url)
    options = {name: values[0] for name, values in parse_qs(parts.query).items()}
    words = [
        "-h",
        options.get("host") or parts.hostname or "",
        "-p",
        options.get("port") or str(parts.port or 5432),
    ]
    return [*words, "-U", parts.username or "", parts.path.lstrip("/")]


def _program() -> str:
    from wangge.common import postgres_binaries

    beside = postgres_binaries.find().program("pgbench")
    program = str(beside) if beside.exists() else shutil.which("pgbench")
    if program is None:
        raise RuntimeError("The yardstick needs pgbench, which comes with PostgreSQL.")
    return program
