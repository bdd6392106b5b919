"""Every measure by its worked example: a month one can count by hand."""

from copy import deepcopy
from datetime import timedelta

import pytest

from wangge.cases import actions
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.tests.screens import at_desk, words_of
from wangge.cases.workflow import Stage
from wangge.insight.measures import BY_CODE, IN_TIME, MEASURES, REWORK, Look, share
from wangge.insight.queries.figures import figures

pytestmark = pytest.mark.django_db

EXPECTED = {
    "received": 4,  # three reports and the one of the case filed today
    "filed": 1,
    "closed": 1,
    "open": 3,
    "at_received": 3,
    "at_verifying": 1,
    "at_filed": 1,
    "at_arbitrating": 0,
    "at_dispatched": 1,
    "at_handling": 1,
    "at_suspended": 0,
    "at_done": 0,
    "at_checking": 0,
    "at_passed": 0,
    "overdue": 1,
    "amber": 1,
    "overdue_reports": 1,
    # Nobody looked at the deadlines in this month; cases/tests/test_escalation_pages.py counts what a look does.
    "escalated": 0,
    "could_not_escalate": 0,
    "could_not_escalate_reports": 0,
    "rework": 0,  # a story of its own below
    "filed_lately": 9,
    "closed_lately": 6,
    "closed_in_time": 4,
    "closed_of_limited": 5,
    "due_and_open": 1,
    "should_close": 6,
}


@pytest.fixture
def cast(told_month: Cast, db: None) -> Cast:
    return deepcopy(told_month)


def test_every_measure_has_a_worked_example() -> None:
    assert set(EXPECTED) == set(BY_CODE)
    assert len(BY_CODE) == len(MEASURES), "a code names one measure"


@pytest.mark.parametrize("code", EXPECTED)
def test_the_worked_example_holds(look: Look, code: str) -> None:
    measure = BY_CODE[code]
    assert measure.number(look) == EXPECTED[code]
    assert len(measure.rows(look)) == EXPECTED[code]


def test_the_in_time_rate_is_closed_in_time_of_what_should_be_closed(look: Look) -> None:
    rate = figures(look).in_time
    assert (rate.part.number, rate.whole.number) == (4, 6)
    assert rate.per_cent == pytest.approx(66.67, abs=0.01)
    assert (IN_TIME.part.number(look), IN_TIME.whole.number(look)) == (4, 6)


def test_over_nothing_there_is_no_rate(cast: Cast, look: Look) -> None:
    assert share(0, 0) is None
    nothing = figures(look.at(path=cast.place.elsewhere.path))
    assert nothing.in_time.per_cent is None


def test_rework_is_counted_until_it_is_closed_and_its_number_opens_a_list_as_long(cast: Cast) -> None:
    case, look = cast.case_at(Stage.CHECKING), Look(cast.overseer, NOON + timedelta(days=3))
    assert figures(look).rework.number == 0
    cast.fail(case, NOON + timedelta(days=1))
    counted = figures(look).rework
    assert (counted.number, [*REWORK.rows(look)]) == (1, [case])
    listed = words_of(at_desk(cast.overseer).get(counted.url))
    assert case.number in listed
    cast.finish(case, NOON + timedelta(days=1, hours=2))
    actions.pass_check(case, note="亮了", by=cast.grid_worker, at=NOON + timedelta(days=1, hours=3))
    actions.close_case(case, answer="已修好", by=cast.duty_chief, at=NOON + timedelta(days=1, hours=4))
    assert figures(look).rework.number == 0


def test_measures_have_words() -> None:
    for words in [(m.label, m.says) for m in MEASURES] + [(IN_TIME.label, IN_TIME.says)]:
        assert all(map(str, words))
        assert str(words[1]).endswith((".", "。"))
