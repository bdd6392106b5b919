"""Whether the database still is where this code left it, told in one question and without loading Django."""

import hashlib
import os
import sysconfig
from pathlib import Path
from typing import Any

import psycopg

from wangge.common import database

CODE = Path(__file__).resolve().parent.parent
# What decides, beside the code, what an empty database is filled with.
WISHES = ("WANGGE_DEMO", "WANGGE_PRODUCTION")
CONNECT_SECONDS = 10
# Whether anything is set up, and which migrations were applied when: no two databases say the same.
SAID_BY_DATABASE = """
    SELECT EXISTS (SELECT FROM cases_stagelimit) AND EXISTS (SELECT FROM accounts_account),
           (SELECT string_agg(concat_ws(' ', app, name, applied), ';' ORDER BY id) FROM django_migrations)
"""


def is_prepared(data_dir: Path) -> bool:
    """Tell whether nothing has changed since `remember`: no migration waits and nothing is to be filled in."""
    try:
        return _note(data_dir).read_text() == _state()
    except (OSError, psycopg.Error):
        return False


def remember(data_dir: Path) -> None:
    """Write down that this code has brought this database to where it belongs; an unfinished one is not remembered."""
    state = _state()
    if state:
        _note(data_dir).write_text(state)


def _note(data_dir: Path) -> Path:
    return data_dir / "prepared"


def _state() -> str:
    """Return one hash over code, wishes and database; empty where the database is not set up."""
    is_set_up, applied = _ask()
    if not is_set_up:
        return ""
    said = [*_migrations(), *_packages(), *(os.environ.get(name, "") for name in WISHES), applied]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


def _ask() -> tuple[bool, str]:
    with psycopg.connect(**{"connect_timeout": CONNECT_SECONDS, **_address()}) as connection:
        is_set_up, applied = connection.execute(SAID_BY_DATABASE).fetchall()[0]
    return bool(is_set_up), str(applied)


def _address() -> dict[str, Any]:
    """Return the address of Django's settings in libpq's words."""
    settings = database.configuration()
    options = {key: value for key, value in settings["OPTIONS"].items() if key != "pool"}
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return {**options, **{ours: settings[theirs] for ours, theirs in names.items() if settings[theirs]}}


def _migrations() -> list[str]:
    return sorted(str(path.relative_to(CODE)) for path in CODE.glob("wangge/*/migrations/*.py"))


def _packages() -> list[str]:
    """Return the names and versions of what is installed: libraries bring migrations too."""
    return sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
