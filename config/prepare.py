"""Brings the database to where the program expects it: migrations, and the demo district if nothing is there yet."""

import os
import sys

import psycopg


def main() -> int:
    """Migrate and, in a demo installation, fill an empty database; return 0 when it is ready."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command, get_commands
    from django.core.management.base import CommandError
    from django.db import OperationalError

    from wangge.common.refusals import Refused

    try:
        _migrate()
        _configure()
        if settings.DEMO and "demo" in get_commands() and _is_empty():
            print("» Building the demo district (once)", flush=True)
            call_command("demo")
    except (Refused, CommandError) as error:
        print(f"wangge: {error}", file=sys.stderr)
        return 1
    except (OperationalError, psycopg.OperationalError) as error:
        print(f"wangge: the database cannot be reached: {str(error).strip()}", file=sys.stderr)
        return 1
    return 0


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from wangge.common.halfway import refuse_halfway

    refuse_halfway()
    executor = MigrationExecutor(connection)
    if waiting := len(executor.migration_plan(executor.loader.graph.leaf_nodes())):
        print(f"» Applying {waiting} migrations", flush=True)
        call_command("migrate", interactive=False, verbosity=0)


def _configure() -> None:
    """Load the shipped configuration unless it is there; a run killed after migrating had no time for it."""
    from django.apps import apps
    from django.core.management import call_command

    if not apps.get_model("cases", "StageLimit").objects.exists():
        call_command("setup")


def _is_empty() -> bool:
    """Tell whether nobody has begun to set this installation up; the demo itself comes whole or not at all."""
    from django.apps import apps

    begun = (("territory", "Area"), ("accounts", "Unit"), ("accounts", "Account"), ("cases", "Report"))
    return not any(apps.get_model(*model).objects.exists() for model in begun)


if __name__ == "__main__":
    sys.exit(main())
