"""Many areas into the tables at once: COPY into a table of the transaction, then a handful of statements."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from wangge.common.refusals import Refused

FIRST_DAY = date(1949, 10, 1)  # the models' default: "always"
MANY = 1000


@dataclass(frozen=True)
class Outcome:
    """How many rows a file made, how many it changed, and how many were already as it says."""

    created: int
    changed: int
    unchanged: int

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.created + other.created, self.changed + other.changed, self.unchanged + other.unchanged
        )


@dataclass(frozen=True)
class IncomingArea:
    """What a file says about one area; an empty name and a None leave what an existing area has.

    `sets_parent` and `sets_kind` tell what the file says from what is only the best guess for an area that is new.
    """

    code: str
    name: str
    level: str
    kind: str
    sets_kind: bool
    parent_code: str | None
    sets_parent: bool
    valid_from: date | None
    boundary: bytes | None = None
    centre_lon: float | None = None
    centre_lat: float | None = None


@dataclass(frozen=True)
class IncomingUnitGrid:
    """One unit grid as a file gives it; its community exists."""

    code: str
    community_code: str
    boundary: bytes
    area_m2: float


_AREA_COLUMNS = """code text PRIMARY KEY, name text, level text, kind text, sets_kind boolean, parent_code text,
    sets_parent boolean, valid_from date, boundary bytea, centre_lon float8, centre_lat float8"""

# Parents come later: a parent may be new itself.
_NEW_AREAS = """
    INSERT INTO territory_area
        (code, name, name_en, level, kind, path, valid_from, boundary, centre_lon, centre_lat)
    SELECT code, name, '', level, kind, '', coalesce(valid_from, %s), boundary, centre_lon, centre_lat
    FROM incoming i
    WHERE NOT EXISTS (SELECT FROM territory_area a WHERE a.code = i.code)
    ORDER BY code
"""

# An area without a path is one that was just made.
_NEW_PARENTS = """
    UPDATE territory_area a SET parent_id = p.id
    FROM incoming i JOIN territory_area p ON p.code = i.parent_code AND p.valid_to IS NULL
    WHERE a.path = '' AND a.code = i.code AND a.valid_to IS NULL
"""

_CHANGED_AREAS = """
    WITH wanted AS (
        SELECT a.id,
               CASE WHEN i.name = '' THEN a.name ELSE i.name END AS name,
               CASE WHEN i.sets_kind THEN i.kind ELSE a.kind END AS kind,
               CASE WHEN i.sets_parent THEN p.id ELSE a.parent_id END AS parent_id,
               i.level,
               coalesce(i.valid_from, a.valid_from) AS valid_from,
               coalesce(i.boundary, a.boundary) AS boundary,
               coalesce(i.centre_lon, a.centre_lon) AS centre_lon,
               coalesce(i.centre_lat, a.centre_lat) AS centre_lat
        FROM incoming i
        JOIN territory_area a ON a.code = i.code AND a.valid_to IS NULL AND a.path <> ''
        LEFT JOIN territory_area p ON p.code = i.parent_code AND p.valid_to IS NULL
    )
    UPDATE territory_area a
    SET name = w.name, kind = w.kind, parent_id = w.parent_id, level = w.level, valid_from = w.valid_from,
        boundary = w.boundary, centre_lon = w.centre_lon, centre_lat = w.centre_lat
    FROM wanted w
    WHERE a.id = w.id
      AND (a.name, a.kind, a.parent_id, a.level, a.valid_from, a.boundary, a.centre_lon, a.centre_lat)
          IS DISTINCT FROM
          (w.name, w.kind, w.parent_id, w.level, w.valid_from, w.boundary, w.centre_lon, w.centre_lat)
"""

# The one place that computes paths: a moved area takes its whole subtree along, retired ones too.
_PATHS = """
    WITH RECURSIVE tree AS (
        SELECT id, '/' || id || '/' AS path FROM territory_area WHERE parent_id IS NULL
        UNION ALL
        SELECT a.id, tree.path || a.id || '/' FROM territory_area a JOIN tree ON a.parent_id = tree.id
    )
    UPDATE territory_area a SET path = tree.path FROM tree WHERE a.id = tree.id AND a.path <> tree.path
"""

_UNIT_GRID_COLUMNS = "code text PRIMARY KEY, community_code text, boundary bytea, area_m2 float8"

_CHANGED_UNIT_GRIDS = """
    UPDATE territory_unitgrid u
    SET community_id = c.id, boundary = i.boundary, area_m2 = i.area_m2
    FROM incoming i JOIN territory_area c ON c.code = i.community_code AND c.valid_to IS NULL
    WHERE u.code = i.code AND u.valid_to IS NULL
      AND (u.community_id, u.boundary) IS DISTINCT FROM (c.id, i.boundary)
"""

_NEW_UNIT_GRIDS = """
    INSERT INTO territory_unitgrid (code, community_id, boundary, area_m2, valid_from)
    SELECT i.code, c.id, i.boundary, i.area_m2, %s
    FROM incoming i JOIN territory_area c ON c.code = i.community_code AND c.valid_to IS NULL
    WHERE NOT EXISTS (SELECT FROM territory_unitgrid u WHERE u.code = i.code)
    ORDER BY i.code
"""


def store_areas(incoming: Sequence[IncomingArea]) -> Outcome:
    """Create and change areas so that they are as `incoming` says; call it inside a transaction."""
    with connection.cursor() as cursor:
        _one_at_a_time(cursor)
        _copy(cursor, _AREA_COLUMNS, IncomingArea, incoming)
        _refuse_retired(cursor, "territory_area")
        cursor.execute(_NEW_AREAS, [FIRST_DAY])
        created = cursor.rowcount
        count_anew(cursor, "territory_area", len(incoming))
        cursor.execute(_NEW_PARENTS)
        cursor.execute(_CHANGED_AREAS)
        changed = cursor.rowcount
    renew_paths()
    return Outcome(created, changed, len(incoming) - created - changed)


def store_unit_grids(incoming: Sequence[IncomingUnitGrid]) -> Outcome:
    """Create and change unit grids so that they are as `incoming` says; call it inside a transaction."""
    with connection.cursor() as cursor:
        _one_at_a_time(cursor)
        _copy(cursor, _UNIT_GRID_COLUMNS, IncomingUnitGrid, incoming)
        _refuse_retired(cursor, "territory_unitgrid")
        cursor.execute(_CHANGED_UNIT_GRIDS)
        changed = cursor.rowcount
        cursor.execute(_NEW_UNIT_GRIDS, [FIRST_DAY])
        created = cursor.rowcount
    return Outcome(created, changed, len(incoming) - created - changed)


def renew_paths() -> None:
    """Let every path follow the parents."""
    with connection.cursor() as cursor:
        cursor.execute(_PATHS)


def hold_still() -> None:
    """Let nobody else change the territory until this transaction ends."""
    with connection.cursor() as cursor:
        _one_at_a_time(cursor)


def _one_at_a_time(cursor: Any) -> None:
    """Two imports at once would both find a code new."""
    cursor.execute("SELECT number FROM territory_territoryversion FOR UPDATE")


def _copy(cursor: Any, columns: str, kind: type, rows: Iterable[Any]) -> None:
    cursor.execute(
        f"DROP TABLE IF EXISTS incoming; CREATE TEMPORARY TABLE incoming ({columns}) ON COMMIT DROP"
    )
    names = ", ".join(field.name for field in fields(kind))
    with cursor.copy(f"COPY incoming ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(astuple(row))
    cursor.execute("ANALYZE incoming")  # a table without statistics is joined row by row


def _refuse_retired(cursor: Any, table: str) -> None:
    """A code names one area for ever; what was counted under it would be told as another's."""
    cursor.execute(
        f"SELECT code, valid_to FROM {table} JOIN incoming USING (code) WHERE valid_to IS NOT NULL ORDER BY code LIMIT 1"  # noqa: S608
    )
    if found := cursor.fetchone():
        raise Refused(
            _("Code %(code)s ended on %(day)s; a code is never given twice.")
            % {"code": found[0], "day": found[1]},
            field="code",
        )


def count_anew(cursor: Any, table: str, rows: int) -> None:
    """Let the planner know how large a table has become within this transaction; a few rows change nothing.

    What cleans up in the background sees only what is committed, and may just have told the planner of an empty table.
    """
    if rows >= MANY:
        cursor.execute(f"ANALYZE {table}")
