"""``wangge run``: everything on this machine, for a trial or a small installation; what ``make run`` calls.

A production installation runs the same pieces one by one under systemd (docs/how-to/install.md).
"""

import argparse
import contextlib
import fcntl
import http.client
import importlib
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config import prepared
from config.serve import DEFAULT_HOST, DEFAULT_PORT, WHEN_TOLD
from wangge.common import database, embedded_db, secrets
from wangge.common.places import data_directory, make_folder
from wangge.common.processes import command_line, die_with_parent

STOP_SECONDS = 25.0
READY_SECONDS = 60.0
LONGEST_PAUSE = 30.0


class CannotRunError(Exception):
    """The installation cannot be started; the message says what to do."""


def main(words: Sequence[str]) -> int:
    """Start everything, say where it is, and stop everything on Ctrl-C or SIGTERM."""
    _parser().parse_args(words)
    # A trial has nobody who carries its messages; without a demo the settings do not heed it.
    os.environ.setdefault("WANGGE_SHOW_MESSAGES", "1")
    for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(sent, signal.default_int_handler)
    try:
        _run(data_directory(), os.environ.get("HOST") or DEFAULT_HOST, _port())
    except CannotRunError as error:
        print(f"wangge: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def _parser() -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog="wangge run",
        description=(
            "Start the database, the web and the worker processes here, filling an empty database with the demo "
            "district. PORT, HOST, WANGGE_DATA and DATABASE_URL are honoured."
        ),
        epilog="Example:\n  PORT=8001 wangge run",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _port() -> int:
    value = os.environ.get("PORT") or str(DEFAULT_PORT)
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise CannotRunError(f"PORT is {value!r}, which is not a port number from 1 to 65535.")
    return int(value)


def _run(data_dir: Path, host: str, port: int) -> None:
    make_folder(data_dir)
    # What is wrong with address or keys is said here, once, and not by each process later.
    database.configuration()
    secrets.load(data_dir)
    with only_instance(data_dir, f"http://{host}:{port}/") as record:
        require_free_port(host, port)
        web = Child("web", [sys.executable, "-m", "config.serve", "--host", host, "--port", str(port)])
        worker = Child("worker", [sys.executable, "-m", "config.cli", "worker"])
        # Its modules are read while the database starts.
        with web.held(WHEN_TOLD), _database(data_dir):
            _prepare(data_dir)
            with _stopped_in_order([web, worker]):
                _start(web, [web], record)
                _announce(host, port, web)
                # Only now: until the first page is there, both processor cores are the web's.
                _start(worker, [web, worker], record)
                _watch([web, worker], record)


def _say(message: str) -> None:
    print(f"» {message}", flush=True)


# -- One instance, one port --------------------------------------------------------------------------


class Record:
    """The file that says who runs here; it survives a kill, so that the next start can clear away what is left."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def read(self) -> dict[str, Any]:
        """Return what was written, empty when the last run ended in good order."""
        content = os.pread(self._descriptor, 65536, 0)
        try:
            return dict(json.loads(content)) if content else {}
        except ValueError:
            return {}

    def write(self, content: dict[str, Any] | None) -> None:
        """Replace what is written."""
        os.ftruncate(self._descriptor, 0)
        if content:
            os.pwrite(self._descriptor, json.dumps(content).encode(), 0)


@contextlib.contextmanager
def only_instance(data_dir: Path, url: str) -> Iterator[Record]:
    """Hold the data directory for ourselves, ending what a killed predecessor left running.

    Raises `CannotRunError` while another instance works on it.
    """
    try:
        descriptor = os.open(data_dir / "run.lock", os.O_RDWR | os.O_CREAT, 0o644)
    except PermissionError:
        raise CannotRunError(
            f"{data_dir} belongs to another user. Run as its owner, or name another folder: "
            "WANGGE_DATA=/path make run"
        ) from None
    record = Record(descriptor)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            there = record.read()
            raise CannotRunError(
                f"Wangge already runs on {data_dir} (process {there.get('pid', '?')}, {there.get('url', '?')}). "
                "Stop that one first, or name another folder and port: WANGGE_DATA=/path PORT=8001 make run"
            ) from None
        _end_leftovers(record.read().get("children", []))
        record.write({"pid": os.getpid(), "url": url, "children": []})
        try:
            yield record
        finally:
            record.write(None)
    finally:
        os.close(descriptor)


def _end_leftovers(pids: Sequence[int]) -> None:
    """End the children of a killed run; the kernel has told them already, this is for those that do not heed."""
    ours = [pid for pid in pids if "config." in command_line(pid)]
    if not ours:
        return
    _say("Clearing away what a killed run left behind")
    for sent, seconds in ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)):
        for pid in ours:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, sent)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and any("config." in command_line(pid) for pid in ours):
            time.sleep(0.05)


def require_free_port(host: str, port: int) -> None:
    """Raise `CannotRunError` when somebody else listens there, before anything slow is done."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
            probe.listen()
    except PermissionError:
        raise CannotRunError(
            f"Port {port} is reserved for root. Choose one above 1023: PORT=8001 make run"
        ) from None
    except socket.gaierror:
        raise CannotRunError(f"HOST is {host!r}, which is not an address of this machine.") from None
    except OSError as error:
        raise CannotRunError(
            f"Port {port} on {host} cannot be used ({os.strerror(error.errno or 0).lower()}). "
            f"Stop what listens there, or choose another port: PORT={port + 1} make run"
        ) from None


# -- Database ------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _database(data_dir: Path) -> Iterator[None]:
    if not database.is_embedded():
        _say("Using the database of DATABASE_URL")
        yield
        return
    new = not (embedded_db.place_of(data_dir).cluster / "PG_VERSION").exists()
    _say(f"{'Making' if new else 'Starting'} the database in {data_dir}")
    with embedded_db.using(data_dir):
        yield


def _prepare(data_dir: Path) -> None:
    """Migrate, and fill an empty database, in a process of its own: this one stays small."""
    if prepared.is_prepared(data_dir):
        return
    _say("Preparing the database")
    result = subprocess.run(
        [sys.executable, "-m", "config.prepare"],
        preexec_fn=die_with_parent(),
        check=False,
    )
    if result.returncode != 0:
        raise CannotRunError("The database could not be prepared; the lines above say why.")
    prepared.remember(data_dir)


# -- Children ------------------------------------------------------------------------------------------


@dataclass
class Child:
    """One process we keep running."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = field(default=1.0)  # seconds until it is started again after it ended by itself

    def start(self) -> None:
        """Start it, or let one that is held go on."""
        self.started = time.monotonic()
        if not self._let_go():
            self.process = self._begin(self.command, subprocess.DEVNULL)

    @contextlib.contextmanager
    def held(self, option: str) -> Iterator[None]:
        """Have it loaded already, by an option that makes it wait for a line; ended if it was never started."""
        self.process = self._begin([*self.command, option], subprocess.PIPE)
        try:
            yield
        finally:
            if self._is_held():
                self.process.kill()
                self.process.communicate()

    def _is_held(self) -> bool:
        return bool(self.process and self.process.stdin and not self.process.stdin.closed)

    def _let_go(self) -> bool:
        """Tell the held process to go on; False when there is none, or it has ended."""
        if not self._is_held() or self.process is None or self.process.stdin is None:
            return False
        with contextlib.suppress(BrokenPipeError), self.process.stdin as waiting:
            waiting.write(b"go\n")
        return self.process.poll() is None

    def _begin(self, command: list[str], source: int) -> subprocess.Popen[bytes]:
        """Begin in a session of its own: Ctrl-C is for us, who stop all in the right order."""
        return subprocess.Popen(
            command,
            stdin=source,
            start_new_session=True,
            preexec_fn=die_with_parent(),  # noqa: PLW1509 - this process has no threads
        )

    def has_ended(self) -> bool:
        """Tell whether it ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def ask_to_stop(self) -> None:
        """Ask politely."""
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def wait_or_kill(self, deadline: float) -> None:
        """Wait until the deadline (monotonic seconds), then insist."""
        if not self.process:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _start(child: Child, running: list[Child], record: Record) -> None:
    child.start()
    _note(running, record)


@contextlib.contextmanager
def _stopped_in_order(children: list[Child]) -> Iterator[None]:
    try:
        yield
    finally:
        # A second Ctrl-C must not interrupt the orderly end.
        for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sent, signal.SIG_IGN)
        print(flush=True)
        _say("Stopping")
        for child in children:
            child.ask_to_stop()
        deadline = time.monotonic() + STOP_SECONDS
        for child in children:
            child.wait_or_kill(deadline)


def _note(children: list[Child], record: Record) -> None:
    pids = [child.process.pid for child in children if child.process]
    record.write({**record.read(), "children": pids})


def _watch(children: list[Child], record: Record) -> None:
    """Start again what ends by itself, each time after a longer pause, until we are told to stop."""
    while True:
        time.sleep(0.2)
        for child in children:
            if child.has_ended() and time.monotonic() - child.started > child.pause:
                if time.monotonic() - child.started > LONGEST_PAUSE * 2:
                    child.pause = 1.0
                _say(f"The {child.name} process ended; starting it again")
                child.pause = min(child.pause * 2, LONGEST_PAUSE)
                _start(child, children, record)


def _announce(host: str, port: int, web: Child) -> None:
    """Wait for the first page and print where it is."""
    reachable = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 - compared, not bound
    deadline = time.monotonic() + READY_SECONDS
    while not _answers(reachable, port):
        if web.has_ended() or time.monotonic() > deadline:
            raise CannotRunError("The web process does not answer; the lines above say why.")
        time.sleep(0.05)
    print(f"\nWangge is ready: http://{reachable}:{port}/", flush=True)
    for line in _demo_hint():
        print(line, flush=True)
    print("Ctrl-C stops everything.\n", flush=True)


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < 600
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _demo_hint() -> Sequence[str]:
    """Return the demo's words on who may sign in; nothing in production or where the demo is not installed."""
    if os.environ.get("WANGGE_PRODUCTION") or importlib.util.find_spec("demo.hint") is None:
        return []
    return list(importlib.import_module("demo.hint").lines())
