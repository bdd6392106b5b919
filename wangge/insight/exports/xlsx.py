"""A scorecard as a spreadsheet."""

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from wangge.insight.exports.table import Cell, Column, Table

WIDE, NARROW = 28, 12


def write_xlsx(table: Table) -> bytes:
    """One sheet: title, notes, heads, rows; shares are numbers formatted as per cent."""
    book = Workbook()
    sheet = book.active
    sheet.title = table.name[:31].replace("~", "-")
    sheet.append([_safe(table.title)])
    sheet["A1"].font = Font(bold=True, size=14)
    for note in table.notes:
        sheet.append([_safe(note)])
    sheet.append([])
    sheet.append([_safe(column.head) for column in table.columns])
    head = sheet.max_row
    for cell in sheet[head]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for row in table.rows:
        sheet.append([_value(cell, column) for cell, column in zip(row, table.columns, strict=True)])
        for cell, column in zip(sheet[sheet.max_row], table.columns, strict=True):
            cell.number_format = "0.00%" if column.is_share else "General"
    for number in range(1, len(table.columns) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDE if number == 1 else NARROW
    sheet.freeze_panes = sheet.cell(row=head + 1, column=2)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _value(cell: Cell, column: Column) -> Cell:
    if cell is None:
        return "–"
    if column.is_share and isinstance(cell, float):
        return cell / 100
    return _safe(cell) if isinstance(cell, str) else cell


def _safe(text: str) -> str:
    """Words that a spreadsheet would take for a formula stay words."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
