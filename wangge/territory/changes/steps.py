"""The things one can do to a plan: make, rename, end, split, merge, move and redraw areas. Nothing here is stored.

Each step takes the tree as it is in force (`before`) and returns a new plan, or raises Refused in plain language. Whether
the whole holds together is asked afterwards (`topology.faults`): a step may leave a gap that the next one closes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely import ops
from shapely.geometry.base import BaseGeometry

from wangge.common.refusals import Refused
from wangge.territory import codes
from wangge.territory.changes.picture import Node, Picture, drawn
from wangge.territory.changes.plan import Plan
from wangge.territory.changes.settling import NEARLY_ALL, joined, longest_border, settle, share
from wangge.territory.changes.topology import of_shape, pieces, tidy, where
from wangge.territory.levels import RANK
from wangge.territory.models import Level
from wangge.territory.shapes import rounded


def find(picture: Picture, code: str) -> Node:
    """The area with this code; raises Refused."""
    node = picture.get(code)
    if node is None:
        raise Refused(
            _("There is no area “%(code)s” here that is in force.") % {"code": code[:40]}, field="code"
        )
    return node


def create(
    plan: Plan,
    before: Picture,
    *,
    code: str,
    name: str,
    level: str,
    kind: str,
    parent: str,
    shape: BaseGeometry | None,
) -> Plan:
    """A new area below another one."""
    around, after = find(plan.on(before), parent), plan.on(before)
    code = _new_code(code, level, kind, after, plan)
    if RANK[around.level] >= RANK[level]:
        raise Refused(_("A new area lies in one of a higher level."), field="parent")
    if level == codes.UNIT_GRID and shape is None:
        raise Refused(_("A unit grid has a boundary."), field="shape")
    return plan.with_nodes(before, [_newcomer(code, name, level, kind, parent, shape)])


def _newcomer(code: str, name: str, level: str, kind: str, parent: str, shape: BaseGeometry | None) -> Node:
    """A new area with its name, or a unit grid, which has none but its code."""
    name = code if level == codes.UNIT_GRID else named(name)
    return Node(code, name, level, kind, parent, drawn(shape))


def named(name: str) -> str:
    """A name as it is stored; raises Refused for none and for one that is too long."""
    name = " ".join(name.split())
    if not name or len(name) > 100:
        raise Refused(_("A name has 1 to 100 characters."), field="name")
    return name


def _new_code(code: str, level: str, kind: str, after: Picture, plan: Plan) -> str:
    code = codes.checked(code, level, kind)
    if code in after or code in plan.ended or code in plan.seen:
        raise Refused(
            _("The code %(code)s is taken; a code is never given twice.") % {"code": code}, field="code"
        )
    return code


def rename(plan: Plan, before: Picture, *, code: str, name: str, kind: str | None = None) -> Plan:
    """Another name, and for a grid perhaps another kind; the code stays."""
    node = find(plan.on(before), code)
    return plan.with_nodes(
        before, [replace(node, name=named(name), kind=node.kind if kind is None else kind)]
    )


def end(plan: Plan, before: Picture, *, code: str, into: str = "") -> Plan:
    """End an area; what lies in it and its ground go to `into`, an area of the same level, if one is named."""
    after = plan.on(before)
    node = find(after, code)
    if not into:
        plan = plan.with_end(before, code, ())
        for child in after.children(code):
            plan = end(plan, before, code=child.code)
        return plan
    heir = find(after, into)
    if heir.level != node.level or heir.code == code:
        raise Refused(_("The successor is another area of the same level."), field="into")
    changed = [replace(heir, boundary=drawn(_joined([heir, node]))), *_adopted(after, [code], into)]
    return _follow_ground(plan.with_nodes(before, changed).with_end(before, code, [into]), before, node, heir)


def _adopted(after: Picture, old: Iterable[str], parent: str) -> list[Node]:
    return [replace(child, parent=parent) for code in old for child in after.children(code)]


def _joined(nodes: Sequence[Node]) -> BaseGeometry | None:
    """The ground of neighbours as one, although a cut leaves corners in one of them that the other has not."""
    shapes = [node.shape for node in nodes if node.shape is not None]
    return joined(shapes) if shapes else None


def merge(plan: Plan, before: Picture, *, olds: Sequence[str], code: str, name: str) -> Plan:
    """Several areas of one level become one with a new code; it lies where the first one lay."""
    after = plan.on(before)
    nodes = [find(after, old) for old in dict.fromkeys(olds)]
    if len(nodes) < 2:
        raise Refused(_("Choose at least two areas to merge."), field="olds")
    first = nodes[0]
    if any((node.level, node.parent) != (first.level, first.parent) for node in nodes):
        raise Refused(
            _("Only areas of one level in one parent can be merged; move them first."), field="olds"
        )
    code = _new_code(code, first.level, first.kind, after, plan)
    whole = _newcomer(code, name, first.level, first.kind, first.parent, _joined(nodes))
    plan = plan.with_nodes(before, [whole, *_adopted(after, [n.code for n in nodes], code)])
    for node in nodes:
        plan = plan.with_end(before, node.code, [code])
    return plan


def split(
    plan: Plan, before: Picture, *, code: str, line: BaseGeometry, parts: Sequence[tuple[str, str]]
) -> Plan:
    """An area becomes two or more along a line; `parts` are the new codes and names, the most western first."""
    node = find(plan.on(before), code)
    shapes = cut(node, line)
    if len(shapes) != len(parts):
        said = {"count": len(shapes), "given": len(parts)}
        raise Refused(
            _("The line makes %(count)s parts, and names are given for %(given)s.") % said, field="line"
        )
    return divide(plan, before, code=code, parts=[(*p, s) for p, s in zip(parts, shapes, strict=True)])


def cut(node: Node, line: BaseGeometry) -> list[BaseGeometry]:
    """The parts that a line makes of an area, the most western first; raises Refused unless it crosses all of it."""
    if node.shape is None:
        raise Refused(_("%(name)s has no boundary to be divided.") % {"name": node.name}, field="code")
    if line.is_empty or line.geom_type != "LineString" or len(line.coords) < 2:
        raise Refused(_("A dividing line has at least two points."), field="line")
    parts = pieces(shapely.multipolygons(_polygons(ops.split(node.shape, line))))
    if len(parts) < 2:
        said = {"name": node.name, "start": where(shapely.Point(line.coords[0]))}
        raise Refused(
            _("The line that begins at %(start)s does not cross %(name)s from edge to edge.") % said,
            field="line",
        )
    return sorted((rounded(part) for part in parts), key=lambda part: (part.centroid.x, part.centroid.y))


def _polygons(collection: BaseGeometry) -> list[BaseGeometry]:
    return [part for part in shapely.get_parts(collection).tolist() if part.geom_type == "Polygon"]


def divide(plan: Plan, before: Picture, *, code: str, parts: Sequence[tuple[str, str, BaseGeometry]]) -> Plan:
    """An area ends and others of its level take its ground: new codes, names and shapes (WGS84 degrees)."""
    after = plan.on(before)
    node, news = find(after, code), list[Node]()
    for new, name, shape in parts:
        checked = _new_code(new, node.level, node.kind, after, plan)
        if checked in [one.code for one in news]:
            raise Refused(
                _("The code %(code)s is taken; a code is never given twice.") % {"code": checked},
                field="code",
            )
        news.append(_newcomer(checked, name, node.level, node.kind, node.parent, shape))
    children = after.children(code)
    plan = plan.with_nodes(before, news).with_end(before, code, [new.code for new in news])
    return settle(plan, before, children, news)


def move(plan: Plan, before: Picture, *, code: str, parent: str) -> Plan:
    """An area with everything in it goes to another parent; the boundaries of both sides follow."""
    after = plan.on(before)
    node, to = find(after, code), find(after, parent)
    if RANK[to.level] >= RANK[node.level]:
        raise Refused(
            _("%(name)s cannot lie in %(parent)s: the level is not higher.")
            % {"name": node.name, "parent": to.name},
            field="parent",
        )
    if node.parent == parent:
        raise Refused(_("It lies there already."), field="parent")
    plan = plan.with_nodes(before, [replace(node, parent=parent)])
    return _follow_ground(plan, before, node, to)


def _follow_ground(plan: Plan, before: Picture, node: Node, to: Node) -> Plan:
    """Take an area's ground from the areas it lay in, and give it to those it lies in now, up to where both meet."""
    after = plan.on(before)
    if node.shape is None or node.level == codes.UNIT_GRID:
        return plan
    lost = {one.code: one for one in _around(after, node.parent)}
    gained = {
        one.code: one for one in _around(after, to.code if RANK[to.level] < RANK[node.level] else to.parent)
    }
    changed = []
    for code, one in lost.items():
        if code not in gained and one.shape is not None:
            changed.append(
                replace(one, boundary=drawn(tidy(rounded(shapely.difference(one.shape, node.shape)))))
            )
    for code, one in gained.items():
        if code not in lost and one.shape is not None:
            changed.append(replace(one, boundary=drawn(joined([one.shape, node.shape]))))
    return plan.with_nodes(before, changed)


def _around(after: Picture, code: str) -> list[Node]:
    node = after.get(code)
    return [node, *after.above(code)] if node else []


def redraw(
    plan: Plan, before: Picture, shapes: Mapping[str, BaseGeometry], *, neighbours_follow: bool = False
) -> Plan:
    """Other boundaries for areas. With `neighbours_follow` the areas beside them give and take the difference."""
    after = plan.on(before)
    nodes = [replace(find(after, code), boundary=drawn(shape)) for code, shape in shapes.items()]
    for node in nodes:
        if neighbours_follow or after.children(node.code):
            _demand_plain(node)
    changed = nodes + (_neighbours(after, nodes) if neighbours_follow else [])
    plan = plan.with_nodes(before, changed)
    for node in changed:
        plan = settle(plan, before, after.children(node.code), _family(plan.on(before), node))
    return plan


def _demand_plain(node: Node) -> None:
    """Nothing can be taken from or divided by a boundary that crosses itself."""
    if node.shape is not None and not node.shape.is_valid:
        raise Refused(next(iter(of_shape(node))).sentence, field="shape")


def _family(after: Picture, node: Node) -> list[Node]:
    """The areas among which the children of a redrawn one are divided anew."""
    return after.children(node.parent, node.level)


def _neighbours(after: Picture, nodes: Sequence[Node]) -> list[Node]:
    """The siblings of redrawn areas, without the ground taken from them, with the ground that was left."""
    redrawn = {node.code: node for node in nodes}
    others = {
        one.code: one.shape
        for node in nodes
        for one in after.children(node.parent, node.level)
        if one.code not in redrawn and one.shape is not None
    }
    taken = shapely.union_all([node.shape for node in nodes])
    olds = [old.shape for code in redrawn if (old := after.get(code)) is not None and old.shape is not None]
    shapes = {code: shapely.difference(shape, taken) for code, shape in others.items() if share(shape, taken)}
    for left in pieces(
        shapely.difference(shapely.union_all(olds), shapely.union_all([taken, *others.values()]))
    ):
        heir = longest_border(left, others)
        if heir:
            shapes[heir] = joined([shapes.get(heir, others[heir]), left])
    return [
        replace(after.nodes[code], boundary=drawn(tidy(rounded(shape)))) for code, shape in shapes.items()
    ]


def replace_grids(
    plan: Plan,
    before: Picture,
    *,
    parent: str,
    grids: Sequence[tuple[str, str, str, BaseGeometry]],
    stay: Collection[str] = (),
) -> Plan:
    """The grids of a community end but those that stay, and others take their ground: codes, names, kinds and shapes.

    Each old grid is followed by the new ones that share ground with it, the one with most of it first.
    """
    after = plan.on(before)
    olds = [old for old in after.children(parent, Level.GRID) if old.code not in stay]
    news = list[Node]()
    for code, name, kind, shape in grids:
        checked = _new_code(code, Level.GRID, kind, after, plan)
        news.append(Node(checked, named(name), Level.GRID, kind, parent, drawn(rounded(shape))))
    if len({node.code for node in news}) < len(news):
        raise Refused(_("A code is given twice."), field="code")
    children = [child for old in olds for child in after.children(old.code)]
    plan = plan.with_nodes(before, news)
    for old in olds:
        plan = plan.with_end(before, old.code, followers(old, news))
    return settle(plan, before, children, news)


def followers(old: Node, news: Sequence[Node]) -> list[str]:
    """Who takes the ground of an area, the one with most of it first; the first of all where it has no boundary."""
    if old.shape is None:
        return [news[0].code] if news else []
    shapes = np.array([node.shape for node in news], dtype=object)
    shared = shapely.area(shapely.intersection(shapes, old.shape)) / (old.shape.area or 1.0)
    order = sorted(range(len(news)), key=lambda at: -shared[at])
    return [news[at].code for at in order if shared[at] > 1 - NEARLY_ALL] or [news[order[0]].code]
