"""Reading files that people bring: size first, then whatever encoding a Chinese office program wrote."""

from os import SEEK_END
from pathlib import Path
from typing import BinaryIO

from django.core.files import File
from django.utils.translation import gettext as _

from wangge.common.refusals import Refused

MEGABYTE = 1024 * 1024


def refuse_too_large(file: BinaryIO, limit_mb: int) -> int:
    """The size in bytes of a file that is open; leaves it at its beginning. Raises `Refused` above `limit_mb`."""
    size = file.seek(0, SEEK_END)
    file.seek(0)
    if size > limit_mb * MEGABYTE:
        raise too_large(limit_mb)
    return size


def too_large(limit_mb: int) -> Refused:
    """The refusal of a file above the limit, naming it."""
    return Refused(
        _("The file is larger than %(limit)s MB. Split it, by county for instance.") % {"limit": limit_mb}
    )


def keep(content: File, path: Path) -> None:
    """Write what somebody sent to a file of ours, piece by piece."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as kept:
        for piece in content.chunks():
            kept.write(piece)


def read_text(source: Path | BinaryIO, limit_mb: int) -> str:
    """The text of a file or stream, in UTF-8 or GB 18030. Raises `Refused` above `limit_mb` and on other encodings."""
    content = _read(source, limit_mb * MEGABYTE)
    if len(content) > limit_mb * MEGABYTE:
        raise too_large(limit_mb)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_("The file is neither in UTF-8 nor in GB 18030. Save it as UTF-8."))


def _read(source: Path | BinaryIO, limit: int) -> bytes:
    """At most one byte more than the limit, so that a huge file never fills the memory."""
    if not isinstance(source, Path):
        return source.read(limit + 1)
    try:
        with source.open("rb") as file:
            return file.read(limit + 1)
    except OSError as error:
        raise Refused(
            _("%(file)s cannot be read: %(why)s.") % {"file": source.name, "why": error.strerror}
        ) from error
