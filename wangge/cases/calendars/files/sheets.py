"""Marked days as a sheet: the columns date, kind, name, with headings in Chinese or English."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from wangge.cases.calendars.files.kinds import kind_of
from wangge.cases.calendars.files.reading import Told, Unreadable

HEADINGS = {
    "date": {"date", "day", "日期", "日"},
    "kind": {"kind", "type", "类型", "类别", "性质"},
    "name": {"name", "holiday", "名称", "节日", "节日名称", "备注"},
}
# Spreadsheets of Chinese Windows save GB18030 unless told otherwise.
ENCODINGS = ("utf-8-sig", "gb18030")
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")


def read_sheet(content: bytes) -> Told:
    """Read a sheet; what is wrong is told line by line."""
    lines = _decoded(content).splitlines()
    if not lines:
        raise Unreadable([_("The file is empty.")])
    rows = csv.reader(io.StringIO("\n".join(lines)), delimiter=_separator(lines[0]))
    columns = _columns(next(rows, []))
    told = Told()
    for row in rows:
        if any(cell.strip() for cell in row):
            _read_row(told, rows.line_num, row, columns)
    return told


def _decoded(content: bytes) -> str:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable([_("The file is neither UTF-8 nor GB18030 text. Save the sheet as CSV.")])


def _separator(heading: str) -> str:
    return max(",;\t", key=heading.count)


def _columns(heading: Sequence[str]) -> dict[str, int]:
    cells = [cell.strip().lower() for cell in heading]
    found = {
        name: number for name, words in HEADINGS.items() for number, cell in enumerate(cells) if cell in words
    }
    missing = [name for name in ("date", "kind") if name not in found]
    if missing:
        raise Unreadable(
            [_("Line 1: the headings are date,kind,name or 日期,类型,名称; missing: %(missing)s.") % {"missing": ", ".join(missing)}]
        )  # fmt: skip
    return found


def _read_row(told: Told, line: int, row: Sequence[str], columns: Mapping[str, int]) -> None:
    def cell(name: str) -> str:
        number = columns.get(name, len(row))
        return row[number].strip() if number < len(row) else ""

    where = _("Line %(line)d") % {"line": line}
    day, kind = _day(cell("date")), kind_of(cell("kind"))
    if day is None:
        told.faults.append(
            _("%(where)s: “%(words)s” is no date. Write 2027-01-03.")
            % {"where": where, "words": cell("date")[:40]}
        )
    if kind is None:
        told.faults.append(
            _("%(where)s: “%(words)s” is no kind of day. Write work or rest (班, 休), or normal (正常).")
            % {"where": where, "words": cell("kind")[:40]}
        )
    if day is not None and kind is not None:
        told.add(where, [day], kind, cell("name")[:60])


def _day(words: str) -> date | None:
    found = DATE.fullmatch(words)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None
