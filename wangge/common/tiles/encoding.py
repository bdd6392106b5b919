"""Shapes and their properties as the bytes of a vector tile.

Written here, with numpy over all coordinates of a layer at once: the maintained library walks every vertex in Python
and is tens of times slower, too slow for ten thousand grids in a page that opens cold (docs/adr, benchmarks/tiles).
Tests and the benchmark read our tiles with that library.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from wangge.common.tiles.grid import BUFFER, Tile

EXTENT = 4096
POINT, LINE, POLYGON = 1, 2, 3
MOVE_TO, LINE_TO, CLOSE_PATH = 1, 2, 7
# Field numbers and wire types of vector_tile.proto, as the bytes that begin a field.
LAYER, NAME, FEATURE, KEY, VALUE, EXTENT_FIELD, VERSION = 0x1A, 0x0A, 0x12, 0x1A, 0x22, 0x28, 0x78
ID, TAGS, TYPE, GEOMETRY = 0x08, 0x12, 0x18, 0x22
STRING_VALUE, DOUBLE_VALUE, SIGNED_VALUE, BOOL_VALUE = 0x0A, 0x19, 0x30, 0x38

Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Layer:
    """One layer: shapes in WGS84 degrees, what is said of each in the same order, and their numbers if they have any."""

    name: str
    shapes: Shapes
    properties: Sequence[Mapping[str, Any]]
    ids: Sequence[int] | None = None


def encode(tile: Tile, layers: Sequence[Layer]) -> bytes:
    """The tile's bytes; shapes outside it are left out, layers without any too."""
    return b"".join(_field(LAYER, made) for layer in layers if (made := _layer(tile, layer)))


def _layer(tile: Tile, layer: Layer) -> bytes:
    if not len(layer.shapes):
        return b""
    shapes = shapely.transform(layer.shapes, tile.within)
    shapes = shapely.clip_by_rect(shapes, -BUFFER, -BUFFER, 1 + BUFFER, 1 + BUFFER)
    words = _Words()
    features = [
        _feature(kind, geometry, words.tags(layer.properties[at]), layer.ids[at] if layer.ids else None)
        for at, kind, geometry in _geometries(shapes)
    ]
    if not features:
        return b""
    return b"".join(
        [
            bytes([VERSION, 2]),
            _field(NAME, layer.name.encode()),
            *(_field(FEATURE, feature) for feature in features),
            *words.fields(),
            SHORT[EXTENT_FIELD] + _varint(EXTENT),
        ]
    )


def _feature(kind: int, geometry: bytes, tags: bytes, number: int | None) -> bytes:
    said = SHORT[ID] + _varint(number) if number is not None else b""
    return said + _field(TAGS, tags) + bytes([TYPE, kind]) + _field(GEOMETRY, geometry)


# -- What is said -----------------------------------------------------------------------------------------


class _Words:
    """Keys and values of a layer, each written once; features point to them."""

    def __init__(self) -> None:
        self.keys: dict[str, int] = {}
        self.values: dict[Any, int] = {}

    def tags(self, said: Mapping[str, Any]) -> bytes:
        """Pairs of places in the two lists; what is None is not said."""
        keys, values = self.keys, self.values
        numbers: list[bytes] = []
        for key, value in said.items():
            if value is not None:
                # 1, 1.0 and True are one key of a dictionary; texts, nearly all there are, are nothing else's.
                known = value if type(value) is str else (type(value), value)
                numbers.append(_varint(keys.setdefault(key, len(keys))))
                numbers.append(_varint(values.setdefault(known, len(values))))
        return b"".join(numbers)

    def fields(self) -> list[bytes]:
        keys = [_field(KEY, key.encode()) for key in self.keys]
        values = (known if type(known) is str else known[1] for known in self.values)
        return keys + [_field(VALUE, _value(value)) for value in values]


def _value(value: Any) -> bytes:
    if type(value) is str:
        return _field(STRING_VALUE, value.encode())
    if isinstance(value, bool):
        return bytes([BOOL_VALUE, value])
    if isinstance(value, int):
        return SHORT[SIGNED_VALUE] + _varint(value << 1 if value >= 0 else (-value << 1) - 1)
    if isinstance(value, float):
        return bytes([DOUBLE_VALUE]) + struct.pack("<d", value)
    return _field(STRING_VALUE, str(value).encode())


def _field(tag: int, content: bytes) -> bytes:
    return SHORT[tag] + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    return SHORT[number] if number < MANY else _long_varint(number)


def _long_varint(number: int) -> bytes:
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    made.append(number)
    return bytes(made)


# Most numbers in a tile are places in a list or lengths: they are looked up. A field's first byte is itself one.
MANY = 1 << 14
SHORT = [_long_varint(number) for number in range(MANY)]


# -- Where it is ------------------------------------------------------------------------------------------


def _geometries(shapes: Shapes) -> list[tuple[int, int, bytes]]:
    """Place in the layer, kind and commands of everything that is left of the shapes."""
    found: list[tuple[int, int, bytes]] = []
    dimensions = shapely.get_dimensions(shapes)
    present = ~shapely.is_empty(shapes)
    for dimension, kind in ((0, POINT), (1, LINE), (2, POLYGON)):
        places = np.flatnonzero(present & (dimensions == dimension))
        if len(places):
            found += [(at, kind, made) for at, made in _commands(shapes[places], places, kind) if made]
    return sorted(found)


def _commands(shapes: Shapes, places: NDArray[np.int64], kind: int) -> list[tuple[int, bytes]]:
    parts, owners = shapely.get_parts(shapes, return_index=True)
    # Clipping may leave a line beside a polygon that it only touched.
    fitting = shapely.get_dimensions(parts) == kind - 1
    parts, owners = parts[fitting], owners[fitting]
    if kind == POLYGON:
        parts, rings_of = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
        owners = owners[rings_of]
    if kind == POINT:
        points, starts = _whole(shapely.get_coordinates(parts)), np.flatnonzero(np.diff(owners, prepend=-1))
        owners = owners[starts]
    else:
        points, starts, kept = _paths(parts, kind)
        owners = owners[kept]
    return _written(points, starts, owners, places, kind) if len(starts) else []


def _whole(parts_of_side: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.rint(parts_of_side * EXTENT).astype(np.int64)


def _paths(lines: Shapes, kind: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Points of all paths without repetitions, where each path starts, and which paths are left.

    Neighbours share their vertices, so both lose the same ones and still fit.
    """
    coordinates, path_of = shapely.get_coordinates(lines, return_index=True)
    points = _whole(coordinates)
    fresh = np.ones(len(points), dtype=bool)
    fresh[1:] = (points[1:] != points[:-1]).any(axis=1) | (path_of[1:] != path_of[:-1])
    if kind == POLYGON:  # a ring's last point is its first: closing the path draws to it
        fresh[np.flatnonzero(np.diff(path_of, append=-1))] = False
    points, path_of = points[fresh], path_of[fresh]
    sizes = np.bincount(path_of, minlength=len(lines))
    kept = sizes >= (3 if kind == POLYGON else 2)
    points, path_of = points[kept[path_of]], path_of[kept[path_of]]
    return points, np.flatnonzero(np.diff(path_of, prepend=-1)), kept


def _written(
    points: NDArray[np.int64],
    starts: NDArray[np.int64],
    owners: NDArray[np.int64],
    places: NDArray[np.int64],
    kind: int,
) -> list[tuple[int, bytes]]:
    """Commands of every feature: each path is `move to`, `line to`, and for a ring `close`; points are one `move to`."""
    sizes = np.diff(starts, append=len(points))
    first_of_feature = starts[np.diff(owners, prepend=-1) != 0]
    steps = np.diff(points, axis=0, prepend=0)
    steps[first_of_feature] = points[first_of_feature]
    zigzag = (steps << 1) ^ (steps >> 63)
    numbers, paths = _with_commands(zigzag, starts, sizes, kind)
    stream, ends = _varints(numbers)
    ends = ends[np.cumsum(paths) - 1]
    begins = np.concatenate([[0], ends[:-1]])
    change = np.flatnonzero(np.diff(owners, prepend=-1, append=-1))
    return [
        (int(places[owners[one]]), stream[begins[one] : ends[other - 1]])
        for one, other in pairwise(change.tolist())
    ]


def _with_commands(
    zigzag: NDArray[np.int64], starts: NDArray[np.int64], sizes: NDArray[np.int64], kind: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All numbers of all paths in order, and how many each path has."""
    more = {POINT: 1, LINE: 2, POLYGON: 3}[kind]
    paths = 2 * sizes + more
    begins = np.cumsum(paths) - paths
    numbers = np.empty(int(paths.sum()), dtype=np.int64)
    place = np.repeat(begins - 2 * starts, sizes) + 2 * np.arange(len(zigzag)) + 1
    if kind == POINT:
        numbers[begins] = sizes << 3 | MOVE_TO
    else:
        after_first = np.ones(len(zigzag), dtype=np.int64)
        after_first[starts] = 0
        place += after_first
        numbers[begins] = 1 << 3 | MOVE_TO
        numbers[begins + 3] = (sizes - 1) << 3 | LINE_TO
        if kind == POLYGON:
            numbers[begins + paths - 1] = 1 << 3 | CLOSE_PATH
    numbers[place], numbers[place + 1] = zigzag[:, 0], zigzag[:, 1]
    return numbers, paths


def _varints(numbers: NDArray[np.int64]) -> tuple[bytes, NDArray[np.int64]]:
    """The numbers (0 to 2**35 - 1) as varints in one stream, and where each ends."""
    lengths = np.ones(len(numbers), dtype=np.int64)
    for bits in (7, 14, 21, 28):
        lengths += numbers >= 1 << bits
    ends = np.cumsum(lengths)
    stream = np.empty(int(ends[-1]), dtype=np.uint8)
    for byte in range(5):
        chosen = lengths > byte
        more = np.where(lengths[chosen] > byte + 1, 0x80, 0)
        stream[ends[chosen] - lengths[chosen] + byte] = numbers[chosen] >> 7 * byte & 0x7F | more
    return stream.tobytes(), ends
