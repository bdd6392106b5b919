"""A text and every name in it that the register or the tree of areas knows, exactly or nearly."""

from wangge.registry.addresses import names
from wangge.registry.addresses.names import Known
from wangge.registry.addresses.parsing import Hit, parse, windows
from wangge.registry.addresses.parts import ESTATE, STREET


class Reading:
    """A prepared text as it was understood: its parts (`written`), and what each name in it may stand for."""

    def __init__(self, text: str) -> None:
        self.text = text
        pieces = names.pieces_of(text)
        self.known: dict[str, list[Known]] = {}
        hits = names.area_hits(pieces)
        for known in names.exactly(pieces):
            self._keep(known.key, known)
            hits.extend(_hit(start, known.key, known) for start in pieces[known.key])
        self.written = parse(text, hits, by_rule=())
        if self._wants_likeness() and (more := self._by_likeness()):
            hits.extend(more)
            self.written = parse(text, hits, by_rule=())
        if self.written.get(ESTATE) is None:
            unnamed = (ESTATE,) if self.written.get(STREET) else (STREET, ESTATE)
            self.written = parse(text, hits, by_rule=unnamed)

    def _keep(self, key: str, known: Known) -> None:
        self.known.setdefault(key, []).append(known)

    def _wants_likeness(self) -> bool:
        """Whether a name may be misspelled: none is known, or words before a number belong to none."""
        written = self.written
        if not written.get(STREET) and not written.get(ESTATE):
            return True
        last = max((self.text.rfind(part.words) for part in written.parts), default=0)
        stands_before = any(start < last for start, _end in written.rest)
        return stands_before and not (written.get(STREET) and written.get(ESTATE))

    def _by_likeness(self) -> list[Hit]:
        spans = list(windows(self.written))
        by_words = {self.text[start:end]: (start, end) for start, end in spans}
        hits = []
        for piece, known in names.by_likeness(list(by_words)):
            if known.likeness >= names.EXACT:
                continue
            self._keep(piece, known)
            hits.append(_hit(by_words[piece][0], piece, known))
        return hits

    def named(self, kind: str) -> list[list[Known]]:
        """For each name of a kind in the text, what it may stand for."""
        return [
            [known for known in self.known.get(key, ()) if known.node.kind == kind]
            for key in self.written.all(kind)
        ]


def _hit(start: int, words: str, known: Known) -> Hit:
    return Hit(start, start + len(words), known.node.kind, words, known.likeness)
