"""The pages of a report and a case: who sees them, what they tell, and what stays hidden."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from wangge.attachments.actions import attach
from wangge.attachments.models import Attachment, Purpose
from wangge.attachments.tests import samples
from wangge.audit.models import AccessEntry, Event
from wangge.cases import actions
from wangge.cases.models import Case, Clock, ClockKind, FilingCondition, Report
from wangge.cases.queries.clocks import explanation
from wangge.cases.queries.durations import age, words
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.tests.screens import PART, at_desk, words_of
from wangge.cases.workflow import Stage

pytestmark = pytest.mark.django_db

PHONE, NAME = "13812341234", "张三丰"


def page_of(subject: Report | Case) -> str:
    return reverse("cases:case" if isinstance(subject, Case) else "cases:report", args=[subject.number])


def report_with_contact(cast: Cast, *, agreed: bool) -> Report:
    return cast.report(contact=actions.Contact(NAME, PHONE, "san@example.org", agreed))


def case_with_contact(cast: Cast, *, agreed: bool) -> Case:
    report = report_with_contact(cast, agreed=agreed)
    case = cast.file(report)
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=NOON + timedelta(hours=1))
    return case


def test_each_role_sees_a_case_or_does_not_know_of_it(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    seen = {
        name
        for name, person in cast.everyone.items()
        if at_desk(person).get(page_of(case)).status_code == 200
    }
    assert seen == {"acceptor", "duty_chief", "dispatcher", "overseer", "clerk", "grid_worker"}
    for name in set(cast.everyone) - seen:
        assert at_desk(getattr(cast, name)).get(page_of(case)).status_code == 404
    response = Client().get(page_of(case))
    assert response.headers["Location"].startswith(reverse("accounts:sign_in"))


def test_a_filing_condition_is_told_in_the_readers_language_or_says_that_it_is_chinese(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    condition, other = cast.condition, FilingCondition.objects.exclude(pk=cast.condition.pk).first()
    assert other is not None
    actions.correct_case(case, condition=other, by=cast.duty_chief, at=NOON + timedelta(hours=4))
    browser = at_desk(cast.duty_chief)
    assert condition.text in browser.get(page_of(case)).content.decode()
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = browser.get(page_of(case)).content.decode()
    assert condition.text_en in unescape(page)
    assert condition.text not in page
    FilingCondition.objects.filter(pk=condition.pk).update(text="灯不亮（已改写）")
    page = browser.get(page_of(case)).content.decode()
    assert f'<del><span lang="zh-Hans">{condition.text}</span></del>' in page
    assert other.text_en in unescape(page)


def test_the_unit_no_longer_sees_what_it_sent_back(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    assert at_desk(cast.clerk).get(page_of(case)).status_code == 200
    actions.send_back_case(case, reason=cast.send_back_reason, note="不归我们", by=cast.clerk)
    assert at_desk(cast.clerk).get(page_of(case)).status_code == 404
    assert at_desk(cast.clerk).get(page_of(case.reports.get())).status_code == 404


def test_a_neighbours_worker_opens_what_waits_for_a_check(cast: Cast) -> None:
    case = cast.case_at(Stage.CHECKING)
    assert at_desk(cast.neighbour).get(page_of(case)).status_code == 200
    assert at_desk(cast.far_worker).get(page_of(case)).status_code == 404


def test_the_timeline_tells_the_case_and_its_reports_in_order_and_a_filing_once(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    late_comer = cast.report(at=NOON + timedelta(hours=3))
    actions.join_report(late_comer, case=case, by=cast.acceptor, at=NOON + timedelta(hours=4))
    actions.correct_case(
        case, address="人民路88号", by=cast.duty_chief, at=NOON + timedelta(hours=5), note="居民更正"
    )
    page = at_desk(cast.duty_chief).get(page_of(case))
    entries = page.context["page"].entries
    assert [entry.verb for entry in entries] == [
        "receive",
        "file",
        "dispatch",
        "accept",
        "receive",
        "join",
        "correct",
    ]
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    assert [entry.report for entry in entries][4] == late_comer.number
    [(_what, old, new)] = entries[-1].changes
    assert (old, new) == ("人民路12号", "人民路88号")
    text = words_of(page)
    for told in (cast.clerk.name, "居民更正", "人民路88号", str(late_comer.number)):
        assert told in text


def test_a_page_costs_the_same_for_one_report_and_for_thirty(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    case = cast.case_at(Stage.HANDLING)
    client = at_desk(cast.duty_chief)
    client.get(page_of(case))
    drafts = [
        actions.Draft(channel="web", text=f"第{n}次说", at=NOON, lon=118.905, lat=32.905) for n in range(30)
    ]
    for received in actions.receive_reports(drafts):
        actions.join_report(Report.objects.get(pk=received.id), case=case, by=cast.acceptor, at=NOON)
    with django_assert_max_num_queries(17):
        page = client.get(page_of(case)).context["page"]
    assert len(page.told) == 31


def test_what_lies_beside_a_case_costs_a_statement_only_where_there_is_some(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    case, at = cast.case_at(Stage.HANDLING), NOON + timedelta(hours=3)
    client = at_desk(cast.clerk)
    client.get(page_of(case))
    with django_assert_max_num_queries(16):
        beside = client.get(page_of(case)).context["page"].beside
    assert not any([*beside.requests, *beside.helps, *beside.arbitrations, *beside.orders, *beside.merged])
    actions.ask_help(case, units=[cast.water], words="先关水", by=cast.clerk, at=at)
    actions.supervise(case, words="请抓紧", by=cast.overseer, at=at)
    with django_assert_max_num_queries(18):
        beside = client.get(page_of(case)).context["page"].beside
    assert [help.unit for help in beside.helps] == [cast.water]
    assert len(beside.open_orders) == 1


def test_a_contact_is_masked_until_somebody_says_what_for_and_that_is_logged(cast: Cast) -> None:
    report = report_with_contact(cast, agreed=False)
    client = at_desk(cast.acceptor)
    shown = client.get(page_of(report)).content.decode()
    assert PHONE not in shown
    assert NAME not in shown
    assert "138****1234" in shown

    url = reverse("cases:contact", args=[report.number])
    assert PHONE not in client.get(url).content.decode()
    assert PHONE not in client.post(url, {"purpose": "  "}).content.decode()
    assert not AccessEntry.objects.filter(act="see_contact").exists()

    response = client.post(url, {"purpose": "询问具体位置"}, headers=PART)
    assert PHONE in response.content.decode()
    assert response.headers["Cache-Control"] == "no-store"
    entry = AccessEntry.objects.get(act="see_contact")
    assert (entry.account, entry.purpose, entry.subject_id) == (cast.acceptor, "询问具体位置", str(report.pk))


@pytest.mark.parametrize("agreed", [True, False])
def test_the_unit_reaches_a_reporter_only_who_agreed(cast: Cast, agreed: bool) -> None:
    case = case_with_contact(cast, agreed=agreed)
    client = at_desk(cast.clerk)
    for page in (page_of(case), page_of(case.reports.get())):
        shown = client.get(page).content.decode()
        assert ("138****1234" in shown) == agreed
        assert PHONE not in shown
        assert NAME not in shown
    url = reverse("cases:contact", args=[case.reports.get().number])
    response = client.post(url, {"purpose": "约定上门时间"})
    assert response.status_code == (200 if agreed else 403)
    assert (PHONE in response.content.decode()) == agreed


@pytest.mark.parametrize("who", ["grid_worker", "overseer"])
def test_workers_and_overseers_never_see_a_contact(cast: Cast, who: str) -> None:
    report = report_with_contact(cast, agreed=True)
    person = getattr(cast, who)
    assert "138****1234" not in at_desk(person).get(page_of(report)).content.decode()
    url = reverse("cases:contact", args=[report.number])
    assert at_desk(person).post(url, {"purpose": "看看"}).status_code == 403
    assert not AccessEntry.objects.filter(act="see_contact").exists()


def test_saving_pages_that_show_masks_leaves_the_contact_as_it_is(cast: Cast) -> None:
    report = report_with_contact(cast, agreed=False)
    url = reverse("cases:report_step", args=[report.number, "correction"])
    form = {"seen": 1, "matter": cast.lamp.pk, "address": "人民路2号", "name": "张**", "phone": "138****1234"}
    assert at_desk(cast.acceptor).post(url, form).status_code == 302
    report = Report.objects.get(pk=report.pk)
    assert (report.contact.name, report.contact.phone) == (NAME, PHONE)


def test_the_desk_decides_what_the_public_may_read(cast: Cast) -> None:
    report = cast.report(text="张三家门口的路灯不亮，电话13812341234")
    url = reverse("cases:publication", args=[report.number])
    at_desk(cast.acceptor).post(url, {"decision": "publish", "text": "路灯不亮"})
    report.refresh_from_db()
    assert (report.public_text, report.published_at is not None) == ("路灯不亮", True)
    at_desk(cast.acceptor).post(url, {"decision": "withhold", "text": "路灯不亮"})
    report.refresh_from_db()
    assert (report.public_text, report.published_at) == ("", None)
    assert at_desk(cast.grid_worker).post(url, {"decision": "publish", "text": "x"}).status_code == 409
    assert at_desk(cast.stranger).post(url, {"decision": "publish", "text": "x"}).status_code == 404


def test_the_desk_decides_photo_by_photo(cast: Cast) -> None:
    case = cast.case_at(Stage.PASSED)
    photo = Attachment.objects.get(subject_id=case.pk)
    url = reverse("cases:case_photo", args=[case.number, photo.pk])
    at_desk(cast.duty_chief).post(url, {"decision": "publish"})
    assert Attachment.objects.get(pk=photo.pk).is_public
    response = at_desk(cast.duty_chief).post(url, {"decision": "withhold"}, headers=PART)
    assert response.headers["HX-Retarget"] == "#matter"
    assert not Attachment.objects.get(pk=photo.pk).is_public
    assert at_desk(cast.clerk).post(url, {"decision": "publish"}).status_code == 403
    other = reverse("cases:case_photo", args=[cast.case_at(Stage.FILED).number, photo.pk])
    assert at_desk(cast.duty_chief).post(other, {"decision": "publish"}).status_code == 404


def test_the_desk_blurs_parts_of_a_photo_and_the_original_is_sealed(cast: Cast) -> None:
    case = cast.case_at(Stage.PASSED)
    sent = [samples.upload(samples.jpeg(500, 400))]
    [photo] = attach(
        sent, subject_kind="case", subject_id=case.pk, purpose=Purpose.EVIDENCE, by=cast.clerk, at=NOON
    ).kept
    actions.publish_photo(case, photo, public=True, by=cast.duty_chief)
    url = reverse("cases:case_photo_blur", args=[case.number, photo.pk])
    assert url in at_desk(cast.duty_chief).get(page_of(case)).content.decode()
    page = at_desk(cast.duty_chief).get(url)
    assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")

    nothing = at_desk(cast.duty_chief).post(url, {"square": ["", "-1", "99999"]})
    assert (nothing.status_code, nothing.context["refused"] != "") == (422, True)
    assert Attachment.objects.get(pk=photo.pk).is_public

    done = at_desk(cast.duty_chief).post(url, {"square": ["0", "1", "20", "21"]})
    assert done.headers["Location"] == page_of(case)
    copy = Attachment.objects.get(blurred_from=photo)
    assert (copy.is_public, copy.sha256 != photo.sha256, copy.purpose) == (False, True, photo.purpose)
    photo.refresh_from_db()
    assert (photo.sealed, photo.is_public) == (True, False)
    event = Event.objects.filter(subject_id=case.pk).order_by("-seq")[0]
    assert event.payload.data == {"publication": "photo_blurred", "photo": str(copy.pk)}
    assert at_desk(cast.duty_chief).get(url).status_code == 404  # once; what is sealed stays as it is


def test_only_the_desk_blurs_and_only_photos_of_the_matter(cast: Cast) -> None:
    case = cast.case_at(Stage.PASSED)
    photo = Attachment.objects.get(subject_id=case.pk)
    url = reverse("cases:case_photo_blur", args=[case.number, photo.pk])
    assert at_desk(cast.clerk).post(url, {"square": "0"}).status_code == 403
    assert at_desk(cast.stranger).get(url).status_code == 404
    other = reverse("cases:case_photo_blur", args=[cast.case_at(Stage.FILED).number, photo.pk])
    assert at_desk(cast.duty_chief).post(other, {"square": "0"}).status_code == 404
    assert not Attachment.objects.filter(blurred_from=photo).exists()


# -- Two clocks and their arithmetic --------------------------------------------------------------------


def test_a_case_shows_the_clock_of_its_stage_and_the_whole_one(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    shown = at_desk(cast.clerk).get(page_of(case)).context["page"].clocks
    assert [line.clock.kind for line in shown] == [ClockKind.HANDLE, ClockKind.WHOLE]
    for line in shown:
        response = at_desk(cast.clerk).get(line.url)
        assert response.status_code == 200
        assert at_desk(cast.stranger).get(line.url).status_code == 404


def test_the_sums_of_an_explanation_add_up_to_the_limit(cast: Cast) -> None:
    clock = Clock.objects.get(case=cast.case_at(Stage.HANDLING), kind=ClockKind.HANDLE)
    told = explanation(clock)
    assert told.lines[-1].to_at == clock.due_at
    assert told.lines[-1].left == words(timedelta(0))
    assert len(told.limits) == 1
    assert told.working_time


def test_an_imported_due_time_is_said_to_be_kept(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    clock = Clock.objects.get(case=case, kind=ClockKind.HANDLE)
    Clock.objects.filter(pk=clock.pk).update(given=True, limits=[])
    page = at_desk(cast.clerk).get(reverse("cases:case_clock", args=[case.number, clock.pk]))
    assert page.context["told"].clock.given
    assert page.context["told"].limits == []


def test_a_due_time_in_an_unpublished_year_is_marked(cast: Cast) -> None:
    FilingCondition.objects.filter(pk=cast.condition.pk).update(limit_kind="working_days", limit_amount=400)
    report = cast.report()
    case = actions.file_report(
        report, condition=cast.lamp.conditions.get(limit_amount=400), by=cast.duty_chief, at=NOON
    )
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=NOON)
    clock = Clock.objects.get(case=case, kind=ClockKind.HANDLE)
    assert clock.provisional
    told = (
        at_desk(cast.duty_chief)
        .get(reverse("cases:case_clock", args=[case.number, clock.pk]))
        .context["told"]
    )
    assert any(line.provisional for line in told.lines)


def test_stretches_of_time_are_said_shortly() -> None:
    from django.utils.translation import override

    with override("en"):
        assert words(timedelta(hours=3, minutes=10)) == "3 hours 10 minutes"
        assert words(timedelta(hours=30)) == "30 hours"
        assert words(timedelta(hours=30), days=True) == "1 day 6 hours"
        assert words(timedelta(0)) == "0 minutes"
        assert age(timedelta(days=3, hours=5)) == "3 days"
        assert age(timedelta(minutes=12, seconds=40)) == "12 minutes"
