"""CSV and XLSX: boundaries with a column of WKT, points with a column each for x and y."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.common.spreadsheets import read_rows
from wangge.territory import systems
from wangge.territory.files import read_text
from wangge.territory.formats.contents import Contents, Feature
from wangge.territory.systems import System

LIMIT_MB = 100
Numbered = Iterator[tuple[int, dict[str, str]]]  # rows with the number of their line
_SHAPE = ("wkt", "geometry", "geom", "边界", "图形")
_X = ("lon", "lng", "longitude", "x", "经度", "横坐标")
_Y = ("lat", "latitude", "y", "纬度", "纵坐标")
_SYSTEM = ("crs", "坐标系")


def open_table(path: Path, ending: str = ".csv") -> Contents:
    """Open a CSV in UTF-8 or GB 18030, or the first sheet of an XLSX; the heading is row 1.

    A column `crs` names the system, the same in every row.
    """
    names, rows = _sheet(path) if ending == ".xlsx" else _text(path)
    shape, x, y = (_place(names, ways) for ways in (_SHAPE, _X, _Y))
    if shape is None and (x is None or y is None):
        raise Refused(_("The table has neither a column wkt nor columns lon and lat."))
    first = next(rows, None)
    if first is None:
        raise Refused(_("The file has no rows."))
    told = next((first[1][name] for name in _SYSTEM if first[1].get(name)), "")
    system = systems.by_name(told) if told else None
    features = (_feature(row, cells, names, shape, x, y) for row, cells in chain([first], rows))
    return Contents((_told_alike(feature, system) for feature in features), system)


def _told_alike(feature: Feature, system: System | None) -> Feature:
    """With a fault where a row names another system than the first did, or where that named none: it would lie elsewhere."""
    told = next((feature.properties[name] for name in _SYSTEM if feature.properties.get(name)), "")
    if not told or told == system:
        return feature
    try:
        is_alike = systems.by_name(told) == system
    except Refused as refused:
        return replace(feature, fault=str(refused))
    fault = _("This row is in another coordinate system than the first. Bring it in a file of its own.")
    return feature if is_alike else replace(feature, fault=fault)


def _place(names: list[str], ways: tuple[str, ...]) -> int | None:
    return next((names.index(way) for way in ways if way in names), None)


def _text(path: Path) -> tuple[list[str], Numbered]:
    csv.field_size_limit(32 * 1024 * 1024)
    reader = csv.reader(io.StringIO(read_text(path, LIMIT_MB), newline=""))
    names = [name.strip().lower() for name in next(reader, [])]
    return names, _rows(reader, names)


def _sheet(path: Path) -> tuple[list[str], Numbered]:
    """A sheet as a table of texts; a file that is none is refused when its first row is read."""
    rows = ((row, {name.lower(): cell for name, cell in cells.items()}) for row, cells in read_rows(path))
    first = next(rows, None)
    if first is None:
        raise Refused(_("The file has no rows."))
    return list(first[1]), chain([first], rows)


def _rows(reader: Any, names: list[str]) -> Numbered:
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
    if shape is not None and (written := cells.get(names[shape])):
        return Feature(row, cells, written)
    if x is None or y is None:
        return Feature(row, cells, None)
    east, north = cells.get(names[x]), cells.get(names[y])
    return Feature(row, cells, f"POINT ({east} {north})" if east and north else None)
