"""What a written address means: the addresses of the register that fit, how well, and why."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from wangge.registry.addresses import english, names
from wangge.registry.addresses.candidates import Candidate, Descent, ancestors
from wangge.registry.addresses.crossings import CROSSING, meeting_points
from wangge.registry.addresses.parsing import Written, prepared
from wangge.registry.addresses.parts import AREA, BUILDING, ENTRANCE, ESTATE, NUMBER, STREET
from wangge.registry.addresses.reading import Reading
from wangge.registry.addresses.scoring import NEAR_CAP, Match, Scorer
from wangge.territory.coordinates import metres_between

SURE = 0.94
AHEAD = 0.08  # by how much the best must lead to be taken for the one that is meant
SAME_PLACE_METRES = 40
ONLY_AREA = 0.4
MOST = 5
PARTS_LOOKED_AT = (STREET, NUMBER, ESTATE, BUILDING, ENTRANCE)


@dataclass(frozen=True)
class Answer:
    """What was understood, and the addresses that fit, the best first."""

    written: Written
    matches: tuple[Match, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether the best can be taken for what is meant; otherwise a person chooses."""
        if not self.matches:
            return False
        best = self.matches[0]
        fits = best.score >= SURE and best.is_precise and best.lon is not None
        return fits and all(
            _same_place(best, other) or other.score <= best.score - AHEAD for other in self.matches[1:]
        )


def match(
    words: str, *, most: int = MOST, near: tuple[float, float] | None = None, to_the_door: bool = False
) -> Answer:
    """Find what a written address means, down to the building, or `to_the_door` of its entrances.

    Ties go to what is nearer to `near` (longitude, latitude, WGS84 degrees).
    """
    text = prepared(english.in_chinese_order(words))
    if len(text) < 2:
        return Answer(Written(text))
    written, matches = _search(text, PARTS_LOOKED_AT if to_the_door else PARTS_LOOKED_AT[:-1])
    matches.sort(key=lambda found: (-found.score, _metres(found, near), len(found.text), found.id))
    return Answer(written, tuple(matches[:most]))


def _metres(found: Match, near: tuple[float, float] | None) -> float:
    if near is None or found.lon is None or found.lat is None:
        return 0.0
    return metres_between(*near, found.lon, found.lat)


def _same_place(one: Match, other: Match) -> bool:
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return False
    return metres_between(one.lon, one.lat, other.lon, other.lat) < SAME_PLACE_METRES


def _search(text: str, kinds: tuple[str, ...]) -> tuple[Written, list[Match]]:
    reading = Reading(text)
    candidates = Descent(reading, kinds).candidates()
    scorer = Scorer(reading, kinds, ancestors([candidate.node for candidate in candidates]))
    houses = _best_of_each(candidates, scorer)
    return reading.written, [*_crossings(reading), *(houses or _areas_only(reading))]


def _best_of_each(candidates: list[Candidate], scorer: Scorer) -> list[Match]:
    """Each address once with its best score; the street of a house that fits is no second answer."""
    found: dict[int, Match] = {}
    for candidate in candidates:
        made = scorer.scored(candidate)
        if made.id not in found or found[made.id].score < made.score:
            found[made.id] = made
    for candidate in candidates:
        own = found.get(candidate.node.id)
        for above in scorer.chain(candidate.node)[:-1]:
            if own and above.id in found and found[above.id].score <= own.score:
                del found[above.id]
    return list(found.values())


def _crossings(reading: Reading) -> list[Match]:
    """Where the two streets meet that the text names; a number says that no crossing is meant."""
    first, second = [*reading.named(STREET), [], []][:2]
    if not first or not second or reading.written.get(NUMBER):
        return []
    likeness = max(one.likeness for one in first) * max(one.likeness for one in second)
    score = likeness if reading.written.is_crossing else likeness * NEAR_CAP
    score = min(score, NEAR_CAP) if reading.written.is_near else score
    reasons = (_("The words point beside it, not at it."),) if reading.written.is_near else ()
    return [
        Match(0, CROSSING, point.text, point.lon, point.lat, first[0].node.path, score, reasons)
        for point in meeting_points({one.name for one in first}, {one.name for one in second})
    ]


def _areas_only(reading: Reading) -> list[Match]:
    """Where only areas are named, the smallest of them: better than nothing, never sure."""
    groups = names.areas_named(reading.written.all(AREA))
    if not groups:
        return []
    areas = sorted({area for group in groups for area in group}, key=lambda area: -area.path.count("/"))
    reason = _("Only the area is known, not the house.")
    return [
        Match(area.id, AREA, area.name, area.lon, area.lat, area.path, ONLY_AREA, (reason,))
        for area in areas[:2]
        if area.lon is not None
    ]
