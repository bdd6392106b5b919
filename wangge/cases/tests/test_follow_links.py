"""A link in a message opens one report, for half a year, and cannot be made up."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from wangge.cases.follow_links import LENGTH, OPENS_FOR, report_of, token_of
from wangge.cases.tests.cast import NOON
from wangge.common.ids import uuid7


def test_a_link_opens_its_report_until_it_is_too_old() -> None:
    report = uuid7()
    token = token_of(report, at=NOON)
    assert len(token) == LENGTH
    assert report_of(token, at=NOON + OPENS_FOR) == report
    assert report_of(token, at=NOON + OPENS_FOR + timedelta(days=1)) is None


def test_links_to_two_reports_differ_and_a_new_link_opens_longer() -> None:
    one = uuid7()
    assert token_of(one, at=NOON) != token_of(uuid7(), at=NOON)
    assert token_of(one, at=NOON) != token_of(one, at=NOON + timedelta(days=1))


@given(st.integers(0, LENGTH - 1), st.sampled_from("ABCabc019-_"))
def test_an_altered_link_opens_nothing(place: int, letter: str) -> None:
    report = uuid7()
    token = token_of(report, at=NOON)
    altered = token[:place] + letter + token[place + 1 :]
    opened = report_of(altered, at=NOON)
    # The last letter carries two bits of padding: a change there may be none.
    assert opened is None or (opened == report and (altered == token or place == LENGTH - 1))


@given(st.text(max_size=60))
def test_nonsense_opens_nothing(text: str) -> None:
    assert report_of(text, at=NOON) is None
