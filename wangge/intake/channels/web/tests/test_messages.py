"""Reporters are told by the contact they left, follow the link, and can ask to be left alone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from wangge.audit.models import Event
from wangge.audit.tests.tampering import by_hand
from wangge.cases import actions
from wangge.cases.actions import Contact
from wangge.cases.follow_links import token_of
from wangge.cases.models import Case, Report
from wangge.cases.notices import tell_at
from wangge.cases.tests.cast import NOON, Cast, assemble
from wangge.cases.tests.screens import words_of
from wangge.notifications.actions import send_due
from wangge.notifications.models import Delivery, LeftAlone
from wangge.notifications.tests.fakes.smtp import PASSWORD, USER, FakeSmtp, mail_server

CONTACT = Contact("张三", "13812341234", "zhang@example.org")


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def post_office(settings: Settings) -> Iterator[FakeSmtp]:
    settings.PUBLIC_URL = "https://city.example"
    with mail_server() as fake:
        config = {
            "host": "127.0.0.1", "port": str(fake.port), "security": "none", "user": USER, "password": PASSWORD,
            "sender": "platform@city.example",
        }  # fmt: skip
        settings.CHANNELS = {**settings.CHANNELS, "email": config}
        yield fake


def tell(subject: Report | Case, at: datetime) -> None:
    """Let the listener hear all events of a matter twice, then send."""
    for event in Event.objects.filter(subject_id=subject.pk).order_by("seq"):
        tell_at(event, event.at)
        tell_at(event, event.at)
    send_due(at=at)


def mails(fake: FakeSmtp) -> list[tuple[str, str, str]]:
    return [(to, str(mail["Subject"]), mail.get_content()) for _from, to, mail in fake.taken]  # type: ignore[attr-defined]


def closed(cast: Cast) -> tuple[Report, Case]:
    report = cast.report(contact=CONTACT)
    case = cast.file(report)
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=NOON + timedelta(hours=1))
    actions.accept_case(case, by=cast.clerk, at=NOON + timedelta(hours=2))
    cast.finish(case, NOON + timedelta(hours=3))
    actions.pass_check(case, note="亮了", by=cast.grid_worker, at=NOON + timedelta(hours=4))
    actions.close_case(case, answer="灯泡换好了", by=cast.duty_chief, at=NOON + timedelta(hours=5))
    return report, case


def test_a_reporter_is_told_at_filing_dispatch_and_closing(cast: Cast, post_office: FakeSmtp) -> None:
    report, case = closed(cast)
    for subject in (report, case):
        tell(subject, NOON + timedelta(hours=6))
    told = mails(post_office)
    assert [to for to, _subject, _text in told] == ["zhang@example.org"] * 3
    assert [subject for _to, subject, _text in told] == ["您的上报已立案", "您的上报已派遣", "您的上报已办结"]
    everything = str(told)
    for secret in ("张三", "13812341234", "路灯不亮了", "人民路", "值班长老王", "路灯所小周", report.code):  # type: ignore[attr-defined]
        assert secret not in everything


def test_the_link_of_a_message_opens_the_report_and_lets_one_rate_it(
    cast: Cast, post_office: FakeSmtp, client: Client
) -> None:
    now = timezone.now()
    report = cast.report(contact=CONTACT, at=now)
    actions.answer_report(report, answer="已解释清楚", by=cast.acceptor, at=now)
    tell(report, now.replace(hour=4))
    path = reverse("intake:follow", args=[token_of(report.pk, at=now)])
    page = client.get(path)
    assert "已解释清楚" in words_of(page)
    assert page["Cache-Control"] == "no-store"
    rated = client.post(f"{path}rating/", {"solved": "yes", "result": "3", "attitude": "3", "words": ""})
    assert rated.status_code == 302


def test_a_reporter_without_contact_or_an_installation_without_channel_sends_nothing(
    cast: Cast, settings: Settings
) -> None:
    settings.PUBLIC_URL = "https://city.example"
    report = cast.report(contact=CONTACT)
    cast.file(report)
    tell(report, NOON)
    assert Delivery.objects.count() == 0


def test_declined_reporters_read_why_on_their_page(cast: Cast, post_office: FakeSmtp) -> None:
    from wangge.cases.models import Exclusion

    report = cast.report(contact=CONTACT)
    reason = Exclusion.objects.first()
    assert reason is not None
    actions.decline_report(report, reason=reason, by=cast.acceptor, at=NOON)
    tell(report, NOON)
    ((_to, subject, text),) = mails(post_office)
    assert subject == "您的上报未予受理"
    assert reason.text not in text


def test_joined_reporters_hear_of_the_closing_and_never_of_each_other(
    cast: Cast, post_office: FakeSmtp
) -> None:
    report, case = closed(cast)
    other = cast.report(contact=Contact("李四", "", "li@example.org"))
    with by_hand():
        Report.objects.filter(pk=other.pk).update(case=case, stage="filed")
    tell(case, NOON + timedelta(hours=6))
    to_li = [text for to, _subject, text in mails(post_office) if to == "li@example.org"]
    assert len(to_li) == 2
    assert str(report.number) not in "".join(to_li)


# -- Left alone ---------------------------------------------------------------------------------------------


@pytest.fixture
def path(cast: Cast, post_office: FakeSmtp) -> str:
    report = cast.report(contact=CONTACT)
    return reverse("intake:messages", args=[token_of(report.pk, at=timezone.now())])


def test_opening_the_page_changes_nothing_and_masks_the_address(path: str, client: Client) -> None:
    page = client.get(path)
    assert "z***@example.org" in words_of(page)
    assert "zhang@" not in words_of(page)
    assert LeftAlone.objects.count() == 0


def test_a_press_ends_messages_about_this_report_and_another_resumes_them(path: str, client: Client) -> None:
    client.post(path, {"this": "1"})
    assert LeftAlone.objects.get().way == "page"
    assert "不再发送消息" in words_of(client.get(path))
    client.post(path, {"again": "1"})
    assert LeftAlone.objects.count() == 0


def test_messages_to_an_address_end_altogether(path: str, client: Client) -> None:
    client.post(path, {"everywhere": "1"})
    assert LeftAlone.objects.filter(who__startswith="address:").count() == 2


def test_the_wish_for_an_address_is_taken_back_where_it_was_asked(
    cast: Cast, path: str, client: Client
) -> None:
    other = reverse("intake:messages", args=[token_of(cast.report(contact=CONTACT).pk, at=timezone.now())])
    client.post(path, {"everywhere": "1"})
    assert "另一件上报" in words_of(client.get(other))
    client.post(other, {"again": "1", "everywhere": "1"})
    assert LeftAlone.objects.filter(who__startswith="address:").count() == 2
    assert 'name="everywhere"' in client.get(path).content.decode()
    client.post(path, {"again": "1", "everywhere": "1"})
    assert not LeftAlone.objects.exists()


def test_only_the_one_click_of_a_mail_program_needs_no_token(path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    forged: tuple[dict[str, str], ...] = (
        {"this": "1"}, {"everywhere": "1"}, {"again": "1"}, {"List-Unsubscribe": "1", "everywhere": "1"},
    )  # fmt: skip
    for said in forged:
        assert strict.post(path, said).status_code == 403, said
    assert not LeftAlone.objects.exists()
    both: Any = strict.post(path, {"List-Unsubscribe": "One-Click", "everywhere": "1", "again": "1"})
    assert both.status_code == 204
    assert [wish.who.partition(":")[0] for wish in LeftAlone.objects.all()] == ["report"], "this matter only"


def test_the_button_of_a_mail_program_works_without_a_cookie(path: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer: Any = strict.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 204
    assert LeftAlone.objects.get().way == "mail"


def test_without_the_link_nobody_ends_anything(client: Client, db: None) -> None:
    assert client.post(reverse("intake:messages", args=["A" * 35]), {"this": "1"}).status_code == 404
    assert LeftAlone.objects.count() == 0


def test_the_follow_page_leads_there_only_if_messages_go(
    cast: Cast, post_office: FakeSmtp, client: Client
) -> None:
    told, silent = cast.report(contact=CONTACT), cast.report()
    for report, expected in ((told, True), (silent, False)):
        page = client.get(reverse("intake:follow", args=[report.code]))  # type: ignore[attr-defined]
        assert ("/messages/" in page.content.decode()) is expected
