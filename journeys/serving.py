"""The real web server (`wangge serve`) for the length of the run, on a port of this machine."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from journeys.screenshots import ADDRESS, wanted

START_SECONDS = 60
THREADS = 8


@contextlib.contextmanager
def served(database: str) -> Iterator[str]:
    """Serve a database of the test server; yield the address, such as http://127.0.0.1:41234."""
    port = _free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": _address_of(database),
        "WANGGE_DATABASE_POOL": str(THREADS),
        "PYTHONWARNINGS": "ignore",
        "WANGGE_SHOW_MESSAGES": "1",  # like `wangge run`: what reporters are told has a page
        **({"WANGGE_PUBLIC_URL": ADDRESS} if wanted() else {}),
    }
    command = [sys.executable, "-m", "config.serve", "--port", str(port)]
    with subprocess.Popen(
        [*command, "--workers", "1", "--threads", str(THREADS)], cwd=settings.BASE_DIR, env=environment
    ) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            _await(process, address)
            yield address
        finally:
            process.terminate()


def _address_of(database: str) -> str:
    """The address of another database of the server that the tests use."""
    known = connection.settings_dict
    if known["HOST"].startswith("/"):
        return f"postgresql:///{database}?host={known['HOST']}&port={known['PORT']}&user={known['USER']}"
    return (
        f"postgresql://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT'] or 5432}/{database}"
    )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _await(process: subprocess.Popen[bytes], address: str) -> None:
    """Wait until the server answers; it is a process of its own, so there is nothing else to wait for."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"the web server ended with {process.returncode} before it answered")
        try:
            with urllib.request.urlopen(f"{address}/offline/", timeout=10):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):  # a busy machine answers late
            time.sleep(0.1)
    raise RuntimeError(f"the web server did not answer within {START_SECONDS} seconds")
