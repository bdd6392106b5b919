"""The ground and the areas as vector tiles."""

from datetime import date
from typing import Any

import numpy as np
import shapely
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import get_language

from wangge.common.tiles import Layer, Tile, encode
from wangge.territory import history
from wangge.territory.basemap import keys_of_areas, touching
from wangge.territory.models import Area, BaseFeature, Level
from wangge.territory.outlines import outlines
from wangge.territory.shapes import centre, from_wkb

# From which zoom on a kind of ground is drawn, and the least important rank that is, by zoom.
GROUND_FROM = {"block": 12, "green": 9, "water": 0, "road": 5, "place": 13}
LEAST_RANKS = ((10, 0), (12, 1), (13, 2))
FINEST_RANK = 9
UNIT_GRIDS_FROM = 14
# The finest tiles of areas and unit grids that maps ask for; closer views enlarge them, so nothing is left out of these.
FINEST_TILE = 16
PIXELS = 512  # that a tile is drawn wide, up to twice as wide before the next zoom is asked for
LEFT_OUT = 0.4  # pixels by which a line may miss itself; it is drawn wider
ASKED = 1.0  # pixels by which the shape may that only tells which area a place lies in
NAMED_FROM = (
    24  # pixels: a name does not fit into less, and ten thousand of them cost more than all boundaries
)
NOTHING_SAID: dict[str, str] = {}


def ground(tile: Tile) -> bytes:
    """Roads, water, green, blocks and names of places, each a layer of that name with `name` and `rank`."""
    kinds = [kind for kind, zoom in GROUND_FROM.items() if tile.z >= zoom]
    return encode(tile, [_ground_layer(kind, tile) for kind in kinds])


def _ground_layer(kind: str, tile: Tile) -> Layer:
    rank = least_rank(tile.z) if kind == "road" else FINEST_RANK
    found = BaseFeature.objects.filter(touching(tile.drawn_box), kind=kind, rank__lte=rank)
    rows = list(found.order_by("-rank", "pk").values_list("shape", "name", "rank"))
    return Layer(kind, _shapes(rows), [{"name": name or None, "rank": rank} for _s, name, rank in rows])


def least_rank(zoom: int) -> int:
    """The least important rank of roads that is drawn at a zoom."""
    return next((rank for below, rank in LEAST_RANKS if zoom < below), FINEST_RANK)


def areas(tile: Tile, level: str, on: date) -> bytes:
    """The areas of a level on a day: `area` with what lies in each, `area-line` with what is drawn, `area-name` with points.

    Code, name and kind are said of those into which a name fits; of ten thousand others only the number, for their card.
    Also areas whose boundary nobody has drawn are in the territory; they are in no tile.
    """
    rows = _areas_of(keys_of_areas(level, tile.drawn_box, on), level, on)
    ids = [row[1] for row in rows]
    shapes = _shapes(rows)
    fits = _pixels_wide(tile, shapes) >= (NAMED_FROM if tile.z < FINEST_TILE else 0)
    said = [_said(row) if fits[at] else NOTHING_SAID for at, row in enumerate(rows)]
    named = [at for at, row in enumerate(rows) if fits[at] and row[6] is not None and row[7] is not None]
    points = shapely.points([(rows[at][6], rows[at][7]) for at in named]) if named else _nothing()
    return encode(
        tile,
        [
            Layer("area", _simpler(tile, shapes, ASKED), said, ids),
            Layer("area-line", _together(_simpler(tile, outlines(shapes))), [{"level": level}]),
            Layer("area-name", np.atleast_1d(points), [said[at] for at in named], [ids[at] for at in named]),
        ],
    )


def _said(row: tuple[Any, ...]) -> dict[str, str]:
    english = (get_language() or "").startswith("en")
    return {"code": row[2], "name": row[4] if english and row[4] else row[3], "kind": row[5]}


def _areas_of(keys: list[int], level: str, on: date) -> list[Any]:
    """Boundary, key, code, name, English name, kind and the label's point of areas as they were on a day."""
    if on == timezone.localdate():
        # One value: thousands of them cost more to write and to read than the boundaries.
        now = Area.objects.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [keys])).order_by("code")
        return list(
            now.values_list("boundary", "pk", "code", "name", "name_en", "kind", "centre_lon", "centre_lat")
        )
    then = history.drawn_on(on, level).filter(pk__in=keys).order_by("code")
    return [_row_then(area) for area in then]


def _row_then(area: Any) -> tuple[Any, ...]:
    english = area.name_en if area.name_then == area.name else ""
    point = centre(from_wkb(area.boundary_then))
    return (area.boundary_then, area.pk, area.code, area.name_then, english, area.kind_then, *point)


def unit_grids(tile: Tile, on: date) -> bytes:
    """The cells of city management (单元网格) with their code, from the zoom at which they can be told apart."""
    if tile.z < UNIT_GRIDS_FROM:
        return b""
    communities = keys_of_areas(Level.COMMUNITY, tile.drawn_box, on)
    rows = list(
        history.unit_grids_on(on)
        .filter(community_then__in=communities)
        .order_by("code")
        .values_list("boundary_then", "pk", "code")
    )
    return encode(
        tile,
        [
            Layer(
                "unit-grid",
                _simpler(tile, _shapes(rows)),
                [{"code": row[2]} for row in rows],
                [row[1] for row in rows],
            )
        ],
    )


def _together(lines: Any) -> Any:
    """All lines as one shape: nothing is said of any of them."""
    return np.array([shapely.multilinestrings(lines)], dtype=object) if len(lines) else lines


def _pixels_wide(tile: Tile, shapes: Any) -> Any:
    """How wide each shape is on the map at the zoom of the tile."""
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    return (bounds[:, 2] - bounds[:, 0]) / _degrees_of_a_pixel(tile)


def _simpler(tile: Tile, shapes: Any, pixels: float = LEFT_OUT) -> Any:
    """The shapes without corners that nobody could see at the zoom of the tile."""
    if tile.z >= FINEST_TILE:
        return shapes
    simpler = shapely.simplify(shapes, pixels * _degrees_of_a_pixel(tile), preserve_topology=False)
    return np.where(shapely.is_empty(simpler), shapes, simpler)  # the smallest stay as they are


def _degrees_of_a_pixel(tile: Tile) -> float:
    return 360.0 / (1 << tile.z) / PIXELS


def _shapes(rows: list[Any]) -> Any:
    return shapely.from_wkb([bytes(row[0]) for row in rows]) if rows else _nothing()


def _nothing() -> Any:
    return np.empty(0, dtype=object)
