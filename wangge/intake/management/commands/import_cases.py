from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from wangge.common.commands import Command as BaseCommand
from wangge.intake.channels.spreadsheet.importing import Outcome, import_cases
from wangge.intake.channels.spreadsheet.mapping import Mapping


class Command(BaseCommand):
    help = "Import cases of another system as history: CSV, XLSX or Open311 JSON."
    example = "wangge import cases 311.csv --mapping boston --dry-run"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--mapping", default="", help="a .toml file or a shipped name; GeoReport Bulk names if left out"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and check everything, store nothing")

    def handle(self, *args: Any, file: Path, mapping: str, dry_run: bool, **options: Any) -> None:
        rule = Mapping.load(mapping) if mapping else Mapping.from_data({})
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns) as bar:
            task = bar.add_task(file.name, total=_count_lines(file))
            outcome = import_cases(
                file, rule, dry_run=dry_run, progress=lambda rows: bar.update(task, completed=rows)
            )
            bar.update(task, total=outcome.read)
        self._tell(outcome, dry_run)

    def _tell(self, outcome: Outcome, dry_run: bool) -> None:
        for fault in outcome.faults:
            self.stderr.write(f"line {fault.row}, {fault.field}: {fault.message}")
        if outcome.faults:
            count = len(outcome.faults) + outcome.more_faults
            raise CommandError(
                f"{count} faults in {outcome.read} rows. Nothing was stored: mend the file and import it again."
            )
        known = outcome.read - outcome.new
        verb = "would be imported (dry run: nothing was stored)" if dry_run else "imported"
        self.stdout.write(f"{outcome.new} rows {verb}, {known} were here already.")


def _count_lines(file: Path) -> int | None:
    """A quick guess of the number of rows for the progress bar; None when it cannot be told."""
    if file.suffix.lower() != ".csv" or not file.is_file():
        return None
    with file.open("rb") as stream:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: stream.read(1 << 20), b""))
