"""Databases that stopped among migrations which are no longer there: they are refused, not guessed at."""

from collections import defaultdict

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from wangge.common.refusals import Refused


def refuse_halfway() -> None:
    """Raise `Refused` where only some of the migrations were carried out in whose place others stand now.

    Django would leave such an app out, and say that nothing is to be done.
    """
    applied = MigrationRecorder(connection).applied_migrations()
    begun = [app for app, older in _older().items() if older & applied.keys() not in (set(), older)]
    if begun:
        raise Refused(
            f"This database was left halfway by an older program ({', '.join(sorted(begun))}). Bring it up to date with "
            "that program first; docs/how-to/install.md, “Upgrade”, says how."
        )


def _older() -> dict[str, set[tuple[str, str]]]:
    """Return for each app the migrations in whose place others stand."""
    older: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for (app, _name), migration in MigrationLoader(None).replacements.items():
        older[app] |= set(migration.replaces)
    return older
