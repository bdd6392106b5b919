"""Warming up: a web process reads before it answers what its first reader would otherwise wait for."""

import gc
import logging
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings

log = logging.getLogger(__name__)

# Everybody's first pages: behind them are the addresses of all others, the words, the shell and a connection.
PAGES = ("/", "/matters/")

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def warm(application: Application) -> None:
    """Ask the application for its first pages, as long as it draws them; what is wrong, its first reader will be told.

    After a failure no more is asked: without a database each page would wait for one in vain.
    """
    for path in PAGES:
        if not _is_drawn(application, path):
            log.warning("Warming up ended at %s, which was not drawn", path)
            break
    freeze()


def _is_drawn(application: Application, path: str) -> bool:
    said: list[str] = []
    try:
        answer = application(_request(path), lambda status, *_rest: said.append(status))
        b"".join(answer)
        if close := getattr(answer, "close", None):
            close()  # gives the connection back
    except Exception:
        log.exception("Warming up with %s failed", path)
        return False
    return bool(said) and not said[0].startswith("5")


def freeze() -> None:
    """Take what is loaded by now out of the collector's rounds: it stays as long as the process."""
    gc.collect()
    gc.freeze()


def _request(path: str) -> dict[str, Any]:
    host = next((host.lstrip(".") for host in settings.ALLOWED_HOSTS if host.strip(".*")), "localhost")
    environ: dict[str, Any] = {"PATH_INFO": path, "HTTP_HOST": host, "HTTP_X_FORWARDED_PROTO": "https"}
    setup_testing_defaults(environ)
    return environ
