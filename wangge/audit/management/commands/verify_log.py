from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from wangge.audit.anchor_line import Copied, Unreadable, read
from wangge.audit.verification import Fault, last_sound_anchor, verify_all, verify_copies, verify_since
from wangge.common.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Check the hash chains of all events and of the access log, and the anchors; names each row that was changed."
    example = "wangge verify-log --anchor kept-elsewhere.txt"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor",
            metavar="FILE",
            action="append",
            default=[],
            help="hold the logs also against anchors kept elsewhere (`wangge anchors`); may be given again",
        )
        parser.add_argument(
            "--since",
            action="store_true",
            help="only what moved since the last anchor up to which a recorded verification found nothing wrong",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        copies = [copy for path in options["anchor"] for copy in _read(path)]
        count = self._say(verify_copies(copies)) if copies else 0
        count += self._say(self._rest(options["since"]))
        if count:
            raise CommandError(
                f"{count} faults found: restore these rows from a backup and find out who changed them."
            )
        self.stdout.write("Every chain is whole.")

    def _rest(self, since: bool) -> Iterable[Fault]:
        anchor = last_sound_anchor() if since else None
        if since:
            self.stdout.write(
                f"What moved after {anchor.day}:" if anchor else "No sound anchor yet: everything:"
            )
        return verify_since(anchor) if anchor else verify_all()

    def _say(self, faults: Iterable[Fault]) -> int:
        count = 0
        for fault in faults:
            count += 1
            self.stdout.write(str(fault))
        return count


def _read(path: str) -> list[Copied]:
    try:
        copies = read(Path(path).read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError, Unreadable) as error:
        raise CommandError(f"{path} cannot be read: {error}") from None
    if not copies:
        raise CommandError(f"{path} holds no anchor; `wangge anchors` prints them.")
    return copies
