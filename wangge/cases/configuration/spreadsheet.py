"""The configuration as a spreadsheet: out as one sheet for each table, in again with a fault for each cell that is wrong.

The sheet of the standards (大类代码 大类名称 小类代码 小类名称 立案条件 结案条件 处置时限 处置单位 主管部门) is read too: its rows
become filing conditions, and classes where they are new.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _

from wangge.cases.configuration.cells import spellings
from wangge.cases.configuration.content import Content, Difference, changed, differences
from wangge.cases.configuration.drafts import read_row
from wangge.cases.configuration.facts import Facts
from wangge.cases.configuration.linter import missing_names
from wangge.cases.configuration.table import Column, Row, Rows, Table
from wangge.cases.configuration.tables import TABLES
from wangge.common.refusals import Refused
from wangge.common.spreadsheets import lines_of, open_workbook
from wangge.common.unkept import without_unkept

MOST_BYTES = 20 * 2**20
MOST_ROWS = 50_000
MOST_FAULTS = 200
LOCAL = "local"
# What the standards' sheet says of the class beside its condition.
CLASS_COLUMNS = ("major_code", "major_name", "code", "name")

Line = dict[str, str]


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell: where it stands and why it is refused."""

    sheet: str
    line: int
    column: str
    why: str


class BadSheet(Refused):
    """A spreadsheet that is refused as a whole, with every fault that was found."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            _("The sheet has %(number)d faults; nothing was stored.") % {"number": len(faults)}, "file"
        )
        self.faults = faults[:MOST_FAULTS]


@dataclass(frozen=True)
class Sheet:
    """The lines of one sheet, each with its number and its texts by heading."""

    name: str
    headings: list[str]
    lines: list[tuple[int, Line]] = field(default_factory=list)


# -- Out ------------------------------------------------------------------------------------------------


def workbook(content: Content, facts: Facts, tables: Iterable[Table] = ()) -> bytes:
    """Write tables (all unless named) as XLSX, in the reader's language."""
    from openpyxl import Workbook  # read when wanted: it takes longer to load than a page
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables or TABLES.values():
        page = book.create_sheet(str(table.label)[:31])
        page.append([str(column.label) for column in table.columns])
        for row in content[table.name].values():
            page.append(list(texts(table, row, facts).values()))
        for number, column in enumerate(table.columns, 1):
            page.cell(1, number).font = Font(bold=True)
            page.column_dimensions[get_column_letter(number)].width = (
                36 if column.cell.widget == "long" else 18
            )
        page.freeze_panes = "A2"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def comma_separated(content: Content, facts: Facts, table: Table) -> bytes:
    """Write one table as CSV that spreadsheet programs open with the right characters."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([str(column.label) for column in table.columns])
    writer.writerows(texts(table, row, facts).values() for row in content[table.name].values())
    return written.getvalue().encode("utf-8-sig")


def texts(table: Table, row: Row, facts: Facts) -> dict[str, str]:
    """What a row's cells say, by column."""
    return {column.name: column.cell.write(row[column.name], facts) for column in table.columns}


# -- In -------------------------------------------------------------------------------------------------


def read(name: str, data: bytes, content: Content, facts: Facts) -> list[Difference]:
    """Return what a spreadsheet would change. Rows it does not name stay as they are. Raises BadSheet, or Refused."""
    faults: list[Fault] = []
    rows: dict[str, Rows] = {}
    origin: dict[tuple[str, str], tuple[str, int]] = {}
    for sheet in _sheets(name, data):
        for table, key, row, line in _rows(sheet, content, facts, faults):
            if (table.name, key) in origin and origin[table.name, key][0] == sheet.name:
                earlier = origin[table.name, key][1]
                faults.append(
                    Fault(
                        sheet.name,
                        line,
                        "",
                        _("It says the same as line %(line)d again.") % {"line": earlier},
                    )
                )
            origin[table.name, key] = sheet.name, line
            rows.setdefault(table.name, {})[key] = row
    wanted = {table: {**content[table], **rows.get(table, {})} for table in TABLES}
    faults += _unknown_names(wanted, origin, facts)
    if faults:
        raise BadSheet(sorted(faults, key=lambda fault: (fault.sheet, fault.line)))
    if not rows:
        raise Refused(_("The file has no rows."), field="file")
    return list(differences(content, changed(content, differences(content, wanted))))


def _unknown_names(
    wanted: Content, origin: dict[tuple[str, str], tuple[str, int]], facts: Facts
) -> Iterator[Fault]:
    for finding in missing_names(wanted, facts):
        if place := origin.get((finding.table, finding.key)):
            column = TABLES[finding.table].column(finding.column)
            yield Fault(*place, str(column.label), finding.sentence)


def _sheets(name: str, data: bytes) -> list[Sheet]:
    if len(data) > MOST_BYTES:
        raise Refused(_("The file is larger than %(most)d MB.") % {"most": MOST_BYTES // 2**20}, field="file")
    reader = {"csv": _csv, "xlsx": _xlsx}.get(name.rpartition(".")[2].lower())
    if reader is None:
        raise Refused(_("Only .xlsx and .csv files can be read."), field="file")
    try:
        return list(reader(name, data))
    except (csv.Error, UnicodeDecodeError) as error:
        raise Refused(_("The file cannot be read: %(why)s") % {"why": error}, field="file") from error


def _xlsx(name: str, data: bytes) -> Iterator[Sheet]:
    with open_workbook(io.BytesIO(data), name) as book:
        for page in book.worksheets:
            yield from _sheet(page.title, ([_text(cell) for cell in row] for row in lines_of(page)))


def _csv(name: str, data: bytes) -> Iterator[Sheet]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030")  # what Chinese Excel writes
    rows = csv.reader(io.StringIO(without_unkept(text), newline=""))
    yield from _sheet(name, ([cell.strip() for cell in row] for row in rows))


def _sheet(name: str, rows: Iterable[list[str]]) -> Iterator[Sheet]:
    numbered = enumerate(rows, 1)
    headings = next(numbered, (1, []))[1]
    if not any(headings):
        return
    said = ((number, dict(zip(headings, row, strict=False))) for number, row in numbered if any(row))
    lines = list(islice(said, MOST_ROWS + 1))
    if len(lines) > MOST_ROWS:
        raise Refused(
            _("“%(sheet)s” has more than %(most)d rows.") % {"sheet": name, "most": MOST_ROWS}, field="file"
        )
    yield Sheet(name, headings, lines)


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _rows(
    sheet: Sheet, content: Content, facts: Facts, faults: list[Fault]
) -> Iterator[tuple[Table, str, Row, int]]:
    """Yield every row of a sheet with the table it belongs to; what cannot be read goes to `faults`."""
    table = _table_of(sheet)
    known = _columns(table, sheet.headings)
    if unknown := [heading for heading in sheet.headings if heading and heading not in known]:
        faults.append(
            Fault(
                sheet.name,
                1,
                unknown[0],
                _("There is no such column in “%(table)s”.") % {"table": table.label},
            )
        )
        return
    if lacking := _lacking(table, known):
        faults.append(Fault(sheet.name, 1, lacking, _("This column is missing.")))
        return
    numbers: dict[str, int] = {}
    for line, cells in sheet.lines:
        said = {
            column.name: cells.get(heading, "")
            for heading, (owner, column) in known.items()
            if owner is table
        }
        if table is TABLES["conditions"]:
            beside = {
                c.name: cells.get(h, "") for h, (owner, c) in known.items() if owner is TABLES["classes"]
            }
            said["matter"] = _whole_code(said.get("matter", ""), beside.get("major_code", ""))
            numbers[said["matter"]] = numbers.get(said["matter"], 0) + 1
            if "ordinal" not in said:
                said["ordinal"] = str(numbers[said["matter"]])
            yield from _new_class(said["matter"], beside, content, line)
        row = _read(table, said, sheet, line, content, facts, faults)
        if row is not None:
            yield table, table.key_of(row), row, line


def _lacking(table: Table, known: dict[str, tuple[Table, Column]]) -> str:
    """A column without which no row can be told from others; conditions are numbered as they come."""
    there = {column.name for owner, column in known.values() if owner is table}
    for column in table.columns:
        numbered = (table.name, column.name) == ("conditions", "ordinal")
        if column.name in table.key and column.required and column.name not in there and not numbered:
            return str(column.label)
    return ""


def _table_of(sheet: Sheet) -> Table:
    """The table a sheet belongs to: by its headings, by its name where they leave a choice or lack something."""
    name = (sheet.name.rpartition(".")[0] or sheet.name).casefold()
    named = [table for table in TABLES.values() if name in spellings(table.label) | {table.name}]
    fitting = [table for table in TABLES.values() if _names_its_key(table, sheet.headings)]
    chosen = [table for table in named if table in fitting] or fitting or named
    if not chosen:
        raise Refused(
            _("“%(sheet)s”: neither its name nor its columns are those of a table: %(tables)s.")
            % {"sheet": sheet.name, "tables": "、".join(str(table.label) for table in TABLES.values())},
            field="file",
        )
    return max(chosen, key=lambda table: len(_columns(table, sheet.headings)))


def _names_its_key(table: Table, headings: Sequence[str]) -> bool:
    there = {column.name for owner, column in _columns(table, headings).values() if owner is table}
    needed = {column.name for column in table.columns if column.required and column.name != "ordinal"}
    return needed <= there


def _columns(table: Table, headings: Sequence[str]) -> dict[str, tuple[Table, Column]]:
    """Which column each heading names; a sheet of conditions may say what its classes are, too."""
    found: dict[str, tuple[Table, Column]] = {}
    for owner in (table, *([TABLES["classes"]] if table is TABLES["conditions"] else [])):
        taken = {column.name for holder, column in found.values() if holder is owner}
        for column in owner.columns:
            if owner is not table and column.name not in CLASS_COLUMNS:
                continue
            called = spellings(column.label) | {column.name, *column.headings}
            for heading in headings:
                if heading not in found and column.name not in taken and heading.casefold() in called:
                    found[heading] = owner, column
                    taken.add(column.name)
    return found


def _whole_code(code: str, major: str) -> str:
    """A minor code written without its major gets it: 01 and 037 are 01037; a sheet loses leading zeros of numbers."""
    major = major.zfill(2) if major.isdigit() else major
    if code.isdigit() and len(code) == 4 and major and not code.startswith(major):
        code = code.zfill(5)
    return major + code.zfill(3) if code.isdigit() and len(code) <= 3 and major else code


def _new_class(
    code: str, beside: dict[str, str], content: Content, line: int
) -> Iterator[tuple[Table, str, Row, int]]:
    """A class that the standards' sheet names and nobody knows yet becomes a local one."""
    if not code or code in content["classes"] or not (beside.get("name") and beside.get("major_name")):
        return
    major = beside.get("major_code", "")
    row: Row = {
        "code": code, "name": beside["name"], "name_en": "", "standard": LOCAL,
        "major_code": major.zfill(2) if major.isdigit() else major, "major_name": beside["major_name"],
        "major_name_en": "", "group": "", "keywords": [], "in_force": True,
    }  # fmt: skip
    yield TABLES["classes"], code, row, line


def _read(
    table: Table, said: Line, sheet: Sheet, line: int, content: Content, facts: Facts, faults: list[Fault]
) -> Row | None:
    """Read one row; columns that the sheet does not have stay as they are."""
    row, wrong = read_row(table, said, facts)
    old = content[table.name].get(table.key_of(row), {})
    for column in table.columns:
        if column.name not in said and column.name in old:
            row[column.name] = old[column.name]
            wrong.pop(column.name, None)
    if not wrong:
        try:
            table.check(row)
        except Refused as refusal:
            wrong[refusal.field or table.key[0]] = str(refusal)
    faults += [Fault(sheet.name, line, str(table.column(name).label), why) for name, why in wrong.items()]
    return None if wrong else row
