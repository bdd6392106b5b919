"""A colleague, channels that lead to fakes on loopback, and a clock of one's own."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytest_django import Settings

from wangge.accounts.models import Account, AdminRole
from wangge.accounts.tests.people import administrator
from wangge.notifications.actions import About, notify
from wangge.notifications.channels import tokens
from wangge.notifications.models import Preference
from wangge.notifications.tests.fakes import sms, wechat, wecom
from wangge.notifications.tests.fakes.serving import serving
from wangge.notifications.tests.fakes.smtp import PASSWORD, USER, FakeSmtp, mail_server

NOON = datetime(2026, 6, 10, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FACTS = {"number": "2026-0000001", "kind": {"zh": "路灯", "en": "Lamp"}, "place": "甲网格"}


@pytest.fixture(autouse=True)
def public_address(settings: Settings) -> None:
    settings.PUBLIC_URL = "https://city.example"
    settings.CHANNELS = {code: dict(config) for code, config in settings.CHANNELS.items()}
    tokens._held.clear()


@pytest.fixture
def colleague(db: None) -> Account:
    account = Account.objects.create(username="clerk", name="小周", phone="13812341234", password="!")
    Preference.objects.create(account=account, quiet_from=None, quiet_until=None)
    return account


@pytest.fixture
def system(db: None) -> Account:
    return administrator(AdminRole.SYSTEM, "system", "老马")


@pytest.fixture
def post_office(settings: Settings) -> Iterator[FakeSmtp]:
    with mail_server() as fake:
        settings.CHANNELS["email"] = {
            "host": "127.0.0.1", "port": str(fake.port), "security": "none", "user": USER, "password": PASSWORD,
            "sender": "platform@city.example",
        }  # fmt: skip
        yield fake


@pytest.fixture
def sms_provider(settings: Settings) -> Iterator[sms.FakeSms]:
    with serving(sms.FakeSms()) as fake:
        settings.CHANNELS["sms"] = {
            "endpoint": fake.url, "key_id": sms.KEY_ID, "key_secret": sms.KEY_SECRET, "sign_name": sms.SIGN_NAME,
            "templates": {"dispatched": "SMS_100", "reporter_closed": "SMS_100"},
        }  # fmt: skip
        yield fake  # type: ignore[misc]


@pytest.fixture
def wecom_provider(settings: Settings) -> Iterator[wecom.FakeWeCom]:
    with serving(wecom.FakeWeCom()) as fake:
        settings.CHANNELS["wecom"] = {
            "endpoint": fake.url, "corp_id": wecom.CORP_ID, "agent_id": wecom.AGENT_ID, "secret": wecom.SECRET,
        }  # fmt: skip
        yield fake  # type: ignore[misc]


@pytest.fixture
def wechat_provider(settings: Settings) -> Iterator[wechat.FakeWeChat]:
    with serving(wechat.FakeWeChat()) as fake:
        settings.CHANNELS["wechat"] = {
            "endpoint": fake.url, "app_id": wechat.APP_ID, "secret": wechat.SECRET,
            "templates": {"dispatched": "T1"},
        }  # fmt: skip
        yield fake  # type: ignore[misc]


def tell(person: Account, source: str = "event:1", *, at: datetime = NOON, **more: Any) -> int:
    """Tell one person of a case that was sent back to the desk."""
    details: dict[str, Any] = {
        "wording": "corrected",
        "words": FACTS,
        "about": About(link="/cases/2026-0000001/"),
        **more,
    }
    return notify([person], source=source, at=at, **details)
