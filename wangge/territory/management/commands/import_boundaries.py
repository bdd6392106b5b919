from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.common.commands import Command as BaseCommand
from wangge.territory import codes, systems
from wangge.territory.boundaries import BoundaryRow, PropertyNames, boundaries_of
from wangge.territory.codes import UNIT_GRID
from wangge.territory.findings import look_at
from wangge.territory.formats.opening import opened
from wangge.territory.imports import import_boundaries, known_boundaries, parents_of
from wangge.territory.management.arguments import add_file
from wangge.territory.management.telling import MOST, outcome_in_words, steps, tell_errors
from wangge.territory.models import Level
from wangge.territory.row_errors import RowsRefused
from wangge.territory.systems import System


class Command(BaseCommand):
    help = (
        "Bring in the boundaries of areas or unit grids: GeoJSON, Shapefile, GeoPackage, KML or CSV with WKT."
    )
    example = "wangge import boundaries grids.geojson --crs bd09 --level grid --code-property BH --dry-run"

    def add_arguments(self, parser: CommandParser) -> None:
        add_file(parser)
        parser.add_argument(
            "--level",
            choices=[*Level.values, UNIT_GRID],
            help="the level, where the features do not name theirs",
        )
        for name in ("code", "name", "level", "parent"):
            parser.add_argument(f"--{name}-property", help=f"the property that holds the {name}")

    def handle(self, *args: Any, **options: Any) -> None:
        named = systems.by_name(options["crs"]) if options["crs"] else None
        codes.load()
        with steps(_("Reading"), _("Checking"), _("Storing")) as step:
            rows, system = self._read(named, options)
            step()
            self._warn(rows, system)
            step()
            try:
                outcome = import_boundaries(rows, by=None, at=timezone.now(), dry_run=options["dry_run"])
            except RowsRefused as refusal:
                tell_errors(self.stderr, refusal.errors)
                raise
        self.stdout.write(outcome_in_words(outcome, options["dry_run"]))

    def _read(self, named: System | None, options: dict[str, Any]) -> tuple[list[BoundaryRow], System]:
        with opened(options["file"], layer=options["layer"]) as contents:
            system = systems.settled(named, contents.system)
            self.stderr.write(_("Read as %(system)s.") % {"system": system})
            rows, errors = boundaries_of(
                contents.features, system, level=options["level"], names=_property_names(options)
            )
        if errors:
            tell_errors(self.stderr, errors)
            raise RowsRefused(errors)
        return rows, system

    def _warn(self, rows: list[BoundaryRow], system: System) -> None:
        """What a person should look at, but only a person can judge."""
        remarks = look_at(rows, system, known_boundaries(), parents_of(rows)).remarks
        for remark in remarks[:MOST]:
            self.stderr.write(remark)
        if len(remarks) > MOST:
            self.stderr.write(_("… and %(count)s more.") % {"count": len(remarks) - MOST})


def _property_names(options: dict[str, Any]) -> PropertyNames:
    """Properties named on the command line replace the guesses; property names are compared in lower case."""
    named = {name: options[f"{name}_property"] for name in ("code", "name", "level", "parent")}
    return PropertyNames(**{name: (value.lower(),) for name, value in named.items() if value})
