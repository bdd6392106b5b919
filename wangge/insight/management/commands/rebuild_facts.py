from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from wangge.common.commands import Command as BaseCommand
from wangge.insight.facts import rebuild_all


class Command(BaseCommand):
    help = "Make the facts that evaluation counts anew from events and clocks; safe while the platform is in use."
    example = "wangge rebuild facts"

    def handle(self, *args: Any, **options: Any) -> None:
        done = rebuild_all(lambda number: self.stdout.write(f"{number}", ending="\r"))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE insight_stagefact")
        self.stdout.write(_("Facts of %(number)d reports and cases are made anew.") % {"number": done})
