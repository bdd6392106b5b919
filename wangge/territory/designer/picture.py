"""The picture of a community and a proposal, drawn by the server: no script, sharp on a phone, a wall and on paper."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from wangge.territory import basemap
from wangge.territory.designer.comparing import state_of
from wangge.territory.designer.keeping import Site, apart
from wangge.territory.designer.models import GridProposal
from wangge.territory.models import BaseFeature
from wangge.territory.shapes import from_wkb, metres_per_degree, polygons_of

WIDTH, HEIGHT = 1000, 800  # units of the picture
MARGIN = 40
HUES = 6  # colours of grids; more neighbours than that share one, and have their numbers
ROAD_METRES = (26, 18, 11, 5)  # width by rank
LEAST_ROAD = 1.5  # units
SMALLEST_LABEL = 16.0  # units from the middle of a grid to its edge: below, only the number is written


@dataclass(frozen=True)
class Path:
    """Something drawn: `kind` decides the colour, `d` is the outline, `width` that of a line."""

    kind: str
    d: str
    width: float = 0.0


@dataclass(frozen=True)
class Patch:
    """One grid: its outline, a colour its neighbours do not have, and where its number stands."""

    number: int
    households: int
    state: str
    hue: int
    d: str
    x: float
    y: float
    is_roomy: bool


@dataclass(frozen=True)
class Frame:
    """From WGS84 degrees to units of the picture, the ground in the middle."""

    west: float
    north: float
    across: float
    up: float

    @classmethod
    def around(cls, ground: BaseGeometry) -> Frame:
        west, south, east, north = ground.bounds
        across, up = metres_per_degree((south + north) / 2)
        scale = min(
            (WIDTH - 2 * MARGIN) / max((east - west) * across, 1.0),
            (HEIGHT - 2 * MARGIN) / max((north - south) * up, 1.0),
        )
        across, up = across * scale, up * scale
        middle_x, middle_y = (west + east) / 2, (south + north) / 2
        return cls(middle_x - WIDTH / 2 / across, middle_y + HEIGHT / 2 / up, across, up)

    @property
    def per_metre(self) -> float:
        return self.up / metres_per_degree(self.north)[1]

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the whole picture in degrees."""
        east, south = self.west + WIDTH / self.across, self.north - HEIGHT / self.up
        return self.west, south, east, self.north

    def flat(self, shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
        """Shapes in units, finer than half a unit left out."""
        moved = shapely.transform(
            np.array(shapes, dtype=object),
            lambda d: np.column_stack(
                ((d[:, 0] - self.west) * self.across, (self.north - d[:, 1]) * self.up)
            ),
        )
        return list(shapely.simplify(moved, 0.4))


def scenery(site: Site) -> list[Path]:
    """What lies under every proposal of a community: green, water, roads, and its buildings, as far as they are seen."""
    frame = Frame.around(site.ground)
    return [path for path in (*_base(frame), *_blocks(site, frame)) if path.d]


def _base(frame: Frame) -> Iterator[Path]:
    """The ground first, the smallest roads under the larger ones."""
    rows = list(
        BaseFeature.objects.filter(basemap.touching(frame.box), kind__in=["green", "water", "road"])
        .order_by("-rank", "pk")
        .values_list("kind", "rank", "shape")
    )
    view = shapely.box(*frame.box)
    shapes = shapely.intersection(shapely.from_wkb([bytes(row[2]) for row in rows]), view)
    drawn = [(row[0], row[1], shape) for row, shape in zip(rows, frame.flat(shapes), strict=True)]
    for wanted in ("green", "water"):
        yield from (Path(kind, outline(shape)) for kind, _rank, shape in drawn if kind == wanted)
    for kind, rank, shape in drawn:
        if kind == "road":
            metres = ROAD_METRES[min(rank, len(ROAD_METRES) - 1)]
            yield Path("road", line(shape), round(max(metres * frame.per_metre, LEAST_ROAD), 1))


def _blocks(site: Site, frame: Frame) -> Iterator[Path]:
    for block, shape in zip(site.blocks, frame.flat([b.shape for b in site.blocks]), strict=True):
        kind = "home" if block.households else "house"
        drawn = shapely.buffer(shape, 4, quad_segs=4) if shape.geom_type == "Point" else shape
        yield Path(kind, outline(drawn))


def patches(site: Site, proposal: GridProposal) -> list[Patch]:
    """The grids of a proposal on the picture."""
    design, frame, parts = proposal.part.design, Frame.around(site.ground), apart(proposal.shapes)
    held, hues = proposal.measures["households"], colours(parts)
    found = []
    for at, shape in enumerate(frame.flat(parts)):
        x, y, room = _middle(shape)
        state = state_of(held[at], design.low, design.high)
        found.append(Patch(at + 1, held[at], state, hues[at], outline(shape), x, y, room >= SMALLEST_LABEL))
    return found


def outlines(site: Site, kind: str, boundaries: Sequence[bytes | memoryview]) -> list[Path]:
    """Boundaries that are there today, to be held against the new ones."""
    frame = Frame.around(site.ground)
    shapes = [from_wkb(boundary) for boundary in boundaries]
    return [Path(kind, outline(shape)) for shape in frame.flat(shapes)]


def _middle(shape: BaseGeometry) -> tuple[float, float, float]:
    """The point of a grid that is farthest from its edge, and how far that is."""
    radius = shapely.maximum_inscribed_circle(_largest(shape), tolerance=2)
    (x, y), *_edge = shapely.get_coordinates(radius).tolist()
    return round(x, 1), round(y, 1), float(shapely.length(radius))


def _largest(shape: BaseGeometry) -> BaseGeometry:
    return max(polygons_of(shape), key=lambda part: part.area)


def colours(parts: Sequence[BaseGeometry]) -> list[int]:
    """A colour for each part that none beside it has, as far as there are enough."""
    shapes = np.array(parts, dtype=object)
    one, other = shapely.STRtree(shapes).query(shapes, "intersects")
    found: list[int] = []
    for at in range(len(parts)):
        beside = {found[n] for n in other[one == at].tolist() if n < at}
        used = [found.count(hue) for hue in range(HUES)]
        free = [hue for hue in range(HUES) if hue not in beside] or list(range(HUES))
        found.append(min(free, key=lambda hue: (used[hue], hue)))
    return found


def for_map(site: Site, proposal: GridProposal) -> dict[str, Any]:
    """Grids and blocks as GeoJSON in WGS84 degrees, with what the map writes beside them."""
    design, parts, held = proposal.part.design, apart(proposal.shapes), proposal.measures["households"]
    hues = colours(parts)
    grids = [
        (
            part,
            {
                "number": at + 1,
                "hue": hues[at],
                "households": held[at],
                "state": state_of(held[at], design.low, design.high),
            },
        )
        for at, part in enumerate(parts)
    ]
    blocks = [
        (block.shape, {"at": at, "key": block.key, "households": block.households, "number": label + 1})
        for at, (block, label) in enumerate(zip(site.blocks, proposal.labels, strict=True))
    ]
    # One point each: an area that the map cuts into tiles would be named several times.
    labels = [(shapely.point_on_surface(_largest(part)), said) for part, said in grids]
    return {"grids": _collection(grids), "blocks": _collection(blocks), "labels": _collection(labels)}


def _collection(features: Sequence[tuple[BaseGeometry, dict[str, Any]]]) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": said, "geometry": json.loads(shapely.to_geojson(shape))}
            for shape, said in features
        ],
    }


# -- Outlines ---------------------------------------------------------------------------------------------


def outline(shape: BaseGeometry) -> str:
    """The rings of an area, as SVG writes a path."""
    land = (part for part in polygons_of(shape) if not part.is_empty)
    rings = (ring for part in land for ring in (part.exterior, *part.interiors))
    return "".join(_written(ring) + "Z" for ring in rings)


def line(shape: BaseGeometry) -> str:
    """The lines of a shape, as SVG writes a path."""
    lines = (part for part in shapely.get_parts(shape) if part.geom_type == "LineString")
    return "".join(_written(part) for part in lines if not part.is_empty)


def _written(points: BaseGeometry) -> str:
    pairs = np.round(shapely.get_coordinates(points), 1).tolist()
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in pairs)
