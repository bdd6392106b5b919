"""A street in which areas are re-organised: the grids by their codes, and the road from a draft to its day."""

from datetime import datetime
from typing import Any

from shapely.geometry import LineString

from wangge.accounts.models import Account
from wangge.cases.tests.cast import SHANGHAI
from wangge.territory.changes import deciding, drafting, steps
from wangge.territory.models import Area, TerritoryChange

NOON = datetime(2026, 6, 10, 10, 0, tzinfo=SHANGHAI)
TODAY = NOON.date()
A, B, C = "990101001001001", "990101001001002", "990101001002001"
A1, A2 = "990101001001003", "990101001001004"
ACROSS = LineString([(118.905, 32.89), (118.905, 32.92)])
WEST, EAST = (118.902, 32.905), (118.908, 32.905)


def split_a(change: TerritoryChange, by: Account) -> None:
    def step(plan, before):
        return steps.split(plan, before, code=A, line=ACROSS, parts=[(A1, "甲西"), (A2, "甲东")])

    drafting.take(change, step, by=by, at=NOON)


def through(change: TerritoryChange, drafter: Account, approver: Account, at: datetime = NOON) -> None:
    drafting.propose(change, by=drafter, at=at)
    deciding.approve(change, by=approver, at=at)


def area(code: str) -> Any:
    return Area.objects.get(code=code)
