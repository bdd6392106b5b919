"""One address cannot fill the desk: reports, additions and failed sign-ins have a limit, said in words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from wangge.audit.models import AccessEntry, Event
from wangge.cases.models import Report
from wangge.cases.tests.cast import Cast
from wangge.common import limits
from wangge.common.models import Tally
from wangge.intake.channels.web.tests.test_following import sent
from wangge.intake.channels.web.tests.test_reporting import said

pytestmark = pytest.mark.django_db

ADDRESS = "203.0.113.7"


@pytest.fixture(autouse=True)
def two_of_each(settings: Settings) -> None:
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


def test_the_counts_are_the_database_s_so_that_all_processes_share_them(outsider: Client, cast: Cast) -> None:
    outsider.post("/report/", said())
    [tally] = Tally.objects.all()
    assert tally.number == 1
    assert ADDRESS.encode() not in bytes(tally.name)
    Tally.objects.update(number=2)  # what two other processes have counted
    assert outsider.post("/report/", said(text="又一盏灯")).status_code == 429
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'common_tally'")
        assert cursor.fetchone() == ("u",)


def test_counts_are_forgotten_when_their_time_is_over(outsider: Client, cast: Cast) -> None:
    outsider.post("/report/", said())
    now = datetime.now(UTC)
    assert limits.sweep(at=now) == 0
    assert limits.sweep(at=now + timedelta(hours=3)) == 1
    assert not Tally.objects.exists()
