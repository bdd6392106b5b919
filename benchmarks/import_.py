"""Cases taken over from a file, with their reports, clocks and events, against a bare COPY of the same finished rows."""

import csv
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks._database import scratch_database

SIZE = 20_000  # cases
SECONDS = 60.0

MAPPING = {
    "name": "benchmark",
    "time_zone": "America/New_York",
    "areas": {
        "code": "BENCH",
        "name": "Benchmark",
        "columns": ["street", "community"],
        "levels": ["street", "community"],
    },
    "classes": {"standard": "benchmark", "make": True},
    "units": {"prefix": "bench", "make": True},
}
COLUMNS = (
    "service_request_id", "requested_datetime", "expected_datetime", "closed_date", "service_name",
    "service_subtype", "agency_responsible", "description", "status_notes", "street", "community", "lat", "long",
)  # fmt: skip


def run(size: int, seconds: float) -> list[dict[str, Any]]:
    """Import a file of `size` rows and copy the same rows back, in turn, for about `seconds` seconds."""
    with scratch_database(), TemporaryDirectory() as folder:
        return [_measure(size, seconds, Path(folder))]


def _measure(size: int, seconds: float, folder: Path) -> dict[str, Any]:
    from wangge.cases.actions.history import TABLES
    from wangge.cases.models import Case
    from wangge.intake.channels.spreadsheet.importing import import_cases
    from wangge.intake.channels.spreadsheet.mapping import Mapping

    path, mapping = _write_rows(folder / "cases.csv", size), Mapping.from_data(MAPPING)
    import_cases(_write_rows(folder / "warm.csv", 100), mapping)
    tables = list(TABLES)
    ours: list[float] = []
    theirs: list[float] = []
    wrong = 0
    until = time.perf_counter() + seconds
    while len(ours) < 3 or time.perf_counter() < until:
        _empty(tables)
        ours.append(_seconds(lambda: import_cases(path, mapping)))
        wrong += Case.objects.count() != size
        files = [_copy_out(table, folder / f"{table}.bin") for table in tables]
        _empty(tables)
        theirs.append(_seconds(lambda: _copy_in(tables, files)))  # noqa: B023  # called at once
        wrong += Case.objects.count() != size
    return {
        "name": "import cases",
        "size": size,
        "value": round(size / median(ours)),
        "unit": "cases/s",
        "yardstick": f"COPY of the same finished rows, same tables and indexes: {size / median(theirs):,.0f} cases/s",
        "ratio": round(median(theirs) / median(ours), 3),
        "errors": wrong,
    }


def _write_rows(path: Path, count: int) -> Path:
    """Write a file of made-up history: 150 communities, 120 classes, 9 units; the same file each time."""
    dice = random.Random(20260101)
    start = datetime(2025, 1, 1)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number in range(count):
            opened = start + timedelta(seconds=number * 60)
            closed = opened + timedelta(hours=dice.uniform(1, 300)) if dice.random() < 0.95 else ""
            kind = dice.randrange(120)
            writer.writerow(
                [
                    f"{path.stem}-{number}", opened, opened + timedelta(days=2), closed, f"class {kind}",
                    f"group {kind % 12}", f"unit {kind % 9}", "路灯不亮了，已经三天了", "已修复",
                    f"street {number % 15}", f"community {number % 10}",
                    f"{32.9 + dice.random() / 10:.6f}", f"{118.9 + dice.random() / 10:.6f}",
                ]
            )  # fmt: skip
    return path


def _empty(tables: list[str]) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL wangge.may_truncate = on")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


def _copy_out(table: str, path: Path) -> Path:
    from django.db import connection

    order = f"COPY {table} TO STDOUT (FORMAT BINARY)"
    with connection.cursor() as cursor, path.open("wb") as file, cursor.copy(order) as copy:
        for block in copy:
            file.write(block)
    return path


def _copy_in(tables: list[str], files: list[Path]) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table, path in zip(tables, files, strict=True):
            with path.open("rb") as file, cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
                while block := file.read(1 << 16):
                    copy.write(block)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
