"""Where what lies in an area goes when the area is divided or redrawn: into those that have its ground by now."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from wangge.common.refusals import Refused
from wangge.territory import codes
from wangge.territory.changes.picture import Node, Picture, drawn
from wangge.territory.changes.plan import Plan
from wangge.territory.changes.topology import NARROW_M, is_fragment, pieces, tidy, where
from wangge.territory.models import Level
from wangge.territory.shapes import area_m2, polygons_of, rounded

# Two corners nearer than this (degrees; 3 cm) are one: corners are kept to a centimetre.
SNAP = 3e-7
NEARLY_ALL = 0.999  # an area with this much of its ground in another one lies in it


def settle(plan: Plan, before: Picture, children: Sequence[Node], homes: Sequence[Node]) -> Plan:
    """Put the children of a divided or redrawn area into the areas they lie in now.

    A micro-grid across the new border is divided too: the larger part keeps its code, and what is too little for a
    micro-grid goes to one beside it. Any other child across it is refused, because its people and posts need a decision
    of their own.
    """
    drafted = plan.codes
    for child in children:
        known = plan.on(before).get(child.code)
        if known is None:
            continue
        if known.shape is None:
            home = known.parent if known.parent in [one.code for one in homes] else homes[0].code
            plan = plan.with_nodes(before, [replace(known, parent=home)])
        else:
            plan = _settle_one(plan, before, known, homes)
    for one in homes:
        plan = _without_fragments(plan, before, one, drafted)
    return plan


def _settle_one(plan: Plan, before: Picture, child: Node, homes: Sequence[Node]) -> Plan:
    shape, whole = child.shape, child.shape.area if child.shape is not None else 0.0
    shared = [
        (home, tidy(rounded(shapely.intersection(shape, home.shape))))
        for home in homes
        if home.shape is not None and shapely.intersects(shape, home.shape)
    ]
    shared = sorted(((h, s) for h, s in shared if not s.is_empty), key=lambda one: -one[1].area)
    if not shared:
        return plan
    home, most = shared[0]
    nearly_all = child.level != Level.MICRO and most.area > whole * NEARLY_ALL
    if nearly_all or not pieces(shapely.difference(shape, home.shape)):
        return plan.with_nodes(before, [replace(child, parent=home.code)])
    if child.level != Level.MICRO:
        said = {"name": child.name, "place": where(shared[-1][1])}
        raise Refused(
            _("%(name)s lies on both sides of the new border, at %(place)s. Divide it first.") % said,
            field="line",
        )
    return _divide_micro(plan, before, child, shared)


def _divide_micro(
    plan: Plan, before: Picture, child: Node, shared: Sequence[tuple[Node, BaseGeometry]]
) -> Plan:
    parts = [(home, part) for home, shape in shared for part in pieces(shape)]
    parts.sort(key=lambda one: -area_m2(one[1]))
    plan = plan.with_nodes(before, [replace(child, parent=parts[0][0].code, boundary=drawn(parts[0][1]))])
    for number, (home, part) in enumerate(parts[1:], start=2):
        taken = plan.codes | set(plan.seen)
        free = codes.next_codes(home.code, child.level, child.kind, taken=taken)
        if not free:
            raise Refused(
                _("There is no free code for a part of %(name)s.") % {"name": child.name}, field="code"
            )
        name = f"{child.name}-{number}"
        plan = plan.with_nodes(
            before, [Node(free[0], name[:100], child.level, child.kind, home.code, drawn(part))]
        )
    return plan


def _without_fragments(plan: Plan, before: Picture, home: Node, drafted: Collection[str]) -> Plan:
    """Join what was cut off of micro-grids and is none to the one beside it; where there is none, it lies in the grid alone.

    Unless that would leave a hole in what a micro-grid of a grid that stays had before.
    """
    micros = plan.on(before).children(home.code, Level.MICRO)
    shapes = {one.code: one.shape for one in micros if one.shape is not None}
    cut_off = [code for code in shapes if code not in before and code not in drafted]
    left = {code: shapes.pop(code) for code in cut_off if is_fragment(shapes[code])}
    for code, shape in left.items():
        heir, whole = _heir(shape, shapes)
        if whole is not None:
            shapes[heir] = whole
            plan = plan.with_nodes(before, [replace(plan.on(before).nodes[heir], boundary=drawn(whole))])
        elif home.code in before and any(_had(before, other, shape) for other in shapes):
            continue
        plan = plan.with_end(before, code, [heir] if heir else [])
    return plan


def _heir(shape: BaseGeometry, beside: Mapping[str, BaseGeometry]) -> tuple[str, BaseGeometry | None]:
    """The one with the longest border that stays in one piece with the shape, and both as one; none where there is none."""
    borders = borders_with(shape, beside)
    for code in sorted(borders, key=lambda code: -borders[code]):
        whole = joined([beside[code], shape])
        if len(polygons_of(whole)) == 1:
            return code, whole
    return "", None


def _had(before: Picture, code: str, ground: BaseGeometry) -> bool:
    known = before.get(code)
    return known is not None and known.shape is not None and share(known.shape, ground)


def joined(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """Several areas as one; edges that miss each other by a hair are joined, and what is left open between them closed."""
    whole = shapes[0]
    for shape in shapes[1:]:
        whole = _joined(whole, shape)
    return whole


def _joined(one: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """Two as one; corners are moved no further than it takes, for whoever is beside them stays where they were."""
    for reach in (0.0, SNAP / 10, SNAP):
        near = shapely.snap(one, other, reach)  # so that its edges go through the corners of the other
        whole = tidy(rounded(shapely.union(near, shapely.snap(other, near, reach))), NARROW_M)
        if len(polygons_of(whole)) == 1:
            break
    return whole


def share(one: BaseGeometry, other: BaseGeometry) -> bool:
    return bool(pieces(shapely.intersection(one, other)))


def longest_border(left: BaseGeometry, others: Mapping[str, BaseGeometry]) -> str:
    """Who has the longest border with a shape; "" where nobody touches it."""
    borders = borders_with(left, others)
    return max(borders, key=lambda code: borders[code], default="")


def borders_with(shape: BaseGeometry, others: Mapping[str, BaseGeometry]) -> dict[str, float]:
    """How much border those that touch a shape have with it."""
    near = shape.buffer(SNAP)
    borders = {code: shapely.intersection(near, other).area for code, other in others.items()}
    return {code: border for code, border in borders.items() if border > 0}
