"""How each kind of block is built over: footprints in metres, with floors, drawn inside a parcel.

A form works in a frame turned to the block, so that rows run along the street but never face away from the
sun by more than `MAX_TURN`: in this part of China dwellings face south.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.affinity import rotate

MAX_TURN = 24.0


@dataclass(slots=True)
class Footprint:
    """One building: `households` and `entrances` are nought where nobody lives."""

    polygon: Polygon
    use: str
    floors: int
    entrances: int = 0
    households: int = 0
    name: str = ""


@dataclass(slots=True)
class Ground:
    """Open land of a kind: park, square, lawn, playground, field, pond, orchard, bare site."""

    polygon: Polygon
    kind: str
    name: str = ""


Layout = tuple[list[Footprint], list[Ground]]


def turn_of(parcel: Polygon) -> float:
    """Degrees by which the block's long sides are turned from due east, kept within the sun's limit."""
    a, b, c = np.array(shapely.oriented_envelope(parcel).exterior.coords)[:3]
    side = b - a if np.hypot(*(b - a)) >= np.hypot(*(c - b)) else c - b
    angle = (math.degrees(math.atan2(side[1], side[0])) + 45) % 90 - 45
    return angle if abs(angle) <= MAX_TURN else 0.0


def box(x: float, y: float, width: float, depth: float) -> Polygon:
    """A rectangle by its south-west corner."""
    return Polygon([(x, y), (x + width, y), (x + width, y + depth), (x, y + depth)])


def _rows(
    parcel: Polygon, depth: float, pitch: float, offset: float = 0.0
) -> Iterator[tuple[float, float, float]]:
    """South edge, west end and length of every row of the given depth that fits."""
    west, south, east, north = parcel.bounds
    y = north - depth - offset
    while y > south:
        low = shapely.get_parts(parcel.intersection(LineString([(west, y), (east, y)])))
        for piece in low:
            if piece.length > 0:
                x0, _, x1, _ = piece.bounds
                yield y, x0, x1 - x0
        y -= pitch


def _fitting(parcel: Polygon, shapes: list[Polygon]) -> list[Polygon]:
    if not shapes:
        return []
    inside = shapely.contains(parcel, np.array(shapes, dtype=object))
    return [shape for shape, ok in zip(shapes, inside, strict=True) if ok]


def _line_up(
    parcel: Polygon,
    rng: random.Random,
    *,
    depth: float,
    lengths: tuple[float, float],
    gap: float,
    pitch: float,
) -> list[Polygon]:
    shapes: list[Polygon] = []
    for y, x, length in _rows(parcel, depth, pitch, rng.uniform(0, 4)):
        usable, at = length - 2, x + 1
        number = max(1, int((usable + gap) // (sum(lengths) / 2 + gap)))
        each = min(lengths[1], (usable + gap) / number - gap)
        if each < lengths[0] * 0.6:
            continue
        for _ in range(number):
            shapes.append(box(at, y, each, depth))
            at += each + gap
    return _fitting(parcel, shapes)


def slabs(parcel: Polygon, rng: random.Random, floors: tuple[int, int] = (5, 6)) -> Layout:
    """Rows of walk-up flats: two dwellings a floor at every entrance."""
    height = rng.randint(*floors)
    shapes = _line_up(parcel, rng, depth=12.5, lengths=(38, 66), gap=11, pitch=12.5 + height * 3.4)
    built = []
    for shape in shapes:
        width = shape.bounds[2] - shape.bounds[0]
        entrances = max(1, round(width / 19))
        lived_in = round(entrances * height * 2 * rng.uniform(0.55, 0.85))
        built.append(Footprint(shape, "residential", height, entrances, lived_in))
    return built, []


def midrise(parcel: Polygon, rng: random.Random) -> Layout:
    """Eleven-storey blocks with a lift."""
    return slabs(parcel, rng, (9, 11))


def _tower(x: float, y: float, rng: random.Random) -> Polygon:
    """A cross-shaped point block, or a plain one."""
    width, depth = rng.choice(((30, 17), (34, 16), (26, 20)))
    if rng.random() < 0.35:
        return box(x, y, width, depth)
    notch = 4.0
    return Polygon([
        (x + 6, y), (x + width - 6, y), (x + width - 6, y + notch), (x + width, y + notch), (x + width, y + depth),
        (x + width / 2 + 4, y + depth), (x + width / 2 + 4, y + depth - notch), (x + width / 2 - 4, y + depth - notch),
        (x + width / 2 - 4, y + depth), (x, y + depth), (x, y + notch), (x + 6, y + notch),
    ])  # fmt: skip


def towers(parcel: Polygon, rng: random.Random) -> Layout:
    """Point blocks around a lawn, with a low club house."""
    height = rng.choice((11, 12, 15, 17, 17, 18, 18, 24, 26, 30))
    shapes: list[Polygon] = []
    for row, (y, x, length) in enumerate(_rows(parcel, 20, 66, rng.uniform(0, 8))):
        at = x + (4 if row % 2 else 18)
        while at + 34 < x + length:
            shapes.append(_tower(at, y + rng.uniform(-2, 2), rng))
            at += rng.uniform(54, 66)
    built = []
    for shape in _fitting(parcel, shapes):
        floors = max(10, height + rng.choice((-3, 0, 0, 0, 1)))
        built.append(Footprint(shape, "residential", floors, 1, round(floors * rng.uniform(1.1, 1.7))))
    lawn = parcel.buffer(-16)
    inner = lawn.difference(shapely.union_all([f.polygon.buffer(7) for f in built])) if built else lawn
    greens = [
        Ground(part, "lawn")
        for part in shapely.get_parts(inner)
        if isinstance(part, Polygon) and part.area > 500
    ]
    return built, greens


def _courtyard_house(x: float, y: float, width: float, depth: float, rng: random.Random) -> Polygon:
    if width < 14 or rng.random() < 0.45:
        return box(x, y, width, depth)
    wing = rng.uniform(4, 5.5)
    east = rng.random() < 0.5
    if east:
        return Polygon([(x, y), (x + width, y), (x + width, y + depth), (x + width - wing, y + depth),
                        (x + width - wing, y + wing + 1), (x, y + wing + 1)])  # fmt: skip
    return Polygon([(x, y), (x + width, y), (x + width, y + wing + 1), (x + wing, y + wing + 1),
                    (x + wing, y + depth), (x, y + depth)])  # fmt: skip


def courtyards(parcel: Polygon, rng: random.Random) -> Layout:
    """Old houses wall to wall along lanes, one to three storeys."""
    shapes: list[Polygon] = []
    for y, x, length in _rows(parcel, 11, rng.uniform(15.5, 18.5), rng.uniform(0, 2)):
        at = x + 1
        while at < x + length - 9:
            width = min(rng.choice((10, 12, 14, 16, 19)), x + length - 1 - at)
            if rng.random() > 0.07:
                shapes.append(_courtyard_house(at, y, width, rng.uniform(9, 11), rng))
            at += width + rng.choice((0.6, 0.6, 2.4))
    built = []
    for shape in _fitting(parcel, shapes):
        floors = rng.choice((1, 1, 2, 2, 2, 3))
        built.append(Footprint(shape, "residential", floors, 1, rng.choice((1, 1, 1, 2, 2, 3))))
    return built, []


def village(parcel: Polygon, rng: random.Random) -> Layout:
    """Farmhouses in loose rows, each with a yard."""
    shapes: list[Polygon] = []
    for y, x, length in _rows(parcel, 11, 25, rng.uniform(0, 9)):
        at = x + rng.uniform(1, 10)
        while at < x + length - 12:
            width = rng.choice((10, 11, 12, 14))
            if rng.random() > 0.16:
                shapes.append(box(at, y + rng.uniform(-1.5, 1.5), width, rng.uniform(9, 11)))
            at += width + rng.uniform(4, 10)
    return [Footprint(s, "residential", rng.choice((1, 2, 2, 3)), 1, 1) for s in _fitting(parcel, shapes)], []


def sheds(parcel: Polygon, rng: random.Random) -> Layout:
    """Factory halls in rows, an office block in the first."""
    shapes = _line_up(parcel, rng, depth=rng.choice((30, 36, 42)), lengths=(60, 110), gap=16, pitch=58)
    built = [Footprint(shape, "industrial", rng.choice((1, 1, 1, 2))) for shape in shapes]
    for footprint in built[:1]:
        footprint.use, footprint.floors = "office", 5
    return built, []


def commercial(parcel: Polygon, rng: random.Random) -> Layout:
    """Shopping arcades and office slabs filling the block."""
    shapes = _line_up(parcel, rng, depth=rng.choice((20, 24, 28)), lengths=(34, 58), gap=9, pitch=42)
    built = []
    for shape in shapes:
        floors = rng.choice((3, 4, 4, 5, 6, 8, 12, 16))
        built.append(Footprint(shape, "office" if floors > 6 else "commercial", floors))
    return built, []


def park(parcel: Polygon, rng: random.Random) -> Layout:
    """Lawn, a pond and a pavilion."""
    west, south, east, north = parcel.bounds
    pond = shapely.Point(west + (east - west) * 0.4, south + (north - south) * 0.55).buffer(
        min(east - west, north - south) * 0.14
    )
    grounds = [Ground(parcel, "park")]
    if parcel.area > 12_000:
        grounds.append(Ground(shapely.affinity.scale(pond, 1.5, 0.8), "pond"))
    kiosk = box(west + (east - west) * 0.68, south + (north - south) * 0.35, 9, 8)
    return [Footprint(shape, "public", 1, name="休憩亭") for shape in _fitting(parcel, [kiosk])], grounds


def square(parcel: Polygon, rng: random.Random) -> Layout:
    """A paved square with two lawns."""
    inner = parcel.buffer(-8)
    west, south, east, north = inner.bounds
    width = (east - west) * 0.28
    beds = _fitting(
        inner,
        [
            box(west + 6, south + 12, width, (north - south) * 0.55),
            box(east - 6 - width, south + 12, width, (north - south) * 0.55),
        ],
    )
    return [], [Ground(parcel, "square"), *(Ground(bed, "lawn") for bed in beds)]


def _track(x: float, y: float, width: float, height: float) -> Polygon:
    radius = min(width, height) / 2 * 0.96
    middle = (x + width / 2, y + height / 2)
    half = max(width, height) / 2 - radius
    line = LineString([(middle[0] - half, middle[1]), (middle[0] + half, middle[1])])
    if height > width:
        line = LineString([(middle[0], middle[1] - half), (middle[0], middle[1] + half)])
    return line.buffer(radius)


def school(parcel: Polygon, rng: random.Random) -> Layout:
    """Teaching blocks with wings on one side, the running track on the other."""
    west, south, east, north = parcel.bounds
    width, height = east - west, north - south
    track = _track(west + width * 0.56, south + height * 0.12, width * 0.38, height * 0.76)
    shapes = []
    for row in range(3):
        y = south + height * (0.12 + 0.28 * row)
        length, depth = width * 0.38, min(13.0, height * 0.12)
        wing = Polygon([(west + width * 0.08, y), (west + width * 0.08 + length, y), (west + width * 0.08 + length, y + depth),
                        (west + width * 0.08 + 12, y + depth), (west + width * 0.08 + 12, y + depth * 1.9),
                        (west + width * 0.08, y + depth * 1.9)])  # fmt: skip
        shapes.append(wing)
    names = ("教学楼", "综合楼", "实验楼")
    built = [
        Footprint(s, "school", rng.choice((4, 5)), name=n)
        for s, n in zip(_fitting(parcel, shapes), names, strict=False)
    ]
    return built, [Ground(t, "playground", "运动场") for t in _fitting(parcel, [track])]


def stadium(parcel: Polygon, rng: random.Random) -> Layout:
    """A track and a grandstand."""
    west, south, east, north = parcel.bounds
    track = _track(
        west + (east - west) * 0.2, south + (north - south) * 0.1, (east - west) * 0.62, (north - south) * 0.8
    )
    stand = box(
        west + (east - west) * 0.07,
        south + (north - south) * 0.25,
        (east - west) * 0.1,
        (north - south) * 0.5,
    )
    return [Footprint(s, "public", 2, name="看台") for s in _fitting(parcel, [stand])], [
        Ground(track, "playground", "田径场")
    ]


def _composed(
    parcel: Polygon, parts: list[tuple[float, float, float, float, int, str]], use: str
) -> list[Footprint]:
    """Buildings given as fractions of the parcel's box: x, y, width, depth, floors, name."""
    west, south, east, north = parcel.bounds
    width, height = east - west, north - south
    built = []
    for x, y, w, d, floors, name in parts:
        shape = box(west + width * x, south + height * y, width * w, height * d)
        if parcel.contains(shape):
            built.append(Footprint(shape, use, floors, name=name))
    return built


def hospital(parcel: Polygon, rng: random.Random) -> Layout:
    """Outpatients in front, wards behind."""
    parts = [(0.14, 0.12, 0.62, 0.16, 5, "门诊楼"), (0.3, 0.28, 0.12, 0.16, 4, "医技楼"), (0.14, 0.44, 0.6, 0.1, 16, "住院部一号楼"),
             (0.14, 0.66, 0.6, 0.09, 12, "住院部二号楼"), (0.8, 0.2, 0.1, 0.3, 4, "急诊楼"), (0.3, 0.84, 0.4, 0.07, 4, "行政楼")]  # fmt: skip
    lawn = Ground(box(parcel.centroid.x + 20, parcel.centroid.y + 10, 30, 14), "lawn")
    return _composed(parcel, parts, "hospital"), [lawn]


def market(parcel: Polygon, rng: random.Random) -> Layout:
    """A covered hall and rows of stalls."""
    parts = [(0.14, 0.4, 0.68, 0.42, 2, "交易大厅"), (0.14, 0.12, 0.3, 0.1, 1, "水产区"), (0.5, 0.12, 0.32, 0.1, 1, "干货区"),
             (0.14, 0.26, 0.68, 0.07, 1, "自产自销区")]  # fmt: skip
    return _composed(parcel, parts, "market"), []


def civic(parcel: Polygon, rng: random.Random) -> Layout:
    """An office building with two wings behind a forecourt."""
    parts = [
        (0.18, 0.42, 0.64, 0.14, 9, "主楼"),
        (0.16, 0.66, 0.14, 0.2, 5, "西附楼"),
        (0.7, 0.66, 0.14, 0.2, 5, "东附楼"),
    ]
    built = _composed(parcel, parts, "public")
    west, south, east, north = parcel.bounds
    court = box(
        west + (east - west) * 0.26,
        south + (north - south) * 0.12,
        (east - west) * 0.48,
        (north - south) * 0.2,
    )
    return built, [Ground(s, "square") for s in _fitting(parcel, [court])]


def station(parcel: Polygon, rng: random.Random) -> Layout:
    """A hall and platforms."""
    parts = [
        (0.15, 0.6, 0.7, 0.2, 3, "候车大厅"),
        (0.15, 0.32, 0.7, 0.05, 1, "发车站台"),
        (0.15, 0.16, 0.7, 0.05, 1, "到达站台"),
    ]
    return _composed(parcel, parts, "public"), []


def clinic(parcel: Polygon, rng: random.Random) -> Layout:
    """One L of four floors."""
    parts = [(0.2, 0.5, 0.6, 0.18, 4, "门诊综合楼"), (0.2, 0.24, 0.14, 0.24, 3, "公共卫生楼")]
    return _composed(parcel, parts, "hospital"), []


def site(parcel: Polygon, rng: random.Random) -> Layout:
    """Towers under way on bare ground."""
    built, _ = towers(parcel, rng)
    for footprint in built:
        footprint.use, footprint.households, footprint.entrances = "site", 0, 0
        footprint.floors = rng.randint(3, 18)
    return built, [Ground(parcel, "bare")]


def lake_park(parcel: Polygon, rng: random.Random) -> Layout:
    """Lawns around the lake; the lake itself comes from the plan."""
    parts = [
        (0.74, 0.82, 0.06, 0.03, 2, "游客服务中心"),
        (0.78, 0.3, 0.05, 0.03, 1, "水榭"),
        (0.1, 0.3, 0.05, 0.02, 1, "公园管理房"),
    ]
    return _composed(parcel, parts, "public"), [Ground(parcel, "park")]


FORMS: dict[str, Callable[[Polygon, random.Random], Layout]] = {
    "slabs": slabs, "midrise": midrise, "towers": towers, "courtyards": courtyards, "village": village,
    "sheds": sheds, "industry": sheds, "commercial": commercial, "park": park, "square": square, "school": school,
    "kindergarten": school, "stadium": stadium, "hospital": hospital, "market": market, "civic": civic,
    "station": station, "clinic": clinic, "site": site, "lake_park": lake_park,
}  # fmt: skip


def build_over(parcel: Polygon, use: str, rng: random.Random) -> Layout:
    """What stands and lies on a parcel of the given use, in metres."""
    turn = turn_of(parcel)
    pivot = (parcel.centroid.x, parcel.centroid.y)
    footprints, grounds = FORMS[use](rotate(parcel, -turn, origin=pivot), rng)
    for footprint in footprints:
        footprint.polygon = rotate(footprint.polygon, turn, origin=pivot)
    for ground in grounds:
        ground.polygon = rotate(ground.polygon, turn, origin=pivot)
    return footprints, grounds


def shop_row(frontage: LineString, parcel: Polygon, rng: random.Random) -> list[Footprint]:
    """Shops of two or three floors along a street front, their backs to the estate."""
    shapes, at, depth = [], rng.uniform(4, 14), 13.0
    while at + 18 < frontage.length:
        length = min(rng.uniform(20, 44), frontage.length - at - 3)
        a, b = (
            np.array(frontage.interpolate(at).coords[0]),
            np.array(frontage.interpolate(at + length).coords[0]),
        )
        step = b - a
        inward = np.array([-step[1], step[0]]) / max(float(np.hypot(*step)), 1e-6) * depth
        middle = (a + b) / 2 + inward * 0.5
        if not parcel.contains(shapely.Point(middle)):
            inward = -inward
        shapes.append(Polygon([a + inward * 0.03, b + inward * 0.03, b + inward, a + inward]))
        at += length + rng.choice((1.0, 1.0, 6.0, 16.0))
    return [
        Footprint(shape, "commercial", rng.choice((2, 2, 3)))
        for shape in shapes
        if parcel.buffer(0.5).contains(shape)
    ]
