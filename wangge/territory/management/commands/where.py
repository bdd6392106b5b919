from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.common.commands import Command as BaseCommand
from wangge.common.refusals import Refused
from wangge.territory import history, lookup
from wangge.territory.coordinates import CRS, to_wgs84
from wangge.territory.models import UnitGrid


class Command(BaseCommand):
    help = "Say in which grid a point lies, today or on another day."
    example = "wangge where 118.905 32.905 --on 2024-03-01"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("lon", type=float, help="longitude in degrees")
        parser.add_argument("lat", type=float, help="latitude in degrees")
        parser.add_argument("--on", help="the day, such as 2024-03-01 (default: today)")
        parser.add_argument(
            "--crs",
            choices=[crs.value for crs in CRS],
            default=CRS.WGS84.value,
            help="of the point (default: wgs84)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        day = _day(options["on"])
        lon, lat = to_wgs84(options["lon"], options["lat"], CRS(options["crs"]))
        found = lookup.place_on(lon, lat, day)
        if found is None:
            self.stdout.write(_("On %(day)s the point lay in no grid.") % {"day": day})
            return
        for area in history.around_on(found.grid_id, day) if found.grid_id else []:
            self.stdout.write(f"{area.code}  {area.name}")
        if found.unit_grid_id:
            code = UnitGrid.objects.values_list("code", flat=True).get(pk=found.unit_grid_id)
            self.stdout.write(_("Unit grid: %(code)s") % {"code": code})


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else timezone.localdate()
    except ValueError:
        raise Refused(_("“%(text)s” is not a day such as 2026-01-31.") % {"text": text}) from None
