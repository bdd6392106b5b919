"""How long something may take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class LimitKind(StrEnum):
    """How a limit is counted."""

    URGENT_HOURS = "urgent_hours"  # 紧急工作时: nights, weekends and holidays count
    WORKING_HOURS = "working_hours"  # 工作时: only time inside the shifts counts
    WORKING_DAYS = "working_days"  # 工作日: so many working days later, same clock time
    CALENDAR_DAYS = "calendar_days"  # 自然日: so many days later, same clock time
    GIVEN = "given"  # an imported due moment: kept, never recomputed


IN_HOURS = frozenset({LimitKind.URGENT_HOURS, LimitKind.WORKING_HOURS})
IN_WORKING_TIME = frozenset({LimitKind.WORKING_HOURS, LimitKind.WORKING_DAYS})


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of hours or days (by kind, fractions allowed), or a given due moment.

    A statutory limit in days leaves out the start day, runs to the close of business and rolls past
    rest days (Civil Code of China, arts 201 and 203). Hours run from the moment itself (art. 201),
    so the mark changes nothing there. Raises ValueError for an amount that is not a limit.
    """

    kind: LimitKind
    amount: Decimal | int = 0
    statutory: bool = False
    due_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.kind == LimitKind.GIVEN:
            if self.due_at is None or self.due_at.tzinfo is None:
                raise ValueError("a given limit needs its due moment, with a time zone")
        elif self.due_at is not None:
            raise ValueError("only a given limit carries its due moment")
        elif self.amount <= 0:
            raise ValueError("a limit is longer than nothing")
        elif self.by_whole_days and self.amount != int(self.amount):
            raise ValueError("a statutory limit is counted in whole days")

    @classmethod
    def given(cls, due_at: datetime) -> Limit:
        """The due moment somebody else has set."""
        return cls(LimitKind.GIVEN, due_at=due_at)

    @classmethod
    def urgent_days(cls, days: Decimal | int) -> Limit:
        """An urgent day is 24 urgent hours."""
        return cls(LimitKind.URGENT_HOURS, days * 24)

    @property
    def by_whole_days(self) -> bool:
        """Whether the statutory way of counting applies."""
        return self.statutory and self.kind not in IN_HOURS
