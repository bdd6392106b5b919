"""A period as few counts of the tally: whole years, months and days, some added and some taken away."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from wangge.cases.models.on_map import EVER, Span

DAY = timedelta(days=1)


class Term(NamedTuple):
    """The count of one span, added (1) or taken away (-1)."""

    span: Span
    day: date
    sign: int = 1


def terms(since: date | None, until: date | None, years: range) -> list[Term]:
    """The fewest counts that make up the days from one to another, both included; None is an open end.

    `years` are those of which anything was counted. A year without its first ten days is eleven counts, not the
    thirty-two of eleven months and three weeks.
    """
    ever = Term(Span.EVER, EVER)
    if since is None and until is None:
        return [ever]
    if not years:
        return []
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    low, high = max(since or first, first), min(until or last, last)
    if low > high:
        return []
    outside = _parts(ever, first, low - DAY, years) + _parts(ever, high + DAY, last, years)
    return _fewer(ever, _parts(ever, low, high, years), outside)


def runs(days: Sequence[Term]) -> list[tuple[Term, Term]]:
    """The first and the last of each row of days that follow each other, all added or all taken away."""
    found: list[tuple[Term, Term]] = []
    for term in days:
        if found and found[-1][1] == term._replace(day=term.day - DAY):
            found[-1] = (found[-1][0], term)
        else:
            found.append((term, term))
    return found


def _of(whole: Term, low: date, high: date) -> list[Term]:
    """The fewest counts of those days of one span that lie between two days."""
    first, last = whole.day, _last(whole)
    low, high = max(low, first), min(high, last)
    if low > high:
        return []
    if (low, high) == (first, last):
        return [whole]
    outside = _parts(whole, first, low - DAY) + _parts(whole, high + DAY, last)
    return _fewer(whole, _parts(whole, low, high), outside)


def _fewer(whole: Term, inside: list[Term], outside: list[Term]) -> list[Term]:
    """What lies inside, or the whole without what lies outside, whichever are fewer counts."""
    if len(inside) <= len(outside) + 1:
        return inside
    return [whole, *(term._replace(sign=-term.sign) for term in outside)]


def _parts(whole: Term, low: date, high: date, years: range = range(0)) -> list[Term]:
    if low > high:
        return []
    return [term for part in _finer(whole, years) for term in _of(part, low, high)]


def _finer(whole: Term, years: range) -> list[Term]:
    """The spans of the next finer kind that a span is made of."""
    year = whole.day.year
    if whole.span == Span.EVER:
        return [Term(Span.YEAR, date(one, 1, 1)) for one in years]
    if whole.span == Span.YEAR:
        return [Term(Span.MONTH, date(year, month, 1)) for month in range(1, 13)]
    return [Term(Span.DAY, whole.day + ahead * DAY) for ahead in range(_last(whole).day)]


def _last(term: Term) -> date:
    if term.span == Span.YEAR:
        return date(term.day.year, 12, 31)
    if term.span == Span.MONTH:
        return (term.day + 31 * DAY).replace(day=1) - DAY
    return term.day
