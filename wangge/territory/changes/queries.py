"""Reading about territory changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wangge.audit.models import Event
from wangge.territory.changes.picture import Node, Picture
from wangge.territory.changes.plan import Line, Plan, lines
from wangge.territory.history import AreaThen
from wangge.territory.models import Area, FormerState, TerritoryChange

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


def told_of(plan: Plan) -> list[Line]:
    """What a plan that took effect did, told from what the areas were before it."""
    return lines(plan, _before(plan))


def _before(plan: Plan) -> Picture:
    codes = {*plan.codes, *(node.parent for node in plan.wanted.values())}
    rows = Area.objects.filter(code__in=codes).values_list(
        "code", "name", "level", "kind", "parent__code", "boundary"
    )
    now = {
        code: Node(code, name, level, kind, parent or "", bytes(boundary) if boundary else None)
        for code, name, level, kind, parent, boundary in rows
        if code not in plan.new
    }
    return Picture(now | _as_seen(plan, now))


def _as_seen(plan: Plan, now: dict[str, Node]) -> dict[str, Node]:
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
