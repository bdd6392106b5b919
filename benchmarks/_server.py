"""Our own web server for a benchmark: `wangge serve` on a free port, against the scratch database."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

START_SECONDS = 60.0
WORKERS, THREADS = 2, 16


@contextlib.contextmanager
def serving(workers: int = WORKERS, threads: int = THREADS) -> Iterator[int]:
    """Serve for the duration and give the port on 127.0.0.1; the environment names the database."""
    port = _free_port()
    command = [sys.executable, "-m", "config.cli", "serve", "--port", str(port)]
    command += ["--workers", str(workers), "--threads", str(threads)]
    process = subprocess.Popen(command, env=_environment())
    try:
        _wait_until_up(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment() -> dict[str, str]:
    """As a production server runs: a pool of connections, no debugging."""
    return {
        name: value
        for name, value in os.environ.items()
        if name not in {"WANGGE_DATABASE_POOL", "WANGGE_DEBUG"}
    }


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_until_up(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with status {process.returncode}.")
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/open311/discovery.json")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"The server did not answer within {START_SECONDS:g} seconds.")
