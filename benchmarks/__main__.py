"""`python -m benchmarks [NAME] [--size N] [--seconds S]`: one JSON object a line, then a table."""

import argparse
import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

COLUMNS = (
    "name",
    "size",
    "value",
    "unit",
    "yardstick",
    "ratio",
    "p50_ms",
    "p95_ms",
    "p99_ms",
    "p50_growth",
    "pages",
    "pages_growth",
    "errors",
)


def main(arguments: list[str] | None = None) -> int:
    """Run one benchmark, or all of them at their own small sizes; 1 if any reports errors."""
    asked = _parser().parse_args(arguments)
    rows: list[dict[str, Any]] = []
    for name in [asked.name] if asked.name else names():
        measured = _measured if asked.name else _measured_apart
        for row in measured(name, asked.size, asked.seconds):
            print(json.dumps(row, ensure_ascii=False), flush=True)
            rows.append(row)
    console = Console()
    Console(width=console.width if console.is_terminal else 180).print(_table(rows))
    return 1 if any(row.get("errors") for row in rows) else 0


def names() -> list[str]:
    """The benchmarks: every module here with a `run`; `import_` goes by the name `import`."""
    # Read, not imported: a benchmark may need Django and a database, which --help does not.
    modules = Path(__file__).parent.glob("[!_]*.py")
    return sorted(module.stem.rstrip("_") for module in modules if "\ndef run(" in module.read_text("utf-8"))


def _measured(name: str, size: int | None, seconds: float | None) -> list[dict[str, Any]]:
    module = importlib.import_module(f"benchmarks.{name}_" if name == "import" else f"benchmarks.{name}")
    size = size or module.SIZE
    seconds = seconds or module.SECONDS
    command = f"python -m benchmarks {name} --size {size} --seconds {seconds:g}"
    return [row | {"command": command} for row in module.run(size, seconds)]


def _measured_apart(name: str, size: int | None, seconds: float | None) -> list[dict[str, Any]]:
    """Measure in a process of its own: Django settles on one database, and each benchmark brings another."""
    words = [] if size is None else ["--size", str(size)]
    words += [] if seconds is None else ["--seconds", f"{seconds:g}"]
    command = [sys.executable, "-m", "benchmarks", name, *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return rows or [{"name": name, "errors": 1, "command": " ".join(command[1:])}]


def _table(rows: list[dict[str, Any]]) -> Table:
    shown = [column for column in COLUMNS if any(column in row for row in rows)]
    table = Table(*shown)
    for row in rows:
        table.add_row(*(_in_words(row.get(column)) for column in shown))
    return table


def _in_words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure what we promise about speed, against a yardstick in the same run.",
        epilog="Example: python -m benchmarks locate --size 1000000 --seconds 20",
    )
    parser.add_argument("name", nargs="?", choices=names(), help="one benchmark; without it all of them")
    parser.add_argument("--size", type=int, help="how much of it, in the benchmark's own unit")
    parser.add_argument("--seconds", type=float, help="about how long to measure")
    return parser


if __name__ == "__main__":
    sys.exit(main())
