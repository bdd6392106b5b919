"""A scorecard of one month over many cases, against a bare count(*) … GROUP BY of the same rows in the same run."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from typing import Any

from benchmarks._database import scratch_database

SIZE = 50_000  # cases in a year
SECONDS = 20.0
UNITS, COMMUNITIES, GRIDS_EACH = 30, 40, 5
PERIOD = "2025-06"
NOW = datetime(2026, 1, 10, 4, tzinfo=UTC)

# Facts as the statements of `insight/facts` make them of a case by the real road: eight stretches and the whole.
FACTS = """
INSERT INTO insight_stagefact (kind, ordinal, case_id, report_id, unit_id, area_path, started_at, due_at, ended_at, in_time,
    outcome, channel, confirmed, level, reworks, returns, extensions, suspensions, urgings, supervisions, escalations)
SELECT s.kind, 1, CASE WHEN s.of_case THEN c.id END, CASE WHEN s.of_case THEN NULL ELSE c.id END, c.unit, c.path,
    c.at + s.after, c.at + s.after + s.limit_, e.ended, e.ended <= c.at + s.after + s.limit_,
    CASE WHEN e.ended IS NULL THEN '' ELSE s.verb END, (ARRAY['web', 'worker', 'hotline'])[1 + c.n %% 3], c.n %% 2 = 0,
    CASE WHEN s.kind = 'whole' AND e.ended IS NOT NULL THEN 'county' ELSE '' END, (c.n %% 20 = 0)::int, 0, (c.n %% 15 = 0)::int, 0, 0, 0, 0
FROM (
    SELECT n, gen_random_uuid() AS id, %(start)s::timestamptz + n * (interval '365 days' / %(size)s) AS at,
           (%(units)s::bigint[])[1 + (n * 7919) %% %(unit_count)s] AS unit, (%(paths)s::text[])[1 + (n * 104729) %% %(path_count)s] AS path,
           (n * 48271) %% 1000 / 100.0 AS slow
    FROM generate_series(0::bigint, %(size)s - 1) n
) c
CROSS JOIN (VALUES
    ('accept', false, interval '0', interval '2 hours', 'file', 1.0), ('report', false, interval '0', interval '2 hours', 'file', 1.0),
    ('reply', false, interval '0', interval '9 days', 'close', 30.0), ('dispatch', true, interval '1 hour', interval '3 hours', 'dispatch', 1.0),
    ('sign_off', true, interval '2 hours', interval '8 hours', 'accept', 2.0), ('handle', true, interval '2 hours', interval '5 days', 'finish', 16.0),
    ('check', true, interval '4 days', interval '2 days', 'pass_check', 5.0), ('whole', true, interval '1 hour', interval '8 days', 'close', 25.0)
) s (kind, of_case, after, limit_, verb, weight)
CROSS JOIN LATERAL (SELECT CASE WHEN c.slow < 9.7 THEN c.at + s.after + c.slow * s.weight * interval '1 hour' END AS ended) e
"""
BARE = """
SELECT unit_id, count(*) FROM insight_stagefact
WHERE kind IN ('handle', 'whole', 'reply') AND ((started_at >= %s AND started_at < %s) OR (ended_at >= %s AND ended_at < %s)
    OR (due_at >= %s AND due_at < %s))
GROUP BY unit_id
"""


def run(size: int, seconds: float) -> list[dict[str, Any]]:
    """Fill a year with the facts of `size` cases, then count one month of it for departments and for areas."""
    with scratch_database():
        _fill(size)
        return [_measure("department", size, seconds / 2), _measure("area", size, seconds / 2)]


def _fill(size: int) -> None:
    from django.db import connection

    from wangge.accounts.models import Unit

    paths = _territory()
    units = [
        Unit.objects.create(code=f"U{number}", name=f"单位{number}", kind="department").pk
        for number in range(UNITS)
    ]
    values: dict[str, Any] = {
        "size": size, "start": datetime(2025, 1, 1, tzinfo=UTC), "units": units, "unit_count": UNITS, "paths": paths,
        "path_count": len(paths),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(FACTS, values)
        cursor.execute("VACUUM (ANALYZE) insight_stagefact")


def _territory() -> list[str]:
    from wangge.territory.models import Area

    def area(code: str, level: str, parent: Area | None) -> Area:
        made = Area.objects.create(code=code, name=code, level=level, parent=parent, path="")
        made.path = f"{parent.path if parent else '/'}{made.pk}/"
        made.save(update_fields=["path"])
        return made

    county = area("1", "county", None)
    streets = [area(f"1{number}", "street", county) for number in range(4)]
    communities = [area(f"2{number}", "community", streets[number % 4]) for number in range(COMMUNITIES)]
    grids = [
        area(f"3{number}", "grid", communities[number % COMMUNITIES])
        for number in range(COMMUNITIES * GRIDS_EACH)
    ]
    random.Random(7).shuffle(grids)
    return [grid.path for grid in grids]


def _measure(code: str, size: int, seconds: float) -> dict[str, Any]:
    from django.db import connection

    from wangge.accounts.models import Role
    from wangge.insight.measures.cards import CARD_OF
    from wangge.insight.measures.evaluation import read_period
    from wangge.insight.queries.cards import Sight, counted_facts, rows_of
    from wangge.territory.models import Area, Level
    from wangge.territory.scopes import Reach, Scope

    county = Area.objects.get(level="county")
    scope = Scope((Reach(Role.OVERSEER, county.path, county.pk),))
    sight = Sight(scope, NOW, CARD_OF[code], read_period(PERIOD), Level.STREET)
    span = sight.span

    def bare() -> int:
        with connection.cursor() as cursor:
            cursor.execute(BARE, [span.start, span.end] * 3)
            return sum(count for _unit, count in cursor.fetchall())

    ours, theirs, rows = _in_turn(lambda: rows_of(sight), bare, seconds)
    counted = sum(row.numbers["whole_done"].number for row in rows)
    wrong = counted != counted_facts(sight, _closed(code)).count()
    return {
        "name": f"scorecard {code}",
        "size": size,
        "value": round(1000 * median(ours), 1),
        "unit": "ms",
        "yardstick": f"count(*) … GROUP BY unit of the same month, same indexes: {1000 * median(theirs):,.1f} ms",
        "ratio": round(median(theirs) / median(ours), 3),
        "p50_ms": round(1000 * median(ours), 1),
        "p95_ms": round(1000 * sorted(ours)[int(len(ours) * 0.95)], 1),
        "errors": int(wrong),
    }


def _closed(code: str) -> Any:
    from wangge.insight.measures.cards import CARD_OF

    return next(count for count in CARD_OF[code].counts if count.code == "whole_done")


def _in_turn(
    one: Callable[[], Any], other: Callable[[], int], seconds: float
) -> tuple[list[float], list[float], Any]:
    ours: list[float] = []
    theirs: list[float] = []
    until = time.perf_counter() + seconds
    while len(ours) < 3 or time.perf_counter() < until:
        start = time.perf_counter()
        rows = one()
        between = time.perf_counter()
        other()
        ours.append(between - start)
        theirs.append(time.perf_counter() - between)
    return ours, theirs, rows
