"""The ground that a design divides: what today's grids of a community cover, and the lines that new ones do not cross."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from wangge.territory import basemap
from wangge.territory.changes.picture import Node, Picture, ground_of, picture_of
from wangge.territory.changes.topology import pieces
from wangge.territory.models import Area, BaseFeature, GridKind, Level
from wangge.territory.shapes import together

MAIN_ROAD, STREET = 1, 2  # ranks of base features down to which a road is one


@dataclass(frozen=True)
class Ground:
    """A community as it is now: what is divided anew, today's grids on it, and the grids that stay as they are."""

    code: str
    name: str
    shape: BaseGeometry
    grids: tuple[Node, ...]
    kept: tuple[Node, ...]


def grounds_in(within: Area) -> list[Ground]:
    """Every community in an area on which something is drawn, by code."""
    picture = picture_of(within)
    communities = [n for code, n in sorted(picture.nodes.items()) if n.level == Level.COMMUNITY]
    around = {node.code for node in picture.above(within.code)}
    found = (ground_in(picture, node) for node in communities if node.code not in around)
    return [ground for ground in found if ground is not None]


def ground_in(picture: Picture, community: Node) -> Ground | None:
    """One community's ground; None where nothing is left to be divided."""
    grids = [node for node in picture.children(community.code, Level.GRID) if node.shape is not None]
    kept = tuple(node for node in grids if node.kind == GridKind.DEDICATED)
    olds = tuple(node for node in grids if node.kind != GridKind.DEDICATED)
    shape = ground_of(olds) if olds else community.shape
    if shape is None:
        return None
    if not olds and kept:
        shape = shapely.difference(shape, ground_of(kept))
    land = pieces(shape)
    return Ground(community.code, community.name, together(np.array(land)), olds, kept) if land else None


# -- What grids do not cross ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Barrier:
    """A kind of line, in words, and the base features it is made of."""

    label: Promise
    features: Q


BARRIERS: dict[str, Barrier] = {
    "main_roads": Barrier(_("Main roads"), Q(kind=BaseFeature.Kind.ROAD, rank__lte=MAIN_ROAD)),
    "streets": Barrier(_("Smaller streets"), Q(kind=BaseFeature.Kind.ROAD, rank=STREET)),
    "water": Barrier(_("Rivers and lakes"), Q(kind=BaseFeature.Kind.WATER)),
}


def lines_by_ground(kinds: Sequence[str], grounds: Sequence[Ground]) -> list[list[LineString]]:
    """For each ground the lines of these kinds that run through it; water gives its banks."""
    lines = _lines(kinds, [ground.shape for ground in grounds])
    if not len(lines):
        return [[] for _ground in grounds]
    tree = shapely.STRtree(lines)
    return [_through(lines[tree.query(ground.shape, "intersects")], ground.shape) for ground in grounds]


def _lines(kinds: Sequence[str], shapes: Sequence[BaseGeometry]) -> NDArray[np.object_]:
    wanted = Q(pk__in=[])
    for kind in kinds:
        wanted |= BARRIERS[kind].features
    box = shapely.total_bounds(list(shapes))
    rows = BaseFeature.objects.filter(wanted, basemap.touching(tuple(box.tolist())))
    stored = list(rows.order_by("pk").values_list("shape", flat=True))
    found = [line for shape in shapely.from_wkb([bytes(one) for one in stored]) for line in _as_lines(shape)]
    return np.array(found, dtype=object)


def _as_lines(shape: BaseGeometry) -> Iterator[LineString]:
    for part in shapely.get_parts(shape):
        drawn = shapely.boundary(part) if part.geom_type == "Polygon" else part
        yield from (line for line in shapely.get_parts(drawn) if line.geom_type == "LineString")


def _through(lines: NDArray[np.object_], ground: BaseGeometry) -> list[LineString]:
    """Only what runs in it: a road along its edge divides nothing, and the rest of a long river is elsewhere."""
    cut = shapely.get_parts(shapely.intersection(lines, shapely.envelope(ground)))
    return [line for line in cut if line.geom_type == "LineString" and shapely.intersects(line, ground)]
