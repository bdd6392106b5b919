from typing import Any

from wangge.cases.seed import seed_configuration
from wangge.common.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Load what is missing of the shipped configuration: classes, filing conditions, limits, calendar."
    example = "wangge setup"

    def handle(self, *args: Any, **options: Any) -> None:
        seed_configuration()
        self.stdout.write("The configuration is in place.")
