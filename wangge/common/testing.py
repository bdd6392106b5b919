"""The ground all tests stand on: one throw-away database server for the whole run. Loaded by pytest with ``-p``.

Settings are imported by pytest-django before any conftest, so the addresses must be in the environment as soon as
this module is; the server itself starts when the run does. Workers of pytest-xdist inherit the environment and use
the same server, each its own database.
"""

import contextlib
import os
import secrets
import shutil
import tempfile
from pathlib import Path

import pytest

from wangge.common import embedded_db
from wangge.common.processes import command_line

_stack = contextlib.ExitStack()
_is_worker = "PYTEST_XDIST_WORKER" in os.environ
# Chosen now, made later. The name must be new, or two runs would share a server.
_directory = Path(tempfile.gettempdir()) / f"wangge-test-{os.getpid()}-{secrets.token_hex(3)}"
_own_server = not _is_worker and not os.environ.get("DATABASE_URL")

if not _is_worker:
    os.environ["WANGGE_TEST_RUN"] = str(_directory)
    os.environ["WANGGE_DATA"] = str(_directory / "data")
    os.environ["WANGGE_DATABASE_POOL"] = "0"
    # Tests that commit empty all tables afterwards, the logs too; their role owns the tables, or this would open nothing.
    os.environ["PGOPTIONS"] = "-c wangge.may_truncate=on"
    if _own_server:
        os.environ["DATABASE_URL"] = embedded_db.address(
            embedded_db.socket_directory(_directory), embedded_db.DATABASE
        )


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Start the server, unless ``DATABASE_URL`` named one or nothing will be run."""
    if _own_server and not session.config.option.collectonly:
        _sweep()
        _stack.enter_context(embedded_db.temporary(_directory))


def directory() -> Path:
    """Where this run keeps what it makes; the same for all its workers."""
    return Path(os.environ["WANGGE_TEST_RUN"])


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop the server and remove what the tests left."""
    if not _is_worker and not _own_server:
        _drop_what_was_made_once()
    _stack.close()
    if not _is_worker:
        shutil.rmtree(_directory, ignore_errors=True)


def _drop_what_was_made_once() -> None:
    """A server that is not ours lives on; ours takes its databases with it."""
    from wangge.common import spare_databases

    if directory().exists():
        spare_databases.drop(*spare_databases.of_run(directory().name))


def _sweep() -> None:
    """Remove what killed runs left: their servers died with them, their folders did not."""
    for folder in Path(tempfile.gettempdir()).glob("wangge-test-*"):
        owner = folder.name.split("-")[2]
        if owner.isdigit() and not command_line(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)
