"""Reading rows of CSV, XLSX and Open311 JSON files, one after another in constant memory (JSON excepted)."""

import csv
import json
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.common.unkept import without_unkept

Row = dict[str, str]

# A workbook packs to a tenth; much more is a trap. Its rows are streamed, its texts are held in memory.
UNPACKED_MB, HELD_MB = 2048, 256
MEGABYTE = 1024 * 1024
MOST_COLUMNS = 500  # one cell at the far edge would make each row sixteen thousand wide
# What a workbook raises that is no longer whole: it is an archive, of XML, whose cells point to each other.
_BROKEN = (
    BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ParseError, LookupError, ValueError, TypeError,
    AttributeError, OSError,
)  # fmt: skip


def read_rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield (line number, row) of a file; the first line of a table names the columns.

    Raises Refused when the file is missing, empty, of another kind, or broken.
    """
    readers = {".csv": _csv, ".xlsx": _xlsx, ".json": _json}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise Refused(_("%(file)s: only .csv, .xlsx and .json files can be read.") % {"file": path.name})
    if not path.is_file():
        raise Refused(_("There is no file %(file)s.") % {"file": path})
    try:
        yield from reader(path)
    except UnicodeDecodeError:
        raise Refused(_("%(file)s is neither in UTF-8 nor in GB 18030.") % {"file": path.name}) from None
    except (csv.Error, json.JSONDecodeError, OSError) as error:
        raise Refused(_("%(file)s cannot be read: %(why)s") % {"file": path.name, "why": error}) from None


def _csv(path: Path) -> Iterator[tuple[int, Row]]:
    with path.open(encoding=_encoding(path), newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            yield number, {name: _clean(value or "") for name, value in row.items() if name is not None}


def _encoding(path: Path) -> str:
    """UTF-8 where the whole file is that, else GB 18030, which Chinese office programs write."""
    reader = getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(1 << 20):
                reader.decode(chunk)
            reader.decode(b"", final=True)
        except UnicodeDecodeError:
            return "gb18030"
    return "utf-8-sig"


def _xlsx(path: Path) -> Iterator[tuple[int, Row]]:
    with open_workbook(path, path.name) as book:
        lines = lines_of(book.worksheets[0])
        names = [_text(cell) for cell in next(lines, ())]
        for number, cells in enumerate(lines, 2):
            if any(cell is not None for cell in cells):
                named = zip_longest(names, cells)  # a row may end before its last columns
                yield number, {name: _text(cell) for name, cell in named if name}


@contextmanager
def open_workbook(source: Path | IO[bytes], name: str) -> Iterator[Any]:
    """A workbook that is read row by row inside the block; raises `Refused` wherever it proves damaged, or a trap."""
    from openpyxl import load_workbook  # read when wanted: it takes longer to load than a page

    try:
        _refuse_a_trap(source, name)
        book = load_workbook(source, read_only=True, data_only=True)
        try:
            yield book
        finally:
            book.close()
    except _BROKEN as error:
        said = {"file": name, "why": _("this is no whole workbook")}
        raise Refused(_("%(file)s cannot be read: %(why)s") % said) from error


def lines_of(page: Any) -> Iterator[tuple[Any, ...]]:
    """Yield the values of a sheet line by line, none wider than the first, which names the columns."""
    first = next(page.iter_rows(values_only=True, max_row=1, max_col=MOST_COLUMNS), ())
    width = max((number for number, cell in enumerate(first, 1) if cell is not None), default=0)
    if width:
        yield first[:width]
        yield from page.iter_rows(values_only=True, min_row=2, max_col=width)


def _refuse_a_trap(source: Path | IO[bytes], name: str) -> None:
    """Raise `Refused` for a workbook that unpacks to far more than anybody typed."""
    with ZipFile(source) as archive:
        members = archive.infolist()
    held = sum(one.file_size for one in members if not one.filename.startswith("xl/worksheets/"))
    unpacked = sum(one.file_size for one in members)
    if held > HELD_MB * MEGABYTE or unpacked > UNPACKED_MB * MEGABYTE:
        said = {"file": name, "why": _("it unpacks to too much. Save it as CSV")}
        raise Refused(_("%(file)s cannot be read: %(why)s") % said)


def _json(path: Path) -> Iterator[tuple[int, Row]]:
    data = json.loads(path.read_text(encoding="utf-8-sig"))
    if isinstance(data, dict):  # some servers keep the wrapper
        data = next((value for value in data.values() if isinstance(value, list)), None)
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise Refused(_("%(file)s is no list of Open311 requests.") % {"file": path.name})
    for number, row in enumerate(data, 1):
        yield number, {name: _text(value) for name, value in row.items()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _clean(str(value))


def _clean(cell: str) -> str:
    """Return a cell without what no database keeps, and without blanks around it."""
    return without_unkept(cell).strip()
