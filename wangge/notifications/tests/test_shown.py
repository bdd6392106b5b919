"""In a demo messages are shown on a page with links that work; in production there is no such page, and no such channel."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as live
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from wangge.accounts.models import Account
from wangge.notifications import channels
from wangge.notifications.actions import Outsider, forget, hear_again, leave_alone, send_due, tell_outside
from wangge.notifications.channels.base import ForGood, Message
from wangge.notifications.channels.shown import Shown, _files, shown
from wangge.notifications.models import Delivery, State
from wangge.notifications.tests.conftest import FACTS, NOON

PAGE = "/demo/messages/"
TOPIC = UUID(int=7)
ZHANG = Outsider("report:1", {"sms": "13812341234", "email": "zhang@example.org"})


@pytest.fixture
def demo(settings: Settings, tmp_path: Path) -> None:
    """A trial: nobody is set to carry messages, and no address is known under which it is reached."""
    settings.SHOW_MESSAGES = True
    settings.PUBLIC_URL = ""
    settings.WANGGE_DATA = tmp_path


def tell(source: str = "event:1", outsider: Outsider = ZHANG, **changes: Any) -> bool:
    details = {"wording": "reporter_closed", "words": {"number": FACTS["number"]}, "link": "/m/token/"}
    return tell_outside(outsider, subject_id=TOPIC, source=source, at=NOON, **{**details, **changes})


@pytest.mark.django_db
def test_what_a_reporter_is_told_is_shown_with_both_links(demo: None, client: Client) -> None:
    assert tell()
    assert send_due(at=NOON) == 1
    page = client.get(PAGE).content.decode()
    assert "2026-0000001" in page
    assert 'href="/m/token/"' in page
    assert 'href="/m/token/messages/"' in page
    assert "13812341234" not in page
    assert Delivery.objects.get().state == State.SENT


@pytest.mark.django_db
def test_who_wants_no_more_is_shown_no_more_until_they_take_it_back(demo: None) -> None:
    leave_alone(ZHANG, at=NOON)
    assert not tell()
    hear_again(ZHANG)
    assert tell()
    assert send_due(at=NOON) == 1
    assert [one.channel for one in shown()] == ["sms"]


@pytest.mark.django_db
def test_who_is_erased_is_shown_no_longer_and_others_are(demo: None) -> None:
    other = Outsider("report:2", {"sms": "13900000000", "email": ""})
    tell()
    tell(source="event:2", outsider=other)
    send_due(at=NOON)
    forget(ZHANG, at=NOON)
    (left,) = shown()
    assert left.to.startswith("139")


@pytest.mark.django_db
def test_mail_is_shown_where_there_is_no_telephone(demo: None) -> None:
    tell(outsider=Outsider("report:2", {"sms": "", "email": "zhang@example.org"}))
    send_due(at=NOON)
    (one,) = shown()
    assert (one.channel, one.message.at) == ("email", NOON)
    assert "zhang@example.org" not in one.to


def test_newest_first_a_second_try_is_no_second_message_and_old_ones_go(
    demo: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wangge.notifications.channels.shown.MOST_KEPT", 2)
    for minutes in (0, 1, 2, 2):
        at = NOON + timedelta(minutes=minutes)
        Shown("sms").send("13812341234", Message(f"wg{minutes}", "closed", "Done", "It is done.", at))
    assert [one.message.reference for one in shown()] == ["wg2", "wg1"]


def test_a_message_taken_away_while_the_page_is_drawn_breaks_nothing(
    demo: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    Shown("sms").send("13812341234", Message("wg1", "closed", "Done", "It is done.", NOON))
    [kept] = _files()
    monkeypatch.setattr(
        "wangge.notifications.channels.shown._files", lambda: [kept.with_name("gone.json"), kept]
    )
    assert [one.message.reference for one in shown()] == ["wg1"]


@pytest.mark.django_db
def test_a_page_without_messages_says_how_to_get_one(demo: None, client: Client) -> None:
    page = client.get(PAGE).content.decode()
    assert "还没有消息" in page
    assert reverse("intake:report") in page


@pytest.mark.django_db
def test_the_sign_in_page_of_a_demo_leads_there(demo: None, client: Client, settings: Settings) -> None:
    Account.objects.create(username="zhou", name="小周", demo_hint="看看", password="!")
    settings.DEMO = True
    assert PAGE in client.get("/signin/").content.decode()
    settings.SHOW_MESSAGES = False
    assert PAGE not in client.get("/signin/").content.decode()


def test_a_real_provider_comes_before_the_page(demo: None, settings: Settings) -> None:
    assert set(channels.usable()) == {"sms", "email"}
    settings.CHANNELS["sms"] = {**settings.CHANNELS["sms"], "key_id": "real"}
    assert set(channels.usable()) == {
        "email"
    }  # the real one is not yet set whole, and nothing stands in for it


# -- Outside a demo -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_outside_a_demo_there_is_neither_page_nor_channel(client: Client) -> None:
    assert not live.SHOW_MESSAGES
    assert client.get(PAGE).status_code == 404
    assert not channels.usable()
    assert not tell()


def test_a_channel_left_over_refuses_to_write(tmp_path: Path, settings: Settings) -> None:
    settings.WANGGE_DATA = tmp_path
    with pytest.raises(ForGood):
        Shown("sms").send("13812341234", Message("wg1", "closed", "Done", "It is done.", NOON))
    assert not list(tmp_path.iterdir())


def test_production_shows_nobody_what_it_sends() -> None:
    """Read the settings as an installation does, in a process of its own."""
    environment = {**os.environ, "WANGGE_PRODUCTION": "1", "WANGGE_DEMO": "1", "WANGGE_HOSTS": "example.org"}
    said = subprocess.run(
        [sys.executable, "-c", "from config import settings; print(settings.SHOW_MESSAGES)"],
        env={**environment, "WANGGE_SHOW_MESSAGES": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.stdout.split() == ["False"], said.stderr
