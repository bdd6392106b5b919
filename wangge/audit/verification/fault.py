"""What every check says when something is wrong."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One broken link, in words."""

    row: str
    what: str

    def __str__(self) -> str:
        return f"{self.row}: {self.what}"
