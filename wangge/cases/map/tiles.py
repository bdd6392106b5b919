"""Cases as vector tiles: circles with their number from far away, points from near."""

from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
import shapely

from wangge.cases.deadlines import light
from wangge.cases.map.counting import cases_in, counts_in, tallied_in
from wangge.cases.map.lens import Lens, State
from wangge.cases.map.tally import Count
from wangge.cases.models import MatterClass
from wangge.cases.models.on_map import FINE, FINEST
from wangge.cases.queries.lights import worse
from wangge.cases.workflow import OPEN_CASE, Stage
from wangge.common.languages import in_reader_language
from wangge.common.tiles import Layer, Tile, encode
from wangge.territory.cells import Range, tile_range

POINTS_FROM = 14
MOST_POINTS = 400  # in one tile; where there are more, they are counted in small cells
CELLS_ACROSS = 3  # 2**3 circles along a tile's side

Said = dict[str, Any]


class Point(NamedTuple):
    """What a tile says of a case: a row is thirty times as wide, and making a `Case` of each takes most of the time."""

    number: str
    lon: float
    lat: float
    stage: str
    due_at: datetime | None
    amber_at: datetime | None
    whole_due_at: datetime | None
    whole_amber_at: datetime | None
    matter_id: int


def cases(tile: Tile, lens: Lens) -> bytes:
    """`cases` with `n`, how many a circle stands for, or `case` with number, title, stage and light of each."""
    counts = None
    if tile.z < POINTS_FROM:
        counts = counts_in(lens, _span(tile), _cells_of(tile))
    elif tile.z < FINEST and lens.asked.state != State.OPEN:  # what is open is few, in years too
        counts = _if_many(tallied_in(lens, _span(tile), _cells_of(tile)))
    if counts is None:
        # Without the classes: joined, a bad guess of theirs makes the database read all of the tile for each of them.
        rows = [
            Point(*row)
            for row in cases_in(lens, _span(tile)).order_by().values_list(*Point._fields)[: MOST_POINTS + 1]
        ]
        if len(rows) <= MOST_POINTS:
            return encode(tile, [_points(sorted(rows), lens)])
        counts = counts_in(lens, _span(tile), _cells_of(tile))
    return encode(tile, [_circles(counts)])


def _span(tile: Tile) -> Range:
    return tile_range(tile.z, tile.x, tile.y)


def _if_many(counts: list[Count] | None) -> list[Count] | None:
    return counts if counts and sum(one.n for one in counts) > MOST_POINTS else None


def _cells_of(tile: Tile) -> int:
    """The zoom whose tiles are the cells of the circles; as fine as the tally's while that is needed."""
    finest = FINE if tile.z <= POINTS_FROM else FINEST if tile.z < FINEST else tile.z + CELLS_ACROSS
    return min(tile.z + CELLS_ACROSS, finest)


def _circles(counts: list[Count]) -> Layer:
    return Layer("cases", _shapes([(one.lon, one.lat) for one in counts]), [{"n": one.n} for one in counts])


def _points(rows: list[Point], lens: Lens) -> Layer:
    stages = {value: str(label) for value, label in Stage.choices}  # translated once, not for each point
    classes = MatterClass.objects.filter(pk__in={row.matter_id for row in rows})
    titles = {pk: in_reader_language(*names) for pk, *names in classes.values_list("pk", "name", "name_en")}
    said = [
        {
            "number": row.number,
            "title": titles[row.matter_id],
            "stage": stages[row.stage],
            "light": _light(row, lens.now),
        }
        for row in rows
    ]
    return Layer("case", _shapes([(row.lon, row.lat) for row in rows]), said)


def _light(row: Point, now: datetime) -> str:
    if row.stage not in OPEN_CASE:
        return "ended"
    return str(worse(light(row.due_at, row.amber_at, now), light(row.whole_due_at, row.whole_amber_at, now)))


def _shapes(places: list[Any]) -> Any:
    return shapely.points(np.array(places, dtype=np.float64)) if places else np.empty(0, dtype=object)
