"""All rows of all tables: as published, as a draft wants them, and what differs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from wangge.cases.configuration.table import Row, Rows
from wangge.cases.configuration.tables import TABLES
from wangge.cases.models import ConfigChange

Content = dict[str, Rows]


@dataclass(frozen=True)
class Difference:
    """One row that differs: None where it is not there."""

    table: str
    key: str
    before: Row | None
    after: Row | None

    @property
    def columns(self) -> list[str]:
        """Which columns differ, where both rows are there."""
        if self.before is None or self.after is None:
            return []
        return [name for name, value in self.after.items() if self.before.get(name) != value]


def published() -> Content:
    """Read what is in force from the domain's own tables."""
    return {name: table.load() for name, table in TABLES.items()}


def changed(content: Content, changes: Iterable[ConfigChange | Difference]) -> Content:
    """Return the content with changes made; the given one stays as it is."""
    result = {name: dict(rows) for name, rows in content.items()}
    for change in changes:
        if change.after is None:
            result[change.table].pop(change.key, None)
        else:
            result[change.table][change.key] = change.after
    return result


def differences(old: Mapping[str, Rows], new: Mapping[str, Rows]) -> Iterator[Difference]:
    """Yield the rows that differ, table by table; a table that one of them does not know yet is empty there."""
    for name in TABLES:
        before, after = old.get(name, {}), new.get(name, {})
        for key in sorted(before.keys() | after.keys()):
            if before.get(key) != after.get(key):
                yield Difference(name, key, before.get(key), after.get(key))


def packed(content: Content) -> dict[str, list[Row]]:
    """The content as it is stored in a version."""
    return {name: list(rows.values()) for name, rows in content.items()}


def unpacked(stored: Mapping[str, list[Row]]) -> Content:
    """The content of a stored version, by key; columns that came later have what an empty cell means."""
    return {
        name: {table.key_of(row): row for row in (_whole(name, row) for row in stored.get(name, []))}
        for name, table in TABLES.items()
    }


def _whole(name: str, row: Row) -> Row:
    empty = {column.name: _plain(column.default) for column in TABLES[name].columns}
    return {column: row.get(column, default) for column, default in empty.items()}


def _plain(default: object) -> object:
    return list(default) if isinstance(default, tuple) else default
