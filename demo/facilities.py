"""Street furniture and covers of the made-up district, with the classes of GB/T 47678.5-2026 (metres)."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Point

from .blocks import Built
from .network import Network, Street


@dataclass(frozen=True, slots=True)
class Kind:
    """A class of facility: five-digit code, standard name, short name in daily use, unit that maintains it."""

    code: str
    standard: str
    short: str
    unit: str


KINDS: dict[str, Kind] = {
    kind.short: kind
    for kind in (
        Kind("01001", "供水井盖", "供水井盖", "QL-GS"),
        Kind("01002", "污水井盖", "污水井盖", "QL-PS"),
        Kind("01003", "雨水井盖", "雨水井盖", "QL-PS"),
        Kind("01004", "雨水箅子", "雨水箅子", "QL-PS"),
        Kind("01005", "电力井盖", "电力井盖", "QL-DL"),
        Kind("01007", "通信井盖", "通信井盖", "QL-TX"),
        Kind("01011", "燃气井盖", "燃气井盖", "QL-RQ"),
        Kind("01013", "消防设施", "消火栓", "QL-XF"),
        Kind("01027", "通信交接箱", "通信交接箱", "QL-TX"),
        Kind("01037", "路灯", "路灯", "QL-LD"),
        Kind("01046", "户外健身设施", "健身设施", "QL-CG"),
        Kind("01048", "变压器（箱）", "箱式变压器", "QL-DL"),
        Kind("01050", "监控电子眼设施", "监控", "QL-GA"),
        Kind("01054", "充电桩", "充电桩", "QL-DL"),
        Kind("01066", "紧急报警点SOS", "紧急报警点", "QL-GA"),
        Kind("01070", "水域护栏", "水域护栏", "QL-SW"),
        Kind("01072", "排水泵站", "排水泵站", "QL-PS"),
        Kind("01075", "快递柜", "快递柜", "QL-CG"),
        Kind("02004", "公交站设施", "公交站", "QL-BUS"),
        Kind("02009", "跨河桥", "跨河桥", "QL-SZ"),
        Kind("02010", "交通标志牌及标线", "交通标志牌", "QL-JJ"),
        Kind("02012", "路名牌", "路名牌", "QL-SZ"),
        Kind("02014", "交通信号灯", "交通信号灯", "QL-JJ"),
        Kind("02025", "非机动车停放点", "非机动车停放点", "QL-CG"),
        Kind("03001", "公共厕所", "公共厕所", "QL-HW"),
        Kind("03005", "垃圾箱", "垃圾箱", "QL-HW"),
        Kind("03008", "宣传栏", "宣传栏", "QL-CG"),
        Kind("04001", "古树名木", "古树", "QL-YL"),
        Kind("04002", "行道树", "行道树", "QL-YL"),
        Kind("04006", "雕塑", "雕塑", "QL-YL"),
        Kind("04007", "街头座椅", "街头座椅", "QL-YL"),
    )
}


@dataclass(frozen=True, slots=True)
class Row:
    """Facilities at even distances along roads: which roads, how far apart, how far from the kerb, which sides."""

    short: str
    roads: tuple[str, ...]
    every_m: float
    inset_m: float
    sides: tuple[int, ...] = (-1, 1)


MAIN = ("arterial", "secondary")
ROWS: tuple[Row, ...] = (
    Row("路灯", ("arterial",), 120, 1.5),
    Row("路灯", ("secondary",), 150, 1.5),
    Row("路灯", ("branch",), 260, 1.0, (1,)),
    Row("行道树", ("arterial",), 300, 2.5),
    Row("行道树", ("secondary",), 420, 2.5),
    Row("垃圾箱", MAIN, 520, 2.0),
    Row("消火栓", MAIN, 420, 2.2, (1,)),
    Row("雨水箅子", MAIN, 640, -0.6),
    Row("雨水井盖", MAIN, 310, -4.0, (1,)),
    Row("污水井盖", MAIN, 290, -6.0, (-1,)),
    Row("供水井盖", MAIN, 420, -2.0, (1,)),
    Row("电力井盖", MAIN, 520, 2.8, (-1,)),
    Row("通信井盖", MAIN, 480, 3.0, (1,)),
    Row("燃气井盖", MAIN, 640, -3.0, (-1,)),
    Row("污水井盖", ("branch",), 460, -2.0, (1,)),
    Row("公交站", ("arterial",), 820, 2.0),
    Row("交通标志牌", ("arterial",), 900, 2.0),
    Row("箱式变压器", MAIN, 1500, 4.0, (1,)),
    Row("通信交接箱", MAIN, 1300, 4.0, (-1,)),
    Row("非机动车停放点", MAIN, 1100, 3.0, (1,)),
)  # fmt: skip

# In blocks of a use: what stands there and how many.
IN_BLOCKS: dict[str, tuple[tuple[str, int], ...]] = {
    "slabs": (("宣传栏", 1), ("快递柜", 1)),
    "midrise": (("宣传栏", 1), ("健身设施", 1), ("充电桩", 1)),
    "towers": (("充电桩", 1), ("快递柜", 1), ("健身设施", 1)),
    "park": (("街头座椅", 4), ("公共厕所", 1), ("健身设施", 1)),
    "lake_park": (
        ("街头座椅", 24),
        ("公共厕所", 3),
        ("监控", 4),
        ("紧急报警点", 2),
        ("雕塑", 2),
        ("古树", 2),
    ),
    "square": (("街头座椅", 6), ("雕塑", 1), ("紧急报警点", 1)),
    "market": (("公共厕所", 1), ("监控", 2), ("消火栓", 2)),
    "hospital": (("紧急报警点", 1), ("非机动车停放点", 2)),
    "courtyards": (("消火栓", 1), ("健身设施", 1)),
    "riverside": (("水域护栏", 5), ("街头座椅", 3)),
}
STATES = (("完好", 955), ("破损", 30), ("移位", 8), ("丢失", 4), ("废弃", 3))


@dataclass(slots=True)
class Placed:
    """A facility in metres, before it has its number and grid."""

    kind: Kind
    x: float
    y: float
    road: str
    state: str


def _along(street: Street, row: Row, rng: random.Random) -> Iterator[tuple[float, float]]:
    at = np.arange(rng.uniform(8, row.every_m), street.line.length - 6, row.every_m)
    if not len(at):
        return
    here = shapely.get_coordinates(shapely.line_interpolate_point(street.line, at))
    ahead = shapely.get_coordinates(shapely.line_interpolate_point(street.line, at + 0.5))
    step = (ahead - here) / 0.5
    normal = np.stack([-step[:, 1], step[:, 0]], axis=1)
    for side in row.sides:
        for x, y in here + normal * side * (street.width_m / 2 + row.inset_m):
            yield float(x), float(y)


def junctions(streets: list[Street]) -> list[tuple[Point, str]]:
    """Crossings of main roads, each once, with one of the roads' names."""
    main = [street for street in streets if street.kind in MAIN]
    tree = shapely.STRtree([street.line for street in main])
    pairs = tree.query([street.line for street in main], predicate="intersects").T
    found: list[tuple[Point, str]] = []
    for a, b in pairs:
        if a < b:
            for point in shapely.get_parts(main[a].line.intersection(main[b].line)):
                if isinstance(point, Point) and all(point.distance(other) > 40 for other, _ in found):
                    found.append((point, main[a].name))
    return found


def _at_junctions(streets: list[Street], rng: random.Random) -> Iterator[tuple[str, float, float, str]]:
    for point, road in junctions(streets):
        turn = rng.uniform(0, math.pi / 2)
        for corner, short in enumerate(("交通信号灯", "路名牌", "交通信号灯", "监控")):
            angle = turn + corner * math.pi / 2
            yield short, point.x + 26 * math.cos(angle), point.y + 26 * math.sin(angle), road


def _in_block(built: Built, rng: random.Random) -> Iterator[tuple[str, float, float]]:
    west, south, east, north = built.parcel.bounds
    taken = shapely.union_all([f.polygon for f in built.footprints])
    for short, number in IN_BLOCKS.get(built.use, ()):
        for _ in range(number):
            for _ in range(12):
                point = Point(rng.uniform(west, east), rng.uniform(south, north))
                if built.parcel.contains(point) and not taken.contains(point):
                    yield short, point.x, point.y
                    break


def _bridges(network: Network) -> Iterator[tuple[str, float, float, str]]:
    for street in network.streets:
        for part in shapely.get_parts(street.line.intersection(network.river)):
            if isinstance(part, LineString) and part.length > 40:
                middle = part.interpolate(0.5, normalized=True)
                yield "跨河桥", middle.x, middle.y, street.name


def _lone(
    network: Network, built: list[Built], rng: random.Random
) -> Iterator[tuple[str, float, float, str]]:
    yield from _at_junctions(network.streets, rng)
    yield from _bridges(network)
    for block in built:
        for short, x, y in _in_block(block, rng):
            yield short, x, y, block.name
    banks = [street for street in network.streets if street.name.startswith("滨河")]
    for street in banks:
        middle = street.line.interpolate(0.3, normalized=True)
        yield "排水泵站", middle.x, middle.y, street.name


def place_facilities(network: Network, built: list[Built], rng: random.Random) -> list[Placed]:
    """All facilities inside the boundary; those of one class stand together."""
    places: list[tuple[str, float, float, str]] = []
    for row in ROWS:
        for street in network.streets:
            if street.kind in row.roads:
                places += [(row.short, x, y, street.name) for x, y in _along(street, row, rng)]
    places += _lone(network, built, rng)
    inside = shapely.contains_xy(network.boundary, [p[1] for p in places], [p[2] for p in places])
    states, parts = [state for state, _ in STATES], [part for _, part in STATES]
    placed = [
        Placed(KINDS[short], x, y, road, rng.choices(states, parts)[0])
        for (short, x, y, road), ok in zip(places, inside, strict=True)
        if ok
    ]
    return sorted(placed, key=lambda p: p.kind.code)
