"""What the role of web and worker may do in the database: everything its work needs, and nothing that rewrites the past."""

from collections.abc import Sequence

from django.db import connection, transaction
from psycopg.sql import SQL, Composed, Identifier

# Written once: rows are added and read. The words of events may be deleted, which the database asks a record for.
APPENDED = ("audit_event", "audit_accessentry", "audit_anchor")
WORDS = ("audit_payload",)
KEPT_BY_THE_OWNER = ("django_migrations",)

OWNS = """
SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = 'audit_event'::regclass
"""
EVERYTHING: Sequence[str] = (
    "GRANT CONNECT ON DATABASE {database} TO {role}",
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC",
    "REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {role}",
)


def owns_the_logs() -> bool:
    """Tell whether the role we are connected as could switch off what guards the logs."""
    with connection.cursor() as cursor:
        cursor.execute(OWNS)
        return bool(cursor.fetchone()[0])


def exists(role: str) -> bool:
    """Tell whether the database server knows the role."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s)", [role])
        return bool(cursor.fetchone()[0])


@transaction.atomic
def grant(role: str) -> None:
    """Give a role what web and worker need; it can neither change the logs nor tables, and empties none.

    Harmless again, and to be done again after each `wangge migrate`: new tables are not in it yet.
    """
    for statement in _statements(role):
        with connection.cursor() as cursor:
            cursor.execute(statement)


def _statements(role: str) -> list[Composed]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database(), current_schema()")
        database, schema = cursor.fetchone()
    named = {"database": Identifier(database), "schema": Identifier(schema), "role": Identifier(role)}
    return [
        *(SQL(text).format(**named) for text in EVERYTHING),
        _revoke("UPDATE, DELETE", APPENDED, role),
        _revoke("UPDATE", WORDS, role),
        _revoke("INSERT, UPDATE, DELETE", KEPT_BY_THE_OWNER, role),
    ]


def _revoke(rights: str, tables: Sequence[str], role: str) -> Composed:
    named = SQL(", ").join(map(Identifier, tables))
    return SQL("REVOKE {rights} ON {tables} FROM {role}").format(
        rights=SQL(rights),
        tables=named,
        role=Identifier(role),
    )
