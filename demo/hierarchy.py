"""Who looks after what land: communities grow from seeds, grids from households, all out of whole cells."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from dataclasses import dataclass, field

import shapely
from shapely import Polygon

from . import frame, plan
from .blocks import Built
from .naming import in_words
from .network import Network, shared_edges

HOUSEHOLDS_PER_GRID = 560
RING_ROAD_COST = 3.0  # how much farther a field across the ring road counts, so that villages keep the fields
MICRO_GRIDS_IN = 3

Adjacency = dict[int, set[int]]
Place = tuple[float, float]


@dataclass(slots=True)
class GridDraft:
    """A governance grid as a set of cells; `parts` are its micro-grids' cells, where it has any."""

    community: int
    kind: str
    purpose: str
    name: str
    cells: set[int]
    households: int
    parts: list[set[int]] = field(default_factory=list)


def lift(adjacency: Adjacency, group_of: dict[int, int]) -> Adjacency:
    """Neighbourhood of groups from the neighbourhood of their members."""
    lifted: Adjacency = defaultdict(set)
    for a, others in adjacency.items():
        for b in others:
            ga, gb = group_of.get(a), group_of.get(b)
            if ga is not None and gb is not None and ga != gb:
                lifted[ga].add(gb)
    return lifted


def _cell_adjacency(network: Network) -> Adjacency:
    adjacency: Adjacency = defaultdict(set)
    for a, b in shared_edges(network.cells_ticks):
        adjacency[a].add(b)
        adjacency[b].add(a)
    return adjacency


def grow_nearest(
    seeds: dict[int, int], adjacency: Adjacency, places: dict[int, Place], kinds: dict[int, bool]
) -> dict[int, int]:
    """Every reachable node to the seed nearest along neighbours (seed node → label); a change of kind costs more."""
    heap = [(0.0, node, label) for node, label in seeds.items()]
    label_of: dict[int, int] = {}
    heapq.heapify(heap)
    while heap:
        far, node, label = heapq.heappop(heap)
        if node in label_of:
            continue
        label_of[node] = label
        for other in adjacency[node]:
            if other not in label_of:
                cost = RING_ROAD_COST if kinds[node] != kinds[other] else 1.0
                heapq.heappush(heap, (far + cost * math.dist(places[node], places[other]), other, label))
    return label_of


def grow_balanced(
    nodes: set[int], adjacency: Adjacency, places: dict[int, Place], weights: dict[int, float], parts: int
) -> list[set[int]]:
    """Nodes in connected parts of about equal weight: the lightest part always takes the nearest free neighbour."""
    seeds = _spread(sorted(nodes), places, parts)
    groups = [{seed} for seed in seeds]
    free = nodes - set(seeds)
    load = [weights[seed] for seed in seeds]
    stuck: set[int] = set()
    while free and len(stuck) < len(groups):
        i = min((g for g in range(len(groups)) if g not in stuck), key=lambda g: load[g])
        edge = {n for member in groups[i] for n in adjacency[member]} & free
        if not edge:
            stuck.add(i)
            continue
        best = min(edge, key=lambda n: (math.dist(places[n], places[seeds[i]]), n))
        groups[i].add(best)
        load[i] += weights[best]
        free.discard(best)
    return groups + _components(free, adjacency)


def _spread(nodes: list[int], places: dict[int, Place], number: int) -> list[int]:
    """Nodes far from one another, beginning in the west."""
    chosen = [min(nodes, key=lambda n: places[n][0])]
    while len(chosen) < min(number, len(nodes)):
        chosen.append(max(nodes, key=lambda n: min(math.dist(places[n], places[c]) for c in chosen)))
    return chosen


def _components(nodes: set[int], adjacency: Adjacency) -> list[set[int]]:
    rest, found = set(nodes), []
    while rest:
        island, front = set(), {min(rest)}
        while front:
            island |= front
            front = {n for member in front for n in adjacency[member]} & rest - island
        rest -= island
        found.append(island)
    return found


class Hierarchy:
    """Communities and grids of a network; indexes point into its cells and into `plan.COMMUNITIES`."""

    def __init__(self, network: Network, built: list[Built]) -> None:
        self.network, self.built = network, built
        self.cells = _cell_adjacency(network)
        self.places: dict[int, Place] = {i: (c.centroid.x, c.centroid.y) for i, c in enumerate(network.cells)}
        self.households = self._households_by_cell()
        self.community_of_cell = self._communities()
        self.grids = self._grids()
        self._divide_into_micro_grids()

    def _households_by_cell(self) -> dict[int, int]:
        tree = shapely.STRtree(self.network.cells)
        found: dict[int, int] = defaultdict(int)
        homes = [f for b in self.built for f in b.footprints if f.households]
        nearest = tree.nearest([home.polygon.centroid for home in homes])
        for home, cell in zip(homes, nearest, strict=True):
            found[int(cell)] += home.households
        return found

    def _communities(self) -> dict[int, int]:
        """Cell → community: faces of main roads go whole to the nearest seed on their side of the river."""
        blocks = self.network.blocks
        face_of = {c: block.superblock for block in blocks for c in block.cells}
        north = {block.superblock: block.north for block in blocks}
        rural = {block.superblock: block.zone == "rural" for block in blocks}
        adjacency = lift(self.cells, face_of)
        adjacency = {a: {b for b in others if north[a] == north[b]} for a, others in adjacency.items()}
        areas: dict[int, list[Polygon]] = defaultdict(list)
        for block in blocks:
            areas[block.superblock].append(block.polygon)
        middles = {face: shapely.union_all(parts).centroid for face, parts in areas.items()}
        places = {face: (point.x, point.y) for face, point in middles.items()}
        seeds: dict[int, int] = {}
        for number, community in enumerate(plan.COMMUNITIES):
            options = [f for f in places if north[f] == community.north and f not in seeds]
            seeds[min(options, key=lambda f: math.dist(places[f], (community.x, community.y)))] = number
        label = grow_nearest(seeds, adjacency, places, rural)
        return {cell: label[face] for cell, face in face_of.items()}

    def _grids(self) -> list[GridDraft]:
        grids: list[GridDraft] = []
        for number in range(len(plan.COMMUNITIES)):
            dedicated = self._dedicated(number)
            taken = {cell for grid in dedicated for cell in grid.cells}
            grids += dedicated + self._general(number, taken)
        return grids

    def _dedicated(self, community: int) -> list[GridDraft]:
        grids = []
        for block in self.network.blocks:
            if (
                block.special
                and block.special.dedicated
                and self.community_of_cell[block.cells[0]] == community
            ):
                cells = set(block.cells)
                name = f"{block.special.name}专属网格"
                grids.append(
                    GridDraft(community, "dedicated", block.special.kind, name, cells, self._sum(cells))
                )
        return grids

    def _sum(self, cells: set[int]) -> int:
        return sum(self.households.get(cell, 0) for cell in cells)

    def _general(self, community: int, taken: set[int]) -> list[GridDraft]:
        block_of = {
            cell: number
            for number, block in enumerate(self.network.blocks)
            for cell in block.cells
            if self.community_of_cell[cell] == community and cell not in taken
        }
        members: dict[int, set[int]] = defaultdict(set)
        for cell, block_number in block_of.items():
            members[block_number].add(cell)
        adjacency = lift(self.cells, block_of)
        places = {n: (b.x, b.y) for n in members if (b := self.network.blocks[n].polygon.centroid)}
        weights = {n: self._sum(cells) + 12.0 * len(cells) for n, cells in members.items()}
        total = sum(self._sum(cells) for cells in members.values())
        parts = grow_balanced(
            set(members), adjacency, places, weights, max(2, round(total / HOUSEHOLDS_PER_GRID))
        )
        grids = []
        for group in parts:
            cells = {cell for n in group for cell in members[n]}
            grids.append(GridDraft(community, "general", "", "", cells, self._sum(cells)))
        return self._named(community, self._without_crumbs(grids))

    def _without_crumbs(self, grids: list[GridDraft]) -> list[GridDraft]:
        """Leftovers of a growth joined to a neighbour, where there is one."""
        kept = [grid for grid in grids if len(grid.cells) > 4]
        for crumb in (grid for grid in grids if len(grid.cells) <= 4):
            border = {n for cell in crumb.cells for n in self.cells[cell]}
            host = next((grid for grid in kept if grid.cells & border), None)
            if host is None:
                kept.append(crumb)
            else:
                host.cells |= crumb.cells
                host.households += crumb.households
        return kept

    def _named(self, community: int, grids: list[GridDraft]) -> list[GridDraft]:
        in_order = sorted(grids, key=lambda grid: self.reading_order(grid.cells))
        for number, grid in enumerate(in_order, start=1):
            grid.name = f"{plan.COMMUNITIES[community].name}第{in_words(number)}网格"
        return in_order

    def reading_order(self, cells: set[int]) -> tuple[int, float]:
        """Top to bottom in bands of 300 m, then left to right."""
        x = sum(self.places[c][0] for c in cells) / len(cells)
        y = sum(self.places[c][1] for c in cells) / len(cells)
        return (-math.floor(y / 300), x)

    def _divide_into_micro_grids(self) -> None:
        """The most peopled general grids of different communities get micro-grids."""
        chosen: dict[int, GridDraft] = {}
        for grid in sorted(self.grids, key=lambda g: -g.households):
            if grid.kind == "general" and grid.community not in chosen:
                chosen[grid.community] = grid
        for grid in list(chosen.values())[:MICRO_GRIDS_IN]:
            weights = {c: float(self.households.get(c, 0)) + 5 for c in grid.cells}
            grid.parts = grow_balanced(set(grid.cells), self.cells, self.places, weights, 3)


def outline(network: Network, cells: set[int]) -> Polygon:
    """The land of some cells as one polygon in WGS84 degrees, its vertices those of the cells."""
    merged = shapely.coverage_union_all([network.cells_ticks[i] for i in sorted(cells)])
    return frame.ticks_to_degrees(merged)
