"""Identifiers: uuid7 (sorted by time, made in Python) and short codes people can read aloud."""

import secrets
from uuid import UUID

import uuid_utils

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B: a code is read over the telephone and copied from wet paper.
READABLE = "34679ACDEFGHJKMNPQRTUVWXY"


def uuid7() -> UUID:
    """Make an identifier that sorts by the moment it was made."""
    return UUID(int=uuid_utils.uuid7().int)


def readable_code(length: int = 10) -> str:
    """Make an unguessable code of `length` characters (4.6 bits each) that people can copy."""
    return "".join(secrets.choice(READABLE) for _ in range(length))
