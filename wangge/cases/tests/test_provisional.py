"""A deadline in a year whose days are not published yet says so wherever it is shown."""

from datetime import datetime

import pytest

from wangge.cases import actions
from wangge.cases.models import Case, Clock
from wangge.cases.queries.rows import provisional_of
from wangge.cases.tests.cast import NOON, SHANGHAI, Cast
from wangge.cases.tests.screens import at_desk, words_of
from wangge.cases.workflow import Stage

pytestmark = pytest.mark.django_db

NEW_YEARS_EVE = datetime(2026, 12, 31, 10, 0, tzinfo=SHANGHAI)


def late_in_the_year(cast: Cast) -> Case:
    """A case dispatched on the last day of 2026 with two working days: due in 2027."""
    case = actions.file_report(
        cast.report(at=NEW_YEARS_EVE), condition=cast.condition, by=cast.duty_chief, at=NEW_YEARS_EVE
    )
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=NEW_YEARS_EVE)
    return case


def test_lists_of_the_desk_and_of_the_unit_say_so(cast: Cast) -> None:
    case, sure = late_in_the_year(cast), cast.case_at(Stage.DISPATCHED)
    assert provisional_of([case, sure], NOON) == {case.pk}
    for person, address in ((cast.dispatcher, "/desk/?queue=dispatched"), (cast.clerk, "/unit/")):
        page = at_desk(person).get(address)
        assert words_of(page).count("暂定") == 1, address


def test_only_the_deadline_shown_counts(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    Clock.objects.filter(case=case, kind="whole").update(provisional=True)
    assert provisional_of([case], NOON) == set(), "the stage's own deadline is sure"
    assert case.due_at != case.whole_due_at
    Clock.objects.filter(case=case, kind="handle").update(
        provisional=True, stopped_at=NOON.replace(year=2027)
    )
    assert provisional_of([case], NOON) == set(), "what has stopped is shown nowhere"


def test_the_api_says_so(cast: Cast) -> None:
    case, sure = late_in_the_year(cast), cast.case_at(Stage.DISPATCHED)
    listed = at_desk(cast.dispatcher).get("/api/v1/cases").json()
    assert {one["number"]: one["provisional"] for one in listed} == {case.number: True, sure.number: False}
    assert at_desk(cast.clerk).get(f"/api/v1/cases/{case.number}").json()["provisional"] is True
