from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from demo.live import Live, run_live
from demo.loading import Amount, load
from wangge.common.commands import Command as BaseCommand


class Command(BaseCommand):
    help = "Fill an empty database with the made-up district, or keep new reports coming to it (--live)."
    example = "wangge demo\n  wangge demo --live --speed 60"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=90, help="how many days of history (90)")
        parser.add_argument("--per-day", type=float, default=25, help="how many matters a day (25)")
        parser.add_argument("--seed", type=int, default=2026, help="another seed, another district")
        parser.add_argument(
            "--live", action="store_true", help="post new reports to the running server and let staff work"
        )
        parser.add_argument("--speed", type=float, default=60, help="live: 60 lets an hour pass in a minute")
        parser.add_argument(
            "--url", default="http://127.0.0.1:8000/open311/v2", help="live: the endpoint, without /requests"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if min(options["days"], options["per_day"], options["speed"]) <= 0:
            raise CommandError("--days, --per-day and --speed are numbers above zero.")
        if options["live"]:
            live = Live(options["url"], options["speed"], options["per_day"], options["seed"])
            with suppress(KeyboardInterrupt):  # how the live mode ends
                run_live(live, say=self.say)
        else:
            self.load(Amount(options["days"], options["per_day"], options["seed"]))

    def load(self, amount: Amount) -> None:
        _plan_once()
        loaded = load(amount, at=timezone.now(), say=lambda words: self.say(f"» {words}"))
        self.say(f"» {loaded.reports} reports and {loaded.steps} steps are in place.")

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _plan_once() -> None:
    """Let the server plan each of the load's few statements once and not a hundred thousand times."""
    if not connection.in_atomic_block:
        connection.close()
        connection.settings_dict["OPTIONS"].update(server_side_binding=True, prepare_threshold=3)
