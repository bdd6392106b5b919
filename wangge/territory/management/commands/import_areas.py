from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.common.commands import Command as BaseCommand
from wangge.territory import codes
from wangge.territory.areas_file import read_areas
from wangge.territory.imports import import_areas, known_levels
from wangge.territory.management.telling import outcome_in_words, steps, tell_errors
from wangge.territory.row_errors import RowsRefused


class Command(BaseCommand):
    help = "Bring in the tree of areas from CSV files, or from a folder with the Ministry's four tables."
    example = "wangge import areas provinces.csv cities.csv areas.csv streets.csv --dry-run"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, help="CSV files or one folder")
        parser.add_argument("--dry-run", action="store_true", help="check everything and store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        codes.load()
        with steps(_("Reading"), _("Storing")) as step:
            rows, errors = read_areas(options["files"], known_levels())
            if errors:
                tell_errors(self.stderr, errors)
                raise RowsRefused(errors)
            step()
            outcome = import_areas(rows, by=None, at=timezone.now(), dry_run=options["dry_run"])
        self.stdout.write(outcome_in_words(outcome, options["dry_run"]))
