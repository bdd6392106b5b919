"""A cursor for statements that are asked all the time: the server reads and plans them once for each connection.

The ORM and everything else go on with values written into the text, as Django does by default.
"""

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor  # type: ignore[attr-defined]  # not in the stubs
from django.db.backends.utils import CursorWrapper


def prepared() -> CursorWrapper:
    """Open a cursor on whose connection a statement with the same text is prepared once it is asked again.

    Values reach the server apart from the text, so a value whose type the place does not tell needs a cast (`%s::text`).
    """
    if connection.queries_logged:
        return (
            connection.cursor()
        )  # whoever looks at statements wants their text, which a prepared one does not keep
    connection.ensure_connection()
    driver = connection.connection
    usual, driver.cursor_factory = driver.cursor_factory, ServerBindingCursor
    try:
        return connection.cursor()
    finally:
        driver.cursor_factory = usual
