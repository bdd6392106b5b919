"""A cursor for statements that are asked all the time: the server reads and plans them once for each connection.

The ORM and everything else go on with values written into the text, as Django does by default.
"""

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor  # type: ignore[attr-defined]  # not in the stubs
from django.db.backends.utils import CursorWrapper


def prepared() -> CursorWrapper:
    """Open a cursor on whose connection a statement with the same text is prepared once it is asked again.

    Values reach the server apart from the text, so a value whose type the place does not tell needs a cast (`%s::text`).
    """
    database = connections[
        DEFAULT_DB_ALIAS
    ]  # itself: looking through `django.db.connection` costs more than a cursor
    if database.queries_logged:
        return (
            database.cursor()
        )  # whoever looks at statements wants their text, which a prepared one does not keep
    database.ensure_connection()
    return database.make_cursor(ServerBindingCursor(database.connection))
