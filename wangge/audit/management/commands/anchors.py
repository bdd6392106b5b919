from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from wangge.audit.anchors import copy_of, make_anchors
from wangge.audit.models import Anchor
from wangge.common.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Anchor the days that are over, and print the anchors to keep elsewhere: one line a day."
    example = "wangge anchors --since 2026-11-01 > anchors-november.txt"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", metavar="DAY", help="only from this day on (2026-11-01)")
        parser.add_argument(
            "--heads",
            metavar="DAY",
            help="only this day, with the end of every chain it moved, so that a missing row can be named later",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        make_anchors(at=timezone.now())
        found = Anchor.objects.order_by("day")
        if options["heads"]:
            found = found.filter(day=_day(options["heads"]))
        elif options["since"]:
            found = found.filter(day__gte=_day(options["since"]))
        if not found.exists():
            raise CommandError("There is no anchor of that day: a day is anchored when it is over.")
        for anchor in found:
            self.stdout.writelines(copy_of(anchor, heads=bool(options["heads"])))


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise CommandError(f"“{words}” is no day; write it like 2026-11-01.") from None
