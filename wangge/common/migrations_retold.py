"""What migrations say to a server, kept for the tests: working it out takes twenty seconds, saying it again takes two.

Kept apart for each version of the server, so that migrations themselves have run on every one before they are retold.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

# These change nothing, and blocks are not needed: each statement is carried out by itself.
_CHANGE_NOTHING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def make_tables(kept: Path) -> None:
    """Make all tables in an empty database, by what is kept, else by the migrations, whose words are kept then."""
    if (told := of_this_server(kept)).exists():
        retell(told)
    else:
        _migrate(told)


def of_this_server(kept: Path) -> Path:
    """The file for servers like the one we are connected to."""
    connection.ensure_connection()
    return kept.with_name(f"{kept.name}-{connection.pg_version // 10000}.json")  # type: ignore[attr-defined]


def retell(told: Path) -> None:
    """Carry out what was kept, word for word."""
    with connection.cursor() as cursor:
        for statement in json.loads(told.read_text()):
            cursor.execute(statement)


def _migrate(told: Path) -> None:
    statements: list[str] = []
    with connection.execute_wrapper(_listener(statements)):
        call_command("migrate", interactive=False, verbosity=0)
    told.parent.mkdir(parents=True, exist_ok=True)
    draft = told.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(statements, ensure_ascii=False))
    draft.replace(told)


def _listener(statements: list[str]) -> Callable[..., Any]:
    def listen(execute: Callable[..., Any], statement: str, values: Any, many: bool, context: Any) -> Any:
        if not statement.lstrip().upper().startswith(_CHANGE_NOTHING):
            cursor = context["cursor"]
            statements.extend(
                statement if row is None else cursor.mogrify(statement, row)
                for row in (values if many else [values])
            )
        return execute(statement, values, many, context)

    return listen
