"""What the boundary editor sends and is told: steps by map, with codes and names given where nobody typed any."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from wangge.common.refusals import Refused
from wangge.territory import codes
from wangge.territory.changes import steps
from wangge.territory.changes.drafting import Draft
from wangge.territory.changes.picture import Node, Picture
from wangge.territory.changes.plan import Plan, lines
from wangge.territory.changes.written import read_area, read_line
from wangge.territory.models import GridKind, Level, TerritoryChange

Step = Callable[[Plan, Picture], Plan]
Given = Mapping[str, Any]
About = TerritoryChange.About


def parents_of(draft: Draft) -> list[Node]:
    """The areas inside which boundaries can be edited: those with something drawn in them, or that could have."""
    inside = {n.code for n in draft.before.above(draft.change.within.code)}
    if draft.change.about == About.UNIT_GRIDS:
        return [n for _c, n in sorted(draft.after.nodes.items()) if n.level == Level.COMMUNITY]
    nodes = [n for code, n in sorted(draft.after.nodes.items()) if code not in inside]
    return [n for n in nodes if _drawn(draft.after, n.code) or n.level == Level.COMMUNITY]


def _drawn(after: Picture, parent: str) -> list[Node]:
    """The children of one level that have a boundary: those of the highest level, micro-grids beside grids are not."""
    found = [node for node in after.children(parent) if node.shape is not None]
    return [node for node in found if node.level == found[0].level]


def told(draft: Draft, parent: str) -> dict[str, Any]:
    """Everything the editor draws: areas with their state, the parent, the faults with their places, the sentences."""
    around = steps.find(draft.after, parent)
    return {
        "revision": draft.change.revision,
        "undo": bool(draft.change.earlier),
        "redo": bool(draft.change.later),
        "parent": _geometry(around.shape),
        "areas": [_area(node, draft) for node in _drawn(draft.after, parent)],
        "faults": [fault.data() for fault in draft.faults()],
        "lines": [line.sentence for line in lines(draft.plan, draft.before)],
    }


def _area(node: Node, draft: Draft) -> dict[str, Any]:
    was = draft.before.get(node.code)
    state = "new" if was is None else "same" if was.boundary == node.boundary else "changed"
    said = {"code": node.code, "name": node.name, "label": _label(node)}
    return {**said, "state": state, "geometry": _geometry(node.shape)}


def _label(node: Node) -> str:
    """What the map writes on an area: of unit grids, whose name is their code, what tells them apart in the community."""
    return node.name.removeprefix(node.parent) if node.level == codes.UNIT_GRID else node.name


def _geometry(shape: BaseGeometry | None) -> Any:
    return None if shape is None else json.loads(shapely.to_geojson(shape))


def step_of(draft: Draft, parent: str, given: Given) -> Step:
    """The step that the editor asks for; raises Refused for one there is not."""
    act = ACTS.get(str(given.get("act")))
    if act is None:
        raise Refused(_("The editor asked for something there is not. Please load the page again."))
    return act(draft, parent, given)


def _redraw(draft: Draft, parent: str, given: Given) -> Step:
    code, shape = str(given.get("code")), read_area(json.dumps(given.get("geometry")))
    return lambda plan, before: steps.redraw(plan, before, {code: shape}, neighbours_follow=True)


def _split(draft: Draft, parent: str, given: Given) -> Step:
    node, line = steps.find(draft.after, str(given.get("code"))), read_line(json.dumps(given.get("geometry")))
    count = len(steps.cut(node, line))
    free = _codes(draft, node.parent, node.level, node.kind, count)
    parts = [(code, f"{node.name}-{number}") for number, code in enumerate(free, start=1)]
    return lambda plan, before: steps.split(plan, before, code=node.code, line=line, parts=parts)


def _merge(draft: Draft, parent: str, given: Given) -> Step:
    codes_given = given.get("codes")
    olds = [str(code) for code in codes_given] if isinstance(codes_given, list) else []
    if len(olds) < 2:
        raise Refused(_("Choose at least two areas to merge."))
    first = steps.find(draft.after, olds[0])
    code = _codes(draft, first.parent, first.level, first.kind, 1)[0]
    return lambda plan, before: steps.merge(plan, before, olds=olds, code=code, name=first.name)


def _draw(draft: Draft, parent: str, given: Given) -> Step:
    """A new area takes its ground from those beside it."""
    shape, beside = read_area(json.dumps(given.get("geometry"))), _drawn(draft.after, parent)
    usual = Level.GRID.value if draft.change.about == About.AREAS else codes.UNIT_GRID
    level = beside[0].level if beside else usual
    kind = (
        GridKind.GENERAL.value
        if level == Level.GRID
        else GridKind.MICRO.value
        if level == Level.MICRO
        else ""
    )
    code = _codes(draft, parent, level, kind, 1)[0]

    def step(plan: Plan, before: Picture) -> Plan:
        name = _("New area %(code)s") % {"code": code}
        plan = steps.create(
            plan, before, code=code, name=name, level=level, kind=kind, parent=parent, shape=shape
        )
        return steps.redraw(plan, before, {code: shape}, neighbours_follow=True)

    return step


def _codes(draft: Draft, parent: str, level: str, kind: str, count: int) -> list[str]:
    taken = {*draft.plan.codes, *draft.plan.seen}
    free = codes.next_codes(parent, level, kind, taken=taken, count=count)
    if len(free) < count:
        raise Refused(_("Please take this step by its form: the pattern does not tell the next code."))
    return free


ACTS: dict[str, Callable[[Draft, str, Given], Step]] = {
    "redraw": _redraw,
    "split": _split,
    "merge": _merge,
    "draw": _draw,
}
