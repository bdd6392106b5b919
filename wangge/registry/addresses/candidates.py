"""From the names in a text down to the house: every address of the register that the text may lead to."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from wangge.registry.addresses import names
from wangge.registry.addresses.names import Known, Node
from wangge.registry.addresses.parsing import windows
from wangge.registry.addresses.parts import BUILDING, ENTRANCE, ESTATE, NUMBER, STREET
from wangge.registry.addresses.reading import Reading
from wangge.registry.models import AddressName

NEIGHBOUR = 0.6  # the closest number that the register knows
OTHER_KIND = 0.95  # 3号 for what the register calls 3幢
STEPS_ASIDE = (0, 2, -2, 4, -4, 6, -6, 8, -8, 1, -1)

_BELOW = """
SELECT a.id, a.kind, a.parent_id, a.key, a.text, a.lon, a.lat, r.path
FROM registry_address a JOIN territory_area r ON r.id = a.area_id
WHERE a.valid_to IS NULL AND a.parent_id = ANY(%s) AND a.kind = ANY(%s)"""
_BELOW_WITH_KEY = _BELOW + " AND a.key = ANY(%s)"
_ABOVE = """
WITH RECURSIVE up AS (
    SELECT * FROM registry_address WHERE id = ANY(%s)
    UNION SELECT a.* FROM registry_address a JOIN up ON a.id = up.parent_id
) SELECT up.id, up.kind, up.parent_id, up.key, up.text, up.lon, up.lat, r.path
FROM up JOIN territory_area r ON r.id = up.area_id"""


@dataclass
class Candidate:
    """An address with what of the text led to it."""

    node: Node
    likeness: dict[str, float] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)

    def below(self, node: Node, kind: str, likeness: float) -> "Candidate":
        return replace(
            self, node=node, likeness={**self.likeness, kind: likeness}, reasons=list(self.reasons)
        )


class Descent:
    """The way down from the names of one reading; `kinds` are the parts that are looked at."""

    def __init__(self, reading: Reading, kinds: Sequence[str]) -> None:
        self.reading, self.written, self.kinds = reading, reading.written, kinds

    def candidates(self) -> list[Candidate]:
        """Every address the text may mean, the deepest first."""
        return self._descended(self._heads())

    def _heads(self) -> list[Candidate]:
        """Where the descent begins: estates and named buildings first, and streets."""
        heads: list[Candidate] = []
        for kind in (BUILDING, ESTATE, STREET):
            heads += [
                Candidate(known.node, {kind: known.likeness}, said_of(known))
                for group in self.reading.named(kind)
                for known in group
            ]
        return heads

    def _descended(self, heads: Sequence[Candidate]) -> list[Candidate]:
        """Each head, and whatever deeper part of it the text names."""
        streets = [head for head in heads if head.node.kind == STREET]
        others = [head for head in heads if head.node.kind != STREET]
        numbers = self._step(streets, NUMBER, (NUMBER,))
        estates = [head for head in others if head.node.kind == ESTATE]
        numbers += self._step(estates, NUMBER, (NUMBER,))
        tops = [*others, *numbers]
        inside = [*tops, *self._estates_behind(numbers)] if self.written.get(BUILDING) else tops
        buildings = self._step(inside, BUILDING, (BUILDING, NUMBER)) or self._named_below(tops)
        doors = self._step([*buildings, *tops], ENTRANCE, (ENTRANCE,)) if ENTRANCE in self.kinds else []
        deepest = [*doors, *buildings, *tops]
        if self.written.get(NUMBER) and not numbers:
            deepest += self._neighbours(streets)
        return [*deepest, *streets]

    def _named_below(self, above: Sequence[Candidate]) -> list[Candidate]:
        """Buildings with a name in place of a number, 急诊楼, that stand in an estate or behind a number found so far."""
        keys = list(dict.fromkeys(self.written.text[start:end] for start, end in windows(self.written)))
        if not keys or not above or self.written.get(BUILDING):
            return []
        by_id = {candidate.node.id: candidate for candidate in above}
        nodes = _query(_BELOW_WITH_KEY, [list(by_id), [BUILDING], keys])
        return [by_id[node.parent_id or 0].below(node, BUILDING, 1.0) for node in nodes]

    def _step(self, above: Sequence[Candidate], kind: str, kinds: Sequence[str]) -> list[Candidate]:
        key = self.written.get(kind)
        if key is None or not above:
            return []
        by_id: dict[int, list[Candidate]] = {}
        for candidate in above:
            by_id.setdefault(candidate.node.id, []).append(candidate)
        nodes = _query(_BELOW_WITH_KEY, [list(by_id), list(kinds), [key]])
        return [
            candidate.below(node, kind, 1.0 if node.kind == kind else OTHER_KIND)
            for node in nodes
            for candidate in by_id[node.parent_id or 0]
        ]

    def _estates_behind(self, numbers: Sequence[Candidate]) -> list[Candidate]:
        """The estates behind a number, since few people write both: 人民路577号3幢 is in the estate of 577."""
        by_id = {candidate.node.id: candidate for candidate in numbers}
        if not by_id:
            return []
        nodes = _query(_BELOW, [list(by_id), [ESTATE]])
        return [replace(by_id[node.parent_id or 0], node=node) for node in nodes]

    def _neighbours(self, streets: Sequence[Candidate]) -> list[Candidate]:
        """The numbers closest to one that the register does not know, on the same side of the street if it can be."""
        wanted = self.written.get(NUMBER) or ""
        digits = "".join(sign for sign in wanted if sign.isdigit())
        if not digits or not streets:
            return []
        keys = [str(int(digits[:6]) + step) for step in STEPS_ASIDE]
        by_id = {candidate.node.id: candidate for candidate in streets}
        nodes = _query(_BELOW_WITH_KEY, [list(by_id), [NUMBER], keys])
        best: dict[int, Node] = {}
        for node in nodes:
            parent = node.parent_id or 0
            if parent not in best or keys.index(node.key) < keys.index(best[parent].key):
                best[parent] = node
        found = [by_id[parent].below(node, NUMBER, NEIGHBOUR) for parent, node in best.items()]
        for candidate in found:
            candidate.reasons.append(
                _("This number is not in the register; this is the closest one that is.")
            )
        return found


def said_of(known: Known) -> list[str]:
    """Why the words count for this name although they are not the name itself."""
    reasons = []
    if known.name_kind == AddressName.Kind.FORMER:
        reasons.append(_("“%(name)s” is its former name.") % {"name": known.name})
    elif known.name_kind == AddressName.Kind.ALIAS:
        reasons.append(_("“%(name)s” is another name of it.") % {"name": known.name})
    if known.likeness < names.ALIAS * names.SOUND:
        reasons.append(_("Written differently: “%(name)s”.") % {"name": known.name})
    elif known.likeness < names.ALIAS:
        reasons.append(_("Sounds the same: “%(name)s”.") % {"name": known.name})
    return reasons


def ancestors(nodes: Sequence[Node]) -> dict[int, Node]:
    parents = sorted({node.parent_id for node in nodes if node.parent_id is not None})
    return {node.id: node for node in _query(_ABOVE, [parents])} if parents else {}


def _query(sql: str, values: list[Any]) -> list[Node]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Node(*row) for row in cursor.fetchall()]
