"""The jobs that run by the clock are known to the worker and do what they promise."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app
from pytest_django import Settings

from config import jobs
from wangge.attachments import actions
from wangge.attachments.models import Attachment, Purpose
from wangge.attachments.store import local_store
from wangge.attachments.tests import samples
from wangge.common.ids import uuid7


@pytest.mark.parametrize(
    "job",
    [
        jobs.clear_sessions,
        jobs.sweep_drafts,
        jobs.sweep_files,
        jobs.anchor_log,
        jobs.watch_deadlines,
        jobs.send_notices,
        jobs.sweep_notices,
    ],
)
def test_the_clock_knows_the_job(job: object) -> None:
    assert job in [periodic.task for periodic in app.periodic_registry.periodic_tasks.values()]


@pytest.mark.django_db
def test_contents_of_nothing_are_deleted_after_an_hour_and_used_ones_stay(
    tmp_path: Path, settings: Settings
) -> None:
    settings.FILES_DIR = tmp_path / "files"
    store, now = local_store(), timezone.now()
    actions.attach(
        [samples.upload(samples.jpeg(50, 50))],
        subject_kind="report",
        subject_id=uuid7(),
        purpose=Purpose.REPORT,
        by=None,
        at=now,
    )
    old, young = store.put([b"rolled back this morning", b"its transaction commits in a moment"])
    used = Attachment.objects.get().sha256
    two_hours_ago = time.time() - timedelta(hours=2).total_seconds()
    for digest in (old, used):
        os.utime(store.path(digest), (two_hours_ago, two_hours_ago))

    jobs.sweep_files(int(now.timestamp()))

    assert [store.exists(digest) for digest in (old, young, used)] == [False, True, True]
