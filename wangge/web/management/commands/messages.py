from typing import Any

from django.core.management.base import CommandError, CommandParser

from wangge.common.commands import Command as BaseCommand
from wangge.web import catalogues


class Command(BaseCommand):
    help = "Bring the Chinese message catalogues up to date with what the program says; --check only judges."
    example = "wangge messages cases intake"
    needs_database = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("apps", nargs="*", metavar="APP", help="only these apps (default: all)")
        parser.add_argument("--check", action="store_true", help="change nothing, list what is to be mended")
        parser.add_argument("--tidy", action="store_true", help="drop translations of what is no longer said")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = options["apps"] or catalogues.apps()
        if unknown := set(chosen) - set(catalogues.apps()):
            raise CommandError(f"There is no app {', '.join(sorted(unknown))}.")
        if not options["check"]:
            for app in chosen:
                catalogues.update(app, tidy=options["tidy"])
        self._judge(chosen)

    def _judge(self, chosen: list[str]) -> None:
        faults = [fault for app in chosen for fault in catalogues.faults_of(app)]
        faults += catalogues.disagreements()
        for fault in faults:
            self.stdout.write(str(fault))
        if faults:
            raise CommandError(
                f"{len(faults)} messages to mend (wangge/APP/locale/zh_Hans/LC_MESSAGES/django.po)."
            )
        self.stdout.write("Every message is translated.")
