"""The story of a lamp through the forms of its pages, and what a form does when things go otherwise."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from wangge.accounts.models import Unit
from wangge.attachments.models import Attachment, Purpose
from wangge.attachments.tests import samples
from wangge.audit.models import Event
from wangge.cases import actions
from wangge.cases.models import Case, ClockKind, Report
from wangge.cases.permissions import refusal
from wangge.cases.queries.buttons import buttons_of, step_url
from wangge.cases.tests.cast import IN_GRID_C, NOON, Cast
from wangge.cases.tests.screens import PART, at_desk, take, words_of
from wangge.cases.workflow import BY_VERB, DISPATCH, FILE, Stage
from wangge.common.refusals import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(tmp_path: Any, settings: Any) -> None:
    settings.FILES_DIR = tmp_path


def upload(name: str = "after.jpg") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, samples.jpeg(40, 30), "image/jpeg")


def fresh(subject: Any) -> Any:
    return type(subject).objects.get(pk=subject.pk)


def test_every_step_is_taken_through_its_form_by_whoever_it_is_for(cast: Cast) -> None:
    report, lamps = cast.report(), cast.lamps

    take(cast.acceptor, report, "verify", note="看一下是哪一盏")
    assert fresh(report).stage == Stage.VERIFYING
    take(cast.neighbour, report, "find", finding="confirmed", note="灯杆A12", photos=upload())
    assert fresh(report).finding == "confirmed"
    take(
        cast.duty_chief,
        report,
        "file",
        matter=cast.lamp.pk,
        condition=cast.condition.pk,
        publish_text="路灯不亮",
    )
    case = fresh(report).case
    assert case.condition == cast.condition
    assert fresh(report).public_text == "", "words become public only by the tick"

    take(cast.dispatcher, case, "dispatch", unit=lamps.pk, note="请尽快")
    assert fresh(case).unit == lamps
    event = Event.objects.get(subject_id=case.pk, verb="dispatch")
    assert event.payload.data["why"], "the duty list's reason is written down"
    take(cast.dispatcher, case, "recall", note="派错了")
    take(cast.dispatcher, case, "dispatch", unit=lamps.pk)
    take(
        cast.clerk, case, "send_back", reason="not_our_duty", legal_basis="权责清单第3条", note="属于供电公司"
    )
    assert fresh(case).stage == Stage.FILED
    assert "权责清单第3条" in Event.objects.get(subject_id=case.pk, verb="send_back").payload.data["note"]
    take(cast.dispatcher, case, "dispatch", unit=lamps.pk, note="依据清单第5条归你们")

    take(cast.clerk, case, "accept")
    take(cast.clerk, case, "finish", result="已更换灯泡", photos=upload())
    assert fresh(case).stage == Stage.CHECKING
    take(cast.grid_worker, case, "fail_check", note="还是不亮", photos=upload())
    assert fresh(case).stage == Stage.HANDLING
    take(cast.clerk, case, "finish", result="换了线路", photos=upload())
    take(cast.grid_worker, case, "pass_check", photos=upload())
    take(cast.overseer, case, "comment", note="处理得好")
    take(
        cast.duty_chief,
        case,
        "correct",
        matter=cast.lamp.pk,
        condition=cast.condition.pk,
        address="人民路14号",
    )
    assert fresh(case).address == "人民路14号"
    take(cast.duty_chief, case, "close", answer="路灯已修好")
    assert (fresh(case).stage, fresh(case).answer) == (Stage.CLOSED, "路灯已修好")
    take(cast.duty_chief, case, "reopen", note="又坏了")
    assert fresh(case).stage == Stage.FILED
    assert Attachment.objects.filter(subject_id=case.pk, purpose=Purpose.AFTER).count() == 2
    assert Attachment.objects.filter(subject_id=case.pk, purpose=Purpose.CHECK).count() == 2
    assert Attachment.objects.filter(subject_id=report.pk, purpose=Purpose.EVIDENCE).count() == 1


def test_a_report_is_answered_declined_corrected_or_joined(cast: Cast) -> None:
    answered, declined, joined = cast.report(), cast.report(), cast.report()
    take(cast.acceptor, answered, "answer", answer="请拨打供电热线")
    assert fresh(answered).answer == "请拨打供电热线"
    take(cast.acceptor, declined, "decline", reason="fire")
    assert fresh(declined).stage == Stage.DECLINED
    take(
        cast.acceptor,
        joined,
        "correct_report",
        matter=cast.lamp.pk,
        address="人民路16号",
        lon="118.9051",
        lat="32.9051",
    )
    assert (fresh(joined).address, fresh(joined).lon) == ("人民路16号", 118.9051)

    case = cast.case_at(Stage.HANDLING)
    response = take(cast.acceptor, joined, "join", number=case.number)
    assert response.headers["Location"] == reverse("cases:case", args=[case.number])
    assert fresh(joined).case == case


def test_open_cases_close_by_are_offered_with_their_distance(cast: Cast) -> None:
    from django.utils import timezone

    near, far = cast.case_at(Stage.FILED), cast.report(IN_GRID_C)
    recent = timezone.now() - timedelta(hours=1)
    Case.objects.filter(pk=near.pk).update(filed_at=recent)
    report = cast.report((118.9055, 32.905))
    form = at_desk(cast.acceptor).get(step_url(report, BY_VERB["join"])).context["form"]
    assert [(one.case, one.metres) for one in form.candidates] == [(near, pytest.approx(47, abs=2))]
    form = at_desk(cast.acceptor).get(step_url(far, BY_VERB["join"])).context["form"]
    assert form.candidates == [], "300 metres are the limit"


def test_a_number_that_names_no_case_is_said_at_the_field(cast: Cast) -> None:
    report = cast.report()
    response = take(cast.acceptor, report, "join", number="2026-9999999", note="同一盏灯")
    assert response.status_code == 422
    assert response.context["form"].errors["number"]
    assert "同一盏灯" in response.content.decode(), "what was typed stays"


def test_filing_shows_limit_closing_condition_unit_and_due_times_before_it_happens(cast: Cast) -> None:
    report = cast.report()
    unit = cast.lamps
    form = at_desk(cast.duty_chief).get(step_url(report, FILE)).context["form"]
    option = next(option for option in form.options if option.condition == cast.condition)
    assert option.unit == unit
    assert option.handle_due_at < option.whole_due_at
    other = at_desk(cast.duty_chief).get(step_url(report, FILE), {"q": "井盖"}).context["form"]
    assert any("井盖" in row.name for row in other.classes)
    chosen = other.classes[1]
    form = (
        at_desk(cast.duty_chief)
        .get(step_url(report, FILE), {"matter": chosen.pk, "note": "写了一半"})
        .context["form"]
    )
    assert [option.condition.matter_id for option in form.options] == [chosen.pk] * len(form.options)
    assert form["note"].value() == "写了一半", "choosing another class keeps the words"


def test_the_public_reads_only_the_words_that_were_ticked(cast: Cast) -> None:
    report = cast.report()
    answers = {"matter": cast.lamp.pk, "condition": cast.condition.pk}
    take(cast.duty_chief, report, "file", **answers, publish="on", publish_text="人民路路灯不亮")
    assert fresh(report).public_text == "人民路路灯不亮"


def test_a_long_report_is_filed_and_published_as_it_was_told(cast: Cast) -> None:
    """With as many lines as it has: browsers send two signs for each break and count one."""
    told = "\n".join(["灯" * 99] * 40)
    report = cast.report(text=told)
    answers = {
        "matter": cast.lamp.pk,
        "condition": cast.condition.pk,
        "publish_text": told.replace("\n", "\r\n"),
    }
    page = take(cast.duty_chief, report, "file", **answers, note="长" * 2001)
    assert '<details class="wg-more" open>' in page.content.decode(), "what is wrong is in sight"
    take(cast.duty_chief, report, "file", **answers)
    assert fresh(report).case is not None
    address = reverse("cases:publication", args=[report.number])
    at_desk(cast.acceptor).post(address, {"decision": "publish", "text": answers["publish_text"]})
    assert fresh(report).public_text == told


def test_no_words_for_the_public_are_nothing_that_is_published(cast: Cast) -> None:
    report = cast.report()
    answers = {"matter": cast.lamp.pk, "condition": cast.condition.pk}
    take(cast.duty_chief, report, "file", **answers, publish="on", publish_text=" ")
    assert (fresh(report).published_at, fresh(report).public_text) == (None, "")


def test_dispatch_proposes_the_unit_and_says_why(cast: Cast) -> None:
    case = cast.file(cast.report())
    form = at_desk(cast.dispatcher).get(step_url(case, DISPATCH)).context["form"]
    assert form.proposal is None, "nobody is on the duty list yet"
    unit = cast.lamps
    page = at_desk(cast.dispatcher).get(step_url(case, DISPATCH))
    assert page.context["form"]["unit"].value() == unit.pk
    assert page.context["form"].proposal.why in words_of(page)
    Unit.objects.filter(pk=unit.pk).update(closed_on="2026-01-01")
    form = at_desk(cast.dispatcher).get(step_url(case, DISPATCH)).context["form"]
    assert unit not in form.fields["unit"].queryset


def test_who_comes_second_reads_who_was_faster_and_keeps_the_note(cast: Cast) -> None:
    case = cast.case_at(Stage.FILED)
    browser, url = at_desk(cast.dispatcher), step_url(case, DISPATCH)
    seen = browser.get(url).context["form"]["seen"].value()
    actions.correct_case(case, by=cast.acceptor, address="人民路100号")

    response = browser.post(url, {"seen": seen, "unit": cast.water.pk, "note": "请带梯子"})
    assert response.status_code == 409
    page = words_of(response)
    assert cast.acceptor.name in page
    assert "人民路100号" in page, "what changed is shown beside it"
    assert response.context["form"]["note"].value() == "请带梯子"
    assert fresh(case).stage == Stage.FILED

    again = browser.post(
        url, {"seen": response.context["form"]["seen"].value(), "unit": cast.water.pk, "note": "请带梯子"}
    )
    assert again.status_code == 302, "having seen it, the same words can be sent"
    assert fresh(case).unit == cast.water


def test_words_are_kept_for_copying_when_the_step_is_no_longer_possible(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    browser, url = at_desk(cast.dispatcher), step_url(case, BY_VERB["recall"])
    seen = browser.get(url).context["form"]["seen"].value()
    actions.accept_case(case, by=cast.clerk)
    response = browser.post(url, {"seen": seen, "note": "想派给另一家"}, headers=PART)
    assert response.status_code == 200, "htmx shows only what succeeded"
    page = response.content.decode()
    assert cast.clerk.name in page
    assert "想派给另一家" in page
    assert "<form" not in page


def test_two_clicks_are_one_step(cast: Cast) -> None:
    report = cast.report()
    browser, url = at_desk(cast.duty_chief), step_url(report, FILE)
    form = {"seen": 1, "matter": cast.lamp.pk, "condition": cast.condition.pk}
    first, second = browser.post(url, form), browser.post(url, form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert Case.objects.count() == 1


def test_another_decision_from_the_same_page_is_not_taken_for_a_second_click(cast: Cast) -> None:
    case = cast.case_at(Stage.FILED)
    browser, url = at_desk(cast.dispatcher), step_url(case, DISPATCH)
    form = {"seen": case.event_seq, "unit": cast.lamps.pk, "note": "请尽快"}
    assert browser.post(url, form).status_code == 302
    assert browser.post(url, form).status_code == 302, "the second of two clicks"
    for other in ({"unit": cast.water.pk}, {"note": "请带梯子"}):
        assert browser.post(url, {**form, **other}).status_code == 409
    assert Event.objects.filter(subject_id=case.pk, verb="dispatch").count() == 1
    assert fresh(case).unit == cast.lamps

    actions.recall_case(case, note="派错了", by=cast.dispatcher)
    late = {**form, "seen": case.event_seq - 1}  # drawn after the dispatch, so it never saw that first one
    actions.dispatch_case(case, to=cast.lamps, note="请尽快", by=cast.dispatcher)
    assert browser.post(url, late).status_code == 409, "what came later is not this page's step"


@pytest.mark.parametrize("other", [{"address": "人民路99号"}, {"lon": "118.9061"}, {"note": "又想了想"}])
def test_another_correction_from_the_same_page_is_not_thrown_away(cast: Cast, other: dict[str, str]) -> None:
    report = cast.report()
    browser, url = at_desk(cast.acceptor), step_url(report, BY_VERB["correct_report"])
    form = {"seen": 1, "matter": cast.lamp.pk, "address": "人民路14号", "lon": "118.9051", "lat": "32.9051"}
    assert [browser.post(url, form).status_code for _click in range(2)] == [302, 302]
    assert browser.post(url, {**form, **other}).status_code == 409
    assert Event.objects.filter(subject_id=report.pk, verb="correct_report").count() == 1


def test_another_filing_from_the_same_page_is_not_thrown_away(cast: Cast) -> None:
    report = cast.report()
    browser, url = at_desk(cast.duty_chief), step_url(report, FILE)
    form = {"seen": 1, "matter": cast.lamp.pk, "condition": cast.condition.pk}
    other = cast.lamp.conditions.exclude(pk=cast.condition.pk)[0]
    assert browser.post(url, form).status_code == 302
    assert browser.post(url, {**form, "condition": other.pk}).status_code == 409
    assert browser.post(url, {**form, "publish": "on", "publish_text": "路灯"}).status_code == 409
    assert Case.objects.get().condition == cast.condition


def test_the_same_comment_clicked_twice_is_one_and_other_words_are_another(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    due = {clock.kind: clock.due_at for clock in case.clocks.all()}
    browser, url = at_desk(cast.overseer), step_url(case, BY_VERB["comment"])
    for words in ("请加快", "请加快", "谢谢"):
        browser.post(url, {"seen": case.event_seq, "note": words})
    assert Event.objects.filter(subject_id=case.pk, verb="comment").count() == 2
    assert {clock.kind: clock.due_at for clock in case.clocks.all()} == due, "a comment moves no clock"
    assert case.clocks.get(kind=ClockKind.HANDLE).stopped_at is None


def test_a_class_that_needs_a_photo_is_not_finished_without_and_the_words_stay(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    assert case.needs_after_photo
    response = take(cast.clerk, case, "finish", result="修好了")
    assert response.status_code == 422
    assert response.context["form"]["result"].value() == "修好了"
    assert fresh(case).stage == Stage.HANDLING


def test_the_page_of_the_case_asks_a_check_for_the_same_as_the_telephone_does(cast: Cast) -> None:
    case = cast.case_at(Stage.CHECKING)
    response = take(cast.grid_worker, case, "fail_check", note="还是不亮")
    assert response.status_code == 422
    assert response.context["form"]["note"].value() == "还是不亮"
    assert take(cast.grid_worker, case, "pass_check").context["form"].errors["note"]
    assert fresh(case).stage == Stage.CHECKING
    report = cast.report_at(Stage.VERIFYING)
    assert take(cast.grid_worker, report, "find", finding="refuted").context["form"].errors["note"]
    assert fresh(report).stage == Stage.VERIFYING


def test_the_photo_of_an_earlier_check_does_not_show_that_this_one_failed(cast: Cast) -> None:
    case = cast.case_at(Stage.CHECKING)
    cast.fail(case, NOON + timedelta(hours=5))
    cast.finish(case, NOON + timedelta(hours=6))
    with pytest.raises(Refused):
        actions.fail_check(case, note="还是不亮", by=cast.grid_worker, at=NOON + timedelta(hours=7))


def test_a_bad_file_is_named_and_nothing_of_it_stays(cast: Cast) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    case = cast.case_at(Stage.HANDLING)
    bad = SimpleUploadedFile("x.exe", b"MZ", "image/jpeg")
    response = take(cast.clerk, case, "finish", result="修好了", photos=bad)
    assert "x.exe" in response.content.decode()
    assert not Attachment.objects.filter(subject_id=case.pk).exists()


def test_who_has_to_send_again_is_told_that_the_photos_are_chosen_again_too(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    again = "照片需要重新选择"
    assert again not in take(cast.clerk, case, "finish", result="").content.decode()
    response = take(cast.clerk, case, "finish", result="", photos=upload())
    assert response.status_code == 422
    assert again in response.content.decode()


def test_sending_back_asks_for_the_legal_basis_where_the_reason_needs_one(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    response = take(cast.clerk, case, "send_back", reason="not_our_duty", note="不归我们")
    assert response.context["form"].errors["legal_basis"]
    response = take(cast.clerk, case, "send_back", reason="wrong_place", note="位置不清")
    assert response.status_code == 302


def test_a_needed_note_is_asked_for(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    response = take(cast.dispatcher, case, "recall", note="  ")
    assert response.status_code == 422
    assert response.context["form"].errors["note"]


def test_a_button_that_is_disabled_says_the_sentence_of_the_refusal(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    page = at_desk(cast.duty_chief).get(reverse("cases:case", args=[case.number]))
    shown = page.content.decode()
    refused = [button for button in page.context["page"].buttons if button.refusal]
    assert refused
    for button in refused:
        assert button.refusal == refusal(button.step, case, cast.duty_chief)
        assert f'id="why-{button.step.verb}">{button.refusal}</span>' in shown.replace("&quot;", '"')
        assert f'aria-describedby="why-{button.step.verb}"' in shown
        form = at_desk(cast.duty_chief).get(button.url)
        assert button.refusal in words_of(form)
        assert "data-step-form" not in form.content.decode()
        assert at_desk(cast.duty_chief).post(button.url, {"seen": case.event_seq}).status_code == 422
    assert fresh(case).event_seq == case.event_seq


@pytest.mark.parametrize(
    ("stage", "who", "verb"),
    [
        (Stage.FILED, "dispatcher", "dispatch"),
        (Stage.DISPATCHED, "clerk", "accept"),
        (Stage.HANDLING, "clerk", "finish"),
        (Stage.CHECKING, "grid_worker", "pass_check"),
        (Stage.PASSED, "duty_chief", "close"),
    ],
)
def test_one_primary_button_names_what_follows(cast: Cast, stage: Stage, who: str, verb: str) -> None:
    case = cast.case_at(stage)
    primary = [button.step.verb for button in buttons_of(case, getattr(cast, who)) if button.primary]
    assert primary == [verb]
    assert not [button for button in buttons_of(case, cast.overseer) if button.primary]


def test_a_new_report_is_verified_first_unless_its_class_needs_none_or_a_worker_saw_it(cast: Cast) -> None:
    report = cast.report()
    cast.lamp.conditions.update(verify_first=True)

    def primary(report: Report) -> list[str]:
        return [button.step.verb for button in buttons_of(report, cast.duty_chief) if button.primary]

    assert primary(report) == ["verify"]
    report.finding = "confirmed"
    assert primary(report) == ["file"]
    report.finding = "refuted"
    assert primary(report) == ["decline"]
    report.finding, report.channel = "", Report.Channel.WORKER
    assert primary(report) == ["file"]
    report.channel = Report.Channel.WEB
    cast.lamp.conditions.update(verify_first=False)
    assert primary(report) == ["file"]


def test_after_a_step_the_part_shows_the_matter_as_it_is_now(cast: Cast) -> None:
    report = cast.report()
    form = {"seen": 1, "matter": cast.lamp.pk, "condition": cast.condition.pk}
    response = at_desk(cast.duty_chief).post(step_url(report, FILE), form, headers=PART)
    assert response.headers["HX-Retarget"] == "#matter"
    assert fresh(report).case.number in response.content.decode()


def test_a_case_that_was_sent_back_is_gone_from_the_unit_without_an_error(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    form = {"seen": case.event_seq, "reason": "wrong_place", "note": "位置不清"}
    response = at_desk(cast.clerk).post(step_url(case, BY_VERB["send_back"]), form, headers=PART)
    assert response.status_code == 200
    assert case.number not in response.content.decode()


@pytest.mark.parametrize("who", ["stranger", "far_worker", "other_clerk"])
def test_a_step_of_somebody_elses_matter_does_not_exist(cast: Cast, who: str) -> None:
    case = cast.case_at(Stage.HANDLING)
    browser = at_desk(getattr(cast, who))
    for noun in ("dispatch", "comment", "result", "nonsense"):
        assert browser.get(reverse("cases:case_step", args=[case.number, noun])).status_code == 404
        assert browser.post(reverse("cases:case_step", args=[case.number, noun])).status_code == 404


def test_a_reporters_own_steps_have_no_form_here(cast: Cast) -> None:
    report = cast.report()
    for noun in ("reception", "rating", "addition"):
        assert (
            at_desk(cast.duty_chief).get(reverse("cases:report_step", args=[report.number, noun])).status_code
            == 404
        )
