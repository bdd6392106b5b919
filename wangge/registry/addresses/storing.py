"""Many addresses into the register at once: COPY into a table of the transaction, then a few statements for each level.

Rows name their parts in words; a part that the register knows under any of its names is that part. Nothing is deleted.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db import connection, transaction

from wangge.registry.addresses.sounds import nearly, pairs, sound_of
from wangge.registry.addresses.text import key_of, ordinal_of
from wangge.registry.models import Address
from wangge.territory.bulk import FIRST_DAY, Outcome, count_anew
from wangge.territory.cells import cell

LEVELS = ("village", "street", "number", "estate", "building", "entrance")
KINDS = {"village": "estate"}
# What a part may hang under, the nearest first.
PARENTS: dict[str, tuple[str, ...]] = {
    "village": (),
    "street": ("village",),
    "number": ("street", "village"),
    "estate": ("number", "street"),
    "building": ("estate", "number", "street", "village"),
    "entrance": ("building", "number", "estate"),
}
BATCH = 5000
ROOM_PARENTS = ("entrance", "building", "number")
POINTS_FROM_BELOW = ("building", "estate", "number", "street", "estate")
NAMED = frozenset({"village", "street", "estate"})


@dataclass(frozen=True)
class Parts:
    """One address by its parts in words and keys, and what is known of the last of them. Point: WGS84 degrees.

    `area_id` is the community it lies in, `top_id` the county: a street belongs to the county.
    """

    area_id: int
    top_id: int
    names: dict[str, tuple[str, str]]  # level → (name, key); only the levels that are there
    lon: float | None = None
    lat: float | None = None
    room: tuple[str, str] | None = None
    floor: int | None = None
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    valid_from: date | None = None
    source: str = ""

    @property
    def deepest(self) -> str:
        """The last part, whose point this is."""
        return next(level for level in reversed(LEVELS) if level in self.names)


_CREATE = """
CREATE TEMPORARY TABLE incoming_address (
    place int, area_id bigint, top_id bigint, lon float8, lat float8, cell bigint, deepest text,
    valid_from date, source text, floor smallint, room text, room_key text, other_names jsonb,
    {columns}
) ON COMMIT DROP"""


_INSERT = """
INSERT INTO registry_address
    (kind, parent_id, name, key, text, ordinal, area_id, lon, lat, cell, valid_from, source)
SELECT DISTINCT ON ({once}) '{kind}', {parent}, t.{level}, t.{level}_key, coalesce(p.text, '') || t.{level},
    t.{level}_ordinal, {area}, CASE WHEN {own} THEN t.lon END, CASE WHEN {own} THEN t.lat END,
    CASE WHEN {own} THEN t.cell END, coalesce(CASE WHEN {own} THEN t.valid_from END, '{first_day}'), t.source
FROM incoming_address t LEFT JOIN registry_address p ON p.id = {parent}
WHERE t.{level} IS NOT NULL AND t.{level}_id IS NULL
ORDER BY {once}, {own} DESC, t.place
ON CONFLICT DO NOTHING RETURNING id, name, key"""
# Streets are known by any of their names in their county or village, estates in their community.
_RESOLVE_BY_NAME = """
UPDATE incoming_address t SET {level}_id = a.id
FROM registry_addressname n JOIN registry_address a ON a.id = n.address_id
WHERE t.{level}_id IS NULL AND t.{level} IS NOT NULL AND n.key = t.{level}_key AND {same_parent}
    AND a.kind = '{kind}' AND a.area_id = {area} AND a.valid_to IS NULL"""
_RESOLVE_BELOW = """
UPDATE incoming_address t SET {level}_id = a.id FROM registry_address a
WHERE t.{level}_id IS NULL AND t.{level} IS NOT NULL AND {parent} IS NOT NULL AND a.parent_id = {parent}
    AND a.kind = '{kind}' AND a.key = t.{level}_key AND a.valid_to IS NULL"""
_RESOLVE_AT_THE_TOP = """
UPDATE incoming_address t SET {level}_id = a.id FROM registry_address a
WHERE t.{level}_id IS NULL AND t.{level} IS NOT NULL AND {parent} IS NULL AND a.parent_id IS NULL
    AND a.area_id = {area} AND a.kind = '{kind}' AND a.key = t.{level}_key AND a.valid_to IS NULL"""
_KNOWN = "SELECT count(DISTINCT {level}_id) FROM incoming_address WHERE {level}_id IS NOT NULL"
# What is known already gets the point of the file, where that is another one; the last row of the file counts.
_BRING_IN_LINE = """
UPDATE registry_address a SET lon = t.lon, lat = t.lat, cell = t.cell, area_id = t.area_id
FROM (SELECT DISTINCT ON ({level}_id) * FROM incoming_address
      WHERE deepest = '{level}' AND {level}_id IS NOT NULL AND room IS NULL AND cell IS NOT NULL
      ORDER BY {level}_id, place DESC) t
WHERE a.id = t.{level}_id AND (a.lon, a.lat) IS DISTINCT FROM (t.lon, t.lat) AND a.kind <> 'street'"""
_ROOMS_GIVEN = "SELECT count(DISTINCT ({parent}, room_key)) FROM incoming_address t WHERE room IS NOT NULL"
_INSERT_ROOMS = """
INSERT INTO registry_room (address_id, name, key, floor, valid_from, source)
SELECT DISTINCT ON ({parent}, t.room_key) {parent}, t.room, t.room_key, t.floor,
    coalesce(t.valid_from, '{first_day}'), t.source
FROM incoming_address t WHERE t.room IS NOT NULL AND {parent} IS NOT NULL
ON CONFLICT DO NOTHING"""
_OTHER_NAMES = """
SELECT DISTINCT coalesce({ids}), o.value ->> 0, o.value ->> 1
FROM incoming_address t, jsonb_array_elements(t.other_names) o WHERE t.other_names IS NOT NULL"""
_INSERT_NAMES = """
INSERT INTO registry_addressname (address_id, kind, name, key, sound, nearly, pairs)
SELECT address_id, kind, name, key, sound, nearly, pairs FROM incoming_name ON CONFLICT DO NOTHING"""
# Whatever has parts with points and no point of its own gets that of the part in the middle: a real place on it.
_GIVE_POINTS = """
UPDATE registry_address a SET lon = m.lon, lat = m.lat, cell = m.cell
FROM (
    SELECT DISTINCT ON (r.parent_id) r.* FROM (
        SELECT c.parent_id, c.lon, c.lat, c.cell,
            row_number() OVER (PARTITION BY c.parent_id ORDER BY c.ordinal, c.id) AS place,
            count(*) OVER (PARTITION BY c.parent_id) AS parts
        FROM registry_address c JOIN registry_address p ON p.id = c.parent_id
        WHERE p.kind = %s AND p.cell IS NULL AND p.valid_to IS NULL AND c.valid_to IS NULL AND c.cell IS NOT NULL
    ) r WHERE r.place * 2 >= r.parts ORDER BY r.parent_id, r.place
) m
WHERE a.id = m.parent_id"""


def store_addresses(rows: Iterable[Parts]) -> Outcome:
    """Store addresses that were checked before; call it in a transaction. Counts parts and rooms, not rows."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS incoming_address")
        columns = ", ".join(
            f"{level} text, {level}_key text, {level}_ordinal int, {level}_id bigint" for level in LEVELS
        )
        cursor.execute(_CREATE.format(columns=columns))
        _copy(cursor, rows)
        cursor.execute("ANALYZE incoming_address")
        outcome = Outcome(0, 0, 0)
        for level in LEVELS:
            outcome += _Level(cursor, level).store()
        outcome += _store_rooms(cursor)
        _store_other_names(cursor)
        for kind in POINTS_FROM_BELOW:
            cursor.execute(_GIVE_POINTS, [kind])
        cursor.execute("DROP TABLE incoming_address")
        for table in ("registry_address", "registry_addressname", "registry_room"):
            count_anew(cursor, table, outcome.created)
    return outcome


def _copy(cursor: Any, rows: Iterable[Parts]) -> None:
    names = [
        "place",
        "area_id",
        "top_id",
        "lon",
        "lat",
        "cell",
        "deepest",
        "valid_from",
        "source",
        "floor",
        "room",
        "room_key",
        "other_names",
    ]
    names += [f"{level}{ending}" for level in LEVELS for ending in ("", "_key", "_ordinal")]
    statement = f"COPY incoming_address ({', '.join(names)}) FROM STDIN"
    places = enumerate(rows)
    # A batch is made before COPY begins: whoever makes the rows may ask the database on this very connection.
    while batch := [_line(place, row) for place, row in islice(places, BATCH)]:
        with cursor.copy(statement) as copy:
            for line in batch:
                copy.write_row(line)


def _line(place: int, row: Parts) -> list[Any]:
    known = row.lon is not None and row.lat is not None
    others = [["alias", name] for name in row.aliases] + [["former", name] for name in row.former]
    room, room_key = row.room or (None, None)
    line: list[Any] = [
        place, row.area_id, row.top_id, row.lon, row.lat,
        cell(row.lon, row.lat) if known else None,  # type: ignore[arg-type]  # both are numbers when known
        row.deepest, row.valid_from, row.source, row.floor, room, room_key, _json(others),
    ]  # fmt: skip
    for level in LEVELS:
        name, key = row.names.get(level, (None, None))
        line += [name, key, ordinal_of(key) if key else None]
    return line


def _json(value: Sequence[Sequence[str]]) -> str | None:
    return json.dumps(value, ensure_ascii=False) if value else None


def _parent(level: str) -> str:
    columns = [f"t.{above}_id" for above in PARENTS[level]]
    return f"coalesce({', '.join(columns)})" if columns else "NULL::bigint"


class _Level:
    """One level of the rows, as words of our own for the statements above."""

    def __init__(self, cursor: Any, level: str) -> None:
        self.cursor = cursor
        kind = KINDS.get(level, level)
        above = [f"t.{column}_id" for column in PARENTS[level]]
        parent = f"coalesce({', '.join(above)})" if above else "NULL::bigint"
        area = "t.top_id" if level == "street" else "t.area_id"
        self.is_named = level in NAMED
        self.words = {
            "level": level,
            "kind": kind,
            "parent": parent,
            "area": area,
            "own": f"t.deepest = '{level}'",
            "once": f"{area}, t.{level}_key" if kind == "estate" else f"{area}, {parent}, t.{level}_key",
            "same_parent": f"a.parent_id IS NOT DISTINCT FROM {parent}" if level == "street" else "true",
            "first_day": FIRST_DAY,
        }

    def store(self) -> Outcome:
        """Find what is known, bring it in line, make the rest, and remember which part each row has."""
        self._resolve()
        known = int(self._run(_KNOWN).fetchone()[0])
        changed = int(self._run(_BRING_IN_LINE).rowcount)
        made = self._run(_INSERT).fetchall()
        if self.is_named:
            _store_names(self.cursor, ((pk, "official", name, key) for pk, name, key in made))
        self._resolve()
        return Outcome(len(made), changed, known - changed)

    def _resolve(self) -> None:
        if self.is_named:
            self._run(_RESOLVE_BY_NAME)
        self._run(_RESOLVE_BELOW)
        self._run(_RESOLVE_AT_THE_TOP)

    def _run(self, statement: str) -> Any:
        self.cursor.execute(statement.format(**self.words))
        return self.cursor


def _store_rooms(cursor: Any) -> Outcome:
    parent = f"coalesce({', '.join(f't.{level}_id' for level in ROOM_PARENTS)})"
    cursor.execute(_ROOMS_GIVEN.format(parent=parent))
    given = int(cursor.fetchone()[0])
    cursor.execute(_INSERT_ROOMS.format(parent=parent, first_day=FIRST_DAY))
    return Outcome(cursor.rowcount, 0, given - cursor.rowcount)


def store_name(address: Address, kind: str, name: str) -> None:
    """Store one more name of an address; one it has already stays as it is."""
    with transaction.atomic(), connection.cursor() as cursor:
        _store_names(cursor, [(address.pk, kind, name, key_of(name))])


def _store_other_names(cursor: Any) -> None:
    cursor.execute(_OTHER_NAMES.format(ids=", ".join(f"t.{level}_id" for level in reversed(LEVELS))))
    _store_names(cursor, [(pk, kind, name, key_of(name)) for pk, kind, name in cursor.fetchall()])


def _store_names(cursor: Any, rows: Iterable[tuple[int, str, str, str]]) -> None:
    cursor.execute("CREATE TEMPORARY TABLE incoming_name (LIKE registry_addressname) ON COMMIT DROP")
    cursor.execute("ALTER TABLE incoming_name DROP COLUMN id")
    with cursor.copy(
        "COPY incoming_name (address_id, kind, name, key, sound, nearly, pairs) FROM STDIN"
    ) as copy:
        for row in _searchable(rows):
            copy.write_row(row)
    cursor.execute(_INSERT_NAMES)
    cursor.execute("DROP TABLE incoming_name")


def _searchable(rows: Iterable[tuple[int, str, str, str]]) -> Iterator[list[Any]]:
    for pk, kind, name, key in rows:
        if key:
            yield [pk, kind, name, key, sound_of(key)[:300], nearly(key), pairs(key)]
