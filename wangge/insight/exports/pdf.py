"""A scorecard as a sheet to print: A4 across."""

from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A3, A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from wangge.common.typeface import typeface
from wangge.insight.exports.table import Cell, Column, Table

MANY = 14  # columns from which on the sheet is A3
NAME_WIDTH = 38 * mm
LINE = colors.HexColor("#c6cdcf")


def write_pdf(table: Table) -> bytes:
    """Title, notes, and the table, its heads on each page."""
    size = landscape(A3 if len(table.columns) > MANY else A4)
    out = BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=size, title=table.title, leftMargin=12 * mm, rightMargin=12 * mm, topMargin=12 * mm,
        bottomMargin=14 * mm,
    )  # fmt: skip
    words = [Paragraph(escape(table.title), _style(15)), Spacer(1, 3 * mm)]
    words += [Paragraph(escape(note), _style(9)) for note in table.notes]
    document.build(
        [*words, Spacer(1, 4 * mm), _grid(table, document.width)], onFirstPage=_foot, onLaterPages=_foot
    )
    return out.getvalue()


def _style(size: float) -> ParagraphStyle:
    return ParagraphStyle("words", fontName=typeface(), fontSize=size, leading=size * 1.35, wordWrap="CJK")


def _grid(table: Table, width: float) -> LongTable:
    rest = (width - NAME_WIDTH) / max(len(table.columns) - 1, 1)
    heads = [Paragraph(escape(column.head), _style(8)) for column in table.columns]
    body = [
        [_cell(cell, column) for cell, column in zip(row, table.columns, strict=True)] for row in table.rows
    ]
    grid = LongTable([heads, *body], colWidths=[NAME_WIDTH] + [rest] * (len(heads) - 1), repeatRows=1)
    grid.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), typeface(), 8),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
                ("ALIGN", (1, 1), (-1, -1), "RIGHT"),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return grid


def _cell(cell: Cell, column: Column) -> str | Paragraph:
    if cell is None:
        return "–"
    if column.is_share and isinstance(cell, float):
        return f"{cell:.2f} %"
    if isinstance(cell, str):
        return Paragraph(escape(cell), _style(8))
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def _foot(canvas: object, document: SimpleDocTemplate) -> None:
    canvas.setFont(typeface(), 8)  # type: ignore[attr-defined]
    canvas.drawRightString(document.pagesize[0] - 12 * mm, 7 * mm, str(document.page))  # type: ignore[attr-defined]
