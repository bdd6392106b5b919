"""Where the bytes of attachments lie: a content-addressed folder, one file for each content, whoever sent it."""

import fcntl
import hashlib
import logging
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from errno import EDQUOT, ENOSPC
from pathlib import Path
from tempfile import mkstemp
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from wangge.common.refusals import Refused

log = logging.getLogger(__name__)

TEMPORARY = ".new-"
DIGEST = re.compile(r"[0-9a-f]{64}")


def digest_of(content: bytes) -> str:
    """Return the name of a content in the store: its SHA-256 in 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


class LocalStore:
    """A folder of files named by their SHA-256, as `ab/cd/abcd…`; safe with several processes on one machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, digest: str) -> Path:
        """Return where the content with this digest lies or would lie."""
        if not DIGEST.fullmatch(digest):
            raise ValueError(f"not a SHA-256 in hexadecimal: {digest!r}")
        return self.root / digest[:2] / digest[2:4] / digest

    def exists(self, digest: str) -> bool:
        """Say whether the content with this digest is stored."""
        return self.path(digest).is_file()

    def open(self, digest: str) -> IO[bytes]:
        """Open a stored content for reading; FileNotFoundError when it is not stored."""
        return self.path(digest).open("rb")

    def put(self, contents: Sequence[bytes]) -> list[str]:
        """Store contents that belong together and return their digests in the same order.

        All of them are on the disk before the first one gets its name, so that a full disk leaves nothing half
        stored. Raises Refused when the disk is full or does not take them.
        """
        try:
            with self._lock(fcntl.LOCK_SH):
                return self._put(contents)
        except OSError as failure:
            log.exception("attachments: the store at %s did not take a file", self.root)
            raise Refused(_storage_words(failure)) from failure

    def delete(self, digest: str, *, untouched_since: datetime) -> bool:
        """Delete a content that nobody has put since that moment; say whether it was deleted.

        `put` renews a content that is already there. A content somebody is just attaching, whose row is not yet
        committed, is therefore never deleted under their hands.
        """
        path = self.path(digest)
        with self._lock(fcntl.LOCK_EX), suppress(FileNotFoundError):
            if path.stat().st_mtime < untouched_since.timestamp():
                path.unlink()
                return True
        return False

    def digests(self) -> Iterator[str]:
        """Go through the digests of everything stored, in no particular order."""
        for path in self.root.glob("??/??/*"):
            if DIGEST.fullmatch(path.name):
                yield path.name

    def delete_abandoned(self, *, untouched_since: datetime) -> None:
        """Delete what a process killed while writing left behind."""
        for path in self.root.glob(f"??/??/{TEMPORARY}*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < untouched_since.timestamp():
                    path.unlink()

    def _put(self, contents: Sequence[bytes]) -> list[str]:
        written: list[tuple[Path, Path]] = []
        digests = [digest_of(content) for content in contents]
        try:
            for digest, content in dict(zip(digests, contents, strict=True)).items():
                path = self.path(digest)
                if not _renewed(path):
                    written.append((_write_beside(path, content), path))
            for temporary, path in written:
                temporary.replace(path)
                _sync_folder(path.parent)
        finally:
            for temporary, _path in written:
                temporary.unlink(missing_ok=True)
        return digests

    @contextmanager
    def _lock(self, kind: int) -> Iterator[None]:
        """Keep putting (shared) and deleting (alone) apart."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("a") as lock:
            fcntl.flock(lock, kind)
            yield


def local_store() -> LocalStore:
    """Return the store of this installation."""
    return LocalStore(settings.FILES_DIR)


def _renewed(path: Path) -> bool:
    """Say whether the content is already stored, and mark it as wanted today if so."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _write_beside(path: Path, content: bytes) -> Path:
    """Write a temporary file in the folder of `path`, safely on the disk, and return where."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = mkstemp(dir=path.parent, prefix=TEMPORARY)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _sync_folder(folder: Path) -> None:
    """Make a new name survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _storage_words(failure: OSError) -> str:
    if failure.errno in {ENOSPC, EDQUOT}:
        return _(
            "The server has no room for more files. The administrator needs to know; please try again later."
        )
    return _("The server could not store this file. Please try again later.")
