from typing import Any

from django.core.management.base import CommandError

from wangge.audit.verification import verify_all
from wangge.common.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Check the hash chains of all events and of the access log; names each row that was changed."
    example = "wangge verify-log"

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for fault in verify_all():
            faults += 1
            self.stdout.write(f"{fault.row}: {fault.what}")
        if faults:
            raise CommandError(
                f"{faults} faults found: restore these rows from a backup and find out who changed them."
            )
        self.stdout.write("Every chain is whole.")
