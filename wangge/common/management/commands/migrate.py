from typing import Any

from django.core.management.commands import migrate

from wangge.common.commands import Command as BaseCommand
from wangge.common.halfway import refuse_halfway


class Command(BaseCommand, migrate.Command):
    help = "Bring the tables of the database to where this program expects them."
    example = "wangge migrate"

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_halfway()
        super().handle(*args, **options)
