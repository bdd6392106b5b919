"""``wangge serve``: the web processes, behind which everything a browser or another system asks for is answered."""

import argparse
import gc
import importlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from wangge.common.processes import die_with_parent

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8000
DEFAULT_WORKERS = 2
DEFAULT_THREADS = 16
# Load everything, then wait for a line on standard input: the supervisor's way of loading while the database starts.
WHEN_TOLD = "--when-told"


def parser() -> argparse.ArgumentParser:
    """Return the options of ``wangge serve``; each may also come from the environment."""
    result = argparse.ArgumentParser(
        prog="wangge serve",
        description="Serve the pages and interfaces. The database must be up and migrated (`wangge migrate`).",
        epilog="Example:\n  wangge serve --host 0.0.0.0 --port 8000 --workers 4",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    setting = os.environ.get
    result.add_argument("--host", default=setting("HOST") or DEFAULT_HOST, help="address to listen on (HOST)")
    result.add_argument(
        "--port", type=int, default=setting("PORT") or DEFAULT_PORT, help="port to listen on (PORT)"
    )
    result.add_argument("--socket", type=Path, help="listen on this Unix socket instead")
    result.add_argument(
        "--workers",
        type=int,
        default=setting("WANGGE_WORKERS") or DEFAULT_WORKERS,
        help="processes; one for each processor core is a good number (WANGGE_WORKERS)",
    )
    result.add_argument(
        "--threads",
        type=int,
        default=setting("WANGGE_THREADS") or DEFAULT_THREADS,
        help="requests each process answers at the same time (WANGGE_THREADS)",
    )
    result.add_argument(WHEN_TOLD, action="store_true", help=argparse.SUPPRESS)
    return result


def main(words: Sequence[str]) -> int:
    """Serve until told to stop (SIGINT or SIGTERM); requests under way are finished first."""
    options = parser().parse_args(words)
    # One connection for each thread, held by the process; nobody waits for another's.
    os.environ.setdefault("WANGGE_DATABASE_POOL", str(options.threads))

    _load()
    if options.when_told and not sys.stdin.buffer.readline():
        return 1  # the supervisor has gone

    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    Server(
        "config.wsgi:application",
        address=options.host,
        port=options.port,
        uds=options.socket,
        interface=Interfaces.WSGI,
        workers=options.workers,
        blocking_threads=options.threads,
        websockets=False,
        log_level=LogLevels.error,  # its warnings are advice on threads that we have measured ourselves
        respawn_failed_workers=True,
        workers_kill_timeout=20,
    ).serve(target_loader=_load_application, wrap_loader=False)
    return 0


def _load() -> None:
    """Load once what every web process needs, where these are forks of this one and begin with it in their memory."""
    if multiprocessing.get_start_method() != "fork":
        return
    # No thread may be there when we fork, and pages do no linear algebra.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for name in ("config.wsgi", "config.urls"):  # the first makes the apps ready, which the second needs
        importlib.import_module(name)
    # Forks share it as long as nobody writes to it, and the collector writes.
    gc.freeze()


def _load_application() -> Callable[..., Any]:
    """Load Django in a web process, which must not outlive its parent: it would keep the port."""
    # The handlers inherited from granian's parent would swallow a request to stop until loading is done.
    for sent in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sent, signal.SIG_DFL)
    if ask_kernel := die_with_parent(signal.SIGTERM, already_forked=True):
        ask_kernel()
    from config.warm import warm
    from config.wsgi import application

    warm(application)
    return application


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
