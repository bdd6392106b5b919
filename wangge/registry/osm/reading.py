"""Reading an extract: twice from front to back, holding the nodes' places and what is kept."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, repeat
from pathlib import Path
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from wangge.common.refusals import Refused
from wangge.registry.osm import tags as meaning
from wangge.territory.files import refuse_too_large
from wangge.territory.shapes import polygons_of, together

LIMIT_MB = (
    300  # a province of China; the nodes of a whole country do not fit into the memory of a small server
)


@dataclass(frozen=True)
class Ground:
    """Something the base map shows; `shape` is in WGS84 degrees."""

    kind: str
    rank: int
    name: str
    shape: BaseGeometry


@dataclass(frozen=True)
class House:
    """A building: a polygon in WGS84 degrees with what is known of it."""

    name: str
    address: str
    floors: int
    shape: BaseGeometry
    floors_said: bool = True  # by levels or height; else one floor is a guess


@dataclass
class Faults:
    """Objects that could not be made a shape, lines that leave the extract, and surfaces that were mended."""

    broken: int = 0
    cut: int = 0
    mended: int = 0


def read_extract(path: Path, faults: Faults) -> Iterator[Ground | House]:
    """Go through what an extract holds for us. Raises `Refused` above the limit and on what is no extract."""
    import osmium

    _refuse(path)
    keys = osmium.filter.KeyFilter(
        "highway", "waterway", "natural", "landuse", "leisure", "building", *meaning._PLACES
    )
    factory = osmium.geom.WKBFactory()
    try:
        for each in osmium.FileProcessor(str(path)).with_locations().with_areas(keys).with_filter(keys):
            said = {tag.k: tag.v for tag in each.tags}
            yield from _found(each, said, factory, faults)
    except RuntimeError as error:
        raise Refused(_("The extract cannot be read: %(why)s.") % {"why": error}) from error


def ending_of(name: str) -> str:
    """The ending of an extract's name; raises Refused for what is none."""
    ending = next((each for each in (".osm.pbf", ".pbf", ".osm") if name.lower().endswith(each)), "")
    if not ending:
        raise Refused(_("An OpenStreetMap extract ends in .osm.pbf or .osm."), "file")
    return ending


def part_read(path: Path) -> float:
    """How much of an extract that is open in this process has been read, 0 to 1; 0 where the system does not say."""
    places = [place for place in map(_position, Path("/proc/self/fd").glob("*"), repeat(path)) if place]
    return min(max(places, default=0) / max(path.stat().st_size, 1), 1.0)


def _position(opened: Path, path: Path) -> int:
    """Where reading of an open file stands, if it is this one: the library that reads does not tell."""
    try:
        if not opened.samefile(path):
            return 0
        return int(Path(f"/proc/self/fdinfo/{opened.name}").read_text().split()[1])
    except OSError:  # closed meanwhile
        return 0


def _refuse(path: Path) -> None:
    ending_of(path.name)
    try:
        with path.open("rb") as file:
            refuse_too_large(file, LIMIT_MB)
    except OSError as error:
        raise Refused(
            _("%(file)s cannot be read: %(why)s.") % {"file": path.name, "why": error.strerror}
        ) from error


def _found(each: Any, said: dict[str, str], factory: Any, faults: Faults) -> Iterator[Ground | House]:
    if each.is_node():
        if (sort := meaning.place_of(said)) is not None and each.location.valid():
            yield Ground(*sort, meaning.name_of(said), shapely.Point(each.location.lon, each.location.lat))
    elif each.is_way():
        if (sort := meaning.line_of(said)) is not None and (line := _line(each, faults)) is not None:
            yield Ground(*sort, meaning.name_of(said), line)
    elif each.is_area():
        yield from _surface(each, said, factory, faults)


def _line(way: Any, faults: Faults) -> BaseGeometry | None:
    """The line of a way. One that leaves the extract lacks nodes: the longest piece of it that is there, None without."""
    nodes = [(node.lon, node.lat) if node.location.valid() else None for node in way.nodes]
    pieces = [list(piece) for known, piece in groupby(nodes, key=bool) if known]
    longest = max(pieces, key=len, default=[])
    if len(longest) < 2 or len(set(longest)) < 2:
        faults.broken += 1
        return None
    faults.cut += len(longest) < len(nodes)
    return shapely.LineString(longest)


def _surface(each: Any, said: dict[str, str], factory: Any, faults: Faults) -> Iterator[Ground | House]:
    sort, place, house = meaning.surface_of(said), meaning.place_of(said), meaning.is_building(said)
    if sort is None and place is None and not house:
        return
    shape = _whole(_shape(lambda: factory.create_multipolygon(each), faults), faults)
    if shape is None:
        return
    if house:
        floors = meaning.floors_of(said)
        yield House(
            meaning.name_of(said),
            meaning.address_of(said),
            floors or 1,
            shape,
            floors_said=floors is not None,
        )
    if sort is not None:
        yield Ground(*sort, meaning.name_of(said), shape)
    if place is not None:
        yield Ground(*place, meaning.name_of(said), shape.representative_point())


def _shape(make: Any, faults: Faults) -> BaseGeometry | None:
    """The shape that libosmium makes; surfaces that leave the extract lack corners."""
    from osmium import InvalidLocationError

    try:
        return shapely.from_wkb(make())
    except (RuntimeError, InvalidLocationError, GEOSException):
        faults.broken += 1
        return None


def _whole(shape: BaseGeometry | None, faults: Faults) -> BaseGeometry | None:
    """A valid surface, mended if need be; None where nothing is left."""
    if shape is None or shape.is_valid:
        return together(polygons_of(shape)) if shape is not None and not shape.is_empty else None
    faults.mended += 1
    polygons = polygons_of(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    return together(polygons) if len(polygons) else None
