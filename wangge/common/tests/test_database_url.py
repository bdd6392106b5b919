"""DATABASE_URL says which server; without it the embedded one is meant."""

import pytest

from wangge.common import database, embedded_db
from wangge.common.database import DatabaseUrlError, parse


def test_an_ordinary_address_is_read_with_its_escapes() -> None:
    settings = parse("postgresql://wang%40ge:p%2Fs%3As@db.example:6432/city%20a?sslmode=verify-full")

    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert (settings["USER"], settings["PASSWORD"]) == ("wang@ge", "p/s:s")
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db.example", "6432", "city a")
    assert settings["OPTIONS"]["sslmode"] == "verify-full"


def test_a_unix_socket_is_given_as_the_host_option() -> None:
    settings = parse("postgresql://wangge@/wangge?host=/run/postgresql&port=5433")

    assert (settings["HOST"], settings["PORT"]) == ("/run/postgresql", "5433")
    assert "host" not in settings["OPTIONS"]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://u:secret@h/d", "must begin with postgresql://"),
        ("postgresql://u:secret@h:99999/d", "port is not a number"),
        ("postgresql://u:secret@h:abc/d", "port is not a number"),
        ("postgresql://u:secret@h", "names no database"),
        ("postgresql://u:secret@[::1/d", "not a valid address"),
    ],
)
def test_a_malformed_address_is_refused_without_repeating_the_password(url: str, says: str) -> None:
    with pytest.raises(DatabaseUrlError, match=says) as refusal:
        parse(url)
    assert "secret" not in str(refusal.value)


def test_without_an_address_the_embedded_server_of_the_data_folder_is_meant(monkeypatch, tmp_path) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("WANGGE_DATA", str(tmp_path))

    settings = database.configuration()

    assert settings["HOST"] == str(embedded_db.socket_directory(tmp_path))
    assert settings["NAME"] == embedded_db.DATABASE
    assert list(tmp_path.iterdir()) == []  # asking starts and makes nothing


def test_web_processes_have_a_pool_and_commands_do_not(monkeypatch) -> None:
    monkeypatch.setenv("WANGGE_DATABASE_POOL", "12")
    assert database.configuration()["OPTIONS"]["pool"]["max_size"] == 12

    monkeypatch.setenv("WANGGE_DATABASE_POOL", "0")
    assert "pool" not in database.configuration()["OPTIONS"]


def test_the_address_of_the_embedded_server_can_be_given_back_as_a_url(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("WANGGE_DATA", str(tmp_path))

    assert parse(embedded_db.place_of(tmp_path).url) == database.embedded()


def test_a_pooler_that_cannot_have_prepared_statements_says_so() -> None:
    url = "postgresql://wangge@db.example/wangge"
    assert database.parse(url)["OPTIONS"]["prepare_threshold"] == database.PREPARED_AFTER
    assert database.parse(f"{url}?prepare_threshold=none")["OPTIONS"]["prepare_threshold"] is None
