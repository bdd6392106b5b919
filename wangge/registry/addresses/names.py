"""Which names of the register and of the tree of areas stand in a text: exactly, by their sound, or with one slip."""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import connection

from wangge.registry.addresses.parsing import Hit
from wangge.registry.addresses.parts import AREA
from wangge.registry.addresses.sounds import nearly, sound_of
from wangge.registry.addresses.text import key_of
from wangge.registry.models import AddressName
from wangge.territory import basemap
from wangge.territory.models import Area, Level

SHORTEST, LONGEST = 2, 20
LOOKED_AT = 80  # signs of a text; an address is never longer, a report may be
MOST = 300

EXACT, SOUND, SLIP = 1.0, 0.85, 0.75
ALIAS = 0.97

_NAMES = """
SELECT n.kind, n.name, n.key, n.sound, a.id, a.kind, a.parent_id, a.key, a.text, a.lon, a.lat, r.path
FROM registry_addressname n JOIN registry_address a ON a.id = n.address_id JOIN territory_area r ON r.id = a.area_id
WHERE a.valid_to IS NULL"""
_EXACT = _NAMES + " AND n.key = ANY(%s) LIMIT %s"
_SOUND = _NAMES + " AND n.sound = ANY(%s) LIMIT %s"
_LIKE = _NAMES + " AND (n.sound = ANY(%s) OR n.nearly && %s::varchar[]) LIMIT %s"


@dataclass(frozen=True)
class Node:
    """An address as it is matched: its place in the tree, its words, its point in WGS84 degrees."""

    id: int
    kind: str
    parent_id: int | None
    key: str
    text: str
    lon: float | None
    lat: float | None
    path: str


@dataclass(frozen=True)
class Known:
    """A name and the address it stands for; `likeness` is how well the words written fit it."""

    key: str
    name: str
    name_kind: str
    node: Node
    likeness: float = EXACT


def pieces_of(text: str) -> dict[str, list[int]]:
    """Every piece of a text that may be a name, and where it begins."""
    places: dict[str, list[int]] = {}
    looked_at = text[:LOOKED_AT]
    for start in range(len(looked_at)):
        for end in range(start + SHORTEST, min(len(looked_at), start + LONGEST) + 1):
            places.setdefault(looked_at[start:end], []).append(start)
    return places


def exactly(keys: Iterable[str]) -> list[Known]:
    """The names in force that are written exactly so."""
    with connection.cursor() as cursor:
        cursor.execute(_EXACT, [list(keys), MOST])
        return [_known(row) for row in cursor.fetchall()]


def by_likeness(pieces: Sequence[str]) -> list[tuple[str, Known]]:
    """The names that sound like one of the pieces or differ by one character, each with the piece it is like."""
    if not pieces:
        return []
    sounds = {piece: sound_of(piece) for piece in pieces}
    slips = {piece: nearly(piece) for piece in pieces if len(piece) > 2}
    with connection.cursor() as cursor:
        cursor.execute(
            _LIKE, [list(set(sounds.values())), sorted({s for all_ in slips.values() for s in all_}), MOST]
        )
        rows = cursor.fetchall()
    found: list[tuple[str, Known]] = []
    for row in rows:
        known, sound = _known(row), row[3]
        for piece in pieces:
            likeness = _likeness(piece, sounds[piece], known.key, sound)
            if likeness:
                found.append((piece, replace(known, likeness=likeness * known.likeness)))
    return found


def by_sounds(sounds: Sequence[str]) -> list[Known]:
    """The names that are read so."""
    with connection.cursor() as cursor:
        cursor.execute(_SOUND, [list(sounds), MOST])
        return [_known(row) for row in cursor.fetchall()]


def _likeness(piece: str, sound: str, key: str, key_sound: str) -> float:
    if piece == key:
        return EXACT
    if sound == key_sound:
        return SOUND
    return SLIP if differs_by_one(piece, key) else 0.0


def differs_by_one(one: str, other: str) -> bool:
    """One character is another, too many, missing, or two neighbours changed places; the kind of street counts twice."""
    if len(one) < 3 or len(other) < 3 or abs(len(one) - len(other)) > 1:
        return False
    if len(one) == len(other):
        places = [at for at in range(len(one)) if one[at] != other[at]]
        if len(places) == 1:
            return not (one[places[0]].isdigit() and other[places[0]].isdigit())
        return (
            len(places) == 2
            and places[1] == places[0] + 1
            and one[places[0]] == other[places[1]]
            and one[places[1]] == other[places[0]]
        )
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


def _known(row: Sequence[object]) -> Known:
    name_kind, name, key, _sound, *rest = row
    likeness = EXACT if name_kind == AddressName.Kind.OFFICIAL else ALIAS
    return Known(str(key), str(name), str(name_kind), Node(*rest), likeness)  # type: ignore[arg-type]


# -- The tree of areas ----------------------------------------------------------------------------------------

_ENDINGS = (
    "街道办事处",
    "社区居委会",
    "社区居民委员会",
    "街道",
    "社区",
    "自治区",
    "自治州",
    "省",
    "市",
    "区",
    "县",
    "镇",
    "乡",
    "村",
)
_UPPER = frozenset({Level.PROVINCE, Level.CITY, Level.COUNTY})
_NAMED = (Level.PROVINCE, Level.CITY, Level.COUNTY, Level.STREET, Level.COMMUNITY)
CHECK_SECONDS = 1.0


@dataclass(frozen=True)
class KnownArea:
    """An area people write in front of an address."""

    id: int
    name: str
    path: str
    lon: float | None
    lat: float | None


class _Areas:
    """The names of the areas in force, read anew after the territory changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version: object = None
        self._names: Mapping[str, tuple[KnownArea, ...]] = {}
        self._looked_at = 0.0

    def names(self) -> Mapping[str, tuple[KnownArea, ...]]:
        if time.monotonic() - self._looked_at < CHECK_SECONDS:
            return self._names
        with self._lock:
            version = basemap.version()
            if version != self._version:
                self._names, self._version = _area_names(), version
            self._looked_at = time.monotonic()
            return self._names

    def forget(self) -> None:
        self._version, self._looked_at = None, 0.0


_areas = _Areas()
area_names = _areas.names
forget_areas = _areas.forget


def _area_names() -> dict[str, tuple[KnownArea, ...]]:
    rows = Area.objects.filter(basemap.in_force(), level__in=_NAMED)
    names: dict[str, list[KnownArea]] = {}
    for pk, name, level, path, lon, lat in rows.values_list(
        "pk", "name", "level", "path", "centre_lon", "centre_lat"
    ):
        area = KnownArea(pk, name, path, lon, lat)
        for key in _written(key_of(name), level):
            names.setdefault(key, []).append(area)
    return {key: tuple(areas) for key, areas in names.items()}


def _written(key: str, level: str) -> Iterator[str]:
    """The full name, and for province, city and county the name without its kind: 清澜区, 清澜."""
    yield key
    if level in _UPPER:
        for ending in _ENDINGS:
            if key.endswith(ending) and len(key) - len(ending) >= SHORTEST:
                yield key[: -len(ending)]
                return


def area_hits(pieces: Mapping[str, Sequence[int]]) -> list[Hit]:
    """The areas named in a text."""
    known = area_names()
    return [
        Hit(start, start + len(piece), AREA, piece)
        for piece in pieces
        if piece in known
        for start in pieces[piece]
    ]


def areas_named(keys: Iterable[str]) -> list[tuple[KnownArea, ...]]:
    """For each name the areas it may mean."""
    known = area_names()
    return [known[key] for key in keys if key in known]
