"""A start asks the database once whether anything is to be done, and notices when something is."""

from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from config import prepared
from wangge.accounts.models import Account
from wangge.cases.models import StageLimit
from wangge.cases.seed import seed_configuration


def _ask_here() -> tuple[bool, str]:
    """Ask on the test's own connection: what it has written no other sees."""
    with connection.cursor() as cursor:
        cursor.execute(prepared.SAID_BY_DATABASE)
        is_set_up, applied = cursor.fetchall()[0]
    return is_set_up, applied


@pytest.fixture
def data(tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder whose database has the shipped configuration and one account, and was left in good order."""
    monkeypatch.setattr(prepared, "_ask", _ask_here)
    seed_configuration()
    Account.objects.create(username="first", name="王一")
    prepared.remember(tmp_path)
    return tmp_path


def test_a_database_left_in_good_order_needs_nothing(data: Path) -> None:
    assert prepared.is_prepared(data)


def test_a_database_never_seen_is_prepared(tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_ask", _ask_here)
    assert not prepared.is_prepared(tmp_path)


def test_an_emptied_database_is_prepared_again(data: Path) -> None:
    StageLimit.objects.all().delete()
    assert not prepared.is_prepared(data)


def test_a_database_without_people_is_not_remembered(
    tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "_ask", _ask_here)
    seed_configuration()
    prepared.remember(tmp_path)
    assert not prepared.is_prepared(tmp_path)


def test_another_database_or_one_taken_back_is_prepared_again(data: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE id = (SELECT max(id) FROM django_migrations)")
    assert not prepared.is_prepared(data)


@pytest.mark.parametrize("part", ["_migrations", "_packages"])
def test_new_code_and_new_libraries_may_bring_migrations(
    part: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = getattr(prepared, part)()
    assert before
    monkeypatch.setattr(prepared, part, lambda: [*before, "one more"])
    assert not prepared.is_prepared(data)


@pytest.mark.parametrize("wish", prepared.WISHES)
def test_who_wants_another_kind_of_installation_is_heard(
    wish: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(wish, "0")
    assert not prepared.is_prepared(data)


def test_a_database_that_does_not_answer_is_left_to_the_long_way(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> tuple[bool, str]:
        raise psycopg.OperationalError("no such table, no such server")

    monkeypatch.setattr(prepared, "_ask", refuse)
    assert not prepared.is_prepared(data)


def test_the_address_is_that_of_django(db: None) -> None:
    said = prepared._address()
    assert "pool" not in said
    assert said["dbname"]
    with psycopg.connect(**{**said, **_address_of_the_test()}) as other:
        assert other.execute("SELECT count(*) > 0 FROM django_migrations").fetchone() == (True,)


def test_how_long_to_wait_for_the_database_may_be_said_in_its_address(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = {**prepared._address(), **_address_of_the_test(), "connect_timeout": "5"}
    monkeypatch.setattr(prepared, "_address", lambda: here)
    assert prepared._ask()[1]


def _address_of_the_test() -> dict[str, str]:
    ours = settings.DATABASES["default"]
    return {"dbname": ours["NAME"], "host": ours["HOST"], "port": ours["PORT"], "user": ours["USER"]}
