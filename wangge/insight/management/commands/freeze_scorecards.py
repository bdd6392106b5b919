from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.common.commands import Command as BaseCommand
from wangge.insight.actions import freeze_month
from wangge.insight.measures.evaluation import read_period


class Command(BaseCommand):
    help = (
        "Freeze the scorecards of a period, the month before if none is named; what is frozen already stays."
    )
    example = "wangge freeze scorecards --period 2026-Q2"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--period", help="2026-06, 2026-Q2, 2026, or 2026-06-01~2026-06-15")

    def handle(self, *args: Any, **options: Any) -> None:
        period = read_period(options["period"]) if options["period"] else None
        new = freeze_month(timezone.now(), period=period)
        self.stdout.write(_("%(number)d scorecards are frozen.") % {"number": new})
