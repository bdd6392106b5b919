from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.common.commands import Command as BaseCommand
from wangge.registry.osm import telling
from wangge.registry.osm.storing import import_extract


class Command(BaseCommand):
    help = "Bring in an OpenStreetMap extract: roads, water, green and places for the map, buildings with floors."
    example = "wangge import osm district.osm.pbf --dry-run"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=".osm.pbf or .osm")
        parser.add_argument("--dry-run", action="store_true", help="do everything and store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        told = import_extract(options["file"], by=None, at=timezone.now(), dry_run=options["dry_run"])
        found = telling.data_of(told)
        for label, count in [*telling.taken(found), *telling.repaired(found), *telling.left(found)]:
            self.stdout.write(f"{label}: {count}")
        if options["dry_run"]:
            self.stdout.write(_("Nothing was stored."))
