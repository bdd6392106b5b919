from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from wangge.common.commands import Command as BaseCommand
from wangge.intake import keys
from wangge.intake.models import ApiKey


class Command(BaseCommand):
    help = "Make, revoke or list the keys with which other systems use Open311 and the API."
    example = "wangge apikey create hotline-app"

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="create|revoke|list")
        for act, explained in (
            ("create", "make a key and print it, this once"),
            ("revoke", "make a key worthless, everywhere within half a minute"),
        ):
            acts.add_parser(act, help=explained).add_argument("name", help="the system that uses it")
        acts.add_parser("list", help="names, states and the day of last use")

    def handle(self, *args: Any, **options: Any) -> None:
        act, now = options["act"], timezone.now()
        if act == "create":
            # Nothing but the key, so that a script can take it: KEY=$(wangge apikey create NAME)
            self.stdout.write(keys.create_key(options["name"], at=now))
        elif act == "revoke":
            keys.revoke_key(options["name"], at=now)
            self.stdout.write(f"“{options['name']}” is revoked.")
        else:
            self._list()

    def _list(self) -> None:
        for key in ApiKey.objects.all():
            state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else "working"
            used = f"last used {key.last_used_on}" if key.last_used_on else "never used"
            self.stdout.write(f"{key.name}\t{state}\tmade {key.created_at:%Y-%m-%d}\t{used}")
