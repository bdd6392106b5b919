"""Rows of an address file: their columns under any usual heading, their parts, their place, and what is wrong with them."""

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from wangge.common.refusals import Refused
from wangge.common.spreadsheets import read_rows
from wangge.registry.addresses.parsing import parse, prepared
from wangge.registry.addresses.parts import BUILDING, ENTRANCE, ESTATE, FLOOR, NUMBER, ROOM, STREET, part_key
from wangge.registry.addresses.storing import KINDS, LEVELS, Parts
from wangge.registry.addresses.text import key_of
from wangge.territory import lookup
from wangge.territory.coordinates import CRS, parse_pair, to_wgs84
from wangge.territory.models import Area, Level

COLUMNS: dict[str, tuple[str, ...]] = {
    "area": ("area", "area_code", "区划代码", "社区代码", "村居代码", "网格编码"),
    "village": ("village", "自然村", "村庄", "村组"),
    "street": ("street", "road", "街路巷", "道路", "街道名称", "路名", "街巷"),
    "number": ("number", "house_number", "门牌号", "门牌", "门楼牌号"),
    "estate": ("estate", "compound", "小区", "小区名称", "院落", "单位名称", "小区（单位）"),
    "building": ("building", "楼栋", "楼幢", "幢号", "栋号", "楼号"),
    "entrance": ("entrance", "unit", "单元", "单元号"),
    "room": ("room", "户室", "室号", "房号", "户号", "房间号"),
    "floor": ("floor", "楼层", "层"),
    "address": ("address", "full_address", "地址", "详细地址", "标准地址"),
    "lon": ("lon", "lng", "longitude", "x", "经度"),
    "lat": ("lat", "latitude", "y", "纬度"),
    "aliases": ("aliases", "alias", "别名", "俗称"),
    "former": ("former", "former_names", "曾用名", "旧名"),
    "valid_from": ("valid_from", "启用日期", "生效日期"),
    "source": ("source", "来源", "数据来源"),
}
LONGEST = {"room": 40, "source": 100}
LONGEST_NAME = 100
MOST_SIGNS_MORE = 4  # 二百二十二 is 222
_SUFFIX = {NUMBER: "号", BUILDING: "幢", ENTRANCE: "单元", ROOM: "室"}
_PART_COLUMNS = (*LEVELS, "room")


@dataclass(frozen=True)
class Territory:
    """The areas in force that a file may name, and the community and county above each."""

    ids: Mapping[str, int]
    paths: Mapping[int, str]
    communities: frozenset[int]
    counties: frozenset[int]

    def community(self, path: str) -> int:
        """The community a path lies in, else its last area."""
        return self._above(path, self.communities)

    def county(self, path: str) -> int:
        """The county a path lies in, else its last area."""
        return self._above(path, self.counties)

    @staticmethod
    def _above(path: str, wanted: Collection[int]) -> int:
        ids = [int(part) for part in path.strip("/").split("/")]
        return next((pk for pk in ids if pk in wanted), ids[-1])


def territory_now() -> Territory:
    """Read the areas in force, once for a file."""
    rows = list(Area.objects.filter(valid_to=None).values_list("pk", "code", "path", "level"))
    return Territory(
        {code: pk for pk, code, _path, _level in rows},
        {pk: path for pk, _code, path, _level in rows},
        frozenset(pk for pk, _code, _path, level in rows if level == Level.COMMUNITY),
        frozenset(pk for pk, _code, _path, level in rows if level == Level.COUNTY),
    )


def address_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV or XLSX file with their line, the cells under our names. Raises `Refused` for no known column."""
    named: dict[str, str] = {}
    for line, row in read_rows(path):
        if not named:
            named = _headings(row)
        yield line, {ours: row.get(theirs, "") for theirs, ours in named.items()}


def _headings(row: Mapping[str, str]) -> dict[str, str]:
    ours = {word: name for name, words in COLUMNS.items() for word in words}
    named = {heading: ours[heading.strip().lower()] for heading in row if heading.strip().lower() in ours}
    if not {"address", "street", "estate", "village"} & set(named.values()):
        raise Refused(
            _(
                "The file has no column for an address: name one street, estate, village or address (街路巷, 小区, 地址)."
            )
        )
    return named


def parts_of(cells: Mapping[str, str], crs: CRS, territory: Territory) -> Parts:
    """One row as parts in their place; raises `Refused` naming the column that is wrong."""
    words = _words(cells)
    names = {
        level: (words[level], part_key(KINDS.get(level, level), words[level]))
        for level in LEVELS
        if words.get(level)
    }
    _demand_whole(names, words)
    lon, lat, area_id = _place(cells, crs, territory)
    room = words.get(ROOM, "")
    return Parts(
        area_id=area_id,
        top_id=territory.county(territory.paths[area_id]),
        names=names,
        lon=lon,
        lat=lat,
        room=(room, part_key(ROOM, room)) if room else None,
        floor=_whole(cells.get("floor", "") or words.get(FLOOR, "")),
        aliases=_several(cells.get("aliases", "")),
        former=_several(cells.get("former", "")),
        valid_from=_day(cells.get("valid_from", "")),
        source=_fitting("source", cells.get("source", "")),
    )


def _words(cells: Mapping[str, str]) -> dict[str, str]:
    """The parts of a row as they are written in the register; a column `address` alone is taken apart by rule."""
    words = {name: _fitting(name, cells.get(name, "")) for name in _PART_COLUMNS if cells.get(name)}
    if not words and cells.get("address"):
        words = _taken_apart(cells["address"])
    return {name: _written(KINDS.get(name, name), word) for name, word in words.items()}


def _taken_apart(address: str) -> dict[str, str]:
    written = parse(prepared(address))
    if written.is_near or written.is_crossing:
        raise Refused(_("“%(address)s” points beside a place.") % {"address": address[:60]}, field="address")
    named = {kind: key for kind in (STREET, ESTATE) if (key := written.get(kind))}
    numbered = {kind: key for kind in (NUMBER, BUILDING, ENTRANCE, FLOOR, ROOM) if (key := written.get(kind))}
    return {**{kind: _as_written(address, key) for kind, key in named.items()}, **numbered}


def _as_written(address: str, key: str) -> str:
    """The piece of an address that reads as this key, so that 五一路 does not become 51路."""
    if not any(sign.isdigit() for sign in key):
        return key
    pieces = (
        address[start : start + length]
        for length in range(len(key), len(key) + MOST_SIGNS_MORE)
        for start in range(len(address) - length + 1)
    )
    return next((piece for piece in pieces if key_of(piece) == key), key)


def _written(kind: str, word: str) -> str:
    """A bare number gets the word that belongs to it: 12 is 12号, 3 is 3幢."""
    word = unicodedata.normalize("NFKC", word).strip()
    return f"{word}{_SUFFIX[kind]}" if kind in _SUFFIX and word.isalnum() and word.isascii() else word


def _fitting(name: str, word: str) -> str:
    most = LONGEST.get(name, LONGEST_NAME)
    if len(word) > most:
        raise Refused(
            _("%(name)s has %(length)d characters; at most %(most)d can be kept.")
            % {"name": name, "length": len(word), "most": most},
            field=name,
        )
    return word


def _demand_whole(names: Mapping[str, tuple[str, str]], words: Mapping[str, str]) -> None:
    if not names.keys() & {"street", "estate", "village"}:
        raise Refused(_("Neither a street nor an estate nor a village is given."), field="street")
    if empty := [level for level, (_name, key) in names.items() if not key]:
        raise Refused(_("“%(word)s” is no name.") % {"word": words[empty[0]]}, field=empty[0])
    if "building" not in names and "entrance" in names and "number" not in names and "estate" not in names:
        raise Refused(_("An entrance needs its building, number or estate."), field="entrance")
    if words.get(ROOM) and not names.keys() & {"entrance", "building", "number"}:
        raise Refused(_("A room needs its entrance, building or number."), field="room")


def _place(
    cells: Mapping[str, str], crs: CRS, territory: Territory
) -> tuple[float | None, float | None, int]:
    """The point in WGS84 degrees, and the community it lies in, or the one that the row names by its code."""
    code = cells.get("area", "")
    if code and code not in territory.ids:
        raise Refused(_("There is no area with the code “%(code)s”.") % {"code": code[:40]}, field="area")
    pair = parse_pair(cells.get("lon"), cells.get("lat"))
    if pair is None:
        if not code:
            raise Refused(_("There is neither a point nor the code of an area."), field="lon")
        return None, None, territory.community(territory.paths[territory.ids[code]])
    lon, lat = to_wgs84(*pair, crs)
    place = lookup.place(lon, lat)
    if code:
        return lon, lat, territory.community(territory.paths[territory.ids[code]])
    if place.how != "inside":
        raise Refused(
            _("%(lon).6f, %(lat).6f lies outside every grid. Is the coordinate system right?")
            % {"lon": lon, "lat": lat},
            field="lon",
        )
    return lon, lat, territory.community(place.path)


def _several(words: str) -> tuple[str, ...]:
    parts = words.replace("；", ";").replace("、", ";").split(";")
    return tuple(_fitting("aliases", part.strip()) for part in parts if part.strip())


def _whole(word: str) -> int | None:
    if not word:
        return None
    try:
        floor = int(word)
    except ValueError:
        floor = 1000
    if abs(floor) > 200:
        raise Refused(_("“%(word)s” is no floor.") % {"word": word[:20]}, field="floor")
    return floor


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word[:10]) if word else None
    except ValueError:
        raise Refused(
            _("“%(word)s” is no date. Write 2026-11-26.") % {"word": word[:20]}, field="valid_from"
        ) from None
