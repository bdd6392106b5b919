from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.cases import calendar_seed
from wangge.cases.calendars import words
from wangge.cases.calendars.actions import change_calendar, count_plan
from wangge.cases.calendars.files import read_file
from wangge.cases.calendars.plan import Day, Plan
from wangge.cases.models import CalendarChange
from wangge.common.commands import Command as BaseCommand
from wangge.common.refusals import Refused

LEAVE_OUT = "skip"


class Command(BaseCommand):
    help = (
        "Add or change days of a working calendar, publish years, and recompute the running clocks it moves."
    )
    example = "wangge import calendar days-2027.csv --publish 2027 --dry-run"

    def add_arguments(self, parser: CommandParser) -> None:
        source = parser.add_mutually_exclusive_group()
        source.add_argument(
            "file",
            nargs="?",
            type=Path,
            help="CSV with the columns date, kind (rest, work, normal), name; or iCalendar (.ics)",
        )
        source.add_argument("--shipped", action="store_true", help="the days that ship with the platform")
        source.add_argument(
            "--package", action="store_true", help="the days of the chinesecalendar package installed here"
        )
        parser.add_argument("--calendar", default="default", help="code of the calendar")
        parser.add_argument(
            "--publish",
            type=int,
            action="append",
            default=[],
            metavar="YEAR",
            help="this year's days are final",
        )
        parser.add_argument(
            "--unsure",
            choices=["rest", "work", LEAVE_OUT],
            help="what entries of an .ics file are that do not say it (without this they are refused)",
        )
        parser.add_argument("--dry-run", action="store_true", help="check everything and store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = _plan(options)
        if options["dry_run"]:
            self._say_what_would_be(options["calendar"], plan)
            return
        done = change_calendar(options["calendar"], plan, clock=timezone.now, on_progress=self._say_how_far)
        self._say(done.days, done.years, done.recomputed)

    def _say_what_would_be(self, code: str, plan: Plan) -> None:
        news, impact = count_plan(code, plan, at=timezone.now())
        for line in words.plan_lines(news):
            self.stdout.write(line)
        self._say(len(news.days), len(news.years), impact.matters)
        self.stdout.write(_("%(number)d would become overdue.") % {"number": impact.overdue})
        self.stdout.write(_("Nothing was stored."))

    def _say(self, days: int, years: int, recomputed: int) -> None:
        self.stdout.write(
            _(
                "%(days)d days added or changed, %(years)d years published, "
                "%(recomputed)d reports and cases with another due time."
            )
            % {"days": days, "years": years, "recomputed": recomputed}
        )

    def _say_how_far(self, change: CalendarChange) -> None:
        if change.clocks and not change.passes:
            self.stdout.write(
                _("%(done)d of %(all)d clocks") % {"done": change.looked_at, "all": change.clocks}
            )


def _plan(options: dict[str, Any]) -> Plan:
    file, years = options["file"], set(options["publish"])
    if file:
        plan = _decided(read_file(file.name, _content(file)), options["unsure"])
        return plan.joined(Plan(years=dict.fromkeys(years, True)))
    if options["shipped"] or options["package"]:
        marks = list(calendar_seed.shipped_days() if options["shipped"] else _packaged())
        return Plan.of(marks, years | calendar_seed.published_years(marks))
    if years:
        return Plan.of([], years)
    raise Refused(_("Name a file, --shipped, --package, or a year to publish."))


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(
            _("“%(file)s” cannot be read: %(why)s") % {"file": file, "why": error}, field="file"
        ) from None


def _packaged() -> Any:
    try:
        return list(calendar_seed.seed_days())
    except ModuleNotFoundError:
        raise Refused(_("The package chinesecalendar is not installed here (the extra “seed”).")) from None


def _decided(plan: Plan, unsure: str | None) -> Plan:
    """Decide what days are that a file does not tell; raises Refused when nobody said how."""
    if not plan.unsure:
        return plan
    if unsure is None:
        names = "、".join(sorted({name or f"{day}" for day, name in plan.unsure}))
        raise Refused(
            _(
                "The file does not say whether these are working or rest days: %(names)s. Add --unsure rest, work or skip."
            )
            % {"names": names},
            field="file",
        )
    decided = () if unsure == LEAVE_OUT else tuple(Day(day, unsure, name) for day, name in plan.unsure)
    return replace(plan, unsure=()).joined(Plan(decided))
