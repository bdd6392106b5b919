"""Work that one process at a time holds, and that nobody holds any more once that process is dead, however it died.

The database knows: a session-level advisory lock ends with its connection, at once and without a heartbeat.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

from django.db import connection

HOLD_LOCK = 7_311_051  # advisory lock: the first half of its key; the second tells what is held


@contextmanager
def held(what: str) -> Iterator[bool]:
    """Hold a piece of work by its name; false where another process holds it. The work must not outlive the connection."""
    key = [HOLD_LOCK, crc32(what.encode()) - 2**31]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        (is_ours,) = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)
