"""Which PostgreSQL this installation talks to: ``DATABASE_URL``, or its own embedded server."""

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from wangge.common import embedded_db
from wangge.common.places import data_directory

ENGINE = "django.db.backends.postgresql"
# A statement of `wangge.common.statements` is prepared when a connection asks it again after so many times.
PREPARED_AFTER = 2


class DatabaseUrlError(ValueError):
    """``DATABASE_URL`` cannot be read; the message says why (and never repeats the password)."""


def configuration() -> dict[str, Any]:
    """Return Django's ``DATABASES["default"]`` without contacting or starting any server.

    ``WANGGE_DATABASE_POOL=n`` gives each process a pool of at most n connections; the web processes set it,
    one-shot commands and tests do without.
    """
    url = os.environ.get("DATABASE_URL")
    settings = parse(url) if url else embedded()
    pool = int(os.environ.get("WANGGE_DATABASE_POOL") or 0)
    if pool:
        settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool, "timeout": 10}
    # A pool keeps the connections itself; without one, a command's connection lives as long as the command.
    settings["CONN_MAX_AGE"] = 0
    return settings


def is_embedded() -> bool:
    """Tell whether this installation runs its own PostgreSQL server."""
    return not os.environ.get("DATABASE_URL")


def embedded() -> dict[str, Any]:
    """Return the settings of the embedded server of this installation's data directory."""
    return _settings(
        name=embedded_db.DATABASE,
        user=embedded_db.ROLE,
        host=str(embedded_db.socket_directory(data_directory())),
        port=str(embedded_db.PORT),
    )


def parse(url: str) -> dict[str, Any]:
    """Read ``postgresql://user:password@host:port/name?option=value`` (percent-encoded) into Django's settings.

    A Unix socket is given as ``?host=/directory``; other options go to libpq as they are (``sslmode=verify-full``).
    ``prepare_threshold=none`` prepares no statement, for a pooler that cannot have it (PgBouncer before 1.21).
    Raises `DatabaseUrlError`.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise DatabaseUrlError(f"DATABASE_URL cannot be read: {_harmless(error)}.") from None
    if parts.scheme not in {"postgresql", "postgres"}:
        raise DatabaseUrlError(
            "DATABASE_URL must begin with postgresql:// (only PostgreSQL 15 or newer is supported), "
            "for example postgresql://wangge:password@db.example/wangge."
        )
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise DatabaseUrlError("DATABASE_URL names no database; add it at the end, for example …/wangge.")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    return _settings(
        name=name,
        user=unquote(parts.username or options.pop("user", "")),
        password=unquote(parts.password or "") or options.pop("password", ""),
        host=options.pop("host", "") or unquote(parts.hostname or ""),
        port=options.pop("port", "") or str(port or ""),
        options=options,
    )


def _settings(
    *, name: str, user: str, host: str, port: str, password: str = "", options: dict[str, Any] | None = None
) -> dict[str, Any]:
    asked = (options or {}).get("prepare_threshold")
    prepared_after = None if asked == "none" else PREPARED_AFTER
    return {
        "ENGINE": ENGINE,
        "NAME": name,
        "USER": user,
        "PASSWORD": password,
        "HOST": host,
        "PORT": port,
        "OPTIONS": {
            "application_name": "wangge",
            **(options or {}),
            "prepare_threshold": prepared_after,
        },
    }


def _harmless(error: ValueError) -> str:
    """Name the fault without the text around it, which may hold the password."""
    return "the port is not a number from 0 to 65535" if "ort" in str(error) else "it is not a valid address"
