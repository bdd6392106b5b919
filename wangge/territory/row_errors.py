"""What is wrong with one row of a file, in words, so that all of it can be shown before anything is stored."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RowError:
    """`row` is the line of a CSV file (the heading is 1) or the place of a feature in a GeoJSON file (from 1)."""

    row: int
    field: str
    message: str
    file: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.row} {self.message}" if self.file else f"{self.row}: {self.message}"
