"""What happens to one uploaded file before it belongs to anything: named, recognised, cleaned, stored."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import filetype
from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from wangge.attachments import audio, documents, images
from wangge.attachments.images import Taken
from wangge.attachments.models import Kind
from wangge.attachments.store import LocalStore, local_store
from wangge.common.refusals import Refused

MAX_FILES = 9
MAX_BYTES = max(images.MAX_BYTES, audio.MAX_BYTES, documents.MAX_BYTES)
MEGABYTE = 1024 * 1024

# Control characters, and the marks that turn "gpj.exe" around on screen.
UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn"}


@dataclass(frozen=True)
class StoredFile:
    """One file that is in the store and not yet attached to anything; sizes in bytes and pixels."""

    name: str
    kind: Kind
    media_type: str
    size: int
    sha256: str
    medium_sha256: str = ""
    thumb_sha256: str = ""
    width: int | None = None
    height: int | None = None
    taken: Taken = field(default_factory=Taken)


@dataclass(frozen=True)
class Received:
    """The files that were good, in the order they came, and (name, message) of each that was not."""

    kept: Sequence[StoredFile]
    refused: Sequence[tuple[str, str]]


def receive(files: "Iterable[File[bytes]]") -> Received:
    """Recognise, clean and store at most MAX_FILES uploaded files; a bad one does not spoil the good ones.

    Takes a noticeable time for each photo and touches no database: call it before the transaction begins.
    """
    store, zone = local_store(), ZoneInfo(settings.TIME_ZONE)
    kept: list[StoredFile] = []
    refused: list[tuple[str, str]] = []
    for number, file in enumerate(files, start=1):
        name = clean_name(file.name or "")
        try:
            if number > MAX_FILES:
                raise Refused(
                    _("No more than %(count)d files at once; this one was left out.") % {"count": MAX_FILES}
                )
            kept.append(_stored(_content(file), name, store, zone))
        except Refused as refusal:
            refused.append((name, str(refusal)))
    return Received(kept, refused)


def clean_name(name: str) -> str:
    """Return the last part of a file name, printable, at most 120 characters, its ending kept."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    printable = "".join(c for c in last if unicodedata.category(c) not in UNPRINTABLE).strip(" .")
    ending = Path(printable).suffix[:10]
    stem = printable.removesuffix(ending)
    return (stem[: 120 - len(ending)] + ending) or _("unnamed")


def _content(file: "File[bytes]") -> bytes:
    if not file.size:
        raise Refused(_("This file is empty."))
    _refuse_oversize(file.size, MAX_BYTES)
    content: bytes = file.read()
    return content


def _refuse_oversize(size: int, limit: int) -> None:
    if size > limit:
        raise Refused(_("This file is larger than %(megabytes)d MB.") % {"megabytes": limit // MEGABYTE})


def _stored(content: bytes, name: str, store: LocalStore, zone: ZoneInfo) -> StoredFile:
    sniffed = filetype.guess_mime(content) or ""
    if sniffed in images.DECODERS:
        _refuse_oversize(len(content), images.MAX_BYTES)
        return store_picture(*images.read_photo(content, sniffed=sniffed, zone=zone), name=name, store=store)
    if sound := audio.audio_type(content):
        return _as_it_came(content, name, Kind.AUDIO, sound, store)
    if documents.is_pdf(content):
        return _as_it_came(content, name, Kind.DOCUMENT, "application/pdf", store)
    if sniffed.startswith("video/"):
        raise Refused(_("Videos cannot be taken. Please send photos instead."))
    raise Refused(_("This is not a photo (JPEG, HEIC, PNG, WebP), a recording or a PDF."))


def store_picture(picture: images.Picture, taken: Taken, *, name: str, store: LocalStore) -> StoredFile:
    """Store a clean picture in its three sizes; Refused when the disk does not take them."""
    full, medium, thumb = store.put([picture.full, picture.medium, picture.thumb])
    return StoredFile(
        name=name,
        kind=Kind.PHOTO,
        media_type=picture.media_type,
        size=len(picture.full),
        sha256=full,
        medium_sha256=medium,
        thumb_sha256=thumb,
        width=picture.width,
        height=picture.height,
        taken=taken,
    )


def _as_it_came(content: bytes, name: str, kind: Kind, media_type: str, store: LocalStore) -> StoredFile:
    [digest] = store.put([content])
    return StoredFile(name=name, kind=kind, media_type=media_type, size=len(content), sha256=digest)
