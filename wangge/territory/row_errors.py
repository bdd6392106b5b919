"""What is wrong with the rows of a file, in words, so that all of it can be shown before anything is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import ngettext

from wangge.common.refusals import Refused


@dataclass(frozen=True)
class RowError:
    """`row` is the line of a CSV file (the heading is 1) or the place of a feature in a GeoJSON file (from 1)."""

    row: int
    field: str
    message: str
    file: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.row} {self.message}" if self.file else f"{self.row}: {self.message}"


class RowsRefused(Refused):
    """A file with errors in its rows, of which nothing was stored; `errors` has them all."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        super().__init__(
            ngettext(
                "%(count)s row has an error. Nothing was stored.",
                "%(count)s rows have errors. Nothing was stored.",
                len(errors),
            )
            % {"count": len(errors)}
        )
        self.errors = list(errors)
