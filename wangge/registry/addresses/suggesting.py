"""Addresses that begin like what is being typed: names first, then the numbers, buildings and entrances below them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from wangge.registry.addresses.matching import match
from wangge.registry.addresses.sounds import pairs, sound_of_letters
from wangge.registry.addresses.text import joined, plain
from wangge.registry.models import Address
from wangge.territory import lookup

Kind = Address.Kind
PUBLIC_KINDS = (Kind.STREET, Kind.ESTATE, Kind.NUMBER, Kind.BUILDING)
MOST = 8
SHORTEST = 2
_ENOUGH = 200

_BY_NAME = """
SELECT DISTINCT ON (a.id) a.id, a.kind, a.text, a.lon, a.lat, r.path, n.name, n.key
FROM registry_addressname n JOIN registry_address a ON a.id = n.address_id JOIN territory_area r ON r.id = a.area_id
WHERE a.valid_to IS NULL AND a.kind = ANY(%s)"""
_BEGINNING = _BY_NAME + " AND (n.key LIKE %s OR n.sound LIKE %s) LIMIT %s"
_HOLDING = _BY_NAME + " AND n.pairs @> %s::varchar[] AND n.key LIKE %s LIMIT %s"
_BELOW = """
SELECT a.id, a.kind, a.text, a.lon, a.lat, r.path, a.name, a.key
FROM registry_address a JOIN territory_area r ON r.id = a.area_id
WHERE a.valid_to IS NULL AND a.parent_id = ANY(%s) AND a.kind = ANY(%s) AND a.key LIKE %s
ORDER BY a.ordinal, a.key LIMIT %s"""
_TAIL = re.compile(r"(?P<key>[甲乙丙丁]?\d+[a-z]?)(?:号|[栋幢座]|号楼|单元)?$")
_LETTERS = re.compile(r"^[a-z' ]+$")


@dataclass(frozen=True)
class Suggestion:
    """An address to choose while typing. Point: WGS84 degrees, None where the register has none."""

    id: int
    kind: str
    text: str
    lon: float | None
    lat: float | None
    path: str
    called: str  # the name that was typed, where it is another one


def suggest(
    words: str,
    *,
    most: int = MOST,
    kinds: Sequence[str] = PUBLIC_KINDS,
    allowed: Callable[[str], bool] = lambda _path: True,
) -> list[Suggestion]:
    """Addresses that begin so, at most `most`, none of another kind, none whose area's path is not `allowed`."""
    text = joined(plain(words))
    if len(text) < SHORTEST:
        return []
    found = {one.id: one for one in _named(text, kinds)}
    if not found or len(found) < most:
        found |= {one.id: one for one in _below(text, kinds) if one.id not in found}
    if len(found) < most and not found:
        found |= {one.id: one for one in _holding(text, kinds)}
    chosen = [one for one in found.values() if allowed(_path_of(one))]
    return chosen[:most]


def _path_of(one: Suggestion) -> str:
    """Where it lies today: its grid by its point, which follows every change of the territory."""
    if one.lon is None or one.lat is None:
        return one.path
    place = lookup.place(one.lon, one.lat)
    return place.path if place.how == "inside" else one.path


def _named(text: str, kinds: Sequence[str]) -> list[Suggestion]:
    sound = f"{_like(sound_of_letters(text))}%" if _LETTERS.match(text) else ""
    rows = _rows(_BEGINNING, [list(kinds), f"{_like(text)}%", sound, _ENOUGH])
    rows.sort(key=lambda row: (row[7] != text, row[1] != Kind.STREET, len(row[7]), row[2]))
    return [_suggestion(row, of_name=True) for row in rows]


def _holding(text: str, kinds: Sequence[str]) -> list[Suggestion]:
    rows = _rows(_HOLDING, [list(kinds), pairs(text), f"%{_like(text)}%", _ENOUGH])
    rows.sort(key=lambda row: (len(row[7]), row[2]))
    return [_suggestion(row, of_name=True) for row in rows]


def _below(text: str, kinds: Sequence[str]) -> list[Suggestion]:
    """What stands below the address that is typed so far: 人民路5 gives 5号, 51号, 57号."""
    tail = _TAIL.search(text)
    begun = tail["key"] if tail else ""
    above = text[: tail.start()] if tail else text
    parents = (
        [one.id for one in match(above, most=20).matches if one.id and one.score >= 0.99] if above else []
    )
    if not parents:
        return []
    rows = _rows(_BELOW, [parents, list(kinds), f"{_like(begun)}%", _ENOUGH])
    rows.sort(key=lambda row: row[7] != begun)
    return [_suggestion(row, of_name=False) for row in rows]


def _rows(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _suggestion(row: Sequence[Any], *, of_name: bool) -> Suggestion:
    pk, kind, text, lon, lat, path, name, _key = row
    called = str(name) if of_name and not str(text).endswith(str(name)) else ""
    return Suggestion(pk, kind, text, lon, lat, path, called)


def _like(text: str) -> str:
    """The text as a part of a LIKE pattern that means only itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
