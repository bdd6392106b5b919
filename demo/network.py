"""From the pen drawing to streets, blocks and unit grids whose edges are shared to the last digit.

The whole line-work is noded once, on the tick grid of `frame`; every polygon of the district is a union of
the faces of that one network, so gaps and overlaps cannot arise.
"""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from . import frame, naming, plan

RURAL_CELL_M2 = 34_000
URBAN_CELL_M2 = 14_500
SLIVER_M2 = 1_600

# Block sizes a branch road stops at, in square metres.
BLOCK_M2 = {
    "oldtown": 10_500,
    "core": 26_000,
    "towers": 62_000,
    "estates": 58_000,
    "industrial": 90_000,
    "riverside": 1_000_000,
    "rural": 120_000,
}
BRANCH_WIDTH_M = {
    "oldtown": 7.0,
    "core": 14.0,
    "towers": 14.0,
    "estates": 12.0,
    "industrial": 16.0,
    "rural": 5.0,
}


@dataclass(slots=True)
class Street:
    """A road with one name; `line` in metres."""

    name: str
    kind: str
    width_m: float
    line: LineString


@dataclass(slots=True)
class BlockDraft:
    """Land between roads; `superblock` numbers the face of main roads it was cut from."""

    polygon: Polygon
    zone: str
    special: plan.Special | None = None
    superblock: int = -1
    north: bool = False
    cells: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Network:
    """Everything the pen drawing yields; `cells_ticks` are the noded faces, the rest is in metres."""

    boundary: Polygon
    streets: list[Street]
    river: Polygon
    lake: Polygon
    blocks: list[BlockDraft]
    cells_ticks: list[Polygon]
    cells: list[Polygon]
    cell_block: list[int]


def smooth(points: plan.Line, closed: bool = False, steps: int = 8) -> list[tuple[float, float]]:
    """A Catmull-Rom curve through the control points."""
    knots = np.array(points, dtype=float)
    if closed:
        padded = np.vstack([knots[-1], knots, knots[:2]])
    else:
        padded = np.vstack([2 * knots[0] - knots[1], knots, 2 * knots[-1] - knots[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    curve: list[tuple[float, float]] = []
    for i in range(len(padded) - 3):
        a, b, c, d = padded[i : i + 4]
        piece = 0.5 * (
            2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
        )
        curve.extend((float(x), float(y)) for x, y in piece)
    if not closed:
        curve.append((float(knots[-1][0]), float(knots[-1][1])))
    return curve


def _roughened(points: plan.Line) -> list[tuple[float, float]]:
    """A closed line broken into shorter, crooked pieces, the way field edges run."""
    rng = random.Random(7)
    ring = list(points)
    for strength in (0.11, 0.1, 0.08):
        finer: list[tuple[float, float]] = []
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
            push, along = rng.gauss(0, strength), rng.uniform(0.38, 0.62)
            finer += [
                (ax, ay),
                (ax + (bx - ax) * along - (by - ay) * push, ay + (by - ay) * along + (bx - ax) * push),
            ]
        ring = finer
    return ring


def _lines(geometry: BaseGeometry) -> list[LineString]:
    parts = shapely.get_parts(geometry)
    return [part for part in parts if isinstance(part, LineString) and part.length > 0]


def _river(centre: LineString) -> Polygon:
    """The bed, wider in some reaches than in others."""
    along = np.arange(0, centre.length, 25.0)
    width = plan.RIVER_HALF_WIDTH_M + 9 * np.sin(along / 310) + 5 * np.sin(along / 97)
    here, ahead = (
        shapely.line_interpolate_point(centre, along),
        shapely.line_interpolate_point(centre, along + 1),
    )
    xy, step = shapely.get_coordinates(here), shapely.get_coordinates(ahead) - shapely.get_coordinates(here)
    normal = np.stack([-step[:, 1], step[:, 0]], axis=1) / np.maximum(np.hypot(*step.T), 1e-9)[:, None]
    left, right = xy + normal * width[:, None], xy - normal * width[:, None]
    bed = Polygon(np.vstack([left, right[::-1]])).buffer(0)
    return bed if isinstance(bed, Polygon) else max(bed.geoms, key=lambda part: part.area)


def _main_streets(corridor: Polygon, banks: list[Street], boundary: Polygon) -> list[Street]:
    streets: list[Street] = list(banks)
    for road in plan.ROADS:
        line: BaseGeometry = LineString(smooth(road.points)).intersection(boundary)
        if not road.bridge:
            line = line.difference(corridor)
        streets.extend(
            Street(road.name, road.kind, road.width_m, part) for part in _lines(line) if part.length > 120
        )
    return [_without_stubs(street, streets, boundary) for street in streets]


def _without_stubs(street: Street, streets: list[Street], boundary: Polygon) -> Street:
    """The road cut back to its outermost crossing where it would end a few metres behind one."""
    others = shapely.union_all([other.line for other in streets if other is not street])
    crossings = shapely.get_parts(street.line.intersection(others))
    along = sorted(float(street.line.project(shapely.centroid(point))) for point in crossings)
    start, end = 0.0, street.line.length
    edge = boundary.exterior
    if along and along[0] < 110 and edge.distance(Point(street.line.coords[0])) > 1:
        start = along[0]
    if along and end - along[-1] < 110 and edge.distance(Point(street.line.coords[-1])) > 1:
        end = along[-1]
    line = shapely.ops.substring(street.line, start, end)
    return Street(street.name, street.kind, street.width_m, line)


def node(lines: list[LineString]) -> list[LineString]:
    """Lines in metres to noded lines in ticks: every crossing is a shared vertex."""
    return _lines(shapely.union_all(frame.to_ticks(np.array(lines, dtype=object)), grid_size=1.0))


def faces(noded: list[LineString]) -> list[Polygon]:
    """The polygons the noded lines enclose, in ticks."""
    return [face for face in shapely.get_parts(shapely.polygonize(noded)) if isinstance(face, Polygon)]


class Zones:
    """Says what part of town a place lies in."""

    def __init__(self, centre: LineString, corridor: Polygon) -> None:
        self.corridor = corridor
        self.urban = Polygon(plan.URBAN)
        self.industrial = Polygon(plan.INDUSTRIAL)
        self.core = Polygon(plan.CORE)
        self.south = Polygon([*centre.coords, (3000, -4000), (-3000, -4000)])

    def at(self, point: Point) -> str:
        """The zone a block holding this point is drawn for."""
        if self.corridor.contains(point):
            return "riverside"
        if self.industrial.contains(point):
            return "industrial"
        if not self.urban.contains(point):
            return "rural"
        x, y, radius = plan.OLD_TOWN
        if point.distance(Point(x, y)) < radius and self.south.contains(point):
            return "oldtown"
        if self.core.contains(point):
            return "core"
        return "estates" if self.south.contains(point) else "towers"


def cut(polygon: Polygon, rng: random.Random, jitter: float) -> tuple[list[Polygon], LineString | None]:
    """The polygon in two across its long side, near the middle, not quite at a right angle."""
    box = np.array(shapely.oriented_envelope(polygon).exterior.coords)
    sides = np.hypot(*np.diff(box[:3], axis=0).T)
    a, b, c = (box[0], box[1], box[2]) if sides[0] >= sides[1] else (box[1], box[2], box[3])
    along, across = (b - a), (c - b)
    middle = a + along * rng.uniform(0.42, 0.58) + across * 0.5
    angle = rng.gauss(0, jitter)
    turned = np.array([
        across[0] * np.cos(angle) - across[1] * np.sin(angle),
        across[0] * np.sin(angle) + across[1] * np.cos(angle),
    ])  # fmt: skip
    bend = along / max(float(np.hypot(*along)), 1.0) * rng.gauss(0, 60 * jitter)
    line = LineString(
        [
            middle - turned * 0.75,
            middle - turned * 0.2 + bend,
            middle + turned * 0.2 + bend,
            middle + turned * 0.75,
        ]
    )
    pieces = [piece for piece in split(polygon, line).geoms if isinstance(piece, Polygon)]
    if len(pieces) < 2 or min(piece.area for piece in pieces) < 0.12 * polygon.area:
        return [polygon], None
    inside = line.intersection(polygon)
    longest = max(_lines(inside), key=lambda part: part.length, default=None)
    return pieces, longest if len(pieces) == 2 else None


def _special_inside(polygon: Polygon) -> plan.Special | None:
    return next((s for s in plan.SPECIALS if polygon.contains(Point(s.x, s.y))), None)


def _blocks(
    polygon: Polygon, zone: str, zones: Zones, rng: random.Random, roads: list[tuple[str, LineString]]
) -> list[BlockDraft]:
    """The face divided by branch roads down to the zone's block size; reserved blocks stay whole."""
    special = _special_inside(polygon)
    if zone not in ("riverside", "rural"):
        zone = zones.at(polygon.representative_point())
    goal = special.size_m2 if special else BLOCK_M2[zone] * rng.uniform(0.8, 1.3)
    if polygon.area <= goal:
        return [BlockDraft(polygon, zone, special)]
    jitter = {"oldtown": 0.1, "rural": 0.16}.get(zone, 0.035)
    for _ in range(4):
        pieces, line = cut(polygon, rng, jitter)
        if line is not None:
            roads.append((zone, line))
            return [block for piece in pieces for block in _blocks(piece, zone, zones, rng, roads)]
    return [BlockDraft(polygon, zone, special)]


def _cell_cuts(polygon: Polygon, goal: float, rng: random.Random) -> list[LineString]:
    if polygon.area <= goal:
        return []
    for _ in range(4):
        pieces, line = cut(polygon, rng, 0.02)
        if line is not None:
            return [line] + [inner for piece in pieces for inner in _cell_cuts(piece, goal, rng)]
    return []


def _owner(cells: list[Polygon], blocks: list[BlockDraft]) -> list[int]:
    tree = shapely.STRtree([block.polygon for block in blocks])
    points = shapely.point_on_surface(np.array(cells, dtype=object))
    return [int(i) for i in tree.nearest(points)]


def shared_edges(cells: list[Polygon]) -> dict[tuple[int, int], float]:
    """Length of common boundary of every pair of neighbouring cells, from identical vertices alone."""
    owner: dict[tuple[float, float, float, float], int] = {}
    shared: dict[tuple[int, int], float] = {}
    for index, cell in enumerate(cells):
        for ring in (cell.exterior, *cell.interiors):
            coords = list(ring.coords)
            for (ax, ay), (bx, by) in itertools.pairwise(coords):
                key = (ax, ay, bx, by) if (ax, ay) < (bx, by) else (bx, by, ax, ay)
                other = owner.pop(key, None)
                if other is None:
                    owner[key] = index
                elif other != index:
                    pair = (min(other, index), max(other, index))
                    shared[pair] = shared.get(pair, 0.0) + float(np.hypot(ax - bx, ay - by))
    return shared


def _without_slivers(cells: list[Polygon], block_of: list[int]) -> tuple[list[Polygon], list[int]]:
    """Slivers joined to the neighbour they share most boundary with, one after another."""
    metres = shapely.area(frame.ticks_to_metres(np.array(cells, dtype=object)))
    neighbours: dict[int, dict[int, float]] = {}
    for (a, b), length in shared_edges(cells).items():
        neighbours.setdefault(a, {})[b] = length
        neighbours.setdefault(b, {})[a] = length
    parent = list(range(len(cells)))

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    for i in sorted((i for i in range(len(cells)) if metres[i] < SLIVER_M2), key=lambda i: float(metres[i])):
        options = {j: length for j, length in neighbours.get(i, {}).items() if root(j) != i}
        if options:
            same = {j: length for j, length in options.items() if block_of[j] == block_of[i]}
            best = max(same or options, key=options.__getitem__)
            parent[i] = root(best)
    groups: dict[int, list[Polygon]] = {}
    for i, cell in enumerate(cells):
        groups.setdefault(root(i), []).append(cell)
    merged = [part[0] if len(part) == 1 else shapely.coverage_union_all(part) for part in groups.values()]
    return merged, [block_of[i] for i in groups]


def _branch_streets(roads: list[tuple[str, LineString]], rng: random.Random) -> list[Street]:
    stems = naming.branch_stems(rng)
    streets: list[Street] = []
    for stem, (zone, line) in zip(stems, roads, strict=False):
        kind = "lane" if zone in ("oldtown", "rural") else "branch"
        streets.append(Street(stem + rng.choice(naming.BRANCH_TAILS[zone]), kind, BRANCH_WIDTH_M[zone], line))
    return streets


def build_network(rng: random.Random) -> Network:
    """The town's line-work, blocks and unit-grid cells."""
    boundary = Polygon(_roughened(plan.BOUNDARY))
    centre = LineString(smooth(plan.RIVER))
    banks = [centre.offset_curve(side * plan.RIVERSIDE_OFFSET_M) for side in (1, -1)]
    corridor = Polygon([*banks[0].coords, *reversed(banks[1].coords)]).buffer(0)
    zones = Zones(centre, corridor)
    reach = zones.urban.buffer(60)
    bank_streets = [
        Street(name, "secondary", 18, part)
        for name, line in zip(("滨河北路", "滨河南路"), banks, strict=True)
        for part in _lines(line.intersection(reach))
        if part.length > 300
    ]
    streets = _main_streets(corridor, bank_streets, boundary)
    river_line = centre.intersection(boundary)
    skeleton = [
        boundary.exterior,
        *_lines(river_line),
        *_lines(shapely.union_all(banks).intersection(boundary)),
    ]
    main = node([LineString(line.coords) for line in [*skeleton, *(street.line for street in streets)]])
    blocks, branch, cuts = _divide(main, zones, rng)
    streets += _branch_streets(branch, rng)
    lines = [*main, *frame.to_ticks(np.array([line for _, line in branch] + cuts, dtype=object))]
    cells = faces(_lines(shapely.union_all(lines, grid_size=1.0)))
    cells, owner = _without_slivers(cells, _owner_of_ticks(cells, blocks))
    in_metres = list(frame.ticks_to_metres(np.array(cells, dtype=object)))
    for cell, block in enumerate(owner):
        blocks[block].cells.append(cell)
    return Network(
        boundary,
        streets,
        _river(centre),
        Polygon(smooth(plan.LAKE, closed=True)),
        blocks,
        cells,
        in_metres,
        owner,
    )


def _owner_of_ticks(cells: list[Polygon], blocks: list[BlockDraft]) -> list[int]:
    return _owner(list(frame.ticks_to_metres(np.array(cells, dtype=object))), blocks)


def _divide(
    main: list[LineString], zones: Zones, rng: random.Random
) -> tuple[list[BlockDraft], list[tuple[str, LineString]], list[LineString]]:
    blocks: list[BlockDraft] = []
    branch: list[tuple[str, LineString]] = []
    cuts: list[LineString] = []
    number = -1
    for face in frame.ticks_to_metres(np.array(faces(main), dtype=object)):
        middle = face.representative_point()
        parts = _blocks(face, zones.at(middle), zones, rng, branch)
        number += 1
        for block in parts:
            block.superblock, block.north = number, not zones.south.contains(middle)
        blocks += parts
    for block in blocks:
        cuts += _cell_cuts(block.polygon, RURAL_CELL_M2 if block.zone == "rural" else URBAN_CELL_M2, rng)
    return blocks, branch, cuts
