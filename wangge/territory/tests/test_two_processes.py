"""A boundary that changed is known in every process, without a restart; each looks more often than every two seconds."""

import os
import subprocess
import sys
from urllib.parse import urlencode

import pytest
import shapely
from django.db import connection, transaction

from wangge.cases.tests.cast import Territory
from wangge.territory import lookup
from wangge.territory.models import Area

# What another process of the program would do: ask again and again, and say what it is told.
ASKS = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from wangge.territory import lookup
print(lookup.place(118.905, 32.905).grid_id, flush=True)
seen, until = lookup.place(118.905, 32.905).grid_id, time.monotonic() + 120
while time.monotonic() < until:
    now = lookup.place(118.905, 32.905).grid_id
    if now != seen:
        print(now, flush=True)
        break
    time.sleep(0.01)
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_another_process_knows_a_changed_boundary_without_a_restart() -> None:
    assert lookup.CHECK_SECONDS < 2
    place = Territory()
    other = subprocess.Popen(
        [sys.executable, "-c", ASKS], stdout=subprocess.PIPE, text=True, env=same_database()
    )
    try:
        assert other.stdout is not None
        assert int(other.stdout.readline()) == place.grid_a.pk
        with transaction.atomic():
            Area.objects.filter(pk=place.grid_a.pk).update(
                boundary=shapely.to_wkb(shapely.box(118.90, 32.90, 118.901, 32.91))
            )
            Area.objects.filter(pk=place.grid_b.pk).update(
                boundary=shapely.to_wkb(shapely.box(118.901, 32.90, 118.92, 32.91))
            )
            lookup.changed()
        assert int(other.stdout.readline()) == place.grid_b.pk
        assert lookup.place(118.905, 32.905).grid_id == place.grid_b.pk
    finally:
        other.kill()
        other.communicate()


def same_database() -> dict[str, str]:
    """The environment of a process that works on the database of this test."""
    given = connection.settings_dict
    known = {
        "host": given["HOST"],
        "port": given["PORT"],
        "user": given["USER"],
        "password": given["PASSWORD"],
    }
    options = urlencode({name: value for name, value in known.items() if value})
    return os.environ | {"DATABASE_URL": f"postgresql:///{given['NAME']}?{options}"}
