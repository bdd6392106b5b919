"""What the pages of the configuration show: rows as texts, changes side by side, findings with their rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, QuerySet
from django.utils.functional import Promise

from wangge.cases import clocks
from wangge.cases.configuration.cells import Limit
from wangge.cases.configuration.content import Difference
from wangge.cases.configuration.dry_run import KINDS
from wangge.cases.configuration.facts import Facts
from wangge.cases.configuration.linter import Finding
from wangge.cases.configuration.table import Column, Row, Rows, Table
from wangge.cases.configuration.tables import TABLES
from wangge.cases.models import Case, ConfigChange, ConfigDraft, DryRun, DryRunLine
from wangge.territory.models import Area


@dataclass(frozen=True)
class Line:
    """One row of a table: its dense cells with their labels, and what a draft does with it."""

    key: str
    cells: Sequence[tuple[Column, str]]
    state: str  # "", "new", "changed", "gone"


@dataclass(frozen=True)
class CellChange:
    """One column of a row, before and after."""

    label: Promise | str
    before: str
    after: str


@dataclass(frozen=True)
class RowChange:
    """One row that is otherwise; `cells` is empty for a row that is gone."""

    table: Table
    key: str
    title: str
    state: str
    cells: Sequence[CellChange]
    change: ConfigChange | None = None
    overtaken: bool = False


@dataclass(frozen=True)
class Told:
    """A finding with the words of its table and row, and whether it keeps the draft from being published."""

    finding: Finding
    table: Table
    title: str
    blocks: bool


def lines_of(
    table: Table, published: Rows, wanted: Rows, facts: Facts, words: str = "", *, only_changed: bool = False
) -> list[Line]:
    """The rows a table's page lists: those that hold all the words; rows to be deleted are shown as gone."""
    sought = words.casefold().split()
    found = []
    for key in {**published, **wanted}:
        row = wanted.get(key)
        state = _state(published.get(key), row)
        said = {c.name: table.said(c, row or published[key], facts) for c in table.columns}
        everything = " ".join(said.values()).casefold()
        if all(word in everything for word in sought) and (state or not only_changed):
            found.append(Line(key, [(c, said[c.name]) for c in table.columns if c.dense], state))
    return found


def _state(before: Row | None, after: Row | None) -> str:
    if after is None:
        return "gone"
    if before is None:
        return "new"
    return "" if before == after else "changed"


def changes_of(draft: ConfigDraft, facts: Facts, overtaken: Iterable[ConfigChange] = ()) -> list[RowChange]:
    """What a draft asks for, in the order of the tables."""
    late = {change.pk for change in overtaken}
    rows = {
        change.pk: _told(
            Difference(change.table, change.key, change.before, change.after),
            facts,
            change,
            change.pk in late,
        )
        for change in draft.changes.select_related("by")
        if change.table in TABLES
    }
    order = list(TABLES)
    return sorted(rows.values(), key=lambda row: order.index(row.table.name))


def told_differences(rows: Iterable[Difference], facts: Facts) -> list[RowChange]:
    """Differences between two versions, or of a sheet, for people."""
    return [_told(row, facts) for row in rows]


def _told(
    row: Difference, facts: Facts, change: ConfigChange | None = None, overtaken: bool = False
) -> RowChange:
    table = TABLES[row.table]
    there = row.after or row.before or {}
    return RowChange(
        table, row.key, table.title(there, facts), _state(row.before, row.after), list(_cells(table, row, facts)),
        change, overtaken,
    )  # fmt: skip


def _cells(table: Table, row: Difference, facts: Facts) -> Iterator[CellChange]:
    if row.after is None:
        return
    for column in table.columns:
        now = row.after.get(column.name)
        before = row.before.get(column.name) if row.before else None
        if now != before and not (row.before is None and now in ("", None, [])):
            old = column.cell.write(before, facts) if row.before else ""
            yield CellChange(column.label, old, column.cell.write(now, facts))


def told_findings(
    found: Sequence[Finding], blocking: Sequence[Finding], content: Mapping[str, Rows], facts: Facts
) -> list[Told]:
    """Findings with the words of their rows."""
    blocks = set(blocking)
    told = []
    for finding in found:
        table = TABLES[finding.table]
        row = content[finding.table].get(finding.key)
        told.append(Told(finding, table, table.title(row, facts) if row else finding.key, finding in blocks))
    return told


# -- Dry run --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TriedCase:
    """One case that would have gone another way, without anything about persons or their words."""

    line: DryRunLine
    case: Case
    place: str
    old_limit: str
    new_limit: str
    old_due: datetime | None
    new_due: datetime | None


def numbers_of(run: DryRun) -> dict[str, int]:
    """How many cases each number of a dry run counts: as many as its list shows."""
    shown = run.lines.filter(case__confidential=False)
    return shown.aggregate(**{what: Count("pk", filter=kind) for what, kind in KINDS.items()})


def lines_behind(run: DryRun, what: str) -> QuerySet[DryRunLine]:
    """The lines behind one number of a dry run, without the cases that have become confidential since it ran."""
    lines = run.lines.select_related("case__matter", "old_unit", "new_unit").order_by("case__filed_at", "pk")
    return lines.filter(KINDS[what], case__confidential=False)


def tried_cases(lines: Sequence[DryRunLine], facts: Facts) -> list[TriedCase]:
    """A page of lines with names and due moments."""
    communities = _communities([line.case.area_path for line in lines])
    return [_tried(line, communities, facts) for line in lines]


def _communities(paths: Sequence[str]) -> dict[int, str]:
    ids = {int(part) for path in paths for part in path.strip("/").split("/") if part}
    return dict(Area.objects.filter(pk__in=ids, level__in=("street", "community")).values_list("pk", "name"))


def _tried(line: DryRunLine, communities: Mapping[int, str], facts: Facts) -> TriedCase:
    case, cell = line.case, Limit()
    around = [int(part) for part in case.area_path.strip("/").split("/") if part]
    place = " ".join(communities[area] for area in around if area in communities)
    old, new = line.old_limit.split(" "), line.new_limit.split(" ")
    moments = [_due(case, limit) if old != new else None for limit in (old, new)]
    return TriedCase(line, case, place, cell.write(old, facts), cell.write(new, facts), *moments)


def _due(case: Case, limit: Sequence[str]) -> datetime:
    started = case.dispatched_at or case.filed_at
    working = clocks.calendar_for(case.area_path)
    return clocks.compute(working, [clocks.LimitOf(limit[0], Decimal(limit[1]))], started).due_at
