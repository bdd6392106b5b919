"""A period as few counts: they cover each of its days once, however many years it has."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.cases.map.periods import Term, runs, terms
from wangge.cases.models.on_map import EVER, Span

DAY = timedelta(days=1)
YEARS = range(2023, 2027)
FIRST, LAST = date(2023, 1, 1), date(2026, 12, 31)
days = st.none() | st.dates(date(2022, 6, 1), date(2027, 6, 1))


EVERY = [FIRST + ahead * DAY for ahead in range((LAST - FIRST).days + 1)]
WRITTEN = {Span.DAY: 10, Span.MONTH: 7, Span.YEAR: 4, Span.EVER: 0}  # characters that days of a span share


def days_of(term: Term) -> list[date]:
    """Every day of a span, told independently of what is tested."""
    length = WRITTEN[term.span]
    return [day for day in EVERY if day.isoformat()[:length] == term.day.isoformat()[:length]]


@given(since=days, until=days)
def test_the_terms_cover_each_day_of_a_period_once_and_no_other(
    since: date | None, until: date | None
) -> None:
    covered = dict.fromkeys(EVERY, 0)
    for term in terms(since, until, YEARS):
        for day in [term.day] if term.span == Span.DAY else days_of(term):
            covered[day] += term.sign
    wanted = {day: (since is None or since <= day) and (until is None or day <= until) for day in EVERY}
    assert covered == wanted


@given(since=days, until=days)
def test_a_period_of_any_length_is_few_terms(since: date | None, until: date | None) -> None:
    assert len(terms(since, until, YEARS)) <= 48  # two months' halves and two years' halves


def test_a_year_that_begins_late_is_the_year_without_its_beginning() -> None:
    assert terms(date(2024, 1, 3), date(2025, 1, 1), YEARS) == [
        Term(Span.YEAR, date(2024, 1, 1)),
        Term(Span.DAY, date(2024, 1, 1), -1),
        Term(Span.DAY, date(2024, 1, 2), -1),
        Term(Span.DAY, date(2025, 1, 1)),
    ]


def test_days_that_follow_each_other_are_one_run() -> None:
    added = [Term(Span.DAY, date(2024, 3, day)) for day in (30, 31)] + [Term(Span.DAY, date(2024, 4, 1))]
    taken = [Term(Span.DAY, date(2024, 4, day), -1) for day in (2, 4)]
    assert runs([*added, *taken]) == [(added[0], added[2]), (taken[0], taken[0]), (taken[1], taken[1])]
    assert runs([]) == []


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, [Term(Span.EVER, EVER)]),
        (date(2024, 2, 1), date(2024, 2, 29), [Term(Span.MONTH, date(2024, 2, 1))]),
        (None, date(2026, 12, 31), [Term(Span.EVER, EVER)]),
        (date(2026, 3, 1), date(2026, 2, 28), []),
        (date(2030, 1, 1), None, []),
    ],
)
def test_what_is_whole_is_one_term(since: date | None, until: date | None, expected: list[Term]) -> None:
    assert terms(since, until, YEARS) == expected


def test_where_nothing_was_counted_there_is_nothing_to_add() -> None:
    assert terms(date(2024, 1, 1), None, range(0)) == []
    assert terms(None, None, range(0)) == [Term(Span.EVER, EVER)]
