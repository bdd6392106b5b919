"""Where blocks come from: the buildings of a register above this package, or a file of points or outlines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import shapely
from django.core.files import File
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from wangge.common.refusals import Refused
from wangge.territory.coordinates import CRS
from wangge.territory.designer.blocks import Block
from wangge.territory.designer.land import Ground
from wangge.territory.files import MEGABYTE, too_large
from wangge.territory.formats.contents import Feature, geometry_of
from wangge.territory.formats.opening import opened
from wangge.territory.geojson import Box
from wangge.territory.row_errors import RowError, RowsRefused
from wangge.territory.shapes import rounded
from wangge.territory.systems import System, settled, to_wgs84

LIMIT_MB = 20
AROUND = 0.002  # degrees: a building on a limit is found by another of its points
MOST_BLOCKS = 50_000
MOST_HOUSEHOLDS = 100_000  # of one block: more is a mistake in the file
SHOWN_ERRORS = 20
MOST_DEGREES = 180.0  # in either direction: where the two are only swapped, the whole file is told so
MOST_METRES = 1e8  # a projected easting with the number of its zone before it has eight digits
HOUSEHOLDS = ("households", "hh", "units", "户数", "住户数", "总户数", "户")
KEYS = ("code", "key", "name", "id", "编码", "名称", "楼栋", "地址")

Buildings = Callable[[Box], Iterable[Block]]
_buildings: list[Buildings] = []


def register_buildings(buildings: Buildings) -> None:
    """Let a register above tell what stands in a box of WGS84 degrees: `buildings(box)` gives a block for each."""
    if buildings not in _buildings:
        _buildings.append(buildings)


def registered(grounds: Sequence[Ground]) -> list[Block]:
    """Every building that is registered on these grounds, and what else stands in the box around them."""
    west, south, east, north = shapely.total_bounds([ground.shape for ground in grounds]).tolist()
    box = (west - AROUND, south - AROUND, east + AROUND, north + AROUND)
    found = list(islice((block for tell in _buildings for block in tell(box)), MOST_BLOCKS + 1))
    if len(found) > MOST_BLOCKS:
        said = {"most": MOST_BLOCKS}
        raise Refused(_("More than %(most)s buildings stand there. Design one part after another.") % said)
    return found


# -- A file ----------------------------------------------------------------------------------------------


def from_file(content: File, name: str, system: System | None) -> list[Block]:
    """The blocks of a file: shapes with a property `households`. Raises Refused, with its rows where rows are wrong."""
    if (content.size or 0) > LIMIT_MB * MEGABYTE:
        raise _about_file(too_large(LIMIT_MB))
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"blocks{Path(name).suffix.lower()}"
        with path.open("wb") as kept:
            for piece in content.chunks():
                kept.write(piece)
        try:
            with opened(path, name=name) as contents:
                return _read(contents.features, settled(system, contents.system))
        except RowsRefused:
            raise
        except Refused as refused:
            raise _about_file(refused) from refused


def _about_file(refused: Refused) -> Refused:
    return Refused(str(refused), field=refused.field if refused.field == "crs" else "file")


def _read(features: Iterable[Feature], system: System) -> list[Block]:
    blocks, errors = list[Block](), list[RowError]()
    for feature in features:
        try:
            blocks.append(_block(feature, system))
        except Refused as refused:
            errors.append(RowError(feature.row, "file", str(refused)))
        if len(errors) >= SHOWN_ERRORS:
            break
        if len(blocks) > MOST_BLOCKS:
            said = {"most": MOST_BLOCKS}
            raise Refused(_("The file has more than %(most)s blocks. Design one part after another.") % said)
    if errors:
        raise RowsRefused(errors)
    if not blocks:
        raise Refused(_("There is nothing in this file."))
    return list(_in_wgs84(_told_apart(blocks), system))


def _block(feature: Feature, system: System) -> Block:
    if feature.fault:
        raise Refused(feature.fault)
    shape = geometry_of(feature)
    if shape is None or shape.is_empty:
        raise Refused(_("There is no place: neither a point nor an outline."))
    key = next((str(v) for n in KEYS if (v := feature.properties.get(n)) not in (None, "")), "")
    name = (key or str(feature.row))[:100]
    _demand_on_earth(name, shape, system)
    return Block(name, shape, _households(feature.properties))


def _demand_on_earth(name: str, shape: BaseGeometry, system: System) -> None:
    """Refuse what is no place in any country; nobody would miss it among the blocks that lie elsewhere."""
    coordinates = shapely.get_coordinates(shape)
    if not np.isfinite(coordinates).all():
        raise Refused(_("“%(name)s”: a coordinate is not a number.") % {"name": name})
    most = MOST_DEGREES if isinstance(system, CRS) else MOST_METRES
    off = coordinates[(np.abs(coordinates) > most).any(axis=1)]
    if len(off):
        x, y = (f"{number:.6g}" for number in off[0])
        said = {"name": name, "x": x, "y": y}
        raise Refused(_("“%(name)s” lies nowhere on the Earth: %(x)s, %(y)s. Mend its coordinates.") % said)


def _households(properties: Mapping[str, Any]) -> int:
    told = next((properties[name] for name in HOUSEHOLDS if properties.get(name) not in (None, "")), None)
    if told is None:
        raise Refused(_("The households are missing; the column is called households or 户数."))
    try:
        number = float(told)
    except (TypeError, ValueError):
        number = -1.0
    if not (0 <= number <= MOST_HOUSEHOLDS and number.is_integer()):
        raise Refused(_("“%(told)s” is not a number of households.") % {"told": str(told)[:20]})
    return int(number)


def _told_apart(blocks: Sequence[Block]) -> list[Block]:
    """A name that stands in several rows gets a number, so that each block can be named when it is moved by hand."""
    seen: dict[str, int] = {}
    found = []
    for block in blocks:
        seen[block.key] = number = seen.get(block.key, 0) + 1
        found.append(block if number == 1 else replace(block, key=f"{block.key} #{number}"))
    return found


def _in_wgs84(blocks: Sequence[Block], system: System) -> Iterator[Block]:
    shapes = np.array([block.shape for block in blocks], dtype=object)
    moved = shapely.transform(shapes, lambda d: np.column_stack(to_wgs84(d[:, 0], d[:, 1], system)))
    for block, shape in zip(blocks, moved.tolist(), strict=True):
        yield replace(block, shape=rounded(_whole(shape)))


def _whole(shape: BaseGeometry) -> BaseGeometry:
    return shape if shape.is_valid else shapely.make_valid(shape)


# -- To the communities they stand in ----------------------------------------------------------------------


def by_ground(blocks: Sequence[Block], grounds: Sequence[Ground]) -> list[list[Block]]:
    """The blocks on each ground, told today's grid; what stands on none of them is left out."""
    found: list[list[Block]] = [[] for _ground in grounds]
    if not blocks or not grounds:
        return found
    points = shapely.point_on_surface(np.array([block.shape for block in blocks], dtype=object))
    home = _first_around(points, [ground.shape for ground in grounds])
    grids = [grid for ground in grounds for grid in ground.grids]
    today = _first_around(points, [grid.shape for grid in grids if grid.shape is not None])
    for block, ground, grid in zip(blocks, home, today, strict=True):
        if ground is not None:
            found[ground].append(replace(block, grid=grids[grid].code if grid is not None else ""))
    return found


def _first_around(points: Any, shapes: Sequence[BaseGeometry]) -> list[int | None]:
    """For each point the first of the shapes that it lies in."""
    found: list[int | None] = [None] * len(points)
    if shapes:
        places, around = shapely.STRtree(points).query(list(shapes), "covers")[::-1]
        for point, shape in sorted(zip(places.tolist(), around.tolist(), strict=True), reverse=True):
            found[point] = shape
    return found
