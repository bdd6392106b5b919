from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from wangge.common.commands import Command as BaseCommand
from wangge.common.refusals import Refused
from wangge.territory import systems
from wangge.territory.codes import UNIT_GRID
from wangge.territory.exports import Wanted, sheet_of
from wangge.territory.formats.writing import MEDIA_TYPES, write
from wangge.territory.models import Area, Level


class Command(BaseCommand):
    help = (
        "Write the boundaries in force to a file: GeoJSON, zipped Shapefile, GeoPackage, KML or CSV with WKT."
    )
    example = "wangge export boundaries grids.zip --level grid --within 990101 --crs epsg:4548"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=", ".join(MEDIA_TYPES))
        parser.add_argument(
            "--level", choices=[*Level.values, UNIT_GRID], default="", help="all areas if not said"
        )
        parser.add_argument("--within", help="the code of an area: only what lies below it, and itself")
        parser.add_argument(
            "--crs", default="wgs84", help="the coordinate system of the file (default: wgs84)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        sheet = sheet_of(Wanted(options["level"], _area(options["within"])))
        content = write(sheet, file.suffix.lower(), systems.by_name(options["crs"]))
        try:
            file.write_bytes(content)
        except OSError as error:
            raise Refused(
                _("%(file)s cannot be written: %(why)s.") % {"file": file.name, "why": error.strerror}
            ) from error
        self.stdout.write(_("Wrote %(count)s boundaries.") % {"count": len(sheet.shapes)})


def _area(code: str | None) -> Area | None:
    if not code:
        return None
    found = Area.objects.filter(code=code, valid_to=None).first()
    if found is None:
        raise Refused(_("There is no area %(code)s in force.") % {"code": code}, "within")
    return found
