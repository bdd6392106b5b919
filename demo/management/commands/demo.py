from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from demo.loading import Amount, load
from wangge.common.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Fill an empty database with the made-up district and ninety days of its life."
    example = "wangge demo --days 30"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=90)
        parser.add_argument("--per-day", type=float, default=25)
        parser.add_argument("--seed", type=int, default=2026)

    def handle(self, *args: Any, **options: Any) -> None:
        amount = Amount(options["days"], options["per_day"], options["seed"])
        load(amount, at=timezone.now(), say=self.say)

    def say(self, words: str) -> None:
        self.stdout.write(f"» {words}")
        self.stdout.flush()
