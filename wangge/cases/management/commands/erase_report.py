from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.cases import actions
from wangge.cases.models import Report
from wangge.common.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Delete for good what a report said: words, address, photos, contact. It stays counted; the log stays whole."
    example = 'wangge erase report 20431 --by security --why "asked for in writing, 2026-11-20"'

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int, help="the number of the report")
        parser.add_argument("--by", required=True, help="account name of the security administrator")
        parser.add_argument(
            "--why", required=True, help="who asked for it and when; goes into the access log"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = Report.objects.filter(number=options["number"]).first()
        if report is None:
            raise CommandError(_("There is no report %(number)s.") % {"number": options["number"]})
        by = Account.objects.filter(username=options["by"], is_active=True).first()
        if by is None:
            raise CommandError(_("There is no open account “%(name)s”.") % {"name": options["by"]})
        actions.erase_report(report, by=by, why=options["why"], at=timezone.now())
        self.stdout.write(_("What report %(number)s said is erased.") % {"number": report.number})
