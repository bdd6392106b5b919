"""The district has changed once, by the real road, and somebody is drafting the next change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from shapely.geometry import LineString, mapping

from wangge.accounts.models import Account
from wangge.territory.changes import by_map, deciding, drafting, steps
from wangge.territory.models import Area, Level, TerritoryChange
from wangge.territory.shapes import from_wkb

DRAFTER, APPROVER = "quhua", "quhuashen"
BEFORE_IT_BEGAN = timedelta(days=30)
SPLIT_AREAS = 2  # what the change in the past added to the drawn district


def store_reorganisation(begins: datetime, *, at: datetime) -> None:
    """Split a micro-grid in the past, before the first matter, and leave the draft of a grid's split in the making."""
    drafter, approver = (Account.objects.get(username=name) for name in (DRAFTER, APPROVER))
    then = begins - BEFORE_IT_BEGAN
    micros = Area.objects.filter(level=Level.MICRO, valid_to=None).select_related("parent__parent")
    micro = _in_two(micros.order_by("-households", "code"))
    past = _split(micro, f"{micro.name}拆分", "网格办〔2026〕3号", by=drafter, at=then)
    drafting.propose(past, by=drafter, at=then + timedelta(hours=1))
    deciding.approve(past, by=approver, at=then + timedelta(hours=5))
    grids = Area.objects.filter(level=Level.GRID, kind="general", valid_to=None).select_related("parent")
    grid = _in_two(grids.exclude(parent=past.within).order_by("-households", "code"))
    _split(grid, f"{grid.name}户数过多，拟一分为二", "", by=drafter, at=at - timedelta(hours=3))


def _in_two(areas: Iterable[Area]) -> Area:
    """The first area that a line through its middle divides in two."""
    return next(area for area in areas if area.boundary and len(_parts(area)) == SPLIT_AREAS)


def _parts(area: Area) -> list[object]:
    node = drafting.open_draft(TerritoryChange(within=area)).before.nodes[area.code]
    return list(steps.cut(node, _middle(area)))


def _middle(area: Area) -> LineString:
    """From north to south, a little beyond both."""
    west, south, east, north = from_wkb(area.boundary or b"").bounds
    return LineString([((west + east) / 2, north + 1e-4), ((west + east) / 2, south - 1e-4)])


def _split(area: Area, title: str, document: str, *, by: Account, at: datetime) -> TerritoryChange:
    assert area.parent is not None
    within = area.parent if area.level == Level.GRID else area.parent.parent
    assert within is not None
    change = drafting.begin(within, title=title, document=document, reason="便于上门服务", by=by, at=at)
    given = {"act": "split", "code": area.code, "geometry": mapping(_middle(area))}
    step = by_map.step_of(drafting.open_draft(change), area.parent.code, given)
    drafting.take(change, step, by=by, at=at)
    return change
