"""Databases of the tests: made once for all workers of a run, and copied, which takes a moment."""

import contextlib
import fcntl
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg.sql import SQL, Composed, Identifier

PLAIN = "template1"


@contextlib.contextmanager
def created(name: str, template: str = PLAIN) -> Iterator[str]:
    """Have a new database, a copy of one that nobody is connected to; drop it afterwards."""
    renew(name, template)
    try:
        yield name
    finally:
        connection.close()
        drop(name)


def renew(name: str, template: str) -> None:
    """Put a new copy in the place of a database, whoever is connected to it."""
    connection.close()
    drop(name)
    _copy(template, name)


def made_once(name: str, fill: Callable[[], None], *, locks: Path, template: str = PLAIN) -> str:
    """Return a database that the first worker to ask fills, while the others wait for it; who fills is connected to it."""
    locks.mkdir(parents=True, exist_ok=True)
    with (locks / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _exists(name):
            _make(name, template, fill)
    return name


def with_tables(name: str, *, locks: Path) -> str:
    """Return the database of this name; it has all tables and nothing in them."""
    return made_once(name, make_tables, locks=locks)


def make_tables() -> None:
    """Make all tables in the database we are connected to."""
    call_command("migrate", interactive=False, verbosity=0)


def drop(*names: str) -> None:
    """Remove databases, whoever is connected to them."""
    for name in names:
        run(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


def beginning_with(words: str) -> list[str]:
    """Return the databases of the server whose names begin so."""
    return [name for (name,) in run(SQL("SELECT datname FROM pg_database")) if name.startswith(words)]


def who_is_there() -> str:
    """Return a line for each connection of the server: its database, state, since when, locks and last statement."""
    rows = run(
        SQL(
            "SELECT concat_ws(' ', pid, datname, state, wait_event_type, wait_event, xact_start,"
            " (SELECT string_agg(mode || ' ' || relation::text, ', ') FROM pg_locks"
            "  WHERE pg_locks.pid = a.pid AND granted AND locktype = 'relation'), left(query, 200))"
            " FROM pg_stat_activity a WHERE datname IS NOT NULL ORDER BY xact_start"
        )
    )
    return "\n".join(words for (words,) in rows)


def run(command: Composed | SQL) -> list[tuple[str, ...]]:
    """Run a command on the server, beside whatever this process is connected to; return its rows."""
    parameters = {**connection.get_connection_params(), "dbname": "postgres"}
    known = {
        key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if parameters.get(key)
    }
    with psycopg.connect(**known, autocommit=True) as admin:
        cursor = admin.execute(command)
        return cursor.fetchall() if cursor.description else []


def _make(name: str, template: str, fill: Callable[[], None]) -> None:
    """Fill it under another name: one that was left halfway is never taken for a whole one."""
    unfinished = f"{name}-unfinished"
    drop(unfinished)
    _copy(template, unfinished)
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = unfinished
    try:
        fill()
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
    run(SQL("ALTER DATABASE {} RENAME TO {}").format(Identifier(unfinished), Identifier(name)))


def _exists(name: str) -> bool:
    return bool(run(SQL("SELECT datname FROM pg_database WHERE datname = {}").format(name)))


def _copy(template: str, name: str) -> None:
    # By whole files, which is quicker than page by page where nobody waits for the disk.
    command = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    run(command.format(Identifier(name), Identifier(template)))
