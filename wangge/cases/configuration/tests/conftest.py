"""A system administrator, a second one, and a draft to work on."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.utils import translation

from wangge.accounts.models import Account
from wangge.accounts.tests.people import administrator
from wangge.cases.configuration import drafts, dry_run, publishing
from wangge.cases.configuration.facts import Facts
from wangge.cases.configuration.table import Row, Table
from wangge.cases.configuration.tables import TABLES
from wangge.cases.models import ConfigDraft, ConfigVersion
from wangge.cases.tests.cast import NOON, Cast


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """What functions say is compared in English; pages speak the installation's language."""
    with translation.override("en"):
        yield


@pytest.fixture
def admin(cast: Cast) -> Account:
    return administrator(name="管理员小何")


@pytest.fixture
def colleague(cast: Cast) -> Account:
    return administrator(username="sysadmin2", name="管理员小钱")


@pytest.fixture
def draft(admin: Account) -> ConfigDraft:
    return drafts.open_draft("路灯改为一个工作日", by=admin, at=NOON)


def texts_of(table: Table, key: str) -> dict[str, str]:
    """What a form about a published row shows."""
    row = table.load()[key]
    return {column.name: column.cell.write(row[column.name], Facts()) for column in table.columns}


def change(
    draft: ConfigDraft, name: str, key: str, /, *, by: Account, at: datetime = NOON, **texts: str
) -> str:
    """Change some cells of a published row as somebody does in a form."""
    table = TABLES[name]
    row, faults = drafts.read_row(table, {**texts_of(table, key), **texts}, Facts())
    assert faults == {}
    revision = draft.changes.filter(table=name, key=key).values_list("revision", flat=True).first() or 0
    return drafts.change_row(draft, table, row, key=key, seen=revision, by=by, at=at)


def add(draft: ConfigDraft, table: str, /, *, by: Account, at: datetime = NOON, **texts: str) -> str:
    """Add a row as somebody does in a form."""
    row, faults = drafts.read_row(TABLES[table], texts, Facts())
    assert faults == {}
    return drafts.change_row(draft, TABLES[table], row, key="", seen=0, by=by, at=at)


def publish(draft: ConfigDraft, *, by: Account, at: datetime = NOON) -> ConfigVersion:
    """Try a draft out and publish it."""
    draft.refresh_from_db()
    dry_run.try_out(draft, by=by, at=at + timedelta(minutes=1))
    return publishing.publish(draft, note="会议决定", by=by, at=at + timedelta(minutes=2))


def wanted_of(draft: ConfigDraft) -> Row:
    """The one row that a draft asks for."""
    after = draft.changes.get().after
    assert isinstance(after, dict)
    return after


def row_of(name: str, key: str) -> Row:
    return TABLES[name].load()[key]
