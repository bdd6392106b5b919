"""What migrations said to a server makes the same tables when it is said again."""

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from wangge.common import migrations_retold, spare_databases, testing

EVERYTHING = """
SELECT 'column', table_name || '.' || column_name, concat_ws(' ', data_type, is_nullable, column_default)
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT 'relation', relname, relkind::text || relpersistence::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT 'migration', app || '.' || name, '' FROM django_migrations
UNION ALL SELECT 'permission', codename, content_type_id::text FROM auth_permission
UNION ALL SELECT 'kind of forces', code, name FROM territory_forcekind
"""


def everything() -> set[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(EVERYTHING)
        return set(cursor.fetchall())


def test_the_tables_are_the_same_to_the_last_trigger(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> None:
    found = []
    with django_db_blocker.unblock():
        told = migrations_retold.of_this_server(testing.kept())
        if not told.exists():
            pytest.skip("The tables come from an earlier run, and what made them was not kept.")
        as_migrated = everything()

        def retell() -> None:
            migrations_retold.retell(told)
            found.append(everything())

        name = spare_databases.made_once(testing.spare("retold"), retell, locks=testing.directory())
        spare_databases.drop(name)
    assert found == [as_migrated]
    assert len(as_migrated) > 3000
