from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.cases.actions.calendars import change_calendar
from wangge.cases.calendar_seed import SHIPPED, published_years, read_days
from wangge.common.commands import Command as BaseCommand
from wangge.common.refusals import Refused


class Command(BaseCommand):
    help = (
        "Add or change days of a working calendar, publish years, and recompute the running clocks it moves."
    )
    example = "wangge import calendar days-2027.csv --publish 2027 --dry-run"

    def add_arguments(self, parser: CommandParser) -> None:
        source = parser.add_mutually_exclusive_group()
        source.add_argument(
            "file", nargs="?", type=Path, help="CSV with the columns date, kind (rest, work), name"
        )
        source.add_argument("--shipped", action="store_true", help="the days that ship with the platform")
        parser.add_argument("--calendar", default="default", help="code of the calendar")
        parser.add_argument(
            "--publish",
            type=int,
            action="append",
            default=[],
            metavar="YEAR",
            help="this year's days are final",
        )
        parser.add_argument("--dry-run", action="store_true", help="check everything and store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        file, years = options["file"], set(options["publish"])
        if not (file or options["shipped"] or years):
            raise Refused(_("Name a file, --shipped, or a year to publish."))
        marks = read_days(file or SHIPPED) if file or options["shipped"] else []
        if options["shipped"]:
            years |= published_years(marks)
        done = change_calendar(
            options["calendar"], marks, publish=years, by=None, at=timezone.now(), dry_run=options["dry_run"]
        )
        self.stdout.write(
            _(
                "%(days)d days added or changed, %(years)d years published, "
                "%(recomputed)d reports and cases with another due time."
            )
            % {"days": done.days, "years": done.years, "recomputed": done.recomputed}
        )
        if options["dry_run"]:
            self.stdout.write(_("Nothing was stored."))
