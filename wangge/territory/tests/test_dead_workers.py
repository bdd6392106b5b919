"""A worker is really killed in the middle of a file: what it held is taken up again, once, and then said to have stopped."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config import jobs
from wangge.accounts.models import Account
from wangge.accounts.tests.people import administrator
from wangge.common.holding import held
from wangge.territory import bringing
from wangge.territory.brought.steps import MOST_TRIES, WAITING
from wangge.territory.models import Area, BoundaryFile
from wangge.territory.tests.test_two_processes import same_database

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

# What the worker process does, but that its work never ends.
WORKS = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import django
django.setup()
from django.conf import settings
from django.utils import timezone
settings.IMPORTS_DIR = sys.argv[2]
from wangge.territory import bringing
def endless(file):
    print("at work", flush=True)
    time.sleep(600)
bringing._read = endless
bringing.WAY.go_on(sys.argv[1], at=timezone.now())
"""
FILE = """{"type": "FeatureCollection", "features": [{"type": "Feature", "properties":
{"code": "990101", "name": "东区", "level": "county"}, "geometry": {"type": "Polygon", "coordinates":
[[[118.9, 32.9], [119.0, 32.9], [119.0, 33.0], [118.9, 33.0], [118.9, 32.9]]]}}]}""".encode()


@pytest.fixture
def sysadmin() -> Account:
    return administrator()


@pytest.fixture
def file(
    sysadmin: Account, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> BoundaryFile:
    """A file that waits for the worker."""
    settings.IMPORTS_DIR = tmp_path
    monkeypatch.setattr(bringing, "AT_ONCE", 10)
    Area.objects.all().delete()
    given = SimpleUploadedFile("a.geojson", FILE)
    return bringing.bring(given, "a.geojson", {}, within=None, by=sysadmin, at=timezone.now())


def killed_in_the_middle(file: BoundaryFile, folder: Path) -> None:
    """Another process takes the file up, and is killed as if the power had gone."""
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKS, str(file.pk), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env=same_database(),
    )
    try:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "at work\n"
        with held(f"territory_boundaryfile {file.pk}") as is_ours:
            assert not is_ours
        bringing.WAY.take_up_left(timezone.now())  # somebody has it: nothing happens
        file.refresh_from_db()
        assert file.stage == "reading"
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.communicate()
    let_go(file)


def let_go(file: BoundaryFile) -> None:
    """Wait until the database has seen that the process is gone: a moment."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with held(f"territory_boundaryfile {file.pk}") as is_ours:
            if is_ours:
                return
        time.sleep(0.01)
    raise AssertionError("it is held by a dead process")


def test_what_a_killed_worker_held_is_taken_up_again(file: BoundaryFile, tmp_path: Path) -> None:
    killed_in_the_middle(file, tmp_path)
    file.refresh_from_db()
    assert (file.stage, file.tries) == ("reading", 1)
    jobs.take_up_left_files(0)
    file.refresh_from_db()
    assert (file.stage, file.found["created"]) == ("found", 1)


def test_what_kills_every_worker_is_said_to_have_stopped_and_can_be_tried_again(
    file: BoundaryFile, tmp_path: Path, sysadmin: Account, client: Client
) -> None:
    for _time in range(MOST_TRIES):
        killed_in_the_middle(file, tmp_path)
    jobs.take_up_left_files(0)
    file.refresh_from_db()
    assert (file.stage, file.tries) == ("stopped", MOST_TRIES)
    assert file.stage in WAITING
    client.force_login(sysadmin)
    page = client.get(f"/territory/files/{file.pk}/").content.decode()
    assert "文件处理两次中途停止" in page
    assert "再试一次" in page
    client.post(f"/territory/files/{file.pk}/looking/")
    bringing.WAY.go_on(file.pk, at=timezone.now())
    file.refresh_from_db()
    assert file.stage == "found"


def test_what_stops_while_it_is_stored_goes_back_to_whoever_decides(
    file: BoundaryFile, sysadmin: Account
) -> None:
    bringing.WAY.go_on(file.pk, at=timezone.now())
    bringing.WAY.confirm(file, by=sysadmin, at=timezone.now())
    BoundaryFile.objects.update(tries=MOST_TRIES)
    jobs.take_up_left_files(0)
    file.refresh_from_db()
    assert file.stage == "found"
    assert file.refusal
    assert not Area.objects.exists()
    bringing.WAY.confirm(file, by=sysadmin, at=timezone.now())
    bringing.WAY.go_on(file.pk, at=timezone.now())
    assert Area.objects.get().name == "东区"
