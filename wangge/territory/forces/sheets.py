"""Sheets to print: plates for grids and badges for workers, each with a QR code."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from wangge.common.typeface import typeface

MILLIMETRE = 72 / 25.4
PAGE = (210 * MILLIMETRE, 297 * MILLIMETRE)
MOST = 600  # plates or badges in one file


@dataclass(frozen=True)
class Plate:
    """What stands on the plate of a grid."""

    name: str
    within: str
    code: str
    link: str


@dataclass(frozen=True)
class Card:
    """What stands on a badge; a photo in JPEG only with consent."""

    name: str
    post: str
    within: str
    serial: str
    valid_to: date
    link: str
    photo: bytes | None = None


@dataclass(frozen=True)
class _Grid:
    """How the pieces lie on the sheet, in millimetres."""

    columns: int
    rows: int
    width: float
    height: float


PLATES = _Grid(2, 3, 95, 92)
BADGES = _Grid(2, 5, 85.6, 54)  # ISO 7810 ID-1, the size of a bank card


def plates(items: Sequence[Plate], *, site: str) -> bytes:
    """Six plates on a page of A4, with lines to cut along."""
    return _sheets(items, PLATES, lambda canvas, plate, x, y: _plate(canvas, plate, x, y, site))


def badges(items: Sequence[Card], *, site: str) -> bytes:
    """Ten badges of the size of a bank card on a page of A4."""
    return _sheets(items, BADGES, lambda canvas, card, x, y: _badge(canvas, card, x, y, site))


def _sheets(items: Iterable[Any], grid: _Grid, draw: Callable[[Any, Any, float, float], None]) -> bytes:
    # Read when wanted: what draws sheets takes a while to load, and most processes never draw one.
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, pagesize=PAGE)
    each = grid.columns * grid.rows
    for number, item in enumerate(items):
        if number and number % each == 0:
            canvas.showPage()
        column, row = number % grid.columns, number % each // grid.columns
        left = (PAGE[0] / MILLIMETRE - grid.columns * grid.width) / 2 + column * grid.width
        top = (PAGE[1] / MILLIMETRE - grid.rows * grid.height) / 2 + row * grid.height
        x, y = left * MILLIMETRE, PAGE[1] - (top + grid.height) * MILLIMETRE
        canvas.setStrokeGray(0.75)
        canvas.setLineWidth(0.3)
        canvas.rect(x, y, grid.width * MILLIMETRE, grid.height * MILLIMETRE)
        canvas.setFillGray(0)
        draw(canvas, item, x, y)
    canvas.save()
    return out.getvalue()


def _plate(canvas: Any, plate: Plate, x: float, y: float, site: str) -> None:
    middle = x + PLATES.width * MILLIMETRE / 2
    _middle(canvas, plate.within, middle, y + 82 * MILLIMETRE, 10, PLATES.width - 8)
    _middle(canvas, plate.name, middle, y + 72.5 * MILLIMETRE, 22, PLATES.width - 8)
    side = 42 * MILLIMETRE  # around it four modules stay white, as readers want
    _code(canvas, plate.link, middle - side / 2, y + 23.5 * MILLIMETRE, side)
    _middle(
        canvas,
        _("Who is my grid worker? Report something here."),
        middle,
        y + 15.5 * MILLIMETRE,
        10.5,
        PLATES.width - 8,
    )
    _middle(canvas, plate.code, middle, y + 10 * MILLIMETRE, 8, PLATES.width - 8)
    _middle(canvas, site, middle, y + 5.5 * MILLIMETRE, 8, PLATES.width - 8)


def _badge(canvas: Any, card: Card, x: float, y: float, site: str) -> None:
    left = x + 5 * MILLIMETRE
    wide = 46.0
    if card.photo is not None:
        _photo(canvas, card.photo, left, y + 19 * MILLIMETRE)
        left, wide = left + 23 * MILLIMETRE, wide - 23
    _left(canvas, site, x + 5 * MILLIMETRE, y + 46.5 * MILLIMETRE, 8, 75)
    _left(canvas, card.name, left, y + 36 * MILLIMETRE, 17, wide)
    _left(canvas, card.post, left, y + 29.5 * MILLIMETRE, 9.5, wide)
    _left(canvas, card.within, left, y + 24 * MILLIMETRE, 8.5, wide)
    _left(
        canvas, _("No. %(serial)s") % {"serial": card.serial}, x + 5 * MILLIMETRE, y + 12 * MILLIMETRE, 10, 48
    )
    until = _("Valid until %(day)s") % {"day": card.valid_to.isoformat()}
    _left(canvas, until, x + 5 * MILLIMETRE, y + 7 * MILLIMETRE, 8, 48)
    _code(canvas, card.link, x + 54 * MILLIMETRE, y + 12 * MILLIMETRE, 27 * MILLIMETRE)
    _left(canvas, _("Scan to verify"), x + 58 * MILLIMETRE, y + 5.5 * MILLIMETRE, 8, 25)


def _middle(canvas: Any, text: str, x: float, y: float, size: float, most: float) -> None:
    canvas.setFont(typeface(), _fitting(canvas, text, size, most))
    canvas.drawCentredString(x, y, text)


def _left(canvas: Any, text: str, x: float, y: float, size: float, most: float) -> None:
    canvas.setFont(typeface(), _fitting(canvas, text, size, most))
    canvas.drawString(x, y, text)


def _fitting(canvas: Any, text: str, size: float, most: float) -> float:
    """The size, made smaller where the text would be wider than `most` millimetres."""
    width = canvas.stringWidth(text, typeface(), size)
    return size if width <= most * MILLIMETRE else size * most * MILLIMETRE / width


def _photo(canvas: Any, jpeg: bytes, x: float, y: float) -> None:
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(
        ImageReader(BytesIO(jpeg)),
        x,
        y,
        20 * MILLIMETRE,
        25 * MILLIMETRE,
        preserveAspectRatio=True,
        anchor="sw",
    )


def _code(canvas: Any, link: str, x: float, y: float, side: float) -> None:
    """A QR code that still reads with a quarter of it scratched off."""
    import segno

    modules = [list(row) for row in segno.make(link, error="q", micro=False).matrix]
    step = side / len(modules)
    canvas.setFillGray(0)
    for number, row in enumerate(modules):
        for start, length in _runs(row):
            # A hair wider than its place, so that no viewer draws white lines between two rows.
            canvas.rect(
                x + start * step, y + side - (number + 1) * step, length * step, step * 1.02, stroke=0, fill=1
            )


def _runs(row: Sequence[int]) -> Iterable[tuple[int, int]]:
    """Where dark modules stand next to each other: start and length."""
    start = None
    for at, module in enumerate([*row, 0]):
        if module and start is None:
            start = at
        elif not module and start is not None:
            yield start, at - start
            start = None
