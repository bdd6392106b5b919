"""Cases as vector tiles: circles with their number from far away, points from near."""

from typing import Any

import numpy as np
import shapely

from wangge.cases.map.counting import cases_of, counts_in, counts_near
from wangge.cases.map.lens import Lens
from wangge.cases.map.tally import Count
from wangge.cases.models import Case
from wangge.cases.models.on_map import FINE
from wangge.cases.queries.lights import light_of
from wangge.common.tiles import Layer, Tile, encode
from wangge.territory.cells import tile_range

POINTS_FROM = 14
MOST_POINTS = 400  # in one tile; where there are more, they are counted in small cells
CELLS_ACROSS = 3  # 2**3 circles along a tile's side

# What a point says; a row of a case is thirty times as wide.
SHOWN = (
    "number", "lon", "lat", "stage", "due_at", "amber_at", "whole_due_at", "whole_amber_at", "matter__name", "matter__name_en",
)  # fmt: skip

Said = dict[str, Any]


def cases(tile: Tile, lens: Lens) -> bytes:
    """`cases` with `n`, how many a circle stands for, or `case` with number, title, stage and light of each."""
    span = tile_range(tile.z, tile.x, tile.y)
    if tile.z < POINTS_FROM:
        return encode(tile, [_circles(counts_in(lens, span, _cells_of(tile)))])
    found = cases_of(lens).filter(cell__range=span).order_by()
    if found.values("pk")[: MOST_POINTS + 1].count() > MOST_POINTS:
        return encode(tile, [_circles(counts_near(lens, span, _cells_of(tile)))])
    rows = found.select_related("matter").only(*SHOWN)[:MOST_POINTS]
    return encode(tile, [_points(sorted(rows, key=lambda case: case.number), lens)])


def _cells_of(tile: Tile) -> int:
    """The zoom whose tiles are the cells of the circles; as fine as the tally's while that is needed."""
    finest = FINE if tile.z <= POINTS_FROM else tile.z + CELLS_ACROSS
    return min(tile.z + CELLS_ACROSS, finest)


def _circles(counts: list[Count]) -> Layer:
    return Layer("cases", _shapes([(one.lon, one.lat) for one in counts]), [{"n": one.n} for one in counts])


def _points(rows: list[Case], lens: Lens) -> Layer:
    return Layer("case", _shapes([(row.lon, row.lat) for row in rows]), [_said(row, lens) for row in rows])


def _said(case: Case, lens: Lens) -> Said:
    light = light_of(case, lens.now)
    return {
        "number": case.number,
        "title": case.matter.label,
        "stage": str(case.get_stage_display()),
        "light": str(light) if light else "ended",
    }


def _shapes(places: list[Any]) -> Any:
    return shapely.points(np.array(places, dtype=np.float64)) if places else np.empty(0, dtype=object)
