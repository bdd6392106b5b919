"""How well an address fits what was written, from 0 to 1, and in words what does not fit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from wangge.registry.addresses import names
from wangge.registry.addresses.candidates import Candidate, said_of
from wangge.registry.addresses.crossings import CROSSING
from wangge.registry.addresses.names import KnownArea, Node
from wangge.registry.addresses.parts import AREA, BUILDING, ENTRANCE, ESTATE, NUMBER, ROOM, STREET
from wangge.registry.addresses.reading import Reading

PRECISE = frozenset({NUMBER, BUILDING, ENTRANCE, CROSSING})
WEIGHTS = {AREA: 1.0, STREET: 3.0, NUMBER: 3.0, ESTATE: 4.0, BUILDING: 3.0, ENTRANCE: 1.0}
NEAR_CAP = 0.75  # "beside 12" is never surely 12
CONFLICT = 0.5  # what is said otherwise costs half of its weight beyond not being found
HARDLY = 0.1  # what a word that was not understood weighs
AREA_ENDINGS = ("省", "市", "区", "县", "镇", "乡", "街道", "社区", "村")


@dataclass(frozen=True)
class Match:
    """One address that may be meant. Point: WGS84 degrees, None where the register has none.

    `score` is 0 to 1; `reasons` say in words what does not fit; `room` is what was written and not looked up.
    """

    id: int
    kind: str
    text: str
    lon: float | None
    lat: float | None
    path: str
    score: float
    reasons: tuple[str, ...] = ()
    room: str = ""

    @property
    def is_precise(self) -> bool:
        """Whether it is a house and not a whole street or estate."""
        return self.kind in PRECISE


class Scorer:
    """Scores the candidates of one reading; `above` holds all addresses above them."""

    def __init__(self, reading: Reading, kinds: Sequence[str], above: Mapping[int, Node]) -> None:
        self.reading, self.written, self.kinds, self.above = reading, reading.written, kinds, above

    def scored(self, candidate: Candidate) -> Match:
        chain = self.chain(candidate.node)
        reasons = list(candidate.reasons)
        said, got = 0.0, 0.0
        for kind in self.kinds:
            if self.written.get(kind) is None:
                continue
            weight = WEIGHTS[kind]
            likeness = candidate.likeness.get(kind)
            if likeness is None:
                likeness, reason = self._by_chain(kind, chain, candidate.node)
                if likeness is None:
                    continue
                if reason:
                    reasons.append(reason)
            said, got = said + weight, got + weight * likeness
        said, got = self._with_areas(candidate.node, said, got, reasons)
        said += self._unread(reasons)
        score = max(0.0, got / said) if said else 0.0
        if self.written.is_near or self.written.is_crossing:
            score = min(score, NEAR_CAP)
            reasons.append(_("The words point beside it, not at it."))
        return self._match(chain, score, reasons)

    def _by_chain(self, kind: str, chain: Sequence[Node], node: Node) -> tuple[float | None, str]:
        """How well a part that did not lead here fits what stands above: 1, 0 if unknown, less if it is another."""
        here = [above for above in chain if above.kind == kind]
        wanted = self.written.get(kind) or ""
        if any(above.key == wanted for above in here):
            return 1.0, ""
        ids = {above.id for above in here}
        for known in self.reading.known.get(wanted, ()):
            if known.node.id in ids:
                return known.likeness, " ".join(said_of(known))
        if not here and kind in (STREET, NUMBER) and node.kind not in (STREET, NUMBER):
            return None, ""  # an estate that the register knows without its street
        said = next(part.words for part in self.written.parts if part.kind == kind)
        if not here:
            return 0.0, _("“%(part)s” is not in the register here.") % {"part": said}
        return -CONFLICT, _("The register has “%(known)s”, not “%(part)s”.") % {
            "known": here[0].text,
            "part": said,
        }

    def _with_areas(self, node: Node, said: float, got: float, reasons: list[str]) -> tuple[float, float]:
        for meant in names.areas_named(self.written.all(AREA)):
            said += WEIGHTS[AREA]
            if any(_lies_in(node.path, area) for area in meant):
                got += WEIGHTS[AREA]
            else:
                got -= WEIGHTS[AREA]
                reasons.append(_("It does not lie in %(area)s.") % {"area": meant[0].name})
        return said, got

    def _unread(self, reasons: list[str]) -> float:
        """What stands before the last part and was not understood: an area unknown here weighs, other words hardly."""
        last = max((self.reading.text.rfind(part.words) for part in self.written.parts), default=-1)
        weight = 0.0
        for start, end in self.written.rest:
            words = self.reading.text[start:end]
            if start < last and words.endswith(AREA_ENDINGS):
                weight += 2 * WEIGHTS[AREA]
                reasons.append(_("“%(words)s” is not known here.") % {"words": words})
            elif start < last:
                weight += HARDLY
        return weight

    def chain(self, node: Node) -> list[Node]:
        """The address and all above it, from the top."""
        chain = [node]
        while chain[0].parent_id is not None and chain[0].parent_id in self.above:
            chain.insert(0, self.above[chain[0].parent_id])
        return chain

    def _match(self, chain: Sequence[Node], score: float, reasons: Iterable[str]) -> Match:
        """An entrance without a point of its own is where its building is."""
        node = chain[-1]
        pointed = next((one for one in reversed(chain) if one.lon is not None), node)
        return Match(
            node.id, node.kind, node.text, pointed.lon, pointed.lat, node.path, round(score, 3),
            tuple(dict.fromkeys(reasons)), self.written.get(ROOM) or "",
        )  # fmt: skip


def _lies_in(path: str, area: KnownArea) -> bool:
    """An address may stand higher in the tree than the area said (a street in its county): that is no conflict."""
    return path.startswith(area.path) or area.path.startswith(path)
