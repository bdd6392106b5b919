"""What was escalated, as people find it: by their post, in the desk's queue, on the matter; and what reached nobody."""

from datetime import date, timedelta

import pytest

from wangge.accounts.models import Role
from wangge.accounts.tests.people import administrator
from wangge.cases import actions
from wangge.cases.escalation.looking import look
from wangge.cases.models import Case, ClockKind, Ladder, Rung
from wangge.cases.queries.escalations import came_to_person
from wangge.cases.tests.cast import Cast
from wangge.cases.tests.screens import at_desk, words_of
from wangge.cases.tests.test_escalation import DUE, LATE, MONDAY, TUESDAY, lead_of
from wangge.cases.workflow import Stage
from wangge.insight.measures import COULD_NOT, ESCALATED, Look
from wangge.territory.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> Case:
    """Overdue; only the ladder of handling is in force."""
    Ladder.objects.exclude(clock=ClockKind.HANDLE).update(in_force=False)
    return cast.case_at(Stage.HANDLING)


def numbers(person: object) -> list[str]:
    found = came_to_person(person, TUESDAY)  # type: ignore[arg-type]
    return [one.row.subject.number for one in found.matters]  # type: ignore[misc]


def test_it_is_found_by_whoever_it_came_to_and_by_nobody_else(cast: Cast, case: Case) -> None:
    lead = lead_of(cast)
    look(MONDAY + LATE)

    assert numbers(lead) == [case.number]
    assert numbers(cast.duty_chief) == [case.number]
    assert [numbers(who) for who in (cast.overseer, cast.clerk, cast.stranger, cast.grid_worker)] == [
        [],
        [],
        [],
        [],
    ]


def test_a_new_overseer_finds_the_open_cases_at_once(cast: Cast, case: Case) -> None:
    """Peers' bug 8: what came to a post is there for whoever holds it next."""
    old = cast.overseer
    look(TUESDAY + LATE)
    assert numbers(old) == [case.number]

    Post.objects.filter(account=old).update(ends_on=date(2026, 6, 11))
    new = cast.person("new_overseer", "新督办人", Role.OVERSEER, cast.place.county)
    del old._scope  # type: ignore[attr-defined]  # a scope is remembered for the length of a request
    assert (numbers(new), numbers(old)) == ([case.number], [])


def test_the_page_says_to_whom_why_and_when(cast: Cast, case: Case) -> None:
    look(MONDAY + LATE)
    page = at_desk(cast.duty_chief).get("/escalations/")

    assert page.status_code == 200
    assert case.number in words_of(page)
    assert "升级给 值班长 · 区县" in words_of(page)


def test_an_empty_list_says_so(cast: Cast) -> None:
    assert "没有升级给您的事项" in words_of(at_desk(cast.duty_chief).get("/escalations/"))


def test_the_case_says_to_whom_it_was_escalated_and_so_does_its_timeline(cast: Cast, case: Case) -> None:
    look(DUE + LATE)
    words = words_of(at_desk(cast.duty_chief).get(f"/cases/{case.number}/"))

    assert "处理：时限已用完" in words
    assert "超期，已升级" in words
    assert "时限已用完" in words.rpartition("升级给")[2]


def test_the_desk_has_a_queue_of_it(cast: Cast, case: Case) -> None:
    look(DUE + LATE)
    words = words_of(at_desk(cast.duty_chief).get("/desk/?queue=escalated"))

    assert case.number in words
    assert case.number not in words_of(at_desk(cast.stranger).get("/desk/?queue=escalated"))


def test_a_named_fallback_without_a_post_there_may_open_what_came_to_them(cast: Cast, case: Case) -> None:
    Rung.objects.filter(ladder__clock="handle", ordinal=1).update(fallback_account=cast.stranger)
    browser = at_desk(cast.stranger)
    assert browser.get(f"/cases/{case.number}/").status_code == 404

    look(DUE + LATE)
    assert browser.get(f"/cases/{case.number}/").status_code == 200
    assert case.number in words_of(browser.get("/escalations/"))


# -- Nobody ------------------------------------------------------------------------------------------------


def nobody(cast: Cast) -> None:
    Post.objects.filter(role__in=["duty_chief", "overseer"]).update(ends_on=date(2026, 6, 1))


def test_what_reached_nobody_is_counted_and_listed_for_overseers(cast: Cast, case: Case) -> None:
    nobody(cast)
    look(DUE + LATE)
    overseer = cast.overseer  # comes back later

    assert COULD_NOT.number(Look(overseer, DUE + LATE)) == ESCALATED.number(Look(overseer, DUE + LATE)) == 1
    words = words_of(at_desk(overseer).get("/escalations/unreached/"))
    assert case.number in words
    assert case.number in words_of(at_desk(overseer).get("/overview/list/?what=could_not_escalate"))


def test_the_system_administrator_sees_it_without_being_let_in(cast: Cast, case: Case) -> None:
    admin = administrator()
    nobody(cast)
    look(DUE + LATE)
    page = at_desk(admin).get("/escalations/unreached/")

    assert case.number in words_of(page)
    assert f"/cases/{case.number}/" not in page.content.decode()


def test_a_confidential_matter_shows_an_administrator_its_number_only(cast: Cast, case: Case) -> None:
    admin = administrator()
    actions.hide_case(
        case, handlers=[cast.clerk, cast.duty_chief], by=cast.duty_chief, at=DUE - timedelta(hours=5)
    )
    nobody(cast)
    look(DUE + LATE)
    words = words_of(at_desk(admin).get("/escalations/unreached/"))

    assert case.number in words
    assert case.matter.label not in words


@pytest.mark.parametrize("who", ["clerk", "dispatcher", "grid_worker"])
def test_the_list_of_what_reached_nobody_is_not_for_everybody(cast: Cast, who: str) -> None:
    assert at_desk(getattr(cast, who)).get("/escalations/unreached/").status_code == 403
