"""A table of the configuration: its columns, how its rows are read from the domain's models and written back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from wangge.cases.configuration.cells import Cell
from wangge.cases.configuration.facts import Facts

Row = dict[str, Any]
Rows = dict[str, Row]
Lookup = Callable[[], Mapping[str, int]]

IN_FORCE = "in_force"


def nothing(row: Row) -> None:
    """A row that is right whenever its cells are."""


@dataclass(frozen=True)
class Column:
    """One column: its word in forms and sheets, what its cells hold, what an empty one means."""

    name: str
    label: Promise | str
    cell: Cell = field(default_factory=Cell)
    required: bool = False
    default: Any = ""
    headings: tuple[str, ...] = ()  # what else people call it in their sheets
    help: Promise | str = ""
    dense: bool = True  # shown in the list, not only in the form
    refers_to: str = ""  # the table whose key it names


@dataclass(frozen=True)
class Table:
    """One table; a row is known by its key columns, which an edit never changes."""

    name: str
    label: Promise | str
    about: Promise | str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    all: Callable[[], QuerySet[Any]]
    read: Callable[[Any], Row]
    # Fills a new or old instance from a row; `ids` are those of the tables it refers to, by key.
    write: Callable[[Any, Row, Mapping[str, Mapping[str, int]]], None]
    refers: Mapping[str, Lookup] = field(default_factory=dict)
    check: Callable[[Row], None] = nothing
    fixed: bool = False  # rows can be changed, not added or taken away
    after: Callable[[Mapping[str, Model], Rows], None] | None = None

    def key_of(self, row: Row) -> str:
        return "|".join(str(row.get(name) or "") for name in self.key)

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def ends_in_force(self) -> bool:
        """Whether its rows are kept and only taken out of force, since matters of the past point at them."""
        return any(column.name == IN_FORCE for column in self.columns)

    def title(self, row: Row, facts: Facts) -> str:
        """What tells a row from others, for people."""
        said = [self.said(self.column(name), row, facts) for name in self.key]
        return " · ".join(word for word in said if word)

    def said(self, column: Column, row: Row, facts: Facts) -> str:
        """The text of a cell, with the name of a class beside its code: nobody knows 465 codes by heart."""
        said = column.cell.write(row.get(column.name), facts)
        name = facts.class_names.get(said, "") if column.refers_to == "classes" else ""
        return f"{said} {name}" if name else said

    def load(self) -> Rows:
        """Return what is published, by key."""
        return {self.key_of(row): row for row in map(self.read, self.all())}

    def store(self, wanted: Rows) -> None:
        """Write rows, new ones and others."""
        stored = {self.key_of(self.read(instance)): instance for instance in self.all()}
        ids = {name: lookup() for name, lookup in self.refers.items()}
        new: list[Any] = []
        old: list[Any] = []
        for key, row in wanted.items():
            instance = stored.get(key) or self.all().model()
            self.write(instance, row, ids)
            (old if key in stored else new).append(instance)
            stored[key] = instance
        self._save(new, old)
        if self.after:
            self.after(stored, wanted)

    def delete(self, keys: Iterable[str]) -> None:
        """Delete rows that are there."""
        gone = set(keys)
        for instance in self.all():
            if self.key_of(self.read(instance)) in gone:
                instance.delete()

    def _save(self, new: list[Any], old: list[Any]) -> None:
        manager = self.all().model._default_manager
        fields = [f.name for f in self.all().model._meta.concrete_fields if not f.primary_key]
        manager.bulk_update(old, fields, batch_size=200)
        manager.bulk_create(new)


def copied(*names: str) -> Callable[[Any], Row]:
    """Read these attributes as they are."""

    def read(instance: Any) -> Row:
        return {name: getattr(instance, name) for name in names}

    return read
