"""A file of boundaries as the draft of a change: looked at by a person, approved by another, the former state kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.common.refusals import Refused
from wangge.territory import codes
from wangge.territory.boundaries import BoundaryRow
from wangge.territory.bulk import Outcome
from wangge.territory.changes import drafting
from wangge.territory.changes.permissions import demand_bring
from wangge.territory.changes.picture import Node, Picture, drawn, picture_of
from wangge.territory.changes.plan import Plan
from wangge.territory.changes.settling import settle
from wangge.territory.imports import kind_of, placed_rows
from wangge.territory.models import Area, Level, TerritoryChange, UnitGrid
from wangge.territory.row_errors import RowError, RowsRefused

MOST = 20_000  # boundaries in one draft: what one person can look through, and a page can still tell
About = TerritoryChange.About
Placed = tuple[BoundaryRow, str | None]


@dataclass(frozen=True)
class Brought:
    """What a file would do to the areas in its place."""

    about: str
    plan: Plan
    outcome: Outcome


def planned(rows: Sequence[BoundaryRow], within: Area) -> Brought:
    """What the rows of a file would change within an area.

    Raises `RowsRefused` with every row that cannot be placed or lies elsewhere, `Refused` for a file that is about
    governance grids and unit grids at once, or holds too many boundaries for one draft.
    """
    about = _about(rows)
    before = picture_of(within, about)
    placed = placed_rows(rows)
    if errors := list(_elsewhere(placed, within, before)):
        raise RowsRefused(errors)
    plan = _settled(Plan().with_nodes(before, [_node(*one, before) for one in placed]), before)
    return Brought(about, plan, _outcome(plan, rows))


def _about(rows: Sequence[BoundaryRow]) -> str:
    if len(rows) > MOST:
        said = {"count": f"{len(rows):,}", "limit": f"{MOST:,}"}
        raise Refused(
            _("%(count)s boundaries are too many for one draft; bring at most %(limit)s at a time.") % said
        )
    kinds = {row.level == codes.UNIT_GRID for row in rows}
    if len(kinds) > 1:
        raise Refused(_("Bring unit grids in a file of their own; no change is about both kinds of grids."))
    return About.UNIT_GRIDS if kinds == {True} else About.AREAS


def _elsewhere(placed: Sequence[Placed], within: Area, before: Picture) -> Iterator[RowError]:
    """Rows that lie outside the area of the draft, and those whose code was given to something that ended."""
    around = {node.code for node in before.above(within.code)}
    inside, coming = set(before.nodes) - around, {row.code for row, _parent in placed}
    ended = _ended_codes(placed, before.about)
    for row, parent in placed:
        said = {"code": row.code, "area": within.name}
        if row.code in ended:
            yield RowError(
                row.row, "code", _("The code %(code)s belongs to something that ended; it is never given twice.") % said
            )  # fmt: skip
        elif row.code not in inside and (row.code in around or parent not in inside | coming):
            yield RowError(row.row, "code", _("%(code)s does not lie in %(area)s.") % said)


def _ended_codes(placed: Sequence[Placed], about: str) -> set[str]:
    wanted = [row.code for row, _parent in placed]
    if about == About.UNIT_GRIDS:
        found = UnitGrid.objects.filter(code__in=wanted, valid_to__isnull=False)
        return set(found.values_list("code", flat=True))
    return set(Area.objects.filter(code__in=wanted, valid_to__isnull=False).values_list("code", flat=True))


def _node(row: BoundaryRow, parent: str | None, before: Picture) -> Node:
    """How the file wants an area; what it does not say stays as it is."""
    known = before.get(row.code)
    if known is None:
        name, kind = (row.name, kind_of(row)) if row.level != codes.UNIT_GRID else (row.code, "")
        return Node(row.code, name, row.level, kind, parent or "", drawn(row.geometry))
    is_cell = known.level == codes.UNIT_GRID
    return replace(
        known,
        name=known.name if is_cell else row.name or known.name,
        kind=known.kind if is_cell or row.kind is None else row.kind,
        parent=known.parent if row.parent_code is None or parent is None else parent,
        boundary=drawn(row.geometry),
    )


def _settled(plan: Plan, before: Picture) -> Plan:
    """Let micro-grids that the file does not name lie in the redrawn grids, divided where a new border crosses them."""
    after = plan.on(before)
    for node in plan.wanted.values():
        if node.level == Level.GRID and (astray := _astray(node, after, plan)):
            plan = settle(plan, before, astray, after.children(node.parent, node.level))
    return plan


def _astray(grid: Node, after: Picture, plan: Plan) -> list[Node]:
    """The micro-grids of a grid that it no longer holds whole."""
    return [
        child
        for child in after.children(grid.code)
        if child.code not in plan.wanted
        and child.shape is not None
        and grid.shape is not None
        and not shapely.covers(grid.shape, child.shape)
    ]


def _outcome(plan: Plan, rows: Sequence[BoundaryRow]) -> Outcome:
    brought = {row.code for row in rows}
    created = len(brought & set(plan.new))
    changed = len(brought & set(plan.wanted)) - created
    return Outcome(created, changed, len(rows) - created - changed)


@transaction.atomic
def draft(
    rows: Sequence[BoundaryRow], within: Area, *, title: str, by: Account, at: datetime
) -> tuple[TerritoryChange, Outcome]:
    """Make a draft of a file; nothing of the territory changes until somebody else approves it."""
    brought = planned(rows, within)
    if brought.plan.is_empty:
        raise Refused(_("Everything is as the file says already; there is nothing to draft."))
    change = drafting.begin(within, title=title[:100], by=by, at=at, about=brought.about, demand=demand_bring)
    drafting.put(drafting.open_draft(change), change, brought.plan)
    change.save()
    return change, brought.outcome
