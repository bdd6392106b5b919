from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.common.commands import Command as BaseCommand
from wangge.registry.osm.storing import Told, import_extract
from wangge.territory.models import BaseFeature


class Command(BaseCommand):
    help = "Bring in an OpenStreetMap extract: roads, water, green and places for the map, buildings with floors."
    example = "wangge import osm district.osm.pbf --dry-run"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=".osm.pbf or .osm")
        parser.add_argument("--dry-run", action="store_true", help="do everything and store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        told = import_extract(options["file"], by=None, at=timezone.now(), dry_run=options["dry_run"])
        for line in _lines(told):
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write(_("Nothing was stored."))


def _lines(told: Told) -> list[str]:
    lines = [f"{BaseFeature.Kind(kind).label}: {count}" for kind, count in sorted(told.ground.items())]
    lines.append(_("Replaced on the ground: %(count)s") % {"count": told.replaced})
    lines.append(
        _("New buildings: %(new)s; already in the register and left as they are: %(known)s")
        % {"new": told.buildings, "known": told.known}
    )
    if told.faults.mended:
        lines.append(_("Surfaces mended: %(count)s") % {"count": told.faults.mended})
    if told.faults.broken:
        lines.append(
            _("Left out, because points of it are missing: %(count)s") % {"count": told.faults.broken}
        )
    return lines
