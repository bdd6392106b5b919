"""The tree of areas in memory as it is on a day, so that a change can be tried on it before anything is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import shapely
from django.db.models import Q, QuerySet
from shapely.geometry.base import BaseGeometry

from wangge.territory.codes import UNIT_GRID
from wangge.territory.models import Area, Level, TerritoryChange, UnitGrid
from wangge.territory.shapes import from_wkb, to_wkb

About = TerritoryChange.About


@dataclass(frozen=True)
class Node:
    """One area as it is or shall be; `parent` is a code ("" at the top), `boundary` WKB in WGS84 degrees or None."""

    code: str
    name: str
    level: str
    kind: str
    parent: str
    boundary: bytes | None = None

    @cached_property
    def shape(self) -> BaseGeometry | None:
        return from_wkb(self.boundary) if self.boundary else None

    @cached_property
    def digest(self) -> str:
        """Tells whether somebody changed the area meanwhile."""
        words = "\x1f".join((self.name, self.level, self.kind, self.parent)).encode()
        return hashlib.sha256(words + b"\x1f" + (self.boundary or b"")).hexdigest()[:16]

    def data(self) -> dict[str, str]:
        """As it is kept in a plan."""
        told = {"name": self.name, "level": self.level, "kind": self.kind, "parent": self.parent}
        return told | ({"boundary": self.boundary.hex()} if self.boundary else {})

    @classmethod
    def read(cls, code: str, told: Mapping[str, str]) -> Node:
        """The node that `data` wrote."""
        boundary = bytes.fromhex(told["boundary"]) if told.get("boundary") else None
        return cls(code, told["name"], told["level"], told["kind"], told["parent"], boundary)


def drawn(shape: BaseGeometry | None) -> bytes | None:
    """A shape as a node keeps it."""
    return to_wkb(shape) if shape is not None and not shape.is_empty else None


class Picture:
    """Areas by code, or the unit grids with the areas around them; never changed, only replaced."""

    def __init__(self, nodes: Mapping[str, Node], about: str = About.AREAS) -> None:
        self.nodes, self.about = dict(nodes), about

    def __contains__(self, code: str) -> bool:
        return code in self.nodes

    def get(self, code: str) -> Node | None:
        return self.nodes.get(code)

    @cached_property
    def _children(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for code in sorted(self.nodes):
            found.setdefault(self.nodes[code].parent, []).append(self.nodes[code])
        return found

    def children(self, parent: str, level: str = "") -> list[Node]:
        """The areas directly below one, in the order of their codes."""
        return [node for node in self._children.get(parent, []) if level in ("", node.level)]

    def above(self, code: str) -> Iterator[Node]:
        """The areas around one, the nearest first."""
        node = self.nodes.get(code)
        while node is not None and (node := self.nodes.get(node.parent)) is not None:
            yield node

    def with_(self, wanted: Mapping[str, Node], ended: Iterable[str]) -> Picture:
        """The picture with some areas otherwise and some gone."""
        gone = frozenset(ended)
        nodes = {code: n for code, n in (self.nodes | dict(wanted)).items() if code not in gone}
        return Picture(nodes, self.about)


def picture_of(within: Area, about: str = About.AREAS) -> Picture:
    """What is in force now in and around an area: its whole subtree, and the line up to the root.

    About unit grids it is the areas down to the communities, with the unit grids in them.
    """
    above = [int(part) for part in within.path.strip("/").split("/")]
    found = Area.objects.filter(Q(path__startswith=within.path) | Q(pk__in=above), valid_to=None)
    if about == About.AREAS:
        return Picture(nodes_of(found))
    around = nodes_of(found.exclude(level__in=[Level.GRID, Level.MICRO]))
    cells = UnitGrid.objects.filter(community__path__startswith=within.path, valid_to=None)
    return Picture(around | unit_grid_nodes(cells), about)


def nodes_of(areas: QuerySet[Area]) -> dict[str, Node]:
    """Areas as nodes by their codes."""
    rows = areas.values_list("code", "name", "level", "kind", "parent__code", "boundary")
    return {
        code: Node(code, name, level, kind, parent or "", bytes(boundary) if boundary else None)
        for code, name, level, kind, parent, boundary in rows
    }


def unit_grid_nodes(unit_grids: QuerySet[UnitGrid]) -> dict[str, Node]:
    """Unit grids as nodes; they have no other name than their code."""
    rows = unit_grids.values_list("code", "community__code", "boundary")
    return {
        code: Node(code, code, UNIT_GRID, "", community, bytes(boundary))
        for code, community, boundary in rows
    }


def ground_of(nodes: Iterable[Node]) -> BaseGeometry:
    """The ground that areas cover together."""
    return shapely.union_all([node.shape for node in nodes if node.shape is not None])
