"""Which database this process talks to: stories are committed, and the unit tests must not meet them."""

import contextlib
from collections.abc import Iterator

from django.db import connection

from wangge.cases import clocks
from wangge.territory import lookup


@contextlib.contextmanager
def using(name: str) -> Iterator[None]:
    """Let this process talk to another database of the same server."""
    before = connection.settings_dict["NAME"]
    if before == name:
        yield
        return
    _turn_to(name)
    try:
        yield
    finally:
        _turn_to(before)


def _turn_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    forget()


def forget() -> None:
    """Keep nothing in memory that another database said."""
    lookup.forget()
    clocks.look_again()
