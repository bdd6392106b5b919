"""One address cannot fill the desk: reports, additions and failed sign-ins have a limit, said in words."""

import pytest
from django.core.cache import caches
from django.test import Client
from pytest_django import Settings

from wangge.audit.models import AccessEntry, Event
from wangge.cases.models import Report
from wangge.cases.tests.cast import Cast
from wangge.intake.channels.web.tests.test_following import sent
from wangge.intake.channels.web.tests.test_reporting import said

pytestmark = pytest.mark.django_db

ADDRESS = "203.0.113.7"


@pytest.fixture(autouse=True)
def two_of_each(settings: Settings) -> None:
    caches["limits"].clear()
    settings.LIMITS = dict.fromkeys(("report", "addition", "sign_in"), (2, 3600))


@pytest.fixture
def outsider() -> Client:
    return Client(REMOTE_ADDR=ADDRESS)


def test_the_third_report_waits_and_its_words_are_kept(outsider: Client, cast: Cast) -> None:
    answers = [outsider.post("/report/", said(text=f"路灯不亮 {n}")) for n in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "路灯不亮 2" in answers[2].content.decode()
    assert Report.objects.count() == 2
    assert Client(REMOTE_ADDR="203.0.113.8").post("/report/", said()).status_code == 302


def test_this_machine_itself_is_never_limited(client: Client, cast: Cast) -> None:
    assert {client.post("/report/", said(text=f"路灯 {n}")).status_code for n in range(4)} == {302}


def test_neighbours_in_one_ipv6_network_are_one_sender(cast: Cast) -> None:
    statuses = [
        Client(REMOTE_ADDR=f"2001:db8::{n}").post("/report/", said(text=f"路灯 {n}")).status_code
        for n in range(1, 4)
    ]
    assert statuses == [302, 302, 429]


def test_additions_are_limited_for_each_report(outsider: Client, client: Client, cast: Cast) -> None:
    (first, code), (_other, other_code) = sent(client), sent(client)
    answers = [outsider.post(f"/m/{code}/additions/", {"words": f"还是不亮 {n}"}) for n in range(3)]
    assert [answer.status_code for answer in answers] == [302, 302, 429]
    assert "还是不亮 2" in answers[2].content.decode()
    assert Event.objects.filter(subject_id=first.pk, verb="add").count() == 2
    assert outsider.post(f"/m/{other_code}/additions/", {"words": "还是不亮"}).status_code == 302


def test_failed_sign_ins_with_changing_names_end_before_the_log_is_touched(
    outsider: Client, cast: Cast
) -> None:
    answers = [outsider.post("/signin/", {"username": f"nobody{n}", "password": "x"}) for n in range(4)]
    assert [answer.status_code for answer in answers] == [422, 422, 429, 429]
    assert "nobody3" in answers[3].content.decode()
    assert AccessEntry.objects.filter(act="sign_in_failed").count() == 2
