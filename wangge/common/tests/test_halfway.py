"""A database that stopped among migrations which are no longer there is refused in words, and every other is taken."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from wangge.common.halfway import refuse_halfway
from wangge.common.refusals import Refused

pytestmark = pytest.mark.django_db


def carried_out(app: str) -> list[str]:
    return [name for of, name in MigrationRecorder(connection).applied_migrations() if of == app]


def forget(app: str, *names: str) -> None:
    for name in names:
        MigrationRecorder(connection).record_unapplied(app, name)


def waiting() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _backwards in plan]


def test_one_with_every_migration_of_then_is_up_to_date() -> None:
    for app in ("accounts", "audit", "cases", "territory"):
        forget(app, "0001_tables")
    refuse_halfway()
    assert waiting() == []


def test_one_without_any_is_given_all_tables() -> None:
    forget("insight", *carried_out("insight"))
    refuse_halfway()
    assert waiting() == ["insight.0001_tables"]


def test_one_left_halfway_is_refused_and_told_what_to_do() -> None:
    forget("cases", "0001_tables", "0024_rework_as_a_list")
    with pytest.raises(Refused, match=r"halfway by an older program \(cases\).*install\.md"):
        call_command("migrate", verbosity=0)
