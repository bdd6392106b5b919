from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.cases.configuration import versions
from wangge.cases.seed import seed_configuration
from wangge.common.commands import Command as BaseCommand
from wangge.territory.forces import kinds


class Command(BaseCommand):
    help = "Load what is missing of the shipped configuration: classes, filing conditions, limits, calendar."
    example = "wangge setup"

    def handle(self, *args: Any, **options: Any) -> None:
        kinds.ship()
        seed_configuration()
        versions.note_outside_changes(at=timezone.now(), note=_("What the program ships was loaded."))
        self.stdout.write("The configuration is in place.")
