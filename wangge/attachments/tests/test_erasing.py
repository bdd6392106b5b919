import os
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wangge.attachments import actions
from wangge.attachments.models import Attachment
from wangge.attachments.store import LocalStore
from wangge.attachments.tests import samples
from wangge.attachments.tests.conftest import attached

pytestmark = pytest.mark.django_db


def tomorrow() -> datetime:
    return datetime.now(UTC) + timedelta(days=1)


def test_an_erased_photo_is_gone_in_all_its_sizes(
    store: LocalStore, django_capture_on_commit_callbacks: Any
) -> None:
    photo, other = attached(samples.jpeg(2000, 1500)), attached(samples.jpeg(50, 50))
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.erase([photo], at=tomorrow()) == 1
    assert list(Attachment.objects.all()) == [other]
    assert set(store.digests()) == {other.sha256, other.thumb_sha256}


def test_bytes_that_another_attachment_shares_stay(
    store: LocalStore, django_capture_on_commit_callbacks: Any
) -> None:
    first, second = attached(), attached()
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase([first], at=tomorrow())
    assert store.exists(second.sha256)
    assert store.exists(second.thumb_sha256)
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase([second], at=tomorrow())
    assert list(store.digests()) == []


def test_the_sweep_deletes_what_belongs_to_nothing_and_only_that(store: LocalStore) -> None:
    kept = attached()
    [orphan] = store.put([b"of a transaction rolled back"])
    abandoned = store.path(orphan).with_name(".new-half")
    abandoned.write_bytes(b"hal")
    assert actions.sweep(at=tomorrow()) == 1
    assert not store.exists(orphan)
    assert not abandoned.exists()
    assert store.exists(kept.sha256)
    assert store.exists(kept.thumb_sha256)


def test_the_sweep_leaves_what_may_just_be_on_its_way(store: LocalStore) -> None:
    [young] = store.put([b"its transaction commits in a moment"])
    assert actions.sweep(at=datetime.now(UTC)) == 0
    assert store.exists(young)


def test_sweeping_many_files_asks_the_database_in_batches(
    store: LocalStore, django_assert_num_queries: Any
) -> None:
    digests = store.put([f"orphan {number}".encode() for number in range(501)])
    for digest in digests:
        os.utime(store.path(digest), (0, 0))
    with django_assert_num_queries(6):
        assert actions.sweep(at=datetime.now(UTC)) == 501
