"""Tiles of cases at two sizes five times apart, what folding costs, and our encoding against the maintained library."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any

from benchmarks._database import scratch_database

SIZE = 100_000  # cases in a year at the larger of two sizes; the promise is of 5,000,000
SECONDS = 20.0
SMALLER = 5  # the smaller size is a fifth
COUNTIES, STREETS_EACH, GRIDS_EACH = 8, 12, 100  # 9,600 grids, as a city has
WEST, SOUTH, SIDE = 118.5, 32.5, 0.6  # about 60 km
NOW = datetime(2026, 1, 10, 4, tzinfo=UTC)
FAR, MIDDLE, CLOSE, NEAR = 10, 12, 14, 16  # the whole city, a district, some streets, a few houses

# A year of cases spread over the grids, denser towards the middle; all but those of the last ten days are closed.
CASES = """
INSERT INTO cases_case (id, number, matter_id, stage, lon, lat, cell, address, current_grid_id, area_path, condition_text,
    condition_text_en, closing_text, closing_text_en, limit_kind, needs_after_photo, filed_at, closed_at, updated_at, held_path,
    result, answer, event_seq, event_digest, unit_id)
SELECT gen_random_uuid(), 'B' || lpad(n::text, 12, '0'), (%(matters)s::bigint[])[1 + n %% %(matter_count)s],
    CASE WHEN c.open THEN 'handling' ELSE 'closed' END, lon, lat, morton(lon, lat), '', g.id, g.path, '', '', '', '', '', false,
    c.at, CASE WHEN c.open THEN NULL ELSE c.at + interval '3 days' END, c.at, g.path, '', '', 0, '\\x00', %(unit)s
FROM (
    SELECT n, %(now)s::timestamptz - (n %% 365) * interval '1 day' - ((n * 7919) %% 86400) * interval '1 second' AS at,
           n %% 365 < 10 AND n %% 3 = 0 AS open,
           %(west)s + %(side)s * ((random() + random() + random()) / 3) AS lon,
           %(south)s + %(side)s * ((random() + random() + random()) / 3) AS lat
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) n
) c
JOIN bench_grid g ON g.x = floor((lon - %(west)s) / %(side)s * %(across)s)::int
    AND g.y = floor((lat - %(south)s) / %(side)s * %(down)s)::int
"""
# The cell of a point in SQL, for this benchmark alone: the program has it from numpy.
MORTON = """
CREATE FUNCTION pg_temp.spread(v bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT (e | (e << 1)) & 6148914691236517205 FROM (SELECT (d | (d << 2)) & 3689348814741910323 AS e
    FROM (SELECT (c | (c << 4)) & 1085102592571150095 AS d FROM (SELECT (b | (b << 8)) & 71777214294589695 AS c
    FROM (SELECT (v | (v << 16)) & 281470681808895 AS b) b) c) d) e
$$;
CREATE FUNCTION morton(lon float8, lat float8) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT pg_temp.spread(floor((lon / 360 + 0.5) * 2147483648)::bigint)
         | (pg_temp.spread(floor((0.5 - ln((1 + sin(radians(lat))) / (1 - sin(radians(lat)))) / (4 * pi())) * 2147483648)::bigint) << 1)
$$;
"""
QUERIES = {"open": "", "all of a year": "state=all&since=2025-01-11&until=2026-01-10"}


def run(size: int, seconds: float) -> list[dict[str, Any]]:
    """Measure tiles at a fifth of `size` and at `size`, in turn, in two databases; then the encoding alone."""
    from django.db import connections

    with scratch_database():
        person = _city()
        rows, smaller = [], size // SMALLER
        _fill(1, smaller)
        rows.append(_fold(smaller))
        before = Town(_copied(), person.pk)
        _fill(smaller + 1, size)
        rows.append(_fold(size))
        now = Town(connections["default"], person.pk)
        for name, (fewer, all_of_them) in _tiles(before, now, 0.75 * seconds).items():
            rows.append(_row(name, size, all_of_them, fewer))
        before.connection.close()
    return [*rows, _encoding(seconds / 4)]


# -- A city -----------------------------------------------------------------------------------------------


def _city() -> Any:
    """Make areas, a leader of the city and the table that says which grid a point is in."""
    from django.db import connection

    from wangge.accounts.models import Account, Role, Unit
    from wangge.territory.models import Area, Post

    def area(code: str, level: str, parent: Area | None) -> Area:
        made = Area.objects.create(code=code, name=code, level=level, parent=parent, path="")
        made.path = f"{parent.path if parent else '/'}{made.pk}/"
        made.save(update_fields=["path"])
        return made

    city = area("9901", "city", None)
    columns, rows = COUNTIES * 10, STREETS_EACH * 10
    with connection.cursor() as cursor:
        cursor.execute(MORTON.replace("pg_temp.", ""))
        cursor.execute("CREATE TABLE bench_grid (x int, y int, id bigint, path text, PRIMARY KEY (x, y))")
        for east in range(COUNTIES):
            county = area(f"9901{east:02}", "county", city)
            for north in range(STREETS_EACH):
                street = area(f"{county.code}{north:03}", "street", county)
                _grids(cursor, street, east * 10, north * 10)
        cursor.execute("ANALYZE bench_grid")
    assert columns * rows == COUNTIES * STREETS_EACH * GRIDS_EACH
    Unit.objects.create(code="BENCH", name="单位", kind="department")
    leader = Account.objects.create(username="leader", name="领导", password="!")
    Post.objects.create(account=leader, role=Role.LEADER, area=city)
    return leader


def _grids(cursor: Any, street: Any, x: int, y: int) -> None:
    """A hundred grids of one street, ten by ten."""
    from wangge.territory.models import Area

    made = Area.objects.bulk_create(
        Area(code=f"{street.code}{n:06}", name=f"{n}", level="grid", parent=street, path="", kind="general")
        for n in range(GRIDS_EACH)
    )
    for one in made:
        one.path = f"{street.path}{one.pk}/"
    Area.objects.bulk_update(made, ["path"])
    cursor.executemany(
        "INSERT INTO bench_grid VALUES (%s, %s, %s, %s)",
        [(x + n % 10, y + n // 10, one.pk, one.path) for n, one in enumerate(made)],
    )


def _fill(first: int, last: int) -> None:
    from django.db import connection

    from wangge.accounts.models import Unit
    from wangge.cases.models import MatterClass
    from wangge.territory.cells import cell

    matters = list(MatterClass.objects.exclude(group=None).values_list("pk", flat=True))
    values: dict[str, Any] = {
        "first": first, "last": last, "now": NOW, "matters": matters, "matter_count": len(matters), "west": WEST,
        "south": SOUTH, "side": SIDE, "across": COUNTIES * 10, "down": STREETS_EACH * 10,
        "unit": Unit.objects.get(code="BENCH").pk,
    }  # fmt: skip
    with connection.cursor() as cursor, _in_bulk(cursor):
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(CASES, values)
        cursor.execute("SELECT lon, lat, cell FROM cases_case LIMIT 1")
        lon, lat, made = cursor.fetchone()
        assert made >> 8 == cell(lon, lat) >> 8, "the cell in SQL is another one than the program's"


@contextmanager
def _in_bulk(cursor: Any) -> Iterator[None]:
    """Without triggers and with indexes made afterwards: how cases come in is not what is measured here."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'cases_case' AND indexdef NOT LIKE '%UNIQUE%'"
    )
    indexes = cursor.fetchall()
    for name, _made in indexes:
        cursor.execute(f"DROP INDEX {name}")
    cursor.execute("SET session_replication_role = replica")
    yield
    cursor.execute("SET session_replication_role = origin")
    for _name, made in indexes:
        cursor.execute(made)


def _fold(size: int) -> dict[str, Any]:
    """Count everything anew, as happens each night, and tell the planner."""
    from django.db import connection

    from wangge.cases.map import tally
    from wangge.cases.models import MapTally

    began = time.perf_counter()
    tally.rebuild()
    taken = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) cases_maptally, cases_case, cases_mapchange")
    return {
        "name": "tiles counted anew",
        "size": size,
        "value": round(taken, 1),
        "unit": "s",
        "yardstick": f"rows of the tally afterwards: {MapTally.objects.count():,}",
    }


# -- Tiles ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Town:
    """A database with so many cases, and who looks at them."""

    connection: Any
    person: int

    def look(self, query: str) -> Any:
        """The lens of that person, in this database; whatever is asked next is asked of it."""
        from django.db import connections
        from django.http import QueryDict

        from wangge.accounts.models import Account
        from wangge.cases.map import Lens

        connections["default"] = self.connection
        return Lens.of(Account.objects.get(pk=self.person), NOW, QueryDict(query))


def _copied() -> Any:
    """A connection to a copy of the database as it is now."""
    from django.db import connections

    before = connections["default"]
    here = before.settings_dict["NAME"]
    before.close()
    with before._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE smaller TEMPLATE "{here}" STRATEGY file_copy')
    copied = before.copy()
    copied.settings_dict = before.settings_dict | {"NAME": "smaller"}
    return copied


@dataclass(frozen=True)
class Times:
    """What one kind of tile took, in seconds, and the bare count of the same cases.

    `pages` of the database that each tile touches are the same on every machine, however busy.
    """

    ours: list[float]
    bare: list[float]
    pages: list[int]
    wrong: int


def _tiles(before: Town, now: Town, seconds: float) -> dict[str, tuple[Times, Times]]:
    from wangge.common.tiles import Tile

    made = {}
    zooms = (("low zoom", FAR), ("middle", MIDDLE), ("close", CLOSE), ("high zoom", NEAR))
    for words, query in QUERIES.items():
        for name, zoom in zooms:
            tiles = [Tile(zoom, x, y) for x, y in _around(zoom)]
            made[f"{name}, {words}"] = _in_turn(before, now, tiles, query, seconds / 8)
    return made


def _in_turn(before: Town, now: Town, tiles: list[Any], query: str, seconds: float) -> tuple[Times, Times]:
    """The same tiles at both sizes, turn and turn about: how busy the machine is meets both."""
    from wangge.cases.map.tiles import cases

    fewer, more = _known(before, tiles, query), _known(now, tiles, query)
    until, turn = time.perf_counter() + seconds, 0
    while turn < len(tiles) or time.perf_counter() < until:
        tile = tiles[turn % len(tiles)]
        for town, times in ((before, fewer), (now, more)):
            lens = town.look(query)
            times.ours.append(_timed(lambda: cases(tile, lens))[1])  # noqa: B023  # called at once
        turn += 1
    return fewer, more


def _known(town: Town, tiles: list[Any], query: str) -> Times:
    """What is asked once of each tile: its pages, and the bare count from the cases; wrong if the numbers differ."""
    from wangge.cases.map import counting
    from wangge.cases.map.tiles import cases
    from wangge.territory.cells import tile_range

    lens = town.look(query)
    bare: list[float] = []
    wrong = 0
    for tile in tiles:
        plain = counting.cases_of(lens).filter(cell__range=tile_range(tile.z, tile.x, tile.y))
        number, taken = _timed(plain.count)
        bare.append(taken)
        wrong += counted(cases(tile, lens)) != number
    pages = [_pages(lambda: cases(tile, lens)) for tile in tiles]  # noqa: B023  # called at once
    return Times([], bare, pages, wrong)


def _around(zoom: int) -> list[tuple[int, int]]:
    """The tiles in the middle of the city, where most is."""
    from wangge.common.tiles import Tile

    lon, lat = WEST + SIDE / 2, SOUTH + SIDE / 2
    column, row = Tile(0, 0, 0).within(_array([(lon, lat)]))[0] * 2**zoom
    return [(int(column) + dx, int(row) + dy) for dx in range(2) for dy in range(2)]


def _array(places: list[tuple[float, float]]) -> Any:
    import numpy as np

    return np.array(places, dtype=np.float64)


def _pages(work: Callable[[], Any]) -> int:
    """How many pages of the database the statements of some work touch, in memory or not."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        work()
    touched = 0
    with connection.cursor() as cursor:
        for one in asked:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {one['sql']}")
            plan = cursor.fetchone()[0][0]["Plan"]
            touched += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return touched


def counted(made: bytes) -> int:
    """How many cases a tile stands for, read by the maintained library."""
    import mapbox_vector_tile

    read = mapbox_vector_tile.decode(made)
    circles = sum(int(one["properties"]["n"]) for one in read.get("cases", {"features": []})["features"])
    return circles + len(read.get("case", {"features": []})["features"])


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    done = work()
    return done, time.perf_counter() - began


def _p95(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def _row(name: str, size: int, times: Times, before: Times) -> dict[str, Any]:
    growth = _p95(times.ours) / _p95(before.ours)
    ours, bare = times.ours, times.bare
    return {
        "name": f"tiles {name}",
        "size": size,
        "value": round(growth, 2),
        "unit": f"× p95 at {size // SMALLER:,}",
        "p50_growth": round(median(ours) / median(before.ours), 2),
        "yardstick": f"count(*) of the same cases: {1000 * median(bare):,.1f} ms",
        "ratio": round(median(bare) / median(ours), 2),
        "p50_ms": round(1000 * median(ours), 2),
        "p95_ms": round(1000 * _p95(ours), 2),
        "pages": median(times.pages),
        "pages_growth": round(median(times.pages) / median(before.pages), 2),
        "errors": times.wrong + before.wrong,
    }


# -- Encoding ---------------------------------------------------------------------------------------------


def _encoding(seconds: float) -> dict[str, Any]:
    """Ten thousand grids in one tile: ours and the library's, in turn, both from WGS84 degrees."""
    import mapbox_vector_tile
    import numpy as np
    import shapely

    from benchmarks.locate import tessellation
    from wangge.common.tiles import EXTENT, Layer, Tile, encode

    shapes = tessellation(np.random.default_rng(20260101))
    tile = Tile(8, 210, 97)
    said = [{"code": f"{number:015}", "name": f"第{number}网格"} for number in range(len(shapes))]

    def library() -> bytes:
        placed = shapely.transform(shapes, lambda degrees: tile.within(degrees) * EXTENT)
        features = [{"geometry": one, "properties": words} for one, words in zip(placed, said, strict=True)]
        made: bytes = mapbox_vector_tile.encode(
            [{"name": "area", "features": features}],
            default_options={"extents": EXTENT, "y_coord_down": True},
        )
        return made

    ours: list[float] = []
    theirs: list[float] = []
    until = time.perf_counter() + seconds
    while len(ours) < 3 or time.perf_counter() < until:
        made, taken = _timed(lambda: encode(tile, [Layer("area", shapes, said)]))
        ours.append(taken)
        theirs.append(_timed(library)[1])
    read = mapbox_vector_tile.decode(made)["area"]["features"]
    return {
        "name": "tiles encoding",
        "size": len(shapes),
        "value": round(1000 * median(ours), 1),
        "unit": "ms",
        "yardstick": f"mapbox-vector-tile: {1000 * median(theirs):,.0f} ms",
        "ratio": round(median(theirs) / median(ours), 2),
        "errors": int(len(read) < 0.5 * len(shapes)),
    }
