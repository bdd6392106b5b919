"""Several cases at one press, seen before it happens; and ten seconds in which a dispatch can be taken back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from wangge.audit.models import Event
from wangge.cases import actions, undoing
from wangge.cases.models import Case
from wangge.cases.queries.together import Choice, plan
from wangge.cases.tests.cast import Cast
from wangge.cases.tests.screens import PART, at_desk, words_of
from wangge.cases.workflow import Stage
from wangge.common.refusals import Refused

pytestmark = pytest.mark.django_db

PAGE = "/desk/dispatches/"


def filed(cast: Cast, count: int) -> list[Case]:
    cast.lamps  # noqa: B018  # the duty list must exist
    return [cast.case_at(Stage.FILED) for _ in range(count)]


def dispatched_just_now(cast: Cast) -> Case:
    [case] = filed(cast, 1)
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=timezone.now())
    return case


# -- Together ------------------------------------------------------------------------------------------


def test_the_page_says_where_each_case_would_go_and_why_and_moves_nothing(cast: Cast) -> None:
    cases = filed(cast, 2)
    shown = words_of(at_desk(cast.dispatcher).get(PAGE))
    for case in cases:
        assert case.number in shown
    assert cast.lamps.name in shown
    assert Case.objects.filter(stage=Stage.FILED).count() == 2


def test_what_is_marked_is_dispatched_as_it_was_shown(cast: Cast) -> None:
    first, second = filed(cast, 2)
    [choice] = [one.choice for one in plan(cast.dispatcher, timezone.now()) if one.case == first]
    answer = at_desk(cast.dispatcher).post(PAGE, {"case": str(choice)})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.stage, first.unit, second.stage) == (Stage.DISPATCHED, cast.lamps, Stage.FILED)
    assert [one.number for one in answer.context["done"]] == [first.number]
    event = Event.objects.filter(subject_id=first.pk, verb="dispatch").get()
    assert event.payload.data["why"] != ""


def test_what_moved_meanwhile_stays_and_says_so_and_the_rest_goes(cast: Cast) -> None:
    first, second = filed(cast, 2)
    marked = [str(one.choice) for one in plan(cast.dispatcher, timezone.now())]
    actions.comment_case(first, note="请等一下", by=cast.duty_chief)
    answer = at_desk(cast.dispatcher).post(PAGE, {"case": marked})
    assert [one.number for one in answer.context["stayed"]] == [first.number]
    assert answer.context["stayed"][0].refused in words_of(answer)
    second.refresh_from_db()
    assert second.stage == Stage.DISPATCHED


def test_nothing_marked_and_nonsense_are_answered_in_words(cast: Cast) -> None:
    [case] = filed(cast, 1)
    assert at_desk(cast.dispatcher).post(PAGE, {"case": ["", "x", "1 x y"]}).status_code == 422
    [unknown] = at_desk(cast.dispatcher).post(PAGE, {"case": "2026-9999999 1 QL"}).context["stayed"]
    assert unknown.refused
    gone = str(Choice(case.number, case.event_seq, "NO-SUCH-UNIT"))
    [stayed] = at_desk(cast.dispatcher).post(PAGE, {"case": gone}).context["stayed"]
    assert stayed.refused
    assert Case.objects.get(pk=case.pk).stage == Stage.FILED


def test_only_the_dispatcher_of_the_place_dispatches_together(cast: Cast) -> None:
    filed(cast, 1)
    assert at_desk(cast.acceptor).get(PAGE).status_code == 403
    assert at_desk(cast.clerk).post(PAGE, {"case": "x"}).status_code == 403
    assert reverse("cases:dispatches") in at_desk(cast.dispatcher).get("/desk/?queue=filed").content.decode()
    assert (
        reverse("cases:dispatches") not in at_desk(cast.acceptor).get("/desk/?queue=filed").content.decode()
    )


def test_all_that_went_together_comes_back_together(cast: Cast) -> None:
    cases = filed(cast, 2)
    browser = at_desk(cast.dispatcher)
    browser.post(PAGE, {"case": [str(one.choice) for one in plan(cast.dispatcher, timezone.now())]})
    answer = browser.post(reverse("cases:undo_dispatches"), {"number": [case.number for case in cases]})
    assert answer.headers["Location"] == PAGE
    assert Case.objects.filter(stage=Stage.FILED, unit=None).count() == 2


# -- Undo ----------------------------------------------------------------------------------------------


def test_a_dispatch_can_be_taken_back_for_ten_seconds_by_whoever_dispatched(cast: Cast) -> None:
    case = dispatched_just_now(cast)
    url = reverse("cases:undo", args=[case.number])
    assert url in at_desk(cast.dispatcher).get(reverse("cases:case", args=[case.number])).content.decode()
    answer = at_desk(cast.dispatcher).post(url, headers=PART)
    assert answer.headers["HX-Retarget"] == "#matter"
    case.refresh_from_db()
    assert (case.stage, case.unit) == (Stage.FILED, None)
    verbs = list(Event.objects.filter(subject_id=case.pk).order_by("seq").values_list("verb", flat=True))
    assert verbs[-2:] == ["dispatch", "recall"]
    assert url not in at_desk(cast.dispatcher).get(reverse("cases:case", args=[case.number])).content.decode()


def test_nobody_else_is_offered_it_and_later_nobody(cast: Cast) -> None:
    case = dispatched_just_now(cast)
    now = timezone.now()
    assert undoing.can_undo(case, cast.dispatcher, now)
    assert not undoing.can_undo(case, cast.duty_chief, now)
    assert not undoing.can_undo(case, cast.dispatcher, now + timedelta(seconds=11))
    with pytest.raises(Refused):
        undoing.undo(case, by=cast.dispatcher, at=now + timedelta(seconds=16))


def test_it_is_too_late_when_the_unit_has_accepted(cast: Cast) -> None:
    case = dispatched_just_now(cast)
    actions.accept_case(case, by=cast.clerk, at=timezone.now())
    with pytest.raises(Refused):
        undoing.undo(case, by=cast.dispatcher, at=timezone.now())
    assert Case.objects.get(pk=case.pk).stage == Stage.HANDLING
