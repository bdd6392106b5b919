"""The tally of cases by cell: read for a part of the map, and kept up with what triggers noted.

A period is made up of few counts (`periods`), so that years cost no more rows than days. What is noted and not yet
folded in is counted too: a number is never older than the last commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from wangge.cases.map.periods import DAY, Term, runs, terms
from wangge.cases.models.on_map import COARSE, EVER, FINE, FINEST, IN_FINEST, Span
from wangge.common.days import midnight
from wangge.territory.cells import Range

FOLD_LOCK = 7_311_041  # advisory lock: one fold at a time
WHOLE_WORLD: Range = (0, (1 << 62) - 1)
CELL_BITS = 62

COUNTS = """
SELECT {key} AS key, sum(value)::bigint AS n, sum(lons) / sum(n) AS lon, sum(lats) / sum(n) AS lat
FROM (
    {kept}
    SELECT cell >> %(finer)s AS cell, {noted_path} AS area_path, {noted} AS value, n, lons, lats
    FROM (SELECT *, (hour AT TIME ZONE %(time_zone)s)::date AS day FROM cases_mapchange) noted
    WHERE cell >> %(finer)s BETWEEN %(low)s AND %(high)s
      AND ((%(since)s::date IS NULL OR day >= %(since)s) AND (%(until)s::date IS NULL OR day <= %(until)s)
           AND day <> ALL(%(read)s::date[]) OR day = ANY(%(left_out)s::date[]))
) counted
WHERE area_path LIKE ANY(%(paths)s)
GROUP BY 1 HAVING sum(value) > 0 AND sum(n) > 0
ORDER BY 1
"""

# Of one kind of span, added or taken away. Who asks for no group reads the index of the tally alone.
KEPT = """
    SELECT cell, area_path, {sign}({value}) AS value, {sign}n AS n, {sign}lons AS lons, {sign}lats AS lats
    FROM cases_maptally
    WHERE zoom = %(zoom)s AND span = {span} AND day = ANY(%({days})s) AND cell BETWEEN %(low)s AND %(high)s
    UNION ALL
"""

# Days left over at the ends of a period, where the tally does not count them: from the cases. They are read in the same
# statement, so nobody can fold in between, and what is noted of them is not added again.
READ = """
    SELECT cell >> %(in_finest)s AS cell, area_path, {sign}({value}) AS value, {sign}1 AS n, {sign}lon AS lons, {sign}lat AS lats
    FROM cases_case
    WHERE cell >> %(in_finest)s = ANY(%(cells)s) AND filed_at >= %({days}_from)s AND filed_at < %({days}_to)s
      AND cell IS NOT NULL AND lon IS NOT NULL AND NOT confidential AND stage <> 'void'
    UNION ALL
"""

OF_GROUP = """
CASE WHEN matter_id IN (SELECT id FROM cases_matterclass WHERE group_id = {group}) THEN {number} ELSE 0 END
"""

# What is coarser is summed from what is finer, so that each note is read a few times, not once for each count it is in.
# All is written in the order of the index: a tile's counts then lie beside each other.
FOLD = """
WITH taken AS (DELETE FROM cases_mapchange RETURNING *),
areas AS MATERIALIZED (SELECT path, cases_map_area(path) AS area_path FROM (SELECT DISTINCT area_path AS path FROM taken) t),
placed AS MATERIALIZED (
    SELECT taken.cell, (hour AT TIME ZONE %(time_zone)s)::date AS day, areas.area_path, "group", n, open, lons, lats
    FROM taken JOIN areas ON areas.path = taken.area_path
),
days AS (
    SELECT cell >> %(to_fine)s AS cell, day, area_path, "group",
           sum(n) AS n, sum(open) AS open, sum(lons) AS lons, sum(lats) AS lats
    FROM placed GROUP BY 1, 2, 3, 4
),
months AS (
    SELECT cell, date_trunc('month', day)::date AS day, area_path, "group",
           sum(n) AS n, sum(open) AS open, sum(lons) AS lons, sum(lats) AS lats
    FROM placed GROUP BY 1, 2, 3, 4
),
years AS (
    SELECT cell, date_trunc('year', day)::date AS day, area_path, "group",
           sum(n) AS n, sum(open) AS open, sum(lons) AS lons, sum(lats) AS lats
    FROM months GROUP BY 1, 2, 3, 4
),
finest AS (
    SELECT 1 AS span, * FROM months UNION ALL SELECT 2, * FROM years UNION ALL
    SELECT 3, cell, %(ever)s::date, area_path, "group", sum(n), sum(open), sum(lons), sum(lats)
    FROM years GROUP BY cell, area_path, "group"
),
fine AS (
    SELECT 0 AS span, * FROM days UNION ALL
    SELECT span, cell >> %(to_fine)s, day, area_path, "group", sum(n), sum(open), sum(lons), sum(lats)
    FROM finest GROUP BY 1, 2, 3, 4, 5
),
fresh AS (
    SELECT %(finest)s AS zoom, * FROM finest UNION ALL SELECT %(fine)s, * FROM fine UNION ALL
    SELECT %(coarse)s, span, cell >> %(to_coarse)s, day, area_path, "group", sum(n), sum(open), sum(lons), sum(lats)
    FROM fine GROUP BY 1, 2, 3, 4, 5, 6
),
-- What was counted of the same groups before is added here, all at once: row by row it would take fifty times as long.
both_of_them AS (
    SELECT zoom, span, cell, day, area_path, "group", n, open, lons, lats FROM fresh
    UNION ALL
    SELECT t.zoom, t.span, t.cell, t.day, t.area_path, g.key::int, (g.value->>0)::int, (g.value->>1)::int, 0, 0
    FROM (SELECT DISTINCT zoom, span, cell, day, area_path FROM fresh) touched
    JOIN cases_maptally t USING (zoom, span, cell, day, area_path)
    CROSS JOIN LATERAL jsonb_each(t.groups) g
),
by_group AS (
    SELECT zoom, span, cell, day, area_path, "group",
           sum(n) AS n, sum(open) AS open, sum(lons) AS lons, sum(lats) AS lats
    FROM both_of_them GROUP BY 1, 2, 3, 4, 5, 6
)
INSERT INTO cases_maptally AS t (zoom, span, cell, day, area_path, n, open, lons, lats, groups)
SELECT zoom, span, cell, day, area_path, sum(n), sum(open), sum(lons), sum(lats),
       coalesce(jsonb_object_agg("group"::text, jsonb_build_array(n, open)) FILTER (WHERE n <> 0 OR open <> 0), '{}')
FROM by_group GROUP BY zoom, span, day, cell, area_path
ORDER BY zoom, span, day, cell, area_path
ON CONFLICT (zoom, span, day, cell, area_path) DO UPDATE
SET n = excluded.n, open = excluded.open, lons = t.lons + excluded.lons, lats = t.lats + excluded.lats,
    groups = excluded.groups
"""

ANEW = """
INSERT INTO cases_mapchange (cell, hour, area_path, "group", n, open, lons, lats)
SELECT c.cell >> 28, date_trunc('hour', c.filed_at), c.area_path, coalesce(m.group_id, 0),
       count(*), count(*) FILTER (WHERE c.closed_at IS NULL), sum(c.lon), sum(c.lat)
FROM cases_case c LEFT JOIN cases_matterclass m ON m.id = c.matter_id
WHERE cases_on_map(c) GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True)
class Part:
    """Which part of the tally is wanted: areas by the beginnings of their paths, days of filing, a group."""

    paths: Sequence[str]
    since: date | None = None
    until: date | None = None
    group: int | None = None
    value: str = "n"  # "n", "open" or "closed"

    def kept(self) -> str:
        """The number of a row of the tally that is summed up."""
        if self.group is None:
            return self._of("n", "open")
        counted = f"coalesce((groups->'{int(self.group)}'->>{{}})::int, 0)"
        return self._of(counted.format(0), counted.format(1))

    def noted(self) -> str:
        """The number of a note that is summed up."""
        number = self._of("n", "open")
        return (
            number
            if self.group is None
            else f'CASE WHEN "group" = {int(self.group)} THEN {number} ELSE 0 END'
        )

    def read(self) -> str:
        """What a case counts."""
        number = self._of("1", "(closed_at IS NULL)::int")
        return number if self.group is None else OF_GROUP.format(group=int(self.group), number=number)

    def _of(self, every: str, opened: str) -> str:
        return {"n": every, "open": opened, "closed": f"{every} - {opened}"}[self.value]


@dataclass(frozen=True)
class Count:
    """So many cases, and where they lie on average (WGS84 degrees)."""

    key: Any
    n: int
    lon: float
    lat: float


def by_cell(part: Part, span: Range, zoom: int) -> list[Count]:
    """Cases in a span of cells, counted in cells as large as tiles of a zoom (at most 17; of 16 and 17 only in a small span)."""
    kept = next(one for one in (COARSE, FINE, FINEST) if zoom <= one)
    return _counted(part, span, kept, f"cell >> {2 * (kept - zoom)}", "area_path")


def by_area(part: Part) -> list[Count]:
    """Cases everywhere, counted by street (or wider area where a place has none); the key is the area's path."""
    # What is only noted must meet what was counted of the same street before.
    return _counted(part, WHOLE_WORLD, COARSE, "area_path", "cases_map_area(area_path)")


def _counted(part: Part, span: Range, kept: int, key: str, noted_path: str) -> list[Count]:
    shift = CELL_BITS - 2 * kept
    low, high = span[0] >> shift, span[1] >> shift
    values: dict[str, Any] = {
        "zoom": kept,
        "finer": 2 * (FINEST - kept),
        "low": low,
        "high": high,
        "since": part.since,
        "until": part.until,
        "paths": [f"{path}%" for path in part.paths],
        "time_zone": settings.TIME_ZONE,
    }
    with connection.cursor() as cursor:
        wanted = terms(part.since, part.until, _years(cursor, part))
        single = [term for term in wanted if term.span == Span.DAY] if kept == FINEST else []
        from_tally, days = _kept(part, [term for term in wanted if term not in single])
        from_cases, moments = _read(part, single, range(low, high + 1) if single else range(0))
        cursor.execute(
            COUNTS.format(key=key, kept=from_tally + from_cases, noted=part.noted(), noted_path=noted_path),
            values | days | moments,
        )
        return [Count(*row) for row in cursor.fetchall()]


def _kept(part: Part, wanted: list[Term]) -> tuple[str, dict[str, Any]]:
    """What reads the terms from the tally, one SELECT for each kind and sign, and the days of each."""
    statements: list[str] = []
    days: dict[str, Any] = {}
    for term in wanted:
        name = f"days{term.span}{'more' if term.sign > 0 else 'less'}"
        if name not in days:
            days[name] = []
            statements.append(
                KEPT.format(sign=_sign(term), value=part.kept(), span=int(term.span), days=name)
            )
        days[name].append(term.day)
    return "".join(statements), days


def _read(part: Part, wanted: list[Term], cells: range) -> tuple[str, dict[str, Any]]:
    """What reads single days from the cases, one SELECT for each run of days, and its moments."""
    statements: list[str] = []
    values: dict[str, Any] = {
        "cells": list(cells),
        "in_finest": IN_FINEST,
        "read": [term.day for term in wanted if term.sign > 0],
        "left_out": [term.day for term in wanted if term.sign < 0],
    }
    for number, (first, last) in enumerate(runs(wanted)):
        days = f"run{number}"
        values |= {f"{days}_from": midnight(first.day), f"{days}_to": midnight(last.day + DAY)}
        statements.append(READ.format(sign=_sign(first), value=part.read(), days=days))
    return "".join(statements), values


def _sign(term: Term) -> str:
    return "" if term.sign > 0 else "-"


def _years(cursor: Any, part: Part) -> range:
    """The years of which anything was counted, as far as they matter for a period."""
    if part.since and part.until:
        return range(part.since.year, part.until.year + 1)
    if not part.since and not part.until:
        return range(0)
    cursor.execute(
        "SELECT min(day), max(day) FROM cases_maptally WHERE zoom = %s AND span = %s", [COARSE, Span.YEAR]
    )
    first, last = cursor.fetchone()
    return range(first.year, last.year + 1) if first else range(0)


def fold() -> int:
    """Take what was noted into the tally; returns how many rows of it changed. Harmless at any time."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOLD_LOCK])
        return _fold(cursor)


def rebuild() -> int:
    """Count all cases anew: after classes have changed their groups, or areas their level. Nobody waits for it.

    One snapshot sees the notes that are dropped and the cases that are counted; what is committed meanwhile keeps its
    note. The lock is taken before, for a snapshot must not be older than the last fold.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [FOLD_LOCK])
        try:
            own = not connection.in_atomic_block
            with transaction.atomic():
                if own:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute("DELETE FROM cases_mapchange")
                cursor.execute("DELETE FROM cases_maptally")
                cursor.execute(ANEW)
                return _fold(cursor)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [FOLD_LOCK])


def _fold(cursor: Any) -> int:
    cursor.execute(
        "SET LOCAL work_mem = '64MB'"
    )  # a night's counting groups millions of notes, some ways at once
    cursor.execute(
        FOLD,
        {
            "time_zone": settings.TIME_ZONE,
            "finest": FINEST,
            "fine": FINE,
            "coarse": COARSE,
            "to_fine": 2 * (FINEST - FINE),
            "to_coarse": 2 * (FINE - COARSE),
            "ever": EVER,
        },
    )
    changed: int = cursor.rowcount
    return changed
