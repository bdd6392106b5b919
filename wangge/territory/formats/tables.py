"""CSV: boundaries with a column of WKT, points with a column each for x and y."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.territory import systems
from wangge.territory.files import read_text
from wangge.territory.formats.contents import Contents, Feature

LIMIT_MB = 100
_SHAPE = ("wkt", "geometry", "geom", "边界", "图形")
_X = ("lon", "lng", "longitude", "x", "经度", "横坐标")
_Y = ("lat", "latitude", "y", "纬度", "纵坐标")
_SYSTEM = ("crs", "坐标系")


def open_table(path: Path) -> Contents:
    """Open a CSV in UTF-8 or GB 18030; the heading is row 1. A column `crs` names the system, the same in every row."""
    csv.field_size_limit(32 * 1024 * 1024)
    reader = csv.reader(io.StringIO(read_text(path, LIMIT_MB), newline=""))
    names = [name.strip().lower() for name in next(reader, [])]
    shape, x, y = (_place(names, ways) for ways in (_SHAPE, _X, _Y))
    if shape is None and (x is None or y is None):
        raise Refused(_("The table has neither a column wkt nor columns lon and lat."))
    contents = Contents(iter(()))
    rows = _rows(reader, names)
    first = next(rows, None)
    if first is not None:
        told = next((first[1][name] for name in _SYSTEM if first[1].get(name)), "")
        contents.system = systems.by_name(told) if told else None

    def features() -> Iterator[Feature]:
        for row, cells in [first] if first else []:
            yield _feature(row, cells, names, shape, x, y)
        for row, cells in rows:
            yield _feature(row, cells, names, shape, x, y)

    contents.features = features()
    return contents


def _place(names: list[str], ways: tuple[str, ...]) -> int | None:
    return next((names.index(way) for way in ways if way in names), None)


def _rows(reader: Any, names: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        for values in reader:
            if any(value.strip() for value in values):
                cells = [value.strip() for value in values] + [""] * (len(names) - len(values))
                yield reader.line_num, dict(zip(names, cells, strict=False))
    except csv.Error as error:
        raise Refused(
            _("The table cannot be read at line %(row)s: %(why)s.") % {"row": reader.line_num, "why": error}
        ) from error


def _feature(
    row: int, cells: dict[str, str], names: list[str], shape: int | None, x: int | None, y: int | None
) -> Feature:
    if shape is not None and cells[names[shape]]:
        return Feature(row, cells, cells[names[shape]])
    if x is None or y is None:
        return Feature(row, cells, None)
    east, north = cells[names[x]], cells[names[y]]
    return Feature(row, cells, f"POINT ({east} {north})" if east and north else None)
