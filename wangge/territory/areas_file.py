"""The tree of areas from CSV: the Ministry of Civil Affairs' tables as published, or a list of your own.

Nothing here touches the database; `imports` stores what this module read, and only if there is no error at all.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.territory import codes
from wangge.territory.files import read_text
from wangge.territory.levels import RANK, kind_from, level_from
from wangge.territory.models import GridKind, Level
from wangge.territory.row_errors import RowError

LIMIT_MB = 50
NAME_LENGTH = 100

MCA_FILES = ("provinces.csv", "cities.csv", "areas.csv", "streets.csv")
# The Ministry's table has the word "data" (to be supplied) where GB/T 2260 has a code.
_LEFT_OUT = {("资料", "台湾省"): "71"}
_COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("code", "编码", "代码", "区划代码", "网格编码"),
    "name": ("name", "名称", "网格名称"),
    # The nearest parent first. A development zone runs other counties' streets: the column decides, not the digits.
    "parent": (
        "parent",
        "parent_code",
        "上级",
        "上级编码",
        "上级代码",
        "areacode",
        "citycode",
        "provincecode",
    ),
    "level": ("level", "层级", "级别"),
    "kind": ("kind", "网格类别", "类别"),
    "valid_from": ("valid_from", "启用日期", "生效日期"),
}


@dataclass(frozen=True)
class AreaRow:
    """One area as the file gives it; `row` is the line in `file`, the heading being line 1."""

    row: int
    file: str
    code: str
    name: str
    level: str
    kind: str
    parent_code: str | None
    valid_from: date | None


@dataclass(frozen=True)
class _Line:
    """One line of one file, its cells under the names of `_COLUMNS`; absent columns are absent keys."""

    row: int
    file: str
    cells: Mapping[str, str]

    def error(self, field: str, message: str) -> RowError:
        return RowError(self.row, field, message, self.file)


def read_areas(
    sources: Sequence[Path], known: Mapping[str, str] | None = None
) -> tuple[list[AreaRow], list[RowError]]:
    """Rows and errors of CSV files, or of a directory with the Ministry's four tables.

    `known` maps the codes that exist already to their level, so that a file may hang new grids under them. A parent may
    come after its children. Raises `Refused` where a file as a whole cannot be read.
    """
    rows: list[AreaRow] = []
    errors: list[RowError] = []
    lines: dict[str, _Line] = {}
    for line in _lines(_files(sources)):
        try:
            row = _row(line)
            if earlier := lines.get(row.code):
                raise _repeated(row.code, earlier)
        except Refused as refusal:
            errors.append(line.error(refusal.field or "", str(refusal)))
            continue
        lines[row.code] = line
        rows.append(row)
    levels = dict(known or {}) | {row.code: row.level for row in rows}
    rows = [row if "parent" in lines[row.code].cells else _with_guessed_parent(row, levels) for row in rows]
    errors += [error for row in rows if (error := _parent_error(row, lines[row.code], levels))]
    return rows, errors


def _files(sources: Sequence[Path]) -> Iterator[Path]:
    for source in sources:
        if not source.is_dir():
            yield source
            continue
        found = [source / name for name in MCA_FILES if (source / name).exists()]
        if not found:
            raise Refused(
                _("%(folder)s holds none of %(files)s.")
                % {"folder": source.name, "files": ", ".join(MCA_FILES)}
            )
        yield from found


def _lines(files: Iterable[Path]) -> Iterator[_Line]:
    for file in files:
        reader = csv.reader(io.StringIO(read_text(file, LIMIT_MB), newline=""))
        try:
            headings = _headings(next(reader, []), file.name)
            for values in reader:
                if any(value.strip() for value in values):
                    cells = {name: _first(values, places) for name, places in headings.items()}
                    yield _Line(reader.line_num, file.name, cells)
        except csv.Error as error:
            raise Refused(
                _("%(file)s cannot be read at line %(row)s: %(why)s.")
                % {"file": file.name, "row": reader.line_num, "why": error}
            ) from error


def _first(values: Sequence[str], places: Sequence[int]) -> str:
    return next((values[at].strip() for at in places if at < len(values) and values[at].strip()), "")


def _headings(columns: Sequence[str], file: str) -> dict[str, list[int]]:
    """Where each of our columns may stand, the best place first. Raises `Refused` without code and name."""
    place = {column.strip().lower(): at for at, column in enumerate(columns)}
    headings = {name: [place[word] for word in words if word in place] for name, words in _COLUMNS.items()}
    missing = [name for name in ("code", "name") if not headings[name]]
    if missing:
        raise Refused(
            _("%(file)s has no column %(missing)s. Its headings must include code and name.")
            % {"file": file, "missing": ", ".join(missing)}
        )
    return {name: places for name, places in headings.items() if places}


def _row(line: _Line) -> AreaRow:
    cells = line.cells
    code = _LEFT_OUT.get((cells["code"], cells["name"]), cells["code"])
    level = _level(cells.get("level", ""), code)
    return AreaRow(
        row=line.row,
        file=line.file,
        code=codes.checked(code, level),
        name=_name(cells["name"]),
        level=level,
        kind=_kind(cells.get("kind", ""), level),
        parent_code=cells.get("parent") or None,
        valid_from=_day(cells.get("valid_from", "")),
    )


def _level(word: str, code: str) -> str:
    level = level_from(word) if word else codes.level_of(code)
    if level is None and not word and code:
        raise Refused(_("“%(code)s” has the length of no level.") % {"code": code[:40]}, "code")
    if level is None and code:
        raise Refused(_("“%(word)s” is not a level we know.") % {"word": word[:40]}, "level")
    if level is None:
        raise Refused(_("The code is missing."), "code")
    if level == codes.UNIT_GRID:
        raise Refused(_("Unit grids come with their boundaries: import boundaries."), "level")
    return level


def _name(name: str) -> str:
    if not name:
        raise Refused(_("The name is missing."), "name")
    if len(name) > NAME_LENGTH:
        raise Refused(_("The name is longer than %(most)s characters.") % {"most": NAME_LENGTH}, "name")
    return name


def _kind(word: str, level: str) -> str:
    if level not in (Level.GRID, Level.MICRO):
        if word:
            raise Refused(_("Only grids have a kind."), "kind")
        return ""
    kind = kind_from(word) if word else (GridKind.GENERAL if level == Level.GRID else GridKind.MICRO)
    if kind is None:
        raise Refused(_("“%(word)s” is not a kind of grid.") % {"word": word[:40]}, "kind")
    return str(kind)


def _day(text: str) -> date | None:
    """A day such as 2026-01-31 or 2026/1/31."""
    if not text:
        return None
    try:
        year, month, day = text.replace("/", "-").split("-")
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise Refused(
            _("“%(text)s” is not a day such as 2026-01-31.") % {"text": text[:40]}, "valid_from"
        ) from error


def _repeated(code: str, earlier: _Line) -> Refused:
    return Refused(
        _("Code %(code)s was already used in %(file)s, line %(row)s.")
        % {"code": code, "file": earlier.file, "row": earlier.row},
        "code",
    )


def _with_guessed_parent(row: AreaRow, levels: Mapping[str, str]) -> AreaRow:
    """Only for files without a parent column."""
    return replace(row, parent_code=next((c for c in codes.parents_by_digits(row.code) if c in levels), None))


def _parent_error(row: AreaRow, line: _Line, levels: Mapping[str, str]) -> RowError | None:
    if row.parent_code is None:
        # An empty cell says that this is a root; where there is no column, only the top of the tree may be one.
        if "parent" in line.cells or RANK[row.level] == min(RANK[level] for level in levels.values()):
            return None
        return line.error("parent", _("No parent of “%(code)s” is known.") % {"code": row.code})
    if row.parent_code not in levels:
        return line.error("parent", _("The parent “%(code)s” does not exist.") % {"code": row.parent_code})
    if RANK[levels[row.parent_code]] >= RANK[row.level]:
        return line.error(
            "parent",
            _("The parent “%(code)s” is a %(level)s, which cannot hold a %(own)s.")
            % {
                "code": row.parent_code,
                "level": codes.in_words(levels[row.parent_code]),
                "own": codes.in_words(row.level),
            },
        )
    return None
