"""Messages go out at least once, are given up in time, and respect what people want."""

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from wangge.accounts.models import Account
from wangge.notifications.actions import (
    About,
    Many,
    Outsider,
    add_address,
    forget,
    hear_again,
    hush,
    leave_alone,
    remove_address,
    send_due,
    send_test,
    sweep,
    tell_outside,
)
from wangge.notifications.actions.outside import wish_of
from wangge.notifications.actions.sending import WAITS, Pass, _said, claim
from wangge.notifications.channels import usable
from wangge.notifications.channels.base import Failed
from wangge.notifications.models import Address, Attempt, Delivery, Notice, Preference, State
from wangge.notifications.tests.conftest import NOON, tell

MINUTE = timedelta(minutes=1)


@pytest.fixture
def by_mail(colleague: Account, post_office: Any) -> Account:
    add_address(colleague, "email", "zhou@city.example", at=NOON)
    return colleague


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def outcomes() -> list[str]:
    return list(Attempt.objects.order_by("pk").values_list("outcome", flat=True))


# -- Once ---------------------------------------------------------------------------------------------------


def test_a_message_is_sent_once_although_the_listener_runs_twice(by_mail: Account, post_office: Any) -> None:
    tell(by_mail)
    tell(by_mail)
    assert send_due(at=NOON) == 1
    tell(by_mail)
    assert send_due(at=NOON) == 0
    assert len(post_office.taken) == 1
    assert states() == ["sent"]
    assert Attempt.objects.get().provider_id.endswith("@city.example>")


def test_the_database_refuses_a_second_delivery_of_one_happening(by_mail: Account) -> None:
    tell(by_mail)
    first = Delivery.objects.get()
    first.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        first.save(force_insert=True)


def test_without_a_channel_or_an_address_it_is_told_inside_only(colleague: Account, post_office: Any) -> None:
    tell(colleague)
    assert Notice.objects.count() == 1
    assert Delivery.objects.count() == 0


def test_a_wording_without_a_registered_template_goes_by_no_sms(
    colleague: Account, sms_provider: Any
) -> None:
    add_address(colleague, "sms", "13812341234", at=NOON)
    tell(colleague)  # "corrected" has none
    assert Delivery.objects.count() == 0


# -- What can go wrong --------------------------------------------------------------------------------------


def test_a_lost_answer_is_noted_and_tried_again(by_mail: Account, post_office: Any) -> None:
    tell(by_mail)
    post_office.lose_answers = 1
    assert send_due(at=NOON) == 0
    assert (states(), outcomes()) == (["waiting"], ["unknown"])
    assert send_due(at=NOON) == 0  # not at once
    assert send_due(at=NOON + MINUTE) == 1
    assert outcomes() == ["unknown", "sent"]
    ids = {mail["Message-ID"] for _from, _to, mail in post_office.taken}
    assert len(post_office.taken) == 2  # at least once: it may come twice, and says that it is the same
    assert len(ids) == 1


def test_a_worker_killed_between_sending_and_noting_it_sends_again_later(
    by_mail: Account, post_office: Any
) -> None:
    tell(by_mail)
    taken = claim(Pass(NOON, usable()))
    assert taken is not None
    # The provider took it, and the worker died before it could write that down.
    assert send_due(at=NOON + 2 * MINUTE) == 0  # somebody may still be at work on it
    assert states() == ["sending"]
    assert send_due(at=NOON + 6 * MINUTE) == 0
    assert outcomes() == ["unknown"]
    assert send_due(at=NOON + 8 * MINUTE) == 1
    assert states() == ["sent"]


def test_two_workers_never_take_the_same_message(by_mail: Account) -> None:
    tell(by_mail)
    walk = Pass(NOON, usable())
    assert claim(walk) is not None
    assert claim(walk) is None


def test_waits_grow_and_then_it_is_given_up(by_mail: Account, post_office: Any) -> None:
    tell(by_mail)
    post_office.later = 99
    at = NOON
    for wait in WAITS:
        send_due(at=at)
        assert Delivery.objects.get().due_at == at + wait
        at += wait
    send_due(at=at)
    assert states() == ["failed"]
    assert outcomes() == ["again"] * 6
    assert "451" in Attempt.objects.first().said  # type: ignore[union-attr]


def test_what_is_refused_for_good_is_not_tried_again_and_the_address_is_marked(
    colleague: Account, post_office: Any
) -> None:
    add_address(colleague, "email", "nobody@city.example", at=NOON)
    tell(colleague)
    send_due(at=NOON)
    assert (states(), outcomes()) == (["failed"], ["refused"])
    assert Address.objects.get().refused_at == NOON
    tell(colleague, "event:2")
    assert len(states()) == 1  # nothing more goes there
    add_address(colleague, "email", "zhou@city.example", at=NOON)
    tell(colleague, "event:3")
    assert send_due(at=NOON) == 1


def test_a_channel_that_is_down_is_left_alone_for_the_rest_of_the_pass(
    by_mail: Account, settings: Settings, post_office: Any
) -> None:
    for n in range(5):
        tell(by_mail, f"event:{n}")
    settings.CHANNELS["email"] = {**settings.CHANNELS["email"], "password": "wrong"}
    send_due(at=NOON)
    assert outcomes() == ["again"]
    assert states().count("waiting") == 5


def test_old_news_is_not_sent_after_a_long_standstill(by_mail: Account) -> None:
    tell(by_mail)
    send_due(at=NOON + timedelta(days=3))
    assert states() == ["stopped"]


# -- What people want ---------------------------------------------------------------------------------------


def test_what_was_read_inside_meanwhile_is_not_sent(by_mail: Account) -> None:
    tell(by_mail)
    Notice.objects.update(read_at=NOON)
    assert send_due(at=NOON) == 0
    assert states() == ["stopped"]


def test_whoever_switches_a_channel_off_gets_nothing_that_still_waits(by_mail: Account) -> None:
    tell(by_mail)
    remove_address(by_mail, "email")
    assert send_due(at=NOON) == 0
    assert states() == ["stopped"]


def test_in_quiet_hours_messages_wait_and_come_as_one(by_mail: Account, post_office: Any) -> None:
    Preference.objects.update(quiet_from=time(21), quiet_until=time(7))
    night, morning = NOON + timedelta(hours=11), NOON + timedelta(hours=19)
    for n in range(3):
        tell(by_mail, f"event:{n}", at=night)
    assert send_due(at=night) == 0
    assert states() == ["held"] * 3
    assert send_due(at=morning - MINUTE) == 0
    assert send_due(at=morning) == 1
    assert sorted(states()) == ["gathered"] * 3 + ["sent"]
    (_from, _to, mail) = post_office.taken[0]
    assert mail["Subject"].startswith("3 条新通知")


def test_one_held_message_is_sent_as_it_is(by_mail: Account, post_office: Any) -> None:
    Preference.objects.update(digest_at=time(17, 30))
    tell(by_mail)
    send_due(at=NOON)
    assert send_due(at=NOON + timedelta(hours=5, minutes=30)) == 1
    assert "路灯" in post_office.taken[0][2].get_content()


def test_many_alike_go_out_as_one_message_a_quarter_of_an_hour_later(
    by_mail: Account, post_office: Any
) -> None:
    for n in range(12):
        tell(by_mail, f"event:{n}", at=NOON + n * MINUTE / 2, many=Many("digest", "/notices/"))
    assert send_due(at=NOON + 14 * MINUTE) == 0
    assert send_due(at=NOON + 17 * MINUTE) == 1
    assert len(post_office.taken) == 1
    assert Delivery.objects.get(state=State.SENT).words == {"count": 12}
    assert send_due(at=NOON + 60 * MINUTE) == 0


def test_urgent_ones_wake_people(by_mail: Account) -> None:
    Preference.objects.update(quiet_from=time(21), quiet_until=time(7), digest_at=time(8))
    night = NOON + timedelta(hours=11)
    tell(by_mail, at=night, urgent=True)
    assert send_due(at=night) == 1


def test_beyond_the_cap_the_rest_comes_in_one_summary(
    by_mail: Account, settings: Settings, post_office: Any
) -> None:
    settings.NOTICES_PER_HOUR = 3
    for n in range(8):
        tell(by_mail, f"event:{n}")
    assert send_due(at=NOON) == 3
    assert states().count("held") == 5
    assert send_due(at=NOON + timedelta(hours=1)) == 1
    assert states().count("gathered") == 5
    assert post_office.taken[-1][2]["Subject"].startswith("5 条新通知")


def test_a_summary_is_harmless_twice(by_mail: Account, settings: Settings) -> None:
    settings.NOTICES_PER_HOUR = 1
    for n in range(3):
        tell(by_mail, f"event:{n}")
    send_due(at=NOON)
    later = NOON + timedelta(hours=1)
    assert send_due(at=later) + send_due(at=later) == 1


def test_a_test_goes_out_at_once_to_oneself(by_mail: Account, post_office: Any) -> None:
    Preference.objects.update(digest_at=time(3))
    assert send_test(by_mail, "email", at=NOON) == 1
    assert send_test(by_mail, "sms", at=NOON) == 0
    assert send_due(at=NOON) == 1


# -- Reporters ----------------------------------------------------------------------------------------------

REPORTER = Outsider("report:1", {"sms": "138 1234 1234", "email": "zhang@example.org"})


def tell_reporter(
    source: str = "event:1", wording: str = "reporter_closed", at: Any = NOON, **more: Any
) -> bool:
    details: dict[str, Any] = {"outsider": REPORTER, "words": {"number": 7}, "subject_id": uuid4(), **more}
    outsider = details.pop("outsider")
    return tell_outside(outsider, wording=wording, link="/m/token/", source=source, at=at, **details)


@pytest.mark.django_db
def test_a_reporter_is_told_once_by_the_first_way_there_is(sms_provider: Any, post_office: Any) -> None:
    assert tell_reporter()
    assert not tell_reporter()
    send_due(at=NOON)
    assert (len(sms_provider.taken), len(post_office.taken)) == (1, 0)


@pytest.mark.django_db
def test_what_no_template_can_say_goes_by_mail(sms_provider: Any, post_office: Any) -> None:
    tell_reporter(wording="reporter_answered")
    send_due(at=NOON)
    assert (len(sms_provider.taken), len(post_office.taken)) == (0, 1)
    mail = post_office.taken[0][2]
    assert "https://city.example/m/token/messages/" in mail.get_content()


@pytest.mark.parametrize("quoted", ["13800138000", "8613800138000", "+86 138-0013-8000"])
def test_a_number_is_known_in_what_a_provider_says_however_it_is_quoted(quoted: str) -> None:
    told = Delivery(channel="sms", sealed="+86 138-0013-8000", masked="138****8000")
    assert _said(told, Failed(f"MOBILE_NUMBER_ILLEGAL: {quoted}")) == "MOBILE_NUMBER_ILLEGAL: 138****8000"


@pytest.mark.django_db
def test_what_a_server_says_of_a_reporter_is_kept_without_their_address_and_goes_with_them(
    post_office: Any,
) -> None:
    nobody = Outsider("report:1", {"sms": "", "email": "nobody@Example.org"})
    tell_reporter(outsider=nobody)
    send_due(at=NOON)
    [said] = Attempt.objects.values_list("said", flat=True)
    assert "no such user" in said
    assert "nobody@example.org" not in said.lower()
    forget(nobody, at=NOON)
    assert list(Attempt.objects.values_list("said", flat=True)) == [""]


@pytest.mark.django_db
def test_the_address_of_a_reporter_is_sealed_while_it_waits_and_gone_after(post_office: Any) -> None:
    from django.db import connection

    tell_reporter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed, link, masked FROM notifications_delivery")
        sealed, link, masked = cursor.fetchone()
    assert b"zhang" not in bytes(sealed)
    assert b"token" not in bytes(link)
    assert masked == "z***@example.org"
    send_due(at=NOON)
    sent = Delivery.objects.get()
    assert (sent.sealed, sent.link) == (None, "")


def test_a_pass_ends_in_time_and_wakes_the_next(by_mail: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[bool] = []
    monkeypatch.setattr("wangge.notifications.actions.sending.send_soon", lambda: woken.append(True))
    tell(by_mail)
    assert send_due(at=NOON, seconds=0) == 0
    assert woken == [True]


def test_a_waiting_message_about_a_matter_that_becomes_confidential_says_nothing(
    by_mail: Account, post_office: Any
) -> None:
    case = uuid4()
    about = About("case", case, "/cases/1/")
    tell(by_mail, about=about)
    tell(by_mail, about=about, wording="suspended")
    hush(subject_id=case)
    assert send_due(at=NOON) == 1
    mail = post_office.taken[0][2]
    assert "保密" in mail["Subject"]
    assert "路灯" not in mail.get_content()


@pytest.mark.django_db
def test_reporters_sleep_and_read_only_the_newest_in_the_morning(post_office: Any) -> None:
    night = NOON + timedelta(hours=10)
    for n, wording in enumerate(["reporter_answered", "reporter_closed"]):
        tell_reporter(f"event:{n}", wording, night)
    send_due(at=night)
    assert states() == ["held", "held"]
    assert send_due(at=NOON + timedelta(hours=20)) == 1
    assert states() == ["gathered", "sent"]


@pytest.mark.django_db
def test_whoever_wants_to_be_left_alone_is(post_office: Any) -> None:
    tell_reporter("event:1")
    leave_alone(REPORTER, at=NOON)
    leave_alone(REPORTER, at=NOON)
    assert not tell_reporter("event:2")
    assert send_due(at=NOON) == 0
    assert states() == ["stopped"]
    assert tell_reporter("event:3", outsider=Outsider("report:2", REPORTER.addresses))
    hear_again(REPORTER)
    assert tell_reporter("event:4")


@pytest.mark.django_db
def test_left_alone_at_an_address_holds_for_every_report(post_office: Any) -> None:
    leave_alone(REPORTER, everywhere=True, at=NOON)
    spelt_otherwise = Outsider("report:2", {"email": "Zhang@Example.org "})
    assert not tell_reporter(outsider=spelt_otherwise)


@pytest.mark.django_db
def test_taking_back_the_wish_about_one_matter_lifts_none_for_the_address(post_office: Any) -> None:
    other = Outsider("report:2", REPORTER.addresses)
    leave_alone(REPORTER, everywhere=True, at=NOON)
    leave_alone(other, at=NOON)
    hear_again(other)
    assert not tell_reporter("event:1", outsider=other), "the address is left alone for every report"
    hear_again(other, everywhere=True)
    assert not tell_reporter("event:2", outsider=other), "whoever merely names an address lifts nothing"
    assert (wish_of(other).about_this, wish_of(other).may_lift) == (None, False)
    hear_again(REPORTER)
    assert not tell_reporter("event:3")
    hear_again(REPORTER, everywhere=True)
    assert tell_reporter("event:4")
    assert tell_reporter("event:5", outsider=other)


@pytest.mark.django_db
def test_a_wish_that_comes_while_a_message_waits_is_respected(post_office: Any) -> None:
    tell_reporter()
    from wangge.notifications.models import LeftAlone

    LeftAlone.objects.create(who="report:1", at=NOON, way="page")
    assert send_due(at=NOON) == 0
    assert states() == ["stopped"]
    assert "left alone" in Attempt.objects.get().said


# -- Retention ----------------------------------------------------------------------------------------------


def test_old_notices_and_deliveries_are_deleted_and_waiting_ones_stay(by_mail: Account) -> None:
    tell(by_mail, "event:1")
    send_due(at=NOON)
    tell(by_mail, "event:2", at=NOON + timedelta(days=89))
    sweep(at=NOON + timedelta(days=91))
    assert states() == [State.WAITING]
    assert Notice.objects.count() == 2
    sweep(at=NOON + timedelta(days=181))
    assert [notice.source for notice in Notice.objects.all()] == ["event:2"]
