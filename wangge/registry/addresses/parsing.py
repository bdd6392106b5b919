"""A written address into its parts: names that the register or the tree of areas knows, then numbers by rule.

Nothing here touches the database: whoever calls brings the names that were found in the text (`Hit`).
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from wangge.registry.addresses.parts import (
    AREA,
    AT,
    BUILDING,
    CROSSING,
    ENTRANCE,
    ESTATE,
    FLOOR,
    NEAR,
    NUMBER,
    PARTS,
    ROOM,
    STREET,
    Part,
    key_in,
    kind_in,
)
from wangge.registry.addresses.text import joined, plain

_CHINESE = "[\u3400-\u9fff]"
_STREET_NAME = re.compile(
    r"[\u3400-\u9fff0-9]{1,10}?(?:大道|大街|公路|胡同|路|街|巷|弄|里|道)(?![口灯面边旁])"
)
_ESTATE_NAME = re.compile(
    rf"{_CHINESE}[\u3400-\u9fff0-9]{{0,14}}(?:小区|花园|家园|公寓|新村|新城|大厦|广场|苑|园|城|府|庭|邸|村|院|校|厂|中心|市场|学校|医院)"
)
_NAMELIKE = re.compile(
    rf"[\u3400-\u9fff0-9]*{_CHINESE}{{2}}[\u3400-\u9fff0-9]*|{_CHINESE}[0-9]?{_CHINESE}|[0-9]+(?:路|街|道|巷|弄|里|村)"
)
# Words around a place that are no part of it.
_FILLER = re.compile("^[的在位于地址是我们家住这里那边请问就与和跟近及到至从了,号]+|[的在位于处地方请了,]+$")
FIRST_ROOM = 100


@dataclass(frozen=True)
class Hit:
    """A name found in a plain text from `start` to `end`; `likeness` is 1 where it is written as it is known."""

    start: int
    end: int
    kind: str
    key: str
    likeness: float = 1.0


@dataclass
class Written:
    """What an address says. `near` and `crossing` say that it points beside a place; `rest` was not understood."""

    text: str
    parts: list[Part] = field(default_factory=list)
    is_near: bool = False
    is_crossing: bool = False
    rest: list[tuple[int, int]] = field(default_factory=list)

    def get(self, kind: str) -> str | None:
        """The key of the first part of a kind."""
        return next((part.key for part in self.parts if part.kind == kind), None)

    def all(self, kind: str) -> list[str]:
        """The keys of all parts of a kind, in the order written."""
        return [part.key for part in self.parts if part.kind == kind]

    @property
    def unknown(self) -> list[str]:
        """The words that were not understood."""
        return [self.text[start:end] for start, end in self.rest]


def prepared(words: str) -> str:
    """Written words as hits are looked for in them."""
    return joined(plain(words))


def parse(text: str, hits: Iterable[Hit] = (), *, by_rule: Collection[str] = (STREET, ESTATE)) -> Written:
    """Read a prepared text. What looks like the name of a kind in `by_rule` is taken for one where none is known."""
    known = list(hits)
    written = _read(text, known)
    named = _names_by_rule(written, by_rule)
    return _read(text, [*known, *named]) if named else written


def _read(text: str, hits: Sequence[Hit]) -> Written:
    scan = _Scan(text)
    scan.run(hits)
    return scan.written


def _names_by_rule(written: Written, kinds: Collection[str]) -> list[Hit]:
    """What looks like a street or an estate among the words that were not understood, where none is known."""
    hits: list[Hit] = []
    for start, end in written.rest:
        for kind, pattern in ((STREET, _STREET_NAME), (ESTATE, _ESTATE_NAME)):
            is_named = written.get(kind) is not None or any(hit.kind == kind for hit in hits)
            if kind in kinds and not is_named and (found := pattern.match(written.text, start, end)):
                hits.append(Hit(start, found.end(), kind, found[0]))
                start = found.end()
    return hits


class _Scan:
    """One reading from left to right: the longest known name wins, then a numbered part, else one sign is left over."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.written = Written(text)
        self.head, self.head_end = "", -1  # the kind of the last named part, and where it ended
        self.places: list[tuple[int, Part]] = []

    def run(self, hits: Sequence[Hit]) -> None:
        at, left = 0, 0
        while at < len(self.text):
            end = self._take(at, [hit for hit in hits if hit.start == at])
            if end == at:
                at += 1
                continue
            self._leave(left, at)
            at = left = end
        self._leave(left, len(self.text))
        self.written.parts = [part for _place, part in sorted(self.places, key=lambda pair: pair[0])]

    def _take(self, at: int, hits: Sequence[Hit]) -> int:
        if hits:
            best = max(hits, key=lambda hit: (hit.end, hit.kind != AREA, hit.likeness))
            for hit in hits:
                if hit.end == best.end and (hit.kind == AREA) == (best.kind == AREA):
                    self._add(at, hit.kind, hit.key, self.text[at : hit.end])
            return best.end
        for pattern in (CROSSING, NEAR, AT):
            if found := pattern.match(self.text, at):
                self.written.is_crossing |= pattern is CROSSING
                self.written.is_near |= pattern is NEAR
                return found.end()
        found = PARTS.match(self.text, at)
        if found is None or (at and self.text[at - 1].isascii() and self.text[at - 1].isalnum()):
            return at
        return self._numbered(at, found)

    def _numbered(self, at: int, found: re.Match[str]) -> int:
        kind = kind_in(found)
        if kind == "dashed":
            return self._dashed(at, found)
        if kind == NUMBER:
            kind = NUMBER if found["lane"] else self._what_a_number_is()
        elif kind == FLOOR:
            kind = self._what_a_floor_is(found.end())
        elif kind == "bare":
            kind = self._what_a_bare_number_is(at, found["bare"])
            if not kind:
                return at
        if kind and not self._has(kind):
            self._add(at, kind, key_in(found), found[0])
        return found.end()

    def _what_a_number_is(self) -> str:
        """12号 behind a street is its number, behind an estate or a lane (弄) a building."""
        if not self._has(NUMBER) and self.head != ESTATE:
            return NUMBER
        return BUILDING if not self._has(BUILDING) else NUMBER if not self._has(NUMBER) else ROOM

    def _what_a_bare_number_is(self, at: int, key: str) -> str:
        """人民路12 is a number, 阳光小区3 a building, and what follows a building of three digits a room."""
        if at == self.head_end and self.head == STREET and not self._has(NUMBER):
            return NUMBER
        if (
            at == self.head_end
            and self.head == ESTATE
            and len(key) < len(str(FIRST_ROOM))
            and not self._has(BUILDING)
        ):
            return BUILDING
        return ROOM if len(key) in (3, 4, 5) and self._has(BUILDING, ENTRANCE, NUMBER, FLOOR) else ""

    def _what_a_floor_is(self, end: int) -> str:
        """3楼 is a floor, but 阳光小区3楼2单元 means the third building."""
        follows = PARTS.match(self.text, end)
        before_entrance = follows is not None and kind_in(follows) == ENTRANCE
        return BUILDING if before_entrance and not self._has(BUILDING) else FLOOR

    def _dashed(self, at: int, found: re.Match[str]) -> int:
        """3-2-301 is building, entrance, room; behind a building it is entrance and room."""
        keys = [key for key in (found["first"], found["second"], found["third"]) if key]
        if not self._has(ESTATE, NUMBER, BUILDING, STREET):
            return at
        if len(keys) == 3:
            kinds = [BUILDING, ENTRANCE, ROOM]
        elif self._has(BUILDING) or self._has(ENTRANCE):
            kinds = [ENTRANCE, ROOM]
        elif not keys[1].isdigit() or int(keys[1]) >= FIRST_ROOM:
            kinds = [BUILDING, ROOM]
        else:
            kinds = [BUILDING, ENTRANCE]
        if self.head == STREET and not self._has(NUMBER):
            kinds = [NUMBER, *kinds][: len(keys)]
        for kind, key in zip(kinds, keys, strict=True):
            if not self._has(kind):
                self._add(at, kind, key, found[0])
        return found.end()

    def _has(self, *kinds: str) -> bool:
        return any(part.kind in kinds for _place, part in self.places)

    def _add(self, at: int, kind: str, key: str, words: str) -> None:
        if kind in (STREET, ESTATE):
            self.head, self.head_end = kind, at + len(words)
        part = Part(kind, key, words)
        if (at, part) not in self.places:
            self.places.append((at, part))

    def _leave(self, start: int, end: int) -> None:
        words = self.text[start:end]
        if found := _FILLER.match(words):
            start += found.end() if found.start() == 0 else 0
        self.written.rest.extend(
            (start + piece.start(), start + piece.end()) for piece in _NAMELIKE.finditer(self.text[start:end])
        )


def windows(written: Written, longest: int = 12, most: int = 60) -> Iterator[tuple[int, int]]:
    """Pieces of what was not understood that may be a name with a slip in it, the likelier first."""
    seen: set[tuple[int, int]] = set()
    for start, end in written.rest:
        for at in range(start, end):
            for until in range(min(end, at + longest), at + 1, -1):
                edge = (at == start) + (until == end)
                if edge and (at, until) not in seen and len(seen) < most:
                    seen.add((at, until))
    yield from sorted(seen, key=lambda piece: piece[0] - piece[1])
