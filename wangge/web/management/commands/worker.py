import logging
import threading
import time
from typing import Any

from django.db import close_old_connections
from procrastinate.contrib.django import app

from wangge.audit.relay import installed_listeners, relay_waiting
from wangge.common.commands import Command as BaseCommand

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Relay events to their listeners and run the jobs of the clock."
    example = "wangge worker"

    def handle(self, *args: Any, **options: Any) -> None:
        threading.Thread(target=relay_for_ever, daemon=True).start()
        # Django's own connection cannot listen for jobs; the worker's connector can.
        worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
        worker.run_worker(queues=["upkeep"], concurrency=1, install_signal_handlers=True)


def relay_for_ever(pause: float = 0.5) -> None:
    """Relay as events come; a lost database is waited for, not died of."""
    while True:
        try:
            relay_waiting(installed_listeners())
        except Exception:
            log.exception("The relay stopped; it starts again in two seconds")
            close_old_connections()
            time.sleep(2)
        time.sleep(pause)
