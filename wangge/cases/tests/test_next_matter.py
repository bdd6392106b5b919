"""Take next: the most urgent matter that waits for somebody and that nobody has open; by button, key and API."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from wangge.accounts.models import Account, Role
from wangge.audit.models import Event
from wangge.cases import actions
from wangge.cases.actions import next_matter
from wangge.cases.actions.next_matter import TAKEN_FOR
from wangge.cases.actions.presence import SILENT, come
from wangge.cases.models import Case, Claim
from wangge.cases.tests.cast import IN_GRID_B, NOON, Cast
from wangge.cases.tests.screens import PART, at_desk, words_of
from wangge.cases.workflow import Stage
from wangge.common.refusals import Refused

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=30)


def test_the_most_urgent_first_and_never_twice(cast: Cast) -> None:
    second, first = cast.report(at=NOON + timedelta(minutes=5)), cast.report(at=NOON)
    events = Event.objects.count()
    assert actions.take_next(by=cast.acceptor, at=LATER) == first
    assert actions.take_next(by=cast.duty_chief, at=LATER) == second, "the first is taken"
    with pytest.raises(Refused):
        actions.take_next(by=cast.acceptor, at=LATER)
    assert Event.objects.count() == events, "taking moves nothing"


def test_a_claim_lapses_and_is_forgotten(cast: Cast) -> None:
    report = cast.report()
    actions.take_next(by=cast.acceptor, at=LATER)
    other = cast.report(at=LATER)
    after = LATER + TAKEN_FOR
    assert actions.take_next(by=cast.duty_chief, at=after) == report, "whoever took it did not open it"
    assert Claim.objects.get().account == cast.duty_chief
    actions.take_next(by=cast.duty_chief, at=after + TAKEN_FOR)
    actions.take_next(by=cast.acceptor, at=after + TAKEN_FOR)
    assert {claim.subject_id for claim in Claim.objects.all()} == {report.pk, other.pk}


def test_what_somebody_has_open_is_nobodys_next(cast: Cast) -> None:
    opened, free = cast.report(at=NOON), cast.report(at=NOON + timedelta(minutes=5))
    come(opened, by=cast.duty_chief, at=LATER)
    assert actions.take_next(by=cast.acceptor, at=LATER + timedelta(seconds=10)) == free
    assert actions.take_next(by=cast.acceptor, at=LATER + SILENT) == opened, "the page was closed"


def test_what_a_colleague_moved_meanwhile_is_not_taken(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    filed, waits = cast.report(at=NOON), cast.report(at=NOON + timedelta(minutes=5))
    chosen = next_matter._waiting

    def slowly(by: Account, at: datetime) -> Iterator[Any]:
        for number, one in enumerate(list(chosen(by, at))):
            if number == 0:
                cast.file(filed)
            yield one

    monkeypatch.setattr(next_matter, "_waiting", slowly)
    assert actions.take_next(by=cast.acceptor, at=LATER) == waits


def test_everybody_gets_what_waits_for_their_post_at_their_desk(cast: Cast) -> None:
    filed, passed, received = cast.case_at(Stage.FILED), cast.case_at(Stage.PASSED), cast.report(IN_GRID_B)
    late = NOON + timedelta(hours=6)
    assert actions.take_next(by=cast.dispatcher, at=late) == filed
    assert {actions.take_next(by=cast.duty_chief, at=late).pk for _ in range(2)} == {passed.pk, received.pk}
    for nobody in (cast.clerk, cast.grid_worker, cast.overseer):
        with pytest.raises(Refused):
            actions.take_next(by=nobody, at=late)
    with pytest.raises(Refused):
        actions.take_next(by=cast.stranger, at=late)


def test_a_desk_below_is_not_given_what_was_handed_up(cast: Cast) -> None:
    chief = cast.person("street_chief", "街道值班长", Role.DUTY_CHIEF, cast.place.street)
    dispatcher = cast.person("street_dispatcher", "街道派遣员", Role.DISPATCHER, cast.place.street)
    assert cast.duty_chief
    case = actions.file_report(cast.report(), condition=cast.condition, by=chief, at=NOON)
    actions.hand_up(case, note="街道办不了", by=chief, at=LATER)
    with pytest.raises(Refused):
        actions.take_next(by=dispatcher, at=LATER)
    assert actions.take_next(by=cast.dispatcher, at=LATER) == case


def test_a_confidential_matter_is_given_only_to_its_handlers(cast: Cast) -> None:
    report = cast.report(confidential=True)
    with pytest.raises(Refused):
        actions.take_next(by=cast.acceptor, at=LATER)
    assert actions.take_next(by=cast.duty_chief, at=LATER) == report


def test_the_button_leads_to_the_matter_and_says_when_nothing_is_left(cast: Cast) -> None:
    report = cast.report(at=timezone.now())
    browser = at_desk(cast.acceptor)
    assert "data-take-next" in browser.get("/desk/").content.decode()
    taken = browser.post("/desk/next/")
    assert (taken.status_code, taken["Location"]) == (302, f"/reports/{report.number}/")
    assert "data-take-next" in browser.get(taken["Location"]).content.decode(), "on to the next from there"
    nothing = browser.post("/desk/next/", follow=True)
    assert nothing.redirect_chain[-1][0] == "/desk/"
    assert "没有" in words_of(nothing)
    part = browser.post("/desk/next/", headers=PART)
    assert 'id="matter"' in part.content.decode()
    assert "没有" in words_of(part)


def test_who_has_nothing_to_take_sees_no_button(cast: Cast) -> None:
    assert "data-take-next" not in at_desk(cast.overseer).get("/desk/", follow=True).content.decode()
    assert at_desk(cast.acceptor).get("/desk/next/").status_code == 405


def test_the_next_by_api(cast: Cast) -> None:
    case = cast.case_at(Stage.FILED)
    browser = at_desk(cast.dispatcher)
    taken = browser.post("/api/v1/desk/next")
    assert taken.status_code == 200
    assert (taken.json()["kind"], taken.json()["number"], taken.json()["stage"]) == (
        "case",
        case.number,
        "filed",
    )
    assert taken.json()["seen"] == Case.objects.get().event_seq
    assert browser.post("/api/v1/desk/next").status_code == 409
    assert at_desk(cast.clerk).post("/api/v1/desk/next").status_code == 403
