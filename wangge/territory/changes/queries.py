"""Reading about territory changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wangge.audit.models import Event
from wangge.territory.changes.picture import Node, Picture, nodes_of, unit_grid_nodes
from wangge.territory.changes.plan import Line, Plan, lines
from wangge.territory.codes import UNIT_GRID
from wangge.territory.history import AreaThen
from wangge.territory.models import (
    Area,
    FormerState,
    FormerUnitGrid,
    Level,
    TerritoryChange,
    UnitGrid,
)

SENTENCES: dict[str, Promise] = {
    "draft_territory": _("Began the draft"),
    "work_on_territory": _("Worked on the draft"),
    "propose_territory": _("Proposed it"),
    "approve_territory": _("Approved it"),
    "send_back_territory": _("Sent it back"),
    "withdraw_territory": _("Took it back"),
    "drop_territory": _("Dropped it"),
    "fail_territory": _("It could not take effect"),
    "territory_in_force": _("It took effect"),
}


@dataclass(frozen=True)
class Entry:
    """One thing that happened to a change; `who` is empty for what happened by itself."""

    at: datetime
    who: str
    sentence: str


def entries_of(change: TerritoryChange) -> list[Entry]:
    """What happened to a change, the first thing first."""
    events = Event.objects.filter(subject_id=change.pk).select_related("actor").order_by("seq")
    return [
        Entry(event.at, event.actor.name if event.actor else "", str(SENTENCES.get(event.verb, event.verb)))
        for event in events
    ]


def told_of(change: TerritoryChange) -> list[Line]:
    """What a change that took effect did, told from what the areas were before it."""
    plan = Plan.read(change.plan)
    return lines(plan, _before(plan, change.about))


def _before(plan: Plan, about: str) -> Picture:
    codes = {*plan.codes, *(node.parent for node in plan.wanted.values())}
    if about == TerritoryChange.About.AREAS:
        now, seen = nodes_of(Area.objects.filter(code__in=codes)), _areas_as_seen(plan)
    else:
        cells, communities = UnitGrid.objects.filter(code__in=codes), Area.objects.filter(code__in=codes)
        around = nodes_of(communities.exclude(level__in=[Level.GRID, Level.MICRO]))
        now, seen = around | unit_grid_nodes(cells), _unit_grids_as_seen(plan)
    return Picture({code: node for code, node in now.items() if code not in plan.new} | seen, about)


def _unit_grids_as_seen(plan: Plan) -> dict[str, Node]:
    states = FormerUnitGrid.objects.filter(unit_grid__code__in=plan.seen).select_related(
        "unit_grid", "community"
    )
    nodes = [
        Node(s.unit_grid.code, s.unit_grid.code, UNIT_GRID, "", s.community.code, bytes(s.boundary))
        for s in states
    ]
    return {node.code: node for node in nodes if node.digest == plan.seen[node.code]}


def _areas_as_seen(plan: Plan) -> dict[str, Node]:
    """The former states that the plan had seen, by their digests."""
    found = {}
    for state in FormerState.objects.filter(area__code__in=plan.seen).select_related("area", "parent"):
        node = Node(
            state.area.code, state.name, state.area.level, state.kind, state.parent.code if state.parent else "",
            bytes(state.boundary) if state.boundary else None,
        )  # fmt: skip
        if node.digest == plan.seen[node.code]:
            found[node.code] = node
    return found


def trail_of(around: Sequence[AreaThen]) -> str:
    """Where a grid lies, from the top."""
    return " / ".join(area.name for area in around)
