"""Computing a score from counts: terms over nothing are left out, the others carry their weight."""

from collections.abc import Mapping
from dataclasses import dataclass

from wangge.insight.measures.evaluation import RATIO_OF
from wangge.insight.measures.measure import share
from wangge.insight.scoring.schemes import Scheme, Term

BAND_DAYS = 30  # what the bands are meant for


@dataclass(frozen=True)
class Mark:
    """What one term came to: 0 to 100, None over nothing."""

    term: Term
    points: float | None


@dataclass(frozen=True)
class Score:
    """A score from 0 to 100 with its grade, and the marks it is made of; None where there was nothing to judge."""

    marks: tuple[Mark, ...]
    points: float | None
    grade: str


def score_of(scheme: Scheme, counts: Mapping[str, int], *, days: float, grids: int = 1) -> Score:
    """Judge counts of a period of so many days, in a part with so many grids."""
    marks = tuple(Mark(term, points_of(term, counts, days=days, grids=grids)) for term in scheme.terms)
    # A count judged by bands has a mark even of nothing; alone it would praise whoever had no work at all.
    judged = [mark for mark in marks if mark.points is not None]
    if not any(mark.term.rate for mark in judged):
        return Score(marks, None, "")
    weight = sum(mark.term.weight for mark in judged)
    points = round(sum(mark.term.weight * (mark.points or 0) for mark in judged) / weight, 2)
    return Score(marks, points, grade_of(scheme, points))


def points_of(term: Term, counts: Mapping[str, int], *, days: float, grids: int = 1) -> float | None:
    """The mark of one term: a rate × 100, turned round where much is bad, or the mark of a band."""
    if term.count:
        number = counts[term.count] * BAND_DAYS / days / (max(grids, 1) if term.each_grid else 1)
        return next((mark for upto, mark in term.bands if number <= upto), term.beyond)
    ratio = RATIO_OF[term.rate]
    rate = share(counts[ratio.part.code], counts[ratio.whole.code])
    if rate is None:
        return None
    return min(rate, 100) if ratio.good else max(100 - rate, 0)


def grade_of(scheme: Scheme, points: float) -> str:
    """The first grade whose least is reached."""
    return next((name for least, name in scheme.grades if points >= least), "")
