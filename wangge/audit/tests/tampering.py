"""What only somebody with the database's own rights could do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

GUARDED = (
    "audit_event",
    "audit_payload",
    "audit_accessentry",
    "audit_anchor",
    "cases_case",
    "cases_report",
    "cases_clock",
)


@contextmanager
def guards_off() -> Iterator[None]:
    """Switch the triggers of the logs off, as the owner of the tables can."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def tamper(statement: str, *values: Any) -> None:
    """Change rows behind the program's back."""
    with guards_off(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def take_out(*event_ids: int) -> None:
    """Take events out of the log, with all that hangs on them."""
    with guards_off(), connection.cursor() as cursor:
        for table, column in (
            ("audit_outbox", "event_id"),
            ("audit_payload", "event_id"),
            ("audit_event", "id"),
        ):
            cursor.execute(f"DELETE FROM {table} WHERE {column} = ANY(%s)", [list(event_ids)])


@contextmanager
def by_hand() -> Iterator[None]:
    """Change reports, cases and clocks without an event, as only the owner of the tables may: to set a moment back."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL wangge.by_hand = on")
        yield
        cursor.execute("SET LOCAL wangge.by_hand = off")
