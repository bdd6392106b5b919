"""Shipped CSV tables: read row by row, every cell checked, every fault named by file, row and column."""

import csv
import re
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar

T = TypeVar("T", bound=str)


class DataFault(ValueError):
    """A shipped table says something it must not; the message names file, row and column."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; `number` counts as an editor does, the header being row 1."""

    file: str
    number: int
    cells: dict[str, str]

    def fault(self, column: str, why: str) -> DataFault:
        """The error to raise about one cell."""
        return DataFault(f"{self.file}, row {self.number}, column {column}: {why}")

    def optional(self, column: str) -> str:
        """The cell as it stands, perhaps empty; spaces around it are a fault, since they hide in comparisons."""
        value = self.cells[column]
        if value != value.strip():
            raise self.fault(column, f"spaces around {value!r}")
        return value

    def text(self, column: str) -> str:
        """The cell, which must not be empty."""
        value = self.optional(column)
        if not value:
            raise self.fault(column, "is empty")
        return value

    def code(self, column: str, pattern: str) -> str:
        """The cell, which must match the whole pattern."""
        value = self.text(column)
        if not re.fullmatch(pattern, value):
            raise self.fault(column, f"{value!r} does not look like {pattern}")
        return value

    def one_of(self, column: str, allowed: Iterable[T]) -> T:
        """The cell as the allowed value it equals."""
        value, choices = self.text(column), tuple(allowed)
        for choice in choices:
            if choice == value:
                return choice
        raise self.fault(column, f"{value!r} is none of {', '.join(choices)}")

    def known(self, column: str, codes: Collection[str]) -> str:
        """The cell, which must be a code of another table."""
        value = self.text(column)
        if value not in codes:
            raise self.fault(column, f"{value!r} is not known")
        return value

    def flag(self, column: str) -> bool:
        """The cell as yes or no."""
        return self.one_of(column, ("yes", "no")) == "yes"

    def positive(self, column: str) -> Decimal:
        """The cell as an exact number above zero."""
        try:
            value = Decimal(self.text(column))
        except InvalidOperation:
            value = Decimal(0)
        if not (value.is_finite() and value > 0):
            raise self.fault(column, f"{self.cells[column]!r} is not a number above zero")
        return value

    def ordinal(self, column: str) -> int:
        """The cell as a whole number from 1."""
        return int(self.code(column, r"[1-9]\d*"))

    def per_cent(self, column: str) -> int:
        """The cell as a whole number from 0 to 100."""
        return int(self.code(column, r"\d|[1-9]\d|100"))

    def many(self, column: str) -> tuple[str, ...]:
        """The cell's pieces between semicolons; none when it is empty."""
        pieces = tuple(self.optional(column).split(";")) if self.optional(column) else ()
        if "" in pieces or len(set(pieces)) < len(pieces):
            raise self.fault(column, "an empty or repeated piece between semicolons")
        return pieces


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
    """Read a UTF-8 table whose header must be exactly `columns`."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        header = tuple(next(reader, ()))
        if header != columns:
            raise DataFault(
                f"{path.name}, row 1, column {_first_difference(header, columns)}: the header is wrong"
            )
        for cells in reader:
            if len(cells) != len(columns):
                raise DataFault(
                    f"{path.name}, row {reader.line_num}, column {columns[min(len(cells), len(columns)) - 1]}: "
                    f"{len(cells)} cells where {len(columns)} belong"
                )
            yield Row(path.name, reader.line_num, dict(zip(columns, cells, strict=True)))


def _first_difference(header: tuple[str, ...], columns: tuple[str, ...]) -> str:
    for found, wanted in zip(header, columns, strict=False):
        if found != wanted:
            return wanted
    return columns[min(len(header), len(columns) - 1)]


class Once:
    """Refuses a key that was met before: `once(row, "code", key)`."""

    def __init__(self) -> None:
        self._seen: dict[Hashable, int] = {}

    def __call__(self, row: Row, column: str, key: Hashable) -> None:
        earlier = self._seen.setdefault(key, row.number)
        if earlier != row.number:
            raise row.fault(column, f"{key!r} stands in row {earlier} already")
