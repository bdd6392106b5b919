"""Statements asked all the time are prepared; what others ask on the same connection is not touched."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wangge.common.statements import prepared

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [text for [text] in cursor.fetchall()]


def test_a_statement_asked_again_and_again_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.ensure_connection()
    monkeypatch.setattr(connection.connection, "prepare_threshold", 2)
    for number in range(4):
        with prepared() as cursor:
            cursor.execute("SELECT %s::int + 41001", [number])
            assert cursor.fetchone() == (number + 41001,)
    assert "SELECT $1::int + 41001" in names()


def test_an_ordinary_cursor_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.ensure_connection()
    monkeypatch.setattr(connection.connection, "prepare_threshold", 0)
    prepared().close()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT %s || 'x41002'", ["a"]
        )  # no type can be told: only the text with its value works
        assert cursor.fetchone() == ("ax41002",)
    assert not [text for text in names() if "x41002" in text]


def test_it_is_listened_to_like_any_other() -> None:
    with CaptureQueriesContext(connection) as told, prepared() as cursor:
        cursor.execute("SELECT %s::int", [5])
    assert told[0]["sql"] == "SELECT 5::int"
