"""What each block is used for, and everything built and laid out on it (metres)."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

import shapely
from shapely import LineString, Point, Polygon, affinity, box
from shapely.geometry.base import BaseGeometry

from . import forms, naming, plan
from .network import BlockDraft, Network, Street

# How often a block of each zone gets each use, in parts of a hundred.
USES: dict[str, tuple[tuple[str, int], ...]] = {
    "oldtown": (("courtyards", 80), ("slabs", 9), ("commercial", 7), ("park", 4)),
    "core": (("commercial", 46), ("towers", 26), ("slabs", 18), ("midrise", 10)),
    "towers": (("towers", 62), ("midrise", 18), ("commercial", 6), ("park", 7), ("kindergarten", 7)),
    "estates": (
        ("slabs", 64),
        ("midrise", 12),
        ("towers", 6),
        ("commercial", 7),
        ("kindergarten", 4),
        ("park", 7),
    ),
    "industrial": (("sheds", 84), ("slabs", 10), ("park", 6)),
}
NEW = ("towers", "midrise")
WITH_SHOPS = ("slabs", "midrise", "towers")
FIELDS = (("paddy", 40), ("field", 34), ("orchard", 12), ("greenhouse", 6), ("pond", 8))


@dataclass(slots=True)
class Built:
    """A block with its use, its name if it has one, and what stands on it."""

    draft: BlockDraft
    use: str
    name: str
    parcel: Polygon
    footprints: list[forms.Footprint] = field(default_factory=list)
    grounds: list[forms.Ground] = field(default_factory=list)


def _pick(weights: tuple[tuple[str, int], ...], rng: random.Random) -> str:
    return rng.choices([name for name, _ in weights], [part for _, part in weights])[0]


def _biggest(geometry: BaseGeometry) -> Polygon:
    parts = [part for part in shapely.get_parts(geometry) if isinstance(part, Polygon)]
    return max(parts, key=lambda part: part.area, default=Polygon())


class Roadway:
    """The ground that roads take, asked block by block."""

    def __init__(self, streets: list[Street]) -> None:
        self.streets = streets
        self.areas = [street.line.buffer(street.width_m / 2 + 2, cap_style="flat") for street in streets]
        self.tree = shapely.STRtree(self.areas)

    def taken_from(self, polygon: Polygon) -> Polygon:
        """What the roads leave of a polygon."""
        near = [self.areas[i] for i in self.tree.query(polygon, predicate="intersects")]
        return _biggest(polygon.difference(shapely.union_all(near))) if near else polygon

    def fronts(self, parcel: Polygon) -> list[LineString]:
        """The stretches of a parcel's edge that face an arterial or secondary road."""
        found: list[LineString] = []
        for i in self.tree.query(parcel.buffer(1), predicate="intersects"):
            street = self.streets[i]
            if street.kind in ("arterial", "secondary") and not street.name.startswith("滨河"):
                edge = parcel.exterior.intersection(self.areas[i].buffer(0.5))
                merged = shapely.line_merge(edge)
                found += [
                    part
                    for part in shapely.get_parts(merged)
                    if isinstance(part, LineString) and part.length > 50
                ]
        return found


def build_blocks(network: Network, rng: random.Random) -> list[Built]:
    """Every block with buildings and grounds; estates and villages are named."""
    roads = Roadway(network.streets)
    new, old = iter(naming.new_estates(rng)), iter(naming.old_estates(rng))
    villages = [(name, _settlement(x, y, radius, rng)) for name, x, y, radius in plan.VILLAGES]
    result = []
    for draft in network.blocks:
        parcel = roads.taken_from(draft.polygon)
        if draft.special:
            built = Built(draft, draft.special.kind, draft.special.name, parcel)
        elif draft.zone == "riverside":
            built = Built(draft, "riverside", "", parcel)
        elif draft.zone == "rural":
            built = Built(draft, "rural", "", parcel)
        else:
            built = Built(draft, _use(draft, parcel, rng), "", parcel)
        _furnish(built, network, roads, villages, rng)
        built.name = built.name or _name(built, new, old)
        result.append(built)
    return result


def _settlement(x: float, y: float, radius: float, rng: random.Random) -> Polygon:
    """A village's outline: grown along its lanes, never round."""
    lobes = [Point(x, y).buffer(radius * 0.55)]
    for _ in range(5):
        angle, far = rng.uniform(0, 2 * math.pi), rng.uniform(0.35, 0.95) * radius
        lobe = box(-0.5, -0.5, 0.5, 0.5)
        lobe = affinity.scale(lobe, radius * rng.uniform(0.5, 0.9), radius * rng.uniform(0.3, 0.6))
        lobe = affinity.rotate(lobe, rng.uniform(-40, 40))
        lobes.append(affinity.translate(lobe, x + far * math.cos(angle), y + 0.8 * far * math.sin(angle)))
    return _biggest(shapely.union_all(lobes).simplify(6))


def _use(draft: BlockDraft, parcel: Polygon, rng: random.Random) -> str:
    use = _pick(USES[draft.zone], rng)
    small = parcel.area < 9_000
    if use in ("towers", "midrise", "kindergarten") and small:
        return "slabs" if draft.zone != "core" else "commercial"
    too_large = {"park": 40_000, "kindergarten": 24_000}
    return "slabs" if parcel.area > too_large.get(use, parcel.area) else use


def _name(built: Built, new: Iterator[str], old: Iterator[str]) -> str:
    if built.use in NEW:
        return next(new)
    if built.use == "slabs":
        return next(old)
    if built.use == "kindergarten":
        return next(old)[:2] + "幼儿园"
    return ""


def _furnish(
    built: Built, network: Network, roads: Roadway, villages: list[tuple[str, Polygon]], rng: random.Random
) -> None:
    if built.use == "riverside":
        bank = built.parcel.difference(network.river)
        built.grounds = [
            forms.Ground(p, "riverside") for p in shapely.get_parts(bank) if isinstance(p, Polygon)
        ]
    elif built.use == "rural":
        _farm(built, network, roads, villages, rng)
    elif built.parcel.area > 600:
        _develop(built, network, roads, rng)


def _farm(
    built: Built, network: Network, roads: Roadway, villages: list[tuple[str, Polygon]], rng: random.Random
) -> None:
    """Fields cell by cell; where a village reaches in, its houses."""
    settled: list[Polygon] = []
    for name, disc in villages:
        part = _biggest(built.parcel.intersection(disc))
        if part.area > 2_500:
            houses, _ = forms.build_over(part.buffer(-3), "village", rng)
            built.footprints += houses
            built.name = name
            settled.append(part)
    for index in built.draft.cells:
        open_land = roads.taken_from(network.cells[index]).difference(
            shapely.union_all([network.river, *settled])
        )
        land = _biggest(open_land)
        kind = _pick(FIELDS, rng)
        if land.area > 900:
            shape = land.buffer(-14).buffer(6) if kind == "pond" else land
            built.grounds.append(forms.Ground(_biggest(shape), kind))


def _develop(built: Built, network: Network, roads: Roadway, rng: random.Random) -> None:
    inner = built.parcel.buffer(-3)
    shops: list[forms.Footprint] = []
    if built.use in WITH_SHOPS:
        fronts = [front for front in roads.fronts(built.parcel) if rng.random() < 0.75]
        shops = [shop for front in fronts for shop in forms.shop_row(front, built.parcel, rng)]
        if shops:
            inner = inner.difference(shapely.union_all([shop.polygon.buffer(9) for shop in shops]))
    if built.use == "lake_park":
        inner = built.parcel
    plot = _biggest(inner.buffer(-2).buffer(0))
    if plot.area > 300:
        built.footprints, built.grounds = forms.build_over(plot, built.use, rng)
    built.footprints += _without_overlaps(shops, built.footprints)
    if built.use in WITH_SHOPS:
        built.grounds.insert(0, forms.Ground(built.parcel, "estate"))


def _without_overlaps(
    candidates: list[forms.Footprint], placed: list[forms.Footprint]
) -> list[forms.Footprint]:
    kept: list[forms.Footprint] = []
    for candidate in candidates:
        if not any(candidate.polygon.intersects(other.polygon) for other in (*placed, *kept)):
            kept.append(candidate)
    return kept
