"""GeoJSON read feature by feature: memory holds one piece of the file and one feature, whatever the file's size."""

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.territory import systems
from wangge.territory.coordinates import CRS
from wangge.territory.files import MEGABYTE, refuse_too_large
from wangge.territory.formats.contents import Contents, Feature
from wangge.territory.systems import System

PIECE = 256 * 1024  # bytes read at a time
LARGEST_FEATURE = 32 * MEGABYTE  # characters; the outline of a province has half a million corners
LAST = 8192  # bytes at the end in which a coordinate system is looked for
_BLANK = " \t\r\n"


def open_geojson(file: BinaryIO, limit_mb: int) -> Contents:
    """Open a feature collection in UTF-8 or GB 18030. Raises `Refused` on what is no such collection.

    What a file of RFC 7946 does not say is WGS84.
    """
    size = refuse_too_large(file, limit_mb)
    reader = _Reader(file, _encoding(file))
    declared = reader.head().get("crs") or _declared_last(file, size)
    contents = Contents(iter(()), _system(declared) if declared else CRS.WGS84)

    def features() -> Iterator[Feature]:
        for number, value in enumerate(reader.elements(), start=1):
            contents.done = min(1.0, file.tell() / max(size, 1))
            yield _feature(number, value)
        _refuse_hidden_system(reader.tail(), contents.system)

    contents.features = features()
    return contents


def _feature(number: int, value: Any) -> Feature:
    if not isinstance(value, dict):
        return Feature(number, {}, None, _("This is not a feature."))
    said = value.get("properties")
    properties = {str(key).lower(): each for key, each in said.items()} if isinstance(said, dict) else {}
    if value.get("id") is not None:
        properties.setdefault("id", value["id"])
    return Feature(number, properties, value.get("geometry"))


def _system(declared: Any) -> System:
    """What the member `crs` of the older GeoJSON names, or an exchange in China writes there."""
    named = declared.get("properties") if isinstance(declared, dict) else None
    name = named.get("name") if isinstance(named, dict) else declared
    return systems.by_name(name if isinstance(name, str) else json.dumps(declared, ensure_ascii=False))


def _declared_last(file: BinaryIO, size: int) -> Any:
    """The member `crs` behind the features, where some programs write it; leaves the file where it is."""
    here = file.tell()
    file.seek(max(0, size - LAST))
    found = re.search(rb'\]\s*,\s*"crs"\s*:\s*(.*)\}\s*$', file.read(), re.S)
    file.seek(here)
    if found is None:
        return None
    try:
        return json.loads(found[1])
    except ValueError:
        return None  # something else stands behind it; `_refuse_hidden_system` will meet it


def _refuse_hidden_system(said: dict[str, Any], system: System | None) -> None:
    if said.get("crs") and _system(said["crs"]) != system:
        raise Refused(
            _("The file names its coordinate system behind its features. Move it before them."), "crs"
        )


def _encoding(file: BinaryIO) -> str:
    """UTF-8 or GB 18030, found out by decoding all of it piece by piece; leaves the file at its beginning."""
    for encoding in ("utf-8-sig", "gb18030"):
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while piece := file.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        file.seek(0)
        return encoding
    raise Refused(_("The file is neither in UTF-8 nor in GB 18030. Save it as UTF-8."))


class _Reader:
    """A window over the text that moves on as values are taken from its front."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._decode = codecs.getincrementaldecoder(encoding)()
        self._json = json.JSONDecoder()
        self._text, self._at, self._ended = "", 0, False

    def head(self) -> dict[str, Any]:
        """The members before `features`; leaves the window behind its opening bracket."""
        self._take("{")
        said = self._members(until="features")
        if self._next() != "[":
            raise _no_collection()
        self._take("[")
        return said

    def elements(self) -> Iterator[Any]:
        """The values of the list one by one."""
        if self._next() == "]":
            self._take("]")
            return
        while True:
            yield self._value()
            if self._next() == "]":
                self._take("]")
                return
            self._take(",")

    def tail(self) -> dict[str, Any]:
        """The members behind `features`, to the end of the text."""
        said: dict[str, Any] = {}
        if self._next() == ",":
            self._take(",")
            said = self._members(until=None)
        self._take("}")
        return said

    def _members(self, until: str | None) -> dict[str, Any]:
        said: dict[str, Any] = {}
        while True:
            name = self._value()
            self._take(":")
            if name == until:
                return said
            said[str(name)] = self._value()
            if self._next() != ",":
                if until is not None:
                    raise _no_collection()
                return said
            self._take(",")

    def _next(self) -> str:
        """The next character that is not blank; empty at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANK:
                self._at += 1
            if self._at < len(self._text) or not self._more():
                return self._text[self._at : self._at + 1]

    def _take(self, character: str) -> None:
        if self._next() != character:
            raise _no_collection()
        self._at += 1

    def _value(self) -> Any:
        """The value at the front, with as much of the file read as it needs."""
        self._next()
        wanted = PIECE
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except RecursionError as error:
                raise _broken(error) from error
            except ValueError as error:
                # Read twice as much each time, so that a large feature is not parsed a hundred times over.
                if not self._more(wanted):
                    raise _broken(error) from error
                wanted *= 2
                continue
            # A number at the very end of the window may go on.
            if end == len(self._text) and self._more():
                continue
            self._at = end
            return value

    def _more(self, wanted: int = PIECE) -> bool:
        """Move the window on by about `wanted` bytes; False at the end of the file."""
        if self._ended:
            return False
        if len(self._text) - self._at > LARGEST_FEATURE:
            raise Refused(
                _("A feature is larger than %(limit)s MB.") % {"limit": LARGEST_FEATURE // MEGABYTE}
            )
        piece = self._file.read(wanted)
        self._ended = not piece
        self._text = self._text[self._at :] + self._decode.decode(piece, final=self._ended)
        self._at = 0
        return not self._ended


def _broken(error: Exception) -> Refused:
    return Refused(_("This is not GeoJSON: %(why)s.") % {"why": error})


def _no_collection() -> Refused:
    return Refused(_("This is not a GeoJSON collection of features (FeatureCollection)."))
