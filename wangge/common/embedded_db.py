"""Our own small supervisor of a PostgreSQL server whose binaries come from a Python package.

One server per data directory, started by whoever needs it first and stopped by whoever leaves last: each user
holds a shared file lock, so that a command may run beside ``make run`` or alone. The server is reached only
through a Unix socket in a directory that only its owner can enter; it never listens on the network.

Evidence for the flags and the traps avoided here: docs/adr/0002-postgresql-only.md.
"""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from wangge.common import postgres_binaries, postgres_cluster
from wangge.common.places import make_folder
from wangge.common.postgres_binaries import Binaries, DatabaseUnavailable
from wangge.common.postgres_cluster import DATABASE, PORT, ROLE, Place, address, place_of, socket_directory
from wangge.common.processes import die_with_parent
from wangge.common.server_account import ServerAccount

__all__ = [
    "DATABASE",
    "PORT",
    "ROLE",
    "Place",
    "address",
    "is_running",
    "keep",
    "place_of",
    "socket_directory",
    "stop",
    "temporary",
    "using",
]

START_SECONDS = 300.0  # recovery after a crash may take its time
STOP_SECONDS = 60.0
CONNECT_SECONDS = 10


@contextlib.contextmanager
def using(data_dir: Path) -> Iterator[Place]:
    """Have the server of this data directory running for the duration: started, or shared with who already did.

    The last user to leave stops it. A server left running by a killed supervisor is adopted.
    Raises `DatabaseUnavailable`.
    """
    place = place_of(data_dir)
    _make_private(place)
    with _open_lock(place.data_dir / "postgres.users.lock") as users:
        with _alone(place):
            _ensure_running(place)
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield place
        finally:
            with _alone(place):
                if _last_user(users):
                    stop(place)


@contextlib.contextmanager
def temporary(directory: Path | None = None, *, like: Path | None = None) -> Iterator[Place]:
    """Have a server that dies with this process, in a directory that is removed afterwards; for tests.

    It is new, or a copy of the data directory ``like`` (see ``keep``), which nobody may be using. It does not wait for
    the disk, so it is fast and would lose data in a power cut.
    """
    directory = directory or Path(tempfile.mkdtemp(prefix="wangge-"))
    make_folder(directory)
    directory.chmod(0o711)  # the server may run under another account
    place = place_of(directory)
    try:
        _make_private(place)
        if like:
            postgres_cluster.copy(like, place.cluster)
        _start(place, durable=False)
        yield place
    finally:
        stop(place)
        for leftover in {directory, place.socket_dir, place.home}:
            shutil.rmtree(leftover, ignore_errors=True)


def keep(place: Place, where: Path) -> None:
    """Stop the server and keep a copy of its data directory, whole or not at all."""
    stop(place)
    draft = where.with_suffix(f".{os.getpid()}")
    make_folder(where.parent)
    postgres_cluster.copy(place.cluster, draft)
    try:
        draft.rename(where)
    except OSError:  # another run has kept the same meanwhile
        shutil.rmtree(draft)


def is_running(data_dir: Path) -> bool:
    """Tell whether the server of this data directory runs, whoever started it."""
    return _postmaster(place_of(data_dir)) is not None


def stop(place: Place) -> None:
    """Stop the server in good order, or hard when it does not heed; nothing when none runs."""
    pid = _postmaster(place)
    if pid is None:
        return
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        if _wait_until_gone(place, pid, STOP_SECONDS):
            return
    raise DatabaseUnavailable(f"The database server (process {pid}) does not stop.")


def _wait_until_gone(place: Place, pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        _reap(pid)
        if not _serves(pid, place):
            return True
        time.sleep(0.02)
    return False


def _reap(pid: int) -> None:
    """Collect a child that has ended; a server started by another process is not ours to collect."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


# -- Locks -----------------------------------------------------------------------------------------


@contextlib.contextmanager
def _open_lock(path: Path) -> Iterator[int]:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
    except PermissionError:
        raise DatabaseUnavailable(f"{path.parent} belongs to another user; run as its owner.") from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _alone(place: Place) -> Iterator[None]:
    """Start and stop one at a time."""
    with _open_lock(place.data_dir / "postgres.start.lock") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _last_user(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


# -- Running or not ----------------------------------------------------------------------------------


def _pid_file(place: Place) -> list[str]:
    try:
        return (place.cluster / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []
    except PermissionError:
        raise DatabaseUnavailable(
            f"{place.cluster} belongs to another user; run as its owner, or name another folder with WANGGE_DATA."
        ) from None


def _postmaster(place: Place) -> int | None:
    """Return the process that serves this cluster; the pid file alone may be the trace of a killed one."""
    lines = _pid_file(place)
    pid = int(lines[0]) if lines and lines[0].strip().isdigit() else 0
    return pid if pid and _serves(pid, place) else None


def _serves(pid: int, place: Place) -> bool:
    """Tell whether this process is PostgreSQL on our cluster: it works inside its data directory."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == place.cluster.resolve()
    except FileNotFoundError:
        return not Path("/proc/self").exists() and _is_named_postgres(pid)
    except PermissionError:
        return False  # a stranger's process that was given the same number


def _is_named_postgres(pid: int) -> bool:
    """Answer the same where there is no /proc (macOS)."""
    said = subprocess.run(["ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True, check=False)
    return "postgres" in said.stdout


def _ensure_running(place: Place) -> None:
    pid = _postmaster(place)
    if pid is not None and _wait_until_ready(place, pid) and _answers(place):
        return
    if pid is not None and not _wait_until_gone(place, pid, STOP_SECONDS):
        stop(place)
    _start(place)


def _answers(place: Place) -> bool:
    """Tell whether the server takes a connection: one that was just killed may still be listed as ready."""
    try:
        psycopg.connect(address(place.socket_dir, "postgres"), connect_timeout=CONNECT_SECONDS).close()
    except psycopg.OperationalError:
        return False
    return True


def _wait_until_ready(place: Place, pid: int) -> bool:
    """Wait while the server starts; False when it ended or is on its way out."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        _reap(pid)
        if not _serves(pid, place) and _has_ended(pid):
            return False
        lines = _pid_file(place)
        if lines[:1] == [str(pid)] and len(lines) >= 8:
            status = lines[7].strip()
            if status in {"ready", "stopping"}:
                return status == "ready"
        time.sleep(0.01)
    return False


def _has_ended(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


# -- Starting ----------------------------------------------------------------------------------------


def _make_private(place: Place) -> None:
    """Make the folders; nobody but the server's account and ourselves may enter the socket's."""
    try:
        make_folder(place.data_dir)
        make_folder(place.home)
        _private_directory(place.socket_dir, place.account)
    except PermissionError as error:
        raise DatabaseUnavailable(
            f"{error.filename} cannot be written by this user; run as its owner, "
            "or name another folder with WANGGE_DATA."
        ) from None


def _private_directory(path: Path, account: ServerAccount) -> None:
    """Create the directory for the account alone, and refuse one that a stranger made first (/tmp is everyone's)."""
    with contextlib.suppress(FileExistsError):
        path.mkdir(mode=0o700)
        account.give(path)
    found = path.lstat()
    if path.is_symlink() or found.st_uid not in {account.uid, os.geteuid()} or found.st_mode & 0o077:
        raise DatabaseUnavailable(f"{path} was made by somebody else; remove it and start again.")
    account.give(path)


def _start(place: Place, *, durable: bool = True) -> None:
    binaries = postgres_binaries.find(postgres_cluster.version_of(place.cluster))
    binaries = place.account.reachable(binaries, place.home)
    new = not (place.cluster / "PG_VERSION").exists()
    if new:
        postgres_cluster.build(place, binaries, durable)
    postgres_cluster.configure(place, durable)
    _forget_dead_postmaster(place)
    _launch(place, binaries, outlives_us=durable)
    _create_database(place)


def _forget_dead_postmaster(place: Place) -> None:
    """Remove the lock files of a killed server.

    PostgreSQL would refuse to start when the number in them now belongs to some other process, or to a dead one that
    nobody collects (containers without an init). That we are alone is certain by our own lock, and PostgreSQL checks
    its shared memory once more.
    """
    if _postmaster(place) is None:
        socket = f".s.PGSQL.{PORT}"
        for stale in (
            place.cluster / "postmaster.pid",
            place.socket_dir / socket,
            place.socket_dir / f"{socket}.lock",
        ):
            stale.unlink(missing_ok=True)


def _launch(place: Place, binaries: Binaries, *, outlives_us: bool) -> None:
    if place.log.exists():
        place.log.replace(place.log.with_suffix(".log.old"))
    deadline = time.monotonic() + START_SECONDS
    while True:
        with place.log.open("ab") as log:
            server = subprocess.Popen(
                [binaries.program("postgres"), "-D", place.cluster],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=place.home,
                env=binaries.environment(),
                # Ctrl-C in a terminal reaches the whole process group; the server must end last.
                start_new_session=True,
                preexec_fn=None if outlives_us else die_with_parent(signal.SIGINT),  # noqa: PLW1509 - no threads yet
                **place.account.popen(),
            )
        # The server outlives this function on purpose; Popen would warn that nobody waits for it.
        server.returncode = None if _wait_until_ready(place, server.pid) else 1
        if server.returncode is None:
            server.returncode = 0
            return
        # Back ends of a killed server need a moment to notice; until then its memory is in use.
        if "still in use" not in _last_words(place) or time.monotonic() > deadline:
            raise DatabaseUnavailable(f"PostgreSQL does not start. Its last words: {_last_words(place)}")
        time.sleep(0.2)


def _last_words(place: Place) -> str:
    lines = place.log.read_text(errors="replace").splitlines()
    return " / ".join(lines[-3:]) or "none"


def _create_database(place: Place) -> None:
    """Create the installation's database if it is missing, and check that Chinese text is in good hands."""
    with psycopg.connect(address(place.socket_dir, "postgres"), autocommit=True) as connection:
        encoding, ctype, lowered = connection.execute(
            "SELECT current_setting('server_encoding'), datctype, lower('ÉCOLE')"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone() or ("", "", "")
        if encoding != "UTF8" or lowered != "école":
            raise DatabaseUnavailable(
                f"The cluster in {place.cluster} was made with encoding {encoding} and character type {ctype}; "
                "move it away and start again, so that it is made with UTF-8."
            )
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not known:
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(DATABASE)))
