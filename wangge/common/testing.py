"""The ground all tests stand on: one throw-away database server for the whole run. Loaded by pytest with ``-p``.

Settings are imported by pytest-django before any conftest, so the addresses must be in the environment as soon as
this module is; the server itself starts when the run does. Workers of pytest-xdist inherit the environment and use
the same server, each its own database, a copy of one that has all tables (``spare_databases``). What our own server
has made of the migrations is kept in ``build/`` for the next run with the same ones.
"""

import contextlib
import hashlib
import os
import secrets
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

from wangge.common import embedded_db
from wangge.common.processes import command_line

_stack = contextlib.ExitStack()
_own: list[embedded_db.Place] = []
_is_worker = "PYTEST_XDIST_WORKER" in os.environ
# Chosen now, made later. The name must be new, or two runs would share a server.
_directory = Path(tempfile.gettempdir()) / f"wangge-test-{os.getpid()}-{secrets.token_hex(3)}"
_ROOT = Path(__file__).resolve().parents[2]
_KEPT = _ROOT / "build" / "test-clusters"
_own_server = not _is_worker and not os.environ.get("DATABASE_URL")

if not _is_worker:
    os.environ["WANGGE_TEST_RUN"] = str(_directory)
    # On a server that is not ours they are named after the run, for others may use it too.
    os.environ["WANGGE_TEST_SPARE"] = "spare" if _own_server else _directory.name
    os.environ["WANGGE_DATA"] = str(_directory / "data")
    os.environ["WANGGE_DATABASE_POOL"] = "0"
    # Tests that commit empty all tables afterwards, the logs too; their role owns the tables, or this would open nothing.
    # Whoever waits two minutes for a lock waits for a connection that another test has left behind.
    os.environ["PGOPTIONS"] = "-c wangge.may_truncate=on -c lock_timeout=120s"
    if _own_server:
        os.environ["DATABASE_URL"] = embedded_db.address(
            embedded_db.socket_directory(_directory), embedded_db.DATABASE
        )


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the server, unless ``DATABASE_URL`` named one or nothing will be run."""
    if _own_server and not session.config.option.collectonly:
        _sweep()
        like = kept() if kept().exists() else None
        _own.append(_stack.enter_context(embedded_db.temporary(_directory, like=like)))


def directory() -> Path:
    """Where this run keeps what it makes; the same for all its workers."""
    return Path(os.environ["WANGGE_TEST_RUN"])


def spare(name: str) -> str:
    """Return how a database is called that this run makes once."""
    return f"{os.environ['WANGGE_TEST_SPARE']}-{name}"


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop the server and remove what the tests left."""
    if not _is_worker and directory().exists() and (_own or not _own_server):
        _tidy()
    _stack.close()
    if not _is_worker:
        shutil.rmtree(_directory, ignore_errors=True)


def _tidy() -> None:
    """Drop what was made once; but of our own server, which goes anyway, keep the tables for the next run."""
    from wangge.common import spare_databases

    made = spare_databases.beginning_with(spare(""))
    if not _own_server:
        spare_databases.drop(*made)
    elif spare("tables") in made and not kept().exists():
        spare_databases.drop(*(name for name in made if name != spare("tables")))
        _forget_others()
        embedded_db.keep(_own[0], kept())


def _forget_others() -> None:
    """Remove what is kept of other migrations."""
    for other in _KEPT.glob("*"):
        shutil.rmtree(other, ignore_errors=True)


@cache
def kept() -> Path:
    """Where the tables of just these migrations are kept, for just this account.

    Told once: what a run has made is made of the files with which it began.
    """
    read = [
        *_ROOT.glob("wangge/*/migrations/*.py"),
        _ROOT / "requirements.txt",
        _ROOT / "wangge" / "common" / "many_tables.py",
        _ROOT / "wangge" / "common" / "postgres_cluster.py",
    ]
    digest = hashlib.sha256(repr((os.geteuid(), sys.version)).encode())
    for path in sorted(read):
        digest.update(path.name.encode() + path.read_bytes())
    return _KEPT / digest.hexdigest()[:16]


def _sweep() -> None:
    """Remove what killed runs left: their servers died with them, their folders did not."""
    for folder in Path(tempfile.gettempdir()).glob("wangge-test-*"):
        owner = folder.name.split("-")[2]
        if owner.isdigit() and not command_line(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)
