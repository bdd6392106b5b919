"""What a life of a case says to the database, listened to in this process and replayed by pgbench as it was."""

import re
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.intake import _connection_words, _program

Statements = dict[str, list[str]]
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|WITH .*\bINSERT\b)", re.DOTALL)
OWN = re.compile(r"""("number"|"source_key"|"code_hash") = (?:\d+|E?'[^']*'(?:::bytea)?)""")
KEY_LEFT = re.compile(r"'\{?[0-9a-f]{32}\}?'")


def recorded(lead: Callable[[Any], None], steps: Sequence[str]) -> tuple[Statements, str]:
    """Lead lives in this process; returns the statements of each step in short, and the writes as a script of pgbench."""
    from django.db import connection

    for _ in range(3):  # what is read once and kept in memory is no statement of a step
        lead(_in_process([]))
    heard: list[list[str]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        heard[-1].append(connection.ops.compose_sql(sql, params))  # type: ignore[attr-defined]
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        lead(_in_process(heard))
    if len(heard) != len(steps):
        raise RuntimeError(f"{len(heard)} of {len(steps)} steps were taken.")
    short = {step: [_short(sql) for sql in said] for step, said in zip(steps, heard, strict=True)}
    return short, _script(heard)


def _in_process(heard: list[list[str]]) -> Any:
    """Send requests to the program in this process; a new list for the statements of each."""
    from django.test import Client

    client = Client(enforce_csrf_checks=True)

    def send(address: str, body: str, headers: dict[str, str]) -> tuple[int, Any]:
        heard.append([])
        others = {name: value for name, value in headers.items() if name != "Content-Type"}
        response = client.post(address, body, content_type=headers["Content-Type"], headers=others)
        return response.status_code, response.json()

    return send


def _short(sql: str) -> str:
    """A statement without what it names one by one."""
    sql = re.sub(r"\s+", " ", sql).strip()
    return re.sub(r"SELECT .*? FROM", "SELECT … FROM", re.sub(r"'[^']*'", "?", sql), count=1)[:120]


def _script(heard: Sequence[Sequence[str]]) -> str:
    """The writes as they were, one transaction a step; keys and what is unique are made anew each time."""
    from wangge.cases.models import Case

    case = Case.objects.select_related(None).order_by("-pk")[0]
    report = case.reports.get()
    lines = [
        "SELECT gen_random_uuid() AS report, gen_random_uuid() AS case_, '2026-' || nextval('case_number') AS number \\gset"
    ]
    for said in heard:
        writes = [_anew(sql, report, case) for sql in said if WRITES.match(sql)]
        lines += ["BEGIN;", *(f"{sql};" for sql in writes), "COMMIT;"]
    script = "\n".join(lines) + "\n"
    if left := KEY_LEFT.search(script):
        raise RuntimeError(f"A key was left in the writes: {script[left.start() - 200 : left.end() + 50]}")
    return script


def _anew(sql: str, report: Any, case: Any) -> str:
    sql = re.sub(r"\s*\n\s*", " ", sql).strip()
    for name, key in (("report", report.pk), ("case_", case.pk)):
        sql = sql.replace(f"'{{{key.hex}}}'", f"ARRAY[:{name}::uuid]").replace(f"'{key.hex}'", f":{name}")
    sql = re.sub(OWN, r"\1 = \1", sql)  # a whole row is stored: what is its own stays its own
    sql = sql.replace(f"'{case.number}'", ":number")
    sql = sql.replace(f"'{{{report.source_key}}}'", "ARRAY[md5(random()::text)]")
    return re.sub(
        rf"E?'\{{[^']*{bytes(report.code_hash).hex()}[^']*\}}'", "ARRAY[sha256(random()::text::bytea)]", sql
    )


def pgbench(url: str, script: str, *, clients: int, seconds: float) -> float:
    """Run a script for so many seconds and return how often a second; raises when any run of it failed."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "script.sql"
        file.write_text(script)
        command = [_program(), "-n", "-M", "prepared", f"-c{clients}", "-j2", f"-T{max(1, round(seconds))}"]
        done = subprocess.run(
            [*command, "-f", str(file), *_connection_words(url)], capture_output=True, text=True, check=False
        )
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or found is None or (failed and failed[1] != "0"):
        raise RuntimeError(done.stderr[-2000:] + done.stdout[-2000:])
    return float(found[1])
