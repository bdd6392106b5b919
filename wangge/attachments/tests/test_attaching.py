import errno
import os
from typing import Any

import pytest

from wangge.attachments.actions import attach
from wangge.attachments.models import Attachment, Purpose
from wangge.attachments.queries import attachments_of
from wangge.attachments.store import LocalStore
from wangge.attachments.tests import samples
from wangge.attachments.tests.conftest import MONDAY
from wangge.common.ids import uuid7

pytestmark = pytest.mark.django_db


def test_good_files_are_attached_in_their_order_and_bad_ones_named(clerk: Any) -> None:
    report = uuid7()
    files = [
        samples.upload(samples.jpeg(60, 40), "one.jpg"),
        samples.upload(samples.EXECUTABLE, "two.jpg"),
        samples.upload(samples.wav(), "three.wav"),
    ]
    result = attach(
        files,
        subject_kind="report",
        subject_id=report,
        purpose=Purpose.REPORT,
        by=clerk,
        at=MONDAY,
        event_id=7,
    )
    assert [name for name, _message in result.refused] == ["two.jpg"]
    stored = attachments_of("report", [report])[report]
    assert [a.name for a in stored] == [a.name for a in result.kept] == ["one.jpg", "three.wav"]
    photo = stored[0]
    assert (photo.width, photo.height, photo.uploaded_by_id, photo.event_id) == (60, 40, clerk.pk, 7)
    assert (photo.uploaded_at, photo.published_at, photo.sealed) == (MONDAY, None, False)


def test_what_the_camera_says_is_stored_beside_the_photo() -> None:
    exif = samples.camera_notes(offset="+08:00", lat=(22, 32, 30.0), lon=(114, 3, 36.0))
    result = attach(
        [samples.upload(samples.jpeg(exif=exif))],
        subject_kind="report",
        subject_id=uuid7(),
        purpose=Purpose.REPORT,
        by=None,
        at=MONDAY,
    )
    photo = Attachment.objects.get(pk=result.kept[0].pk)
    assert photo.taken_at is not None
    assert photo.taken_at.isoformat() == "2026-11-20T00:15:30+00:00"
    assert photo.taken_lon == pytest.approx(114.06)
    assert photo.taken_lat == pytest.approx(22.541667)
    assert photo.uploaded_by is None


def test_the_same_photo_sent_twice_is_two_attachments_and_stored_once(store: LocalStore) -> None:
    for _ in range(2):
        attach(
            [samples.upload(samples.jpeg(500, 500))],
            subject_kind="report",
            subject_id=uuid7(),
            purpose=Purpose.REPORT,
            by=None,
            at=MONDAY,
        )
    assert Attachment.objects.count() == 2
    assert len(list(store.digests())) == 2  # full and medium are the same bytes here; and the thumbnail


def test_on_a_full_disk_nothing_is_attached_and_the_file_is_named(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "replace", full)
    result = attach(
        [samples.upload(samples.jpeg(), "lamp.jpg")],
        subject_kind="report",
        subject_id=uuid7(),
        purpose=Purpose.REPORT,
        by=None,
        at=MONDAY,
    )
    assert [name for name, _message in result.refused] == ["lamp.jpg"]
    assert not result.kept
    assert not Attachment.objects.exists()
    assert not list(store.digests())


def test_the_attachments_of_many_subjects_are_one_query(django_assert_num_queries: Any) -> None:
    subjects = [uuid7() for _ in range(3)]
    for subject in subjects[:2]:
        attach(
            [samples.upload(samples.jpeg(40, 40)), samples.upload(samples.PDF, "a.pdf")],
            subject_kind="report",
            subject_id=subject,
            purpose=Purpose.REPORT,
            by=None,
            at=MONDAY,
        )
    with django_assert_num_queries(1):
        found = attachments_of("report", subjects)
    assert [len(found[subject]) for subject in subjects] == [2, 2, 0]
    assert attachments_of("case", subjects) == {subject: [] for subject in subjects}
    with django_assert_num_queries(0):
        assert attachments_of("report", []) == {}
