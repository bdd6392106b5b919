from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.common.commands import Command as BaseCommand
from wangge.territory.boundaries import BoundaryRow, PropertyNames, read_boundaries
from wangge.territory.codes import UNIT_GRID
from wangge.territory.coordinates import CRS
from wangge.territory.crs_hints import crs_hint
from wangge.territory.imports import import_boundaries, known_boundaries
from wangge.territory.management.telling import MOST, outcome_in_words, steps, tell_errors
from wangge.territory.models import Level
from wangge.territory.row_errors import RowsRefused
from wangge.territory.tiling import overlaps


class Command(BaseCommand):
    help = "Bring in the boundaries of areas or unit grids from a GeoJSON file."
    example = "wangge import boundaries grids.geojson --crs bd09 --level grid --code-property BH --dry-run"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="GeoJSON (FeatureCollection) in degrees")
        parser.add_argument(
            "--crs",
            choices=[crs.value for crs in CRS],
            default=CRS.WGS84.value,
            help="the coordinate system of the file (default: wgs84, as GeoJSON says); it is stored as wgs84",
        )
        parser.add_argument(
            "--level",
            choices=[*Level.values, UNIT_GRID],
            help="the level, where the features do not name theirs",
        )
        for name in ("code", "name", "level", "parent"):
            parser.add_argument(f"--{name}-property", help=f"the property that holds the {name}")
        parser.add_argument("--dry-run", action="store_true", help="check everything and store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        crs = CRS(options["crs"])
        with steps(_("Reading"), _("Checking"), _("Storing")) as step:
            rows, errors = read_boundaries(
                options["file"], crs, level=options["level"], names=_property_names(options)
            )
            if errors:
                tell_errors(self.stderr, errors)
                raise RowsRefused(errors)
            step()
            self._warn(rows, crs)
            step()
            try:
                outcome = import_boundaries(rows, by=None, at=timezone.now(), dry_run=options["dry_run"])
            except RowsRefused as refusal:
                tell_errors(self.stderr, refusal.errors)
                raise
        self.stdout.write(outcome_in_words(outcome, options["dry_run"]))

    def _warn(self, rows: list[BoundaryRow], crs: CRS) -> None:
        """What a person should look at, but only a person can judge."""
        notes = [f"{row.code}: {note}" for row in rows for note in row.notes] + overlaps(rows)
        for note in notes[:MOST]:
            self.stderr.write(note)
        if len(notes) > MOST:
            self.stderr.write(_("… and %(count)s more.") % {"count": len(notes) - MOST})
        if hint := crs_hint(rows, crs, known_boundaries()):
            self.stderr.write(hint)


def _property_names(options: dict[str, Any]) -> PropertyNames:
    """Properties named on the command line replace the guesses; property names are compared in lower case."""
    named = {name: options[f"{name}_property"] for name in ("code", "name", "level", "parent")}
    return PropertyNames(**{name: (value.lower(),) for name, value in named.items() if value})
