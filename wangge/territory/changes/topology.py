"""Whether a planned tree holds together: no gap, no overlap, inside the parent, every boundary a plain one.

Each fault is a sentence with its place, so that it can be read and shown on the map. The editor checks the same things
quickly in the browser; what counts is here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from wangge.territory.boundaries import SLIVER_M2
from wangge.territory.changes.picture import Node, Picture, ground_of
from wangge.territory.changes.plan import Plan
from wangge.territory.codes import UNIT_GRID
from wangge.territory.levels import RANK
from wangge.territory.models import Level
from wangge.territory.shapes import area_m2, metres_per_degree, polygons_of, rounded, together

# Corners are kept to a centimetre, so neighbours may miss each other by that much and still be neighbours.
HAIR_M = 0.02
NARROW_M = 1.0  # a boundary that is nowhere wider than this is a trace of drawing
FRAGMENT_M2 = 500  # less than this, cut off of a micro-grid by a new border, is none: a house needs more
ONE_PIECE = frozenset({Level.GRID, Level.MICRO, UNIT_GRID})


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong; `place` is in WGS84 degrees, None where the fault has no place on the map."""

    kind: str
    sentence: str
    codes: tuple[str, ...]
    place: BaseGeometry | None = None

    def data(self) -> dict[str, Any]:
        """For the map: GeoJSON of the place beside the words."""
        place = None if self.place is None else shapely.to_geojson(self.place)
        return {"kind": self.kind, "sentence": self.sentence, "codes": list(self.codes), "place": place}


def faults(plan: Plan, before: Picture) -> list[Fault]:
    """Everything that is wrong with a plan; a fault that was there before the plan is not the plan's."""
    after = plan.on(before)
    found = [*_of_the_tree(plan, after), *_of_shapes(plan, before, after)]
    if found:  # overlaps and gaps of crossing boundaries would only repeat what is wrong
        return found
    for level in sorted({node.level for node in plan.wanted.values()}):
        found += _overlaps(level, plan, before, after)
    for parent, level in sorted(_families(plan, before, after)):
        found += _of_a_family(parent, level, before, after)
    return found


# -- The tree --------------------------------------------------------------------------------------------


def _of_the_tree(plan: Plan, after: Picture) -> Iterator[Fault]:
    for code, node in sorted(plan.wanted.items()):
        if not node.name.strip():
            yield Fault("name", _("%(code)s has no name.") % {"code": code}, (code,), node.shape)
        parent = after.get(node.parent)
        if parent is None:
            yield Fault(
                "parent", _("%(name)s lies in no area that is in force.") % _said(node), (code,), node.shape
            )
        elif RANK[parent.level] >= RANK[node.level]:
            said = {**_said(node), "parent": parent.name}
            yield Fault(
                "parent", _("%(name)s cannot lie in %(parent)s: the level is not higher.") % said, (code,)
            )
        elif node.level == UNIT_GRID and parent.level != Level.COMMUNITY:
            yield Fault("parent", _("%(name)s lies in no community.") % _said(node), (code,), node.shape)
    for code in sorted(plan.ended):
        for child in after.children(code):
            said = {**_said(child), "code": code}
            yield Fault(
                "parent", _("%(name)s lies in %(code)s, which ends.") % said, (child.code,), child.shape
            )


def _said(node: Node) -> dict[str, str]:
    return {"name": node.code if node.level == UNIT_GRID else f"{node.name} ({node.code})"}


# -- Each boundary by itself -----------------------------------------------------------------------------


def _of_shapes(plan: Plan, before: Picture, after: Picture) -> Iterator[Fault]:
    for code, node in sorted(plan.wanted.items()):
        was = before.get(code)
        if node.boundary is not None and (was is None or was.boundary != node.boundary):
            yield from of_shape(node)


def of_shape(node: Node) -> Iterator[Fault]:
    """What is wrong with one boundary, whatever lies around it."""
    shape = node.shape
    assert shape is not None
    if not shape.is_valid:
        yield _crossing(node, shape)
        return
    parts = polygons_of(shape)
    if node.level in ONE_PIECE and len(parts) > 1:
        smallest = min(parts, key=area_m2)
        said = {**_said(node), "count": len(parts), "place": where(smallest)}
        yield Fault(
            "parts",
            _("%(name)s is in %(count)s pieces; the smallest is at %(place)s.") % said,
            (node.code,),
            smallest,
        )
    for part in parts:
        if not wider_than(part, NARROW_M):
            said = {**_said(node), "place": where(part)}
            yield Fault(
                "sliver", _("%(name)s is narrower than a metre at %(place)s.") % said, (node.code,), part
            )
        for ring in part.interiors:
            hole = shapely.Polygon(ring)
            if not wider_than(hole, NARROW_M):
                said = {**_said(node), "place": where(hole), "area": f"{area_m2(hole):.1f}"}
                yield Fault(
                    "hole", _("%(name)s has a hole of %(area)s m² at %(place)s.") % said, (node.code,), hole
                )


def _crossing(node: Node, shape: BaseGeometry) -> Fault:
    """GEOS names the place in its own words: ``Self-intersection[118.9 32.9]``."""
    found = re.search(r"\[(-?[\d.e+-]+) (-?[\d.e+-]+)", shapely.is_valid_reason(shape))
    place = shapely.Point(float(found[1]), float(found[2])) if found else shape.representative_point()
    said = {**_said(node), "place": where(place)}
    return Fault(
        "crossing",
        _("The boundary of %(name)s crosses or touches itself at %(place)s.") % said,
        (node.code,),
        place,
    )


def where(shape: BaseGeometry) -> str:
    """A place in words: longitude and latitude of a point on it."""
    point = shape.representative_point()
    return f"{point.x:.5f}, {point.y:.5f}"


def wider_than(shape: BaseGeometry, metres: float) -> bool:
    """Tell whether an area is somewhere wider than that."""
    if shape.is_empty:
        return False
    across, up = metres_per_degree((shape.bounds[1] + shape.bounds[3]) / 2)
    flat = shapely.transform(shape, lambda degrees: degrees * (across, up))
    return not flat.buffer(-metres / 2, quad_segs=1).is_empty


# -- Boundaries among each other -------------------------------------------------------------------------


def _families(plan: Plan, before: Picture, after: Picture) -> set[tuple[str, str]]:
    """The parents and levels whose children the plan touches, as they are before and after."""
    found: set[tuple[str, str]] = set()
    for picture in (before, after):
        for code in plan.codes:
            if (node := picture.get(code)) is not None:
                found.add((node.parent, node.level))
                found |= {(code, child.level) for child in picture.children(code)}
    return {(parent, level) for parent, level in found if parent in after}


def _overlaps(level: str, plan: Plan, before: Picture, after: Picture) -> Iterator[Fault]:
    """Ground that a new or redrawn area shares with another of its level; what was shared before is not the plan's."""
    known = shapely.union_all([shape for _one, _other, shape in _shared(level, plan, before)])
    for one, other, shared in _shared(level, plan, after):
        for shape in pieces(shapely.difference(shared, known)):
            area = f"{area_m2(shape):,.0f}"
            said = {"one": one.name, "other": other.name, "area": area, "place": where(shape)}
            sentence = _("%(one)s and %(other)s overlap: %(area)s m² at %(place)s.") % said
            yield Fault("overlap", sentence, (one.code, other.code), shape)


def _shared(level: str, plan: Plan, picture: Picture) -> Iterator[tuple[Node, Node, BaseGeometry]]:
    """The pairs of a level that hold the same ground, one of them touched by the plan, with that ground."""
    nodes = _of_level(picture, level)
    touched = [at for at, node in enumerate(nodes) if node.code in plan.codes]
    if not touched or len(nodes) < 2:
        return
    shapes = np.array([node.shape for node in nodes], dtype=object)
    first, second = shapely.STRtree(shapes).query(shapes[touched], "intersects")
    once = {
        (min(pair), max(pair))
        for pair in zip(np.array(touched)[first].tolist(), second.tolist(), strict=True)
    }
    for one, other in sorted(once):
        if one != other and not shapely.touches(shapes[one], shapes[other]):
            for shape in pieces(shapely.intersection(shapes[one], shapes[other])):
                yield nodes[one], nodes[other], shape


def _of_level(picture: Picture, level: str) -> list[Node]:
    return [n for code, n in sorted(picture.nodes.items()) if n.level == level and n.shape is not None]


def _of_a_family(parent: str, level: str, before: Picture, after: Picture) -> Iterator[Fault]:
    new = [node for node in after.children(parent, level) if node.shape is not None]
    codes_then = {node.code for node in (*before.children(parent, level), *new)}
    old = [n for code in sorted(codes_then) if (n := before.get(code)) is not None and n.shape is not None]
    was, around = before.get(parent), after.nodes[parent]
    if was is not None and was.boundary == around.boundary:
        allowed = shapely.union_all([s for s in (around.shape, ground_of(old)) if s is not None])
    else:
        allowed = around.shape
    if around.shape is not None and allowed is not None:
        yield from _outside(new, around, allowed)
    if was is None and around.shape is not None and level == Level.MICRO and new:
        yield from _gaps_in_a_new_grid(around, around.shape, before, after)
    elif new or old:
        yield from _gaps(old, around, _of_level(after, level))


def _gaps_in_a_new_grid(grid: Node, ground: BaseGeometry, before: Picture, after: Picture) -> Iterator[Fault]:
    """Of a grid that is new, as much has micro-grids as had them before, but for what is too little for one."""
    micros = _of_level(before, Level.MICRO)
    here = shapely.intersects(np.array([node.shape for node in micros], dtype=object), ground)
    old = [node for node, is_here in zip(micros, here.tolist(), strict=True) if is_here]
    for fault in _gaps(old, grid, _of_level(after, Level.MICRO)):
        if fault.place is None or not old or not is_fragment(fault.place):
            yield fault


def is_fragment(shape: BaseGeometry) -> bool:
    """Tell whether ground is too little for a micro-grid of its own."""
    return area_m2(shape) < FRAGMENT_M2 or not wider_than(shape, NARROW_M)


def pieces(shape: BaseGeometry) -> list[BaseGeometry]:
    """The parts of an area that are land and not a trace of rounding, the largest first."""
    land = [p for p in polygons_of(shape) if area_m2(p) > SLIVER_M2 and wider_than(p, HAIR_M)]
    return sorted(land, key=lambda part: -area_m2(part))


def _outside(new: Iterable[Node], around: Node, allowed: BaseGeometry) -> Iterator[Fault]:
    shapely.prepare(allowed)
    for node in new:
        if node.shape is None or shapely.covers(allowed, node.shape):
            continue
        for shape in pieces(shapely.difference(node.shape, allowed)):
            said = {
                "name": node.name,
                "parent": around.name,
                "area": f"{area_m2(shape):,.0f}",
                "place": where(shape),
            }
            sentence = _("%(name)s leaves %(parent)s: %(area)s m² at %(place)s.") % said
            yield Fault("outside", sentence, (node.code,), shape)


def _gaps(old: Sequence[Node], around: Node, everybody: Sequence[Node]) -> Iterator[Fault]:
    """Ground that nobody has: of what was covered before, or of the whole parent where nothing was."""
    ground = ground_of(old) if old else around.shape
    if ground is None or ground.is_empty:
        return
    if around.shape is not None:
        ground = shapely.intersection(ground, around.shape)
    shapes = np.array([node.shape for node in everybody], dtype=object)
    near = shapes[shapely.intersects(shapes, ground)] if len(shapes) else shapes
    for shape in pieces(shapely.difference(ground, shapely.union_all(near))):
        said = {"parent": around.name, "area": f"{area_m2(shape):,.0f}", "place": where(shape)}
        yield Fault(
            "gap", _("Nobody has %(area)s m² of %(parent)s at %(place)s.") % said, (around.code,), shape
        )


def tidy(shape: BaseGeometry, narrow: float = HAIR_M) -> BaseGeometry:
    """A shape without the traces of rounding: hair-thin parts, and holes nowhere wider than `narrow` metres, are left out."""
    if not shape.is_valid:  # a thin place that folded
        shape = rounded(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    parts = []
    for part in pieces(shape):
        holes = [
            ring
            for ring in part.interiors
            if any(wider_than(h, narrow) for h in pieces(shapely.Polygon(ring)))
        ]
        parts.append(shapely.Polygon(part.exterior, holes) if len(holes) < len(part.interiors) else part)
    return together(np.array(parts, dtype=object)) if parts else shapely.Polygon()
