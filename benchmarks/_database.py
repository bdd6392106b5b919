"""A database for one benchmark: empty, migrated, with the shipped configuration, thrown away afterwards."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from wangge.common import embedded_db


@contextlib.contextmanager
def scratch_database() -> Iterator[str]:
    """Start an embedded server of our own, set Django up on it, and give its address.

    Call it before anything imports Django's settings.
    """
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="wangge-bench-")))
        # Not `temporary`: that one does not wait for the disk, and durability is part of what is measured.
        place = stack.enter_context(embedded_db.using(folder))
        url = embedded_db.address(place.socket_dir, embedded_db.DATABASE)
        os.environ |= {
            "DATABASE_URL": url,
            "WANGGE_DATA": str(folder / "data"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("setup", verbosity=0)
        try:
            yield url
        finally:
            connections.close_all()
