"""Where one embedded PostgreSQL server keeps its things, and how its data directory is made and set up."""

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from wangge.common.postgres_binaries import Binaries, DatabaseUnavailable
from wangge.common.server_account import ServerAccount, can_enter

ROLE = DATABASE = "wangge"
PORT = 5432  # only names the socket file; nothing listens on a network port
_SOCKET_PATH_LIMIT = 100  # bytes; the kernel's limit is 108 on Linux and 104 on macOS
_SYSTEM_HOME = Path("/var/lib/wangge")

_INITDB = ["--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8", "--auth=trust", f"--username={ROLE}"]
# The same order of text on every machine, whatever its libc (PostgreSQL 17 and newer).
_INITDB_BUILTIN = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]

# Nothing waits for the disk, and nobody counts rows in the background: what a test has not committed counts as nothing
# there, and the planner would then go through its tables row by row.
# Its log is read by nobody, so little is written, and little is left to be copied.
_FOR_TESTS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "min_wal_size": "32MB",
    "max_wal_size": "64MB",
}


@dataclass(frozen=True)
class Place:
    """Where one embedded server keeps its things."""

    data_dir: Path  # the installation's folder: locks and log
    home: Path  # holds the cluster; differs from data_dir when the server's account cannot reach it
    socket_dir: Path
    account: ServerAccount

    @property
    def cluster(self) -> Path:
        """The PostgreSQL data directory."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.home / "postgres.log"

    @property
    def url(self) -> str:
        """The address of the installation's database, for ``DATABASE_URL`` and ``psql``."""
        return address(self.socket_dir)


def address(socket_dir: Path, database: str = DATABASE) -> str:
    """Return the URL of a database of the server whose socket is in ``socket_dir``."""
    return f"postgresql://{ROLE}@/{database}?host={socket_dir}&port={PORT}"


def socket_directory(data_dir: Path) -> Path:
    """Return where the server of this data directory has its socket: the same answer before and after it starts."""
    inside = data_dir / "socket"
    fits = len(os.fsencode(inside / f".s.PGSQL.{PORT}")) <= _SOCKET_PATH_LIMIT
    if fits and (os.geteuid() != 0 or can_enter(data_dir)):
        return inside
    # Not tempfile.gettempdir(): that follows TMPDIR, and two processes must find the same place.
    return Path("/tmp") / f"wangge-{_fingerprint(data_dir)}"  # noqa: S108 - see _private_directory


def _fingerprint(data_dir: Path) -> str:
    return hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]


def place_of(data_dir: Path) -> Place:
    """Return the place of the server of this data directory, without touching anything."""
    data_dir = data_dir.resolve()
    home = data_dir
    if os.geteuid() == 0 and not can_enter(data_dir):
        home = _SYSTEM_HOME / _fingerprint(data_dir)
    account = ServerAccount.for_cluster(home / "postgres")
    return Place(data_dir, home, socket_directory(data_dir), account)


def version_of(cluster: Path) -> int | None:
    try:
        return int((cluster / "PG_VERSION").read_text())
    except (FileNotFoundError, PermissionError):
        return None


def build(place: Place, binaries: Binaries, durable: bool) -> None:
    """Build the cluster beside its place and move it there whole: a kill in between leaves no half a cluster."""
    draft = place.home / "postgres.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    place.account.give(draft)
    flags = [*_INITDB, *(_INITDB_BUILTIN if binaries.major >= 17 else [])]
    result = subprocess.run(
        [binaries.program("initdb"), "-D", draft, *flags, *([] if durable else ["--no-sync"])],
        capture_output=True,
        text=True,
        check=False,
        cwd=place.home,
        env=binaries.environment(),
        **place.account.popen(),
    )
    if result.returncode != 0:
        raise DatabaseUnavailable(f"PostgreSQL cannot make its data directory: {result.stderr.strip()}")
    with (draft / "postgresql.conf").open("a") as main:
        main.write("\ninclude_if_exists = 'wangge.conf'\n")
    draft.rename(place.cluster)


def copy(source: Path, target: Path) -> None:
    """Copy a data directory with its owner and rights, which Python's own copying leaves out."""
    subprocess.run(["cp", "-a", source, target], check=True)


def configure(place: Place, durable: bool) -> None:
    """Write our settings; in a file, because a setting on the command line silently beats ALTER SYSTEM."""
    lines = [f"{name} = '{value}'\n" for name, value in _settings(place, durable).items()]
    path = place.cluster / "wangge.conf"
    path.write_text(
        "# Rewritten at each start. Change settings with ALTER SYSTEM, which wins.\n" + "".join(lines)
    )
    place.account.give(path)


def _settings(place: Place, durable: bool) -> dict[str, str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20  # MB
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(place.socket_dir),
        "unix_socket_permissions": "0700",
        "port": str(PORT),
        "max_connections": "200",
        "shared_buffers": f"{max(128, min(memory // 8, 1024)) if durable else 128}MB",
        "effective_cache_size": f"{max(256, memory // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "random_page_cost": "1.1",
        "jit": "off",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        # The row that broke a rule, and the statement with its values, would be somebody's words.
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "idle_in_transaction_session_timeout": "10min",
        **({} if durable else _FOR_TESTS),
    }
