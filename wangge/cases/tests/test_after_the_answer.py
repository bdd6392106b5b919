"""What comes after an answer: a reporter who is not content, words for one reader, and what the public may see."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from wangge.audit.models import Event
from wangge.audit.tests.tampering import by_hand
from wangge.cases import actions
from wangge.cases.models import Case, Clock, ClockKind, Exclusion, Report
from wangge.cases.queries import public
from wangge.cases.queries.buttons import expected_step
from wangge.cases.queries.rows import rows_of
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.tests.screens import at_desk, take, words_of
from wangge.cases.workflow import REOPEN, Stage

pytestmark = pytest.mark.django_db
UNSOLVED = {"queue": "unsolved"}


def complaint(cast: Cast) -> Case:
    """A closed case whose reporter says that the lamp is still dark."""
    case = cast.case_at(Stage.CLOSED)
    report = Report.objects.get(case=case)
    at = NOON + timedelta(hours=9)
    actions.rate_report(report, solved=False, result=1, attitude=3, words="灯还是不亮", at=at)
    return case


def test_not_solved_waits_for_the_duty_chief_until_it_is_reopened(cast: Cast) -> None:
    case = complaint(cast)
    cast.case_at(Stage.CLOSED)
    desk = at_desk(cast.duty_chief)
    rows = desk.get("/desk/", UNSOLVED).context["page"].rows
    assert [row.subject for row in rows] == [case]
    assert expected_step(case) == REOPEN
    assert take(cast.duty_chief, case, "reopen", note="再派一次").status_code == 302
    assert not desk.get("/desk/", UNSOLVED).context["page"].rows


def test_the_desk_reads_the_rating_on_the_page_of_the_case_and_the_unit_does_not(cast: Cast) -> None:
    case = complaint(cast)
    address = reverse("cases:case", args=[case.number])
    assert "灯还是不亮" in words_of(at_desk(cast.duty_chief).get(address))
    page = at_desk(cast.duty_chief).get(address).context["page"]
    assert page.buttons[0].step == REOPEN
    assert page.buttons[0].primary
    rated = next(entry for entry in page.entries if entry.verb == "rate")
    assert len(rated.told) == 3
    assert "灯还是不亮" not in words_of(at_desk(cast.clerk).get(address))


def test_the_note_of_a_refusal_is_for_the_reporter_alone(cast: Cast) -> None:
    report = cast.report()
    reason = Exclusion.objects.order_by("pk")[0]
    actions.decline_report(report, reason=reason, by=cast.acceptor, note="王女士，请找物业")
    shown = public.matter(report.number)
    assert shown is not None
    assert reason.text in shown.answer
    assert "王女士" not in shown.answer
    followed = words_of(Client().get(reverse("intake:follow", args=[report.code])))  # type: ignore[attr-defined]
    assert "王女士，请找物业" in followed
    assert reason.text in followed


def test_publishing_and_withdrawing_words_leave_their_events(cast: Cast) -> None:
    report = cast.report()
    before = report.updated_at
    at = NOON + timedelta(hours=1)
    actions.publish_report(report, text="路灯不亮", by=cast.acceptor, at=at)
    assert report.updated_at == at > before
    actions.publish_report(report, text="", by=cast.duty_chief, at=at + timedelta(hours=1))
    assert report.published_at is None
    events = Event.objects.filter(subject_id=report.pk, verb="publish").order_by("seq")
    assert [(e.actor, e.payload.data["publication"]) for e in events] == [
        (cast.acceptor, "words_published"),
        (cast.duty_chief, "words_withheld"),
    ]
    assert report.stage == Stage.RECEIVED


def test_photos_shown_and_taken_back_leave_their_events(cast: Cast) -> None:
    case = cast.case_at(Stage.CLOSED)
    photo = cast.after_photo(case, NOON)
    desk = at_desk(cast.acceptor)
    address = reverse("cases:case_photo", args=[case.number, photo.pk])
    for decision in ("publish", "withhold"):
        assert desk.post(address, {"decision": decision}).status_code == 302
    events = Event.objects.filter(subject_id=case.pk, verb="publish_photo").order_by("seq")
    assert [e.payload.data["publication"] for e in events] == ["photo_published", "photo_withheld"]
    photo.refresh_from_db()
    assert not photo.is_public


def test_a_unit_that_does_not_accept_in_time_is_shown_to_the_dispatcher(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    clock = Clock.objects.get(case=case, kind=ClockKind.SIGN_OFF)
    loaded = list(Case.objects.select_related("matter", "current_grid", "unit"))
    assert [row.unsigned for row in rows_of(loaded, clock.due_at)] == [False]
    assert [row.unsigned for row in rows_of(loaded, clock.due_at + timedelta(seconds=1))] == [True]
    with by_hand():
        Clock.objects.filter(pk=clock.pk).update(due_at=NOON)
    Case.objects.filter(pk=case.pk).update(filed_at=NOON)
    page = at_desk(cast.dispatcher).get(reverse("cases:case", args=[case.number])).context["page"]
    assert ClockKind.SIGN_OFF in [line.clock.kind for line in page.clocks]


def test_the_page_says_how_often_a_case_was_sent_back(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    address = reverse("cases:case", args=[case.number])
    desk = at_desk(cast.dispatcher)
    assert desk.get(address).context["page"].sent_back == 0
    actions.send_back_case(case, reason=cast.send_back_reason, note="不归我们", by=cast.clerk)
    assert desk.get(address).context["page"].sent_back == 1


def test_what_channels_note_is_told_in_words_and_the_same_matter_is_preselected(cast: Cast) -> None:
    known = cast.report()
    case = cast.file(known)
    given = {"group": "light", "same_as": known.number, "media_url": ["https://example.org/a.jpg"]}
    report = cast.report(attributes=given)
    page = at_desk(cast.acceptor).get(reverse("cases:report", args=[report.number]))
    labels = [answer.label for answer in page.context["page"].told[0].answers]
    assert not {"group", "same_as", "media_url"} & set(labels)
    assert reverse("cases:report", args=[known.number]) in page.content.decode()
    form = (
        at_desk(cast.acceptor)
        .get(reverse("cases:report_step", args=[report.number, "joining"]))
        .context["form"]
    )
    assert case.number in (form["near"].value(), form["number"].value())
