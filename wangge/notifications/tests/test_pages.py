"""The bell, the centre, the preferences, and the administrator's page: who sees what, and what they can do there."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.doctor import _notices
from wangge.accounts.models import Account, AdminPost, AdminRole
from wangge.notifications.actions import add_address, send_due
from wangge.notifications.models import Address, Delivery, Notice, Preference
from wangge.notifications.tests.conftest import tell

CENTRE, PREFERENCES, CHANNELS = (
    reverse(f"notifications:{name}") for name in ("centre", "preferences", "channels")
)


@pytest.fixture
def browser() -> Callable[[Account], Client]:
    def signed_in(account: Account) -> Client:
        Account.objects.filter(pk=account.pk).update(password_changed_at=timezone.now())
        client = Client()
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


def page(client: Client, url: str, **more: Any) -> str:
    answer = client.get(url, more)
    assert answer.status_code == 200
    return str(answer.content.decode())


# -- The centre ---------------------------------------------------------------------------------------------


def test_an_empty_centre_says_what_will_come(colleague: Account, browser: Any) -> None:
    assert "没有通知" in page(browser(colleague), CENTRE)


def test_unread_ones_come_first_and_opening_one_leads_to_its_matter(colleague: Account, browser: Any) -> None:
    now = timezone.now()
    tell(colleague, "event:1", at=now - timedelta(hours=2))
    Notice.objects.update(read_at=now)
    tell(colleague, "event:2", at=now - timedelta(days=1))
    client = browser(colleague)
    shown = page(client, CENTRE)
    unread, read = Notice.objects.get(source="event:2"), Notice.objects.get(source="event:1")
    assert shown.index(f"/notices/{unread.pk}/") < shown.index(f"/notices/{read.pk}/")
    opened = client.get(reverse("notifications:opening", args=[unread.pk]))
    assert (opened.status_code, opened["Location"]) == (302, "/cases/2026-0000001/")
    unread.refresh_from_db()
    assert unread.read_at is not None


def test_nobody_opens_the_notices_of_others(colleague: Account, system: Account, browser: Any) -> None:
    tell(colleague, at=timezone.now())
    notice = Notice.objects.get()
    assert browser(system).get(reverse("notifications:opening", args=[notice.pk])).status_code == 404
    assert "0000001" not in page(browser(system), CENTRE)
    assert Client().get(CENTRE).status_code == 302


def test_all_are_marked_read_but_not_those_that_came_after_the_page(colleague: Account, browser: Any) -> None:
    now = timezone.now()
    tell(colleague, "event:1", at=now - timedelta(hours=1))
    tell(colleague, "event:2", at=now)
    client = browser(colleague)
    client.post(reverse("notifications:reading"), {"until": (now - timedelta(minutes=5)).isoformat()})
    assert list(Notice.objects.filter(read_at=None).values_list("source", flat=True)) == ["event:2"]
    client.post(reverse("notifications:reading"), {"until": "no moment"})
    assert not Notice.objects.filter(read_at=None).exists()


def test_the_bell_counts_and_costs_nothing_while_nothing_changes(colleague: Account, browser: Any) -> None:
    client = browser(colleague)
    unread = reverse("notifications:unread")
    assert 'class="wg-bell-count"' not in page(client, CENTRE)
    first = client.get(unread)
    again = client.get(unread, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    tell(colleague, at=timezone.now())
    fresh = client.get(unread, headers={"If-None-Match": first["ETag"]})
    assert fresh.status_code == 200
    assert 'class="wg-bell-count" aria-hidden="true">1<' in fresh.content.decode()
    assert 'class="wg-bell-count" aria-hidden="true">1<' in page(client, CENTRE)


def test_the_bell_of_somebody_signed_out_stays_as_it_is(db: None) -> None:
    assert Client().get(reverse("notifications:unread")).status_code == 204


# -- Preferences --------------------------------------------------------------------------------------------


def test_without_channels_there_are_only_quiet_hours(colleague: Account, browser: Any) -> None:
    shown = page(browser(colleague), PREFERENCES)
    assert "仅在平台内通知" in shown
    assert 'name="quiet_from"' in shown


def test_quiet_hours_are_kept_and_half_of_them_is_refused(colleague: Account, browser: Any) -> None:
    client = browser(colleague)
    client.post(PREFERENCES, {"quiet_from": "22:00", "quiet_until": "06:30", "digest_at": ""})
    kept = Preference.objects.get()
    assert f"{kept.quiet_from:%H:%M}-{kept.quiet_until:%H:%M}" == "22:00-06:30"
    refused = client.post(PREFERENCES, {"quiet_from": "23:00", "quiet_until": "", "digest_at": ""})
    assert refused.status_code == 422
    assert 'value="23:00"' in refused.content.decode()


def test_an_address_is_given_tested_and_removed(colleague: Account, post_office: Any, browser: Any) -> None:
    client = browser(colleague)
    given = reverse("notifications:address")
    refused = client.post(given, {"channel": "email", "value": "nonsense"})
    assert refused.status_code == 422
    assert 'value="nonsense"' in refused.content.decode()
    assert Address.objects.count() == 0
    client.post(given, {"channel": "email", "value": "zhou@city.example"})
    client.post(reverse("notifications:test"), {"channel": "email", "value": "zhou@city.example"})
    assert send_due(at=timezone.now()) == 1
    removal = {"channel": "email", "value": "x", "remove": Address.objects.get().mark}
    client.post(given, removal)
    assert Address.objects.count() == 0
    assert client.post(given, removal).status_code == 409, "nothing is left that could be removed"


def test_the_telephone_of_the_account_is_proposed_for_sms(
    colleague: Account, sms_provider: Any, browser: Any
) -> None:
    assert 'value="13812341234"' in page(browser(colleague), PREFERENCES)


def test_a_browser_is_refused_in_words(colleague: Account, browser: Any) -> None:
    answer = browser(colleague).post(reverse("notifications:browser"), {"subscription": "{}"})
    assert answer.status_code == 422
    assert json.loads(answer.content)["error"] == "本平台未启用浏览器通知。"


def test_the_service_worker_is_a_script_and_needs_no_account(db: None) -> None:
    answer = Client().get(reverse("notifications:worker_script"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert b"showNotification" in answer.content


# -- The administrator --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [None, AdminRole.SECURITY, AdminRole.AUDIT])
def test_only_the_system_administrator_sees_channels_and_log(
    colleague: Account, browser: Any, role: AdminRole | None
) -> None:
    if role:
        AdminPost.objects.create(account=colleague, role=role)
    assert browser(colleague).get(CHANNELS).status_code == 403


def test_the_log_shows_attempts_in_words_and_addresses_masked(
    colleague: Account, system: Account, post_office: Any, browser: Any
) -> None:
    now = timezone.now()
    add_address(colleague, "email", "zhou@city.example", at=now)
    tell(colleague, at=now)
    post_office.later = 1
    send_due(at=now)
    shown = page(browser(system), CHANNELS)
    assert "z***@city.example" in shown
    assert "zhou@city" not in shown
    assert "451" in shown
    assert "失败，稍后重试" in shown
    assert "2026-0000001" not in shown  # what it was about is not the administrator's business


def test_the_log_is_filtered(colleague: Account, system: Account, post_office: Any, browser: Any) -> None:
    now = timezone.now()
    add_address(colleague, "email", "zhou@city.example", at=now)
    tell(colleague, at=now)
    client = browser(system)
    for asked, found in [
        ({"state": "waiting"}, True), ({"state": "failed"}, False), ({"channel": "sms"}, False),
        ({"who": "clerk"}, True), ({"who": "nobody"}, False), ({"since": "nonsense"}, True),
        ({"until": f"{timezone.localdate(now):%Y-%m-%d}"}, True), ({"until": "2020-01-01"}, False),
    ]:  # fmt: skip
        assert ("z***@city.example" in page(client, CHANNELS, **asked)) is found, asked


def test_a_channel_set_wrong_says_what_is_wrong(system: Account, settings: Any, browser: Any) -> None:
    settings.CHANNELS["sms"] = {**settings.CHANNELS["sms"], "key_id": "x"}
    shown = page(browser(system), CHANNELS)
    assert "设置有误" in shown
    assert "WANGGE_SMS_KEY_SECRET is missing." in shown


def test_the_administrator_sends_a_test_to_themselves(
    system: Account, post_office: Any, browser: Any
) -> None:
    client = browser(system)
    assert "请先填写您的地址" in page(client, CHANNELS)
    add_address(system, "email", "ma@city.example", at=timezone.now())
    assert "给我发一条测试" in page(client, CHANNELS)
    answer = client.post(reverse("notifications:test"), {"channel": "email", "back": "channels"})
    assert answer["Location"] == CHANNELS
    assert Delivery.objects.get().account == system


# -- The doctor ---------------------------------------------------------------------------------------------


def test_the_doctor_names_wrong_settings_and_says_which(settings: Any) -> None:
    settings.CHANNELS["wecom"] = {**settings.CHANNELS["wecom"], "corp_id": "ww1", "agent_id": "x"}
    finding = _notices()
    assert finding.serious
    assert finding.said == "wecom at fault"
    assert "WANGGE_WECOM_SECRET is missing." in finding.advice
    assert "WANGGE_WECOM_AGENT_ID" in finding.advice


def test_the_doctor_is_content_without_channels(settings: Any) -> None:
    assert _notices().advice == ""
