"""The shipped escalation ladders, read and checked; a city names the fallback of each itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from wangge.accounts.models import Role
from wangge.cases.classes_data import DATA, IDENTIFIER, LIMIT_KINDS
from wangge.cases.models import ClockKind
from wangge.common.data_rows import read_rows
from wangge.territory.models import Level

COLUMNS = (
    "ladder", "name_zh", "name_en", "clock", "ordinal", "after_percent", "after_amount", "after_kind", "role", "level",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RungRow:
    """One rung with the ladder it belongs to."""

    ladder: str
    name_zh: str
    name_en: str
    clock: str
    ordinal: int
    after_percent: int | None
    after_amount: Decimal | None
    after_kind: str
    role: str
    level: str


def read_rungs(path: Path = DATA / "ladders.csv") -> Iterator[RungRow]:
    """Yield the rungs ladder by ladder, from the lowest up."""
    for row in read_rows(path, COLUMNS):
        share = bool(row.optional("after_percent"))
        yield RungRow(
            row.code("ladder", IDENTIFIER),
            row.text("name_zh"),
            row.text("name_en"),
            row.one_of("clock", ClockKind.values),
            row.ordinal("ordinal"),
            row.ordinal("after_percent") if share else None,
            None if share else row.positive("after_amount"),
            "" if share else row.one_of("after_kind", LIMIT_KINDS),
            row.one_of("role", Role.values),
            row.one_of("level", Level.values) if row.optional("level") else "",
        )
