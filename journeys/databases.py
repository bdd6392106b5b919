"""Databases of the journeys: their own, since stories are committed and the unit tests must not meet them."""

import contextlib
from collections.abc import Iterator

import psycopg
from django.db import connection
from psycopg.sql import SQL, Composed, Identifier

from wangge.cases import clocks
from wangge.territory import lookup


@contextlib.contextmanager
def created(name: str, template: str = "template1") -> Iterator[str]:
    """Have a new database, a copy of one that nobody is connected to; drop it afterwards."""
    connection.close()
    _run(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))
    _run(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template)))
    try:
        yield name
    finally:
        connection.close()
        _run(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


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
    lookup.forget()
    clocks.forget()


def _run(command: Composed) -> None:
    parameters = {**connection.get_connection_params(), "dbname": "postgres"}
    known = {
        key: parameters[key] for key in ("dbname", "user", "password", "host", "port") if parameters.get(key)
    }
    with psycopg.connect(**known, autocommit=True) as admin:
        admin.execute(command)
