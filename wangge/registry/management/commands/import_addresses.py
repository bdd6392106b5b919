from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from wangge.common.commands import Command as BaseCommand
from wangge.registry.addresses.importing import import_addresses
from wangge.territory.coordinates import CRS
from wangge.territory.management.telling import outcome_in_words, tell_errors
from wangge.territory.row_errors import RowsRefused


class Command(BaseCommand):
    help = "Bring in addresses from a CSV or XLSX file: parts in columns, or one column to be taken apart."
    example = "wangge import addresses houses.csv --crs gcj02 --dry-run"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="CSV (UTF-8 or GB 18030) or XLSX, the first line names the columns"
        )
        parser.add_argument(
            "--crs",
            choices=[crs.value for crs in CRS],
            required=True,
            help="the coordinate system of the file's points; they are stored as wgs84",
        )
        parser.add_argument("--dry-run", action="store_true", help="check everything and store nothing")

    def handle(self, *args: Any, file: Path, crs: str, dry_run: bool, **options: Any) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        try:
            with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
                task = bar.add_task(file.name, total=None)
                outcome = import_addresses(
                    file,
                    crs=CRS(crs),
                    by=None,
                    at=timezone.now(),
                    dry_run=dry_run,
                    progress=lambda rows: bar.update(task, completed=rows),
                )
        except RowsRefused as refusal:
            tell_errors(self.stderr, refusal.errors)
            raise
        self.stdout.write(outcome_in_words(outcome, dry_run))
