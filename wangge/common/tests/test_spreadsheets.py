"""Workbooks that are whole, and those that are not: each is read, or refused in words."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation
from openpyxl import Workbook

from wangge.common import spreadsheets
from wangge.common.refusals import Refused
from wangge.common.spreadsheets import read_rows

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def workbook() -> bytes:
    book = Workbook()
    for row in (["code", "lon", "note"], ["a", 118.5, None], ["b", 118.6, "路口"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def altered(member: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """A workbook of which one member says something else, or is not there."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook())) as whole,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as other,
    ):
        for name in whole.namelist():
            content = change(whole.read(name)) if name == member else whole.read(name)
            if content is not None:
                other.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"no archive",
        workbook()[:900],
        altered(SHEET, lambda xml: xml[:200]),
        altered(SHEET, lambda xml: None),
        altered(SHEET, lambda xml: xml.replace(b"118.5", b"east")),
        altered(SHEET, lambda xml: xml.replace(b't="n"', b't="s"')),
        altered(SHEET, lambda xml: xml.replace(b'r="A2"', b'r="??"')),
        altered("xl/workbook.xml", lambda xml: xml[:200]),
        altered("xl/styles.xml", lambda xml: b"?"),
        altered("[Content_Types].xml", lambda xml: None),
    ],
)
def test_a_workbook_that_is_damaged_is_refused_in_words(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(Refused, match=r"a\.xlsx cannot be read"):
        list(read_rows(tmp_path / "a.xlsx"))


@pytest.mark.parametrize("member", ["xl/styles.xml", SHEET])
def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read(
    member: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheets, "HELD_MB", 1)
    monkeypatch.setattr(spreadsheets, "UNPACKED_MB", 2)
    packed = altered(member, lambda xml: xml + b" " * 3 * 1024 * 1024)
    assert len(packed) < 50_000
    (tmp_path / "a.xlsx").write_bytes(packed)
    with pytest.raises(Refused, match="unpacks to too much"):
        list(read_rows(tmp_path / "a.xlsx"))


def test_a_row_that_ends_early_has_its_last_columns_empty(tmp_path: Path) -> None:
    content = altered(SHEET, lambda xml: xml.replace(b'<dimension ref="A1:C3" />', b""))
    (tmp_path / "a.xlsx").write_bytes(content)
    assert list(read_rows(tmp_path / "a.xlsx")) == [
        (2, {"code": "a", "lon": "118.5", "note": ""}),
        (3, {"code": "b", "lon": "118.6", "note": "路口"}),
    ]


def test_lines_are_as_wide_as_the_names_of_the_columns(tmp_path):
    """A sheet is not read hundreds of cells wide because one far away, or the reader, might want it."""
    path = tmp_path / "book.xlsx"
    path.write_bytes(altered(SHEET, lambda xml: xml.replace(b'r="C3"', b'r="ZZ3"')))
    with spreadsheets.open_workbook(path, path.name) as book:
        lines = list(spreadsheets.lines_of(book.worksheets[0]))
    assert lines == [("code", "lon", "note"), ("a", 118.5, None), ("b", 118.6, None)]


def test_a_sheet_without_names_of_columns_has_no_lines(tmp_path):
    path = tmp_path / "book.xlsx"
    Workbook().save(path)
    with spreadsheets.open_workbook(path, path.name) as book:
        assert list(spreadsheets.lines_of(book.worksheets[0])) == []
