"""One search for whoever types an address or a part of one: what is surely meant, what may be, what begins so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from wangge.registry.addresses.matching import match
from wangge.registry.addresses.parts import ENTRANCE
from wangge.registry.addresses.scoring import Match
from wangge.registry.addresses.suggesting import PUBLIC_KINDS, Suggestion, suggest
from wangge.registry.models import Address

MOST = 8
WORTH_SHOWING = 0.4


@dataclass(frozen=True)
class FoundAddress:
    """An address to choose, with why it may be meant. Point: WGS84 degrees."""

    id: int
    kind: str
    text: str
    lon: float
    lat: float
    score: float
    note: str
    is_sure: bool = False


def find_addresses(
    words: str,
    *,
    most: int = MOST,
    near: tuple[float, float] | None = None,
    kinds: Sequence[str] = PUBLIC_KINDS,
    allowed: Callable[[str], bool] = lambda _path: True,
) -> list[FoundAddress]:
    """Addresses with a point that the words may mean, the best first; entrances only where `kinds` has them."""
    answer = match(words, near=near, to_the_door=ENTRANCE in kinds)
    found: dict[object, FoundAddress] = {}
    for one in answer.matches:
        if one.score >= WORTH_SHOWING and (
            made := _of_match(one, answer.is_sure and one is answer.matches[0])
        ):
            found.setdefault(made.text, made)
    if not answer.is_sure:
        for suggestion in suggest(words, most=most, kinds=kinds, allowed=allowed):
            if made := _of_suggestion(suggestion):
                found.setdefault(made.text, made)
    return list(found.values())[:most]


def guess(words: str, *, most: int = 5) -> list[FoundAddress]:
    """What a report's words say about its place, to be shown as a guess and confirmed by a person."""
    return [
        made
        for one in match(words, most=most).matches
        if one.score >= WORTH_SHOWING and (made := _of_match(one, False))
    ]


def _of_match(one: Match, is_sure: bool) -> FoundAddress | None:
    if one.lon is None or one.lat is None:
        return None
    return FoundAddress(one.id, one.kind, one.text, one.lon, one.lat, one.score, _note(one), is_sure)


def _note(one: Match) -> str:
    if one.reasons:
        return " ".join(one.reasons)
    return "" if one.is_precise else _("Only the street or the estate, not the house.")


def _of_suggestion(one: Suggestion) -> FoundAddress | None:
    if one.lon is None or one.lat is None:
        return None
    note = (
        _("also called %(name)s") % {"name": one.called} if one.called else str(Address.Kind(one.kind).label)
    )
    return FoundAddress(one.id, one.kind, one.text, one.lon, one.lat, 0.0, note)
