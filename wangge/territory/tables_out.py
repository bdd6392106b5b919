"""Tables as files to keep, CSV or XLSX; what leaves the house is written in the access log."""

import csv
import io
import re
from collections.abc import Sequence

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone

from wangge.accounts.models import Account
from wangge.audit.actions import record_access

Cell = str | int | float
Cells = Sequence[Sequence[Cell]]
FORMULA = ("=", "+", "-", "@")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@transaction.atomic
def answer_with(kind: str, cells: Cells, *, name: str, by: Account, act: str, subject: str) -> HttpResponse:
    """Write the cells as a file to keep, and that it was asked for."""
    content = _xlsx(cells) if kind == "xlsx" else _csv(cells)
    record_access(
        act,
        by=by,
        at=timezone.now(),
        subject_kind=subject,
        detail={"as": kind, "rows": len(cells) - 1},
    )
    return HttpResponse(
        content,
        content_type=KINDS[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'},
    )


def _csv(cells: Cells) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([_safe(cell) for cell in row] for row in cells)
    return out.getvalue().encode("utf-8-sig")  # with the mark by which spreadsheets know Chinese


def _xlsx(cells: Cells) -> bytes:
    from openpyxl import Workbook  # read when wanted: it takes a while to load

    book = Workbook(write_only=True)  # row by row: a whole register would fill the memory
    sheet = book.create_sheet()
    sheet.freeze_panes = "B2"
    for row in cells:
        sheet.append([_safe(_without_controls(cell)) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _without_controls(cell: Cell) -> Cell:
    """No workbook holds them; a note pasted from elsewhere may."""
    return CONTROLS.sub("", cell) if isinstance(cell, str) else cell


def _safe(cell: Cell) -> Cell:
    """Words that a spreadsheet would take for a formula stay words."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def as_meant(cell: str) -> str:
    """The words of a cell without the mark by which they stayed words."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
