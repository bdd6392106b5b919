import errno
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from wangge.attachments.store import LocalStore, digest_of
from wangge.common.refusals import Refused


def files(store: LocalStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file() and path.name != ".lock"]


def aged(store: LocalStore, digest: str, age: timedelta) -> None:
    then = (datetime.now(UTC) - age).timestamp()
    os.utime(store.path(digest), (then, then))


def test_what_is_put_can_be_opened_under_its_digest(store: LocalStore) -> None:
    [digest] = store.put([b"lamp"])
    assert digest == digest_of(b"lamp")
    assert store.exists(digest)
    with store.open(digest) as file:
        assert file.read() == b"lamp"
    assert store.path(digest).relative_to(store.root).parts == (digest[:2], digest[2:4], digest)


def test_the_same_content_is_stored_once_within_a_call_and_between_calls(store: LocalStore) -> None:
    first = store.put([b"lamp", b"lamp", b"post"])
    assert first[0] == first[1] != first[2]
    assert store.put([b"lamp"]) == [first[0]]
    assert len(files(store)) == 2


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "ab" * 31])
def test_only_a_digest_names_a_file(store: LocalStore, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        store.open(name)


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_is_refused_in_words_and_leaves_nothing_half_stored(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*args: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, step, full)
    with pytest.raises(Refused):
        store.put([b"lamp", b"post"])
    assert files(store) == []


def test_a_disk_that_fills_up_at_the_second_file_does_not_keep_the_first(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, calls = os.fsync, []

    def fills_up(handle: int) -> None:
        calls.append(handle)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        really(handle)

    monkeypatch.setattr(os, "fsync", fills_up)
    with pytest.raises(Refused):
        store.put([b"lamp", b"post"])
    assert files(store) == []


def test_a_read_only_disk_is_refused_in_words_too(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*args: Any) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "fsync", read_only)
    with pytest.raises(Refused):
        store.put([b"lamp"])


def test_a_content_put_again_is_young_again_and_is_not_deleted(store: LocalStore) -> None:
    [digest] = store.put([b"lamp"])
    aged(store, digest, timedelta(days=2))
    store.put([b"lamp"])
    assert not store.delete(digest, untouched_since=datetime.now(UTC) - timedelta(hours=1))
    assert store.exists(digest)


def test_an_old_content_is_deleted_once(store: LocalStore) -> None:
    [digest] = store.put([b"lamp"])
    aged(store, digest, timedelta(days=2))
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert store.delete(digest, untouched_since=an_hour_ago)
    assert not store.delete(digest, untouched_since=an_hour_ago)
    assert not store.exists(digest)
