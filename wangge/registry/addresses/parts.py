"""The parts of an address behind its street or estate: how they are written, and how they are compared."""

import re
from dataclasses import dataclass
from typing import Final

from wangge.registry.addresses.text import key_of
from wangge.registry.models import Address

STREET, NUMBER, ESTATE = Address.Kind.STREET, Address.Kind.NUMBER, Address.Kind.ESTATE
BUILDING, ENTRANCE = Address.Kind.BUILDING, Address.Kind.ENTRANCE
FLOOR: Final = "floor"
ROOM: Final = "room"
AREA: Final = "area"
ORDER = (AREA, STREET, NUMBER, ESTATE, BUILDING, ENTRANCE, FLOOR, ROOM)

_STEM = "[甲乙丙丁戊]"
_SIDE = "[东西南北中甲乙丙丁戊]"
_NUMBER = (
    rf"(?P<before>{_STEM})?(?P<number>\d{{1,5}}[a-z]?(?:-\d{{1,4}})?)(?P<after>{_STEM})?"
    r"(?:号大?院|号(?![楼栋幢室房线门])|号(?=门[口前]))(?:(?:附|之|-)(?P<beside>\d{1,4})号?(?!-|\d|号))?"
)
_LANE = r"(?P<lane>\d{1,5})弄"
_BUILDING = rf"(?P<building>\d{{1,4}}[a-z]?|[a-z]\d{{0,3}}|{_SIDE})(?:号?[栋幢]|号楼|座|#楼?|号?(?<=[a-z甲乙丙丁东西南北中])楼)"
_ENTRANCE = (
    rf"(?:(?P<entrance>\d{{1,2}}|[a-z]|{_SIDE})(?:单元|门洞|门栋)|(?P<door>\d{{1,2}})号?门(?![口前诊面市卫]))"
)
_FLOOR = r"(?P<floor>(?:负|地下|b)?\d{1,2})(?:层|楼|f(?![a-z]))"
_ROOM = r"(?P<room>\d{1,2}-\d{1,4}|[a-z]?\d{2,5}[a-z]?)(?:号?室|户|号?房(?![子屋间产]))"
_DASHED = r"(?P<first>\d{1,3}|[a-z])#?[- ](?P<second>\d{1,4})(?:[- ](?P<third>\d{1,4}[a-z]?))?(?![\d号弄幢栋楼座层单-])"
_BARE = r"(?P<bare>[a-z]?\d{1,5}[a-z]?)(?![\d号弄幢栋楼座层单米年月日点时分个辆人次#%-])"

PARTS = re.compile("|".join((_LANE, _BUILDING, _ENTRANCE, _NUMBER, _ROOM, _FLOOR, _DASHED, _BARE)))
# "Beside" is not "at": such words point near an address and never at it.
NEAR = re.compile(
    "斜?对面|对过|旁边?|边上|附近|周边|一带|隔壁|后面|背后|前面|[东西南北]{1,2}[侧段边面方向]|中段|往[东西南北]|以[东西南北]"
    r"|(?:约|大概)?\d+米|之间|方向|靠近|临近|near|opposite|beside|next to|behind|between"
)
CROSSING = re.compile("路口|交叉口?|交界处?|交汇处?|十字|丁字|[三3]岔|corner|crossing|intersection|junction")
AT = re.compile("门口|门前|大门|[东西南北]门|楼下|楼上|楼道|院内|院里|里面|内")


@dataclass(frozen=True)
class Part:
    """One part as it was understood: its kind, its key, and the words it was written with."""

    kind: str
    key: str
    words: str


def part_key(kind: str, name: str) -> str:
    """The key of a part's name in the register: "12号" is 12, "甲12号" 甲12, "3号楼" 3, "2单元" 2, "302室" 302."""
    key = key_of(name)
    found = PARTS.fullmatch(key)
    if found is None:
        return key
    return key_in(found) if kind_in(found) in _SAME_KEY[kind] else key


_SAME_KEY: Final = {
    STREET: (),
    ESTATE: (),
    NUMBER: (NUMBER, "bare"),
    BUILDING: (BUILDING, NUMBER, FLOOR, "bare"),
    ENTRANCE: (ENTRANCE, NUMBER, "bare"),
    ROOM: (ROOM, NUMBER, "bare"),
}


def kind_in(found: re.Match[str]) -> str:
    """What kind of part a match of `PARTS` is; "dashed" and "bare" depend on what stands before."""
    if found["lane"] or found["number"]:
        return NUMBER
    if found["building"]:
        return BUILDING
    if found["entrance"] or found["door"]:
        return ENTRANCE
    if found["room"]:
        return ROOM
    return FLOOR if found["floor"] else "dashed" if found["first"] else "bare"


def key_in(found: re.Match[str]) -> str:
    """The key of a match that is no dashed group."""
    if found["lane"]:
        return f"{found['lane']}弄"
    if found["number"]:
        key = f"{found['before'] or ''}{found['number']}{found['after'] or ''}"
        return f"{key}-{found['beside']}" if found["beside"] else key
    for name in ("building", "entrance", "door", "room", "floor", "bare"):
        if found[name]:
            return _floor(found[name]) if name == "floor" else found[name]
    return found[0]


def _floor(words: str) -> str:
    return re.sub("负|地下|b", "-", words)
