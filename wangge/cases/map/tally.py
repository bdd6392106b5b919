"""The tally of cases by cell: read for a part of the map, and kept up with what triggers noted.

A period is taken apart into whole months and single days, so that years cost no more rows than months. What is noted
and not yet folded in is counted too: a number is never older than the last commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from wangge.cases.models.on_map import COARSE, FINE, NOTED
from wangge.territory.cells import Range

FOLD_LOCK = 7_311_041  # advisory lock: one fold at a time
WHOLE_WORLD: Range = (0, (1 << 62) - 1)
CELL_BITS = 62

COUNTS = """
SELECT {key} AS key, sum({value})::bigint AS n, sum(lons) / sum(n) AS lon, sum(lats) / sum(n) AS lat
FROM (
    SELECT cell, area_path, n, open, lons, lats{groups} FROM cases_maptally
    WHERE zoom = %(zoom)s AND month AND day = ANY(%(months)s) AND cell BETWEEN %(low)s AND %(high)s
    UNION ALL
    SELECT cell, area_path, n, open, lons, lats{groups} FROM cases_maptally
    WHERE zoom = %(zoom)s AND NOT month AND day = ANY(%(days)s) AND cell BETWEEN %(low)s AND %(high)s
    UNION ALL
    SELECT cell >> %(finer)s, {pending_path}, n, open, lons, lats{pending_groups}
    FROM cases_mapchange
    WHERE cell >> %(finer)s BETWEEN %(low)s AND %(high)s
      AND (%(since)s::date IS NULL OR (hour AT TIME ZONE %(time_zone)s)::date >= %(since)s)
      AND (%(until)s::date IS NULL OR (hour AT TIME ZONE %(time_zone)s)::date <= %(until)s)
) counted
WHERE area_path LIKE ANY(%(paths)s)
GROUP BY 1 HAVING sum({value}) > 0 AND sum(n) > 0
ORDER BY 1
"""

# Who asks for no group reads the index of the tally alone; the groups stand in its rows.
NO_GROUPS = {"groups": "", "pending_groups": ""}
GROUPS = {
    "groups": ", groups",
    "pending_groups": ', jsonb_build_object("group"::text, jsonb_build_array(n, open))',
}

FOLD = """
WITH taken AS (DELETE FROM cases_mapchange RETURNING *),
areas AS MATERIALIZED (SELECT path, cases_map_area(path) AS area_path FROM (SELECT DISTINCT area_path AS path FROM taken) t),
summed AS (
    SELECT taken.cell, (hour AT TIME ZONE %(time_zone)s)::date AS day, areas.area_path, "group",
           sum(n) AS n, sum(open) AS open, sum(lons) AS lons, sum(lats) AS lats
    FROM taken JOIN areas ON areas.path = taken.area_path GROUP BY 1, 2, 3, 4
),
fresh AS (
    SELECT z.zoom, m.month, CASE WHEN m.month THEN date_trunc('month', day)::date ELSE day END AS day,
           s.cell >> z.finer AS cell, s.area_path, s."group",
           sum(n) AS n, sum(open) AS open, sum(lons) AS lons, sum(lats) AS lats
    FROM summed s CROSS JOIN (VALUES (%(fine)s, %(to_fine)s), (%(coarse)s, %(to_coarse)s)) z (zoom, finer)
    CROSS JOIN (VALUES (true), (false)) m (month)
    GROUP BY 1, 2, 3, 4, 5, 6
),
-- What was counted of the same groups before is added here, all at once: row by row it would take fifty times as long.
both_of_them AS (
    SELECT zoom, month, day, cell, area_path, "group", n, open, lons, lats FROM fresh
    UNION ALL
    SELECT t.zoom, t.month, t.day, t.cell, t.area_path, g.key::int, (g.value->>0)::int, (g.value->>1)::int, 0, 0
    FROM (SELECT DISTINCT zoom, month, day, cell, area_path FROM fresh) touched
    JOIN cases_maptally t USING (zoom, month, day, cell, area_path)
    CROSS JOIN LATERAL jsonb_each(t.groups) g
),
by_group AS (
    SELECT zoom, month, day, cell, area_path, "group",
           sum(n) AS n, sum(open) AS open, sum(lons) AS lons, sum(lats) AS lats
    FROM both_of_them GROUP BY 1, 2, 3, 4, 5, 6
)
INSERT INTO cases_maptally AS t (zoom, month, day, cell, area_path, n, open, lons, lats, groups)
SELECT zoom, month, day, cell, area_path, sum(n), sum(open), sum(lons), sum(lats),
       coalesce(jsonb_object_agg("group"::text, jsonb_build_array(n, open)) FILTER (WHERE n <> 0 OR open <> 0), '{}')
FROM by_group GROUP BY 1, 2, 3, 4, 5
ON CONFLICT (zoom, month, day, cell, area_path) DO UPDATE
SET n = excluded.n, open = excluded.open, lons = t.lons + excluded.lons, lats = t.lats + excluded.lats,
    groups = excluded.groups
"""

ANEW = """
INSERT INTO cases_mapchange (cell, hour, area_path, "group", n, open, lons, lats)
SELECT c.cell >> 30, date_trunc('hour', c.filed_at), c.area_path, coalesce(m.group_id, 0),
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

    def sql(self) -> str:
        """The number of a row that is summed up."""
        if self.group is None:
            return {"n": "n", "open": "open", "closed": "n - open"}[self.value]
        every = f"coalesce((groups->'{int(self.group)}'->>0)::int, 0)"
        opened = f"coalesce((groups->'{int(self.group)}'->>1)::int, 0)"
        return {"n": every, "open": opened, "closed": f"{every} - {opened}"}[self.value]


@dataclass(frozen=True)
class Count:
    """So many cases, and where they lie on average (WGS84 degrees)."""

    key: Any
    n: int
    lon: float
    lat: float


def by_cell(part: Part, span: Range, zoom: int, today: date) -> list[Count]:
    """Cases in a span of cells, counted in cells as large as tiles of a zoom (at most 15)."""
    kept = COARSE if zoom <= COARSE else FINE
    return _counted(part, span, kept, f"cell >> {2 * (kept - zoom)}", "area_path", today)


def by_area(part: Part, today: date) -> list[Count]:
    """Cases everywhere, counted by street (or wider area where a place has none); the key is the area's path."""
    # What is only noted must meet what was counted of the same street before.
    return _counted(part, WHOLE_WORLD, COARSE, "area_path", "cases_map_area(area_path)", today)


def _counted(part: Part, span: Range, kept: int, key: str, pending_path: str, today: date) -> list[Count]:
    with connection.cursor() as cursor:
        months, days = buckets(part.since or _first_month(cursor), part.until or _last_of_month(today))
        shift = CELL_BITS - 2 * kept
        words = {"key": key, "value": part.sql(), "pending_path": pending_path}
        cursor.execute(
            COUNTS.format(**words, **(NO_GROUPS if part.group is None else GROUPS)),
            {
                "zoom": kept,
                "finer": 2 * (NOTED - kept),
                "low": span[0] >> shift,
                "high": span[1] >> shift,
                "months": months,
                "days": days,
                "since": part.since,
                "until": part.until,
                "paths": [f"{path}%" for path in part.paths],
                "time_zone": settings.TIME_ZONE,
            },
        )
        return [Count(*row) for row in cursor.fetchall()]


def _last_of_month(day: date) -> date:
    """Nothing is filed tomorrow: while no end is asked for, the running month counts as a whole one."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _first_month(cursor: Any) -> date | None:
    cursor.execute("SELECT min(day) FROM cases_maptally WHERE zoom = %s AND month", [COARSE])
    first: date | None = cursor.fetchone()[0]
    return first


def buckets(since: date | None, until: date) -> tuple[list[date], list[date]]:
    """The whole months from one day to another, both included, as their first days, and the days left over."""
    months: list[date] = []
    days: list[date] = []
    day = since
    while day is not None and day <= until:
        following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        if day.day == 1 and following - timedelta(days=1) <= until:
            months.append(day)
            day = following
        else:
            days.append(day)
            day += timedelta(days=1)
    return months, days


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
    cursor.execute("SET LOCAL work_mem = '128MB'")  # a night's counting sorts millions of notes
    cursor.execute(
        FOLD,
        {
            "time_zone": settings.TIME_ZONE,
            "fine": FINE,
            "coarse": COARSE,
            "to_fine": 2 * (NOTED - FINE),
            "to_coarse": 2 * (NOTED - COARSE),
        },
    )
    changed: int = cursor.rowcount
    return changed
