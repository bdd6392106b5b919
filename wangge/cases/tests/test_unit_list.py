"""The unit's list: what must be accepted, what is in hand, what is being checked, what went back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from wangge.cases import actions
from wangge.cases.models import Case
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.tests.screens import at_desk, words_of
from wangge.cases.workflow import Stage

pytestmark = pytest.mark.django_db

LIST = "/unit/"


def parts(cast: Cast) -> dict[str, list[str]]:
    context = at_desk(cast.clerk).get(LIST).context
    return {part.code: [row.subject.number for row in part.rows] for part in context["parts"]}


def test_each_case_stands_in_the_part_of_its_stage(cast: Cast) -> None:
    cases = {
        stage: cast.case_at(stage)
        for stage in (Stage.DISPATCHED, Stage.HANDLING, Stage.CHECKING, Stage.PASSED)
    }
    cast.case_at(Stage.FILED)
    found = parts(cast)
    assert found["accept"] == [cases[Stage.DISPATCHED].number]
    assert found["hand"] == [cases[Stage.HANDLING].number]
    assert set(found["check"]) == {cases[Stage.CHECKING].number, cases[Stage.PASSED].number}


def test_a_case_is_accepted_from_its_row(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    form = {"seen": case.event_seq, "next": "unit"}
    response = at_desk(cast.clerk).post(reverse("cases:case_step", args=[case.number, "acceptance"]), form)
    assert response.headers["Location"] == LIST
    assert parts(cast)["hand"] == [case.number]


def test_what_was_sent_back_is_remembered_without_the_case(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    actions.send_back_case(case, reason=cast.send_back_reason, note="灯杆属于供电公司", by=cast.clerk)
    page = at_desk(cast.clerk).get(LIST)
    assert "灯杆属于供电公司" in words_of(page)
    assert not [number for numbers in parts(cast).values() for number in numbers]


def test_another_unit_sees_none_of_it(cast: Cast) -> None:
    cast.case_at(Stage.DISPATCHED)
    context = at_desk(cast.other_clerk).get(LIST).context
    assert [part.count for part in context["parts"]] == [0, 0, 0, 0, 0]


def test_the_list_is_for_clerks_and_leads(cast: Cast) -> None:
    assert at_desk(cast.duty_chief).get(LIST).status_code == 403
    assert Client().get(LIST).headers["Location"].startswith(reverse("accounts:sign_in"))


def test_statements_do_not_grow_with_the_cases(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = at_desk(cast.clerk)
    client.get(LIST)
    for _ in range(12):
        case = cast.file(cast.report())
        actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher)
    with django_assert_max_num_queries(16):
        assert client.get(LIST).context["parts"][0].count == 12
    assert Case.objects.count() == 12


def test_rework_is_marked_with_what_and_how_often(cast: Cast) -> None:
    first_time, twice = cast.case_at(Stage.HANDLING), cast.case_at(Stage.CHECKING)
    for number in (1, 2):
        cast.fail(twice, NOON + timedelta(days=1, hours=2 * number))
        if number == 1:
            cast.finish(twice, NOON + timedelta(days=1, hours=3))
    reopened = cast.case_at(Stage.CLOSED)
    at = NOON + timedelta(days=2)
    actions.reopen_case(reopened, note="又不亮了", by=cast.duty_chief, at=at)
    actions.dispatch_case(reopened, to=cast.lamps, by=cast.dispatcher, at=at)
    page = at_desk(cast.clerk).get(LIST)
    marks = {
        row.subject.number: (row.failed, row.reopened) for part in page.context["parts"] for row in part.rows
    }
    assert marks == {first_time.number: (0, 0), twice.number: (2, 0), reopened.number: (0, 1)}
    words = words_of(page)
    assert "返工：核查未通过 2 次" in words
    assert "重开 1 次" in words
    assert page.context["reworked"] == 2
    [address] = re.findall(r'href="(\?rework=1)"', page.content.decode())
    narrowed = at_desk(cast.clerk).get(LIST + address)
    found = [row.subject.number for part in narrowed.context["parts"] for row in part.rows]
    assert sorted(found) == sorted([twice.number, reopened.number]), "as many as the number said"
    assert sum(part.count for part in narrowed.context["parts"]) == page.context["reworked"]
    [back] = re.findall(r'name="next" value="(\w+)"', narrowed.content.decode())
    accepted = at_desk(cast.clerk).post(
        f"/cases/{reopened.number}/acceptance/", {"seen": reopened.event_seq, "next": back}
    )
    assert accepted["Location"] == LIST + address, "whoever accepts one goes on among the others"
