from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.common.commands import Command as BaseCommand
from wangge.registry.facilities.importing import import_facilities
from wangge.territory import systems
from wangge.territory.management.arguments import add_file
from wangge.territory.management.telling import outcome_in_words, steps, tell_errors
from wangge.territory.row_errors import RowsRefused


class Command(BaseCommand):
    help = (
        "Bring in facilities as points: CSV or XLSX with lon and lat, GeoJSON, Shapefile, GeoPackage or KML."
    )
    example = "wangge import facilities lamps.csv --crs gcj02 --dry-run"

    def add_arguments(self, parser: CommandParser) -> None:
        add_file(parser)

    def handle(
        self, *args: Any, file: Path, crs: str | None, layer: str | None, dry_run: bool, **options: Any
    ) -> None:
        system = systems.by_name(crs) if crs else None
        try:
            with steps(_("Reading and storing")):
                told = import_facilities(
                    file, system, by=None, at=timezone.now(), layer=layer, dry_run=dry_run
                )
        except RowsRefused as refusal:
            tell_errors(self.stderr, refusal.errors)
            raise
        if told.hint:
            self.stderr.write(told.hint)
        if told.outside:
            said = {"outside": told.outside}
            self.stderr.write(
                _(
                    "%(outside)s points lie in no grid. If these are most of them, the coordinate system is another one."
                )
                % said
            )
        self.stdout.write(outcome_in_words(told.outcome, dry_run))
