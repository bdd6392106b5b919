"""Web push: the standard's own example, a service that checks who sends, and browsers that come and go."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pytest_django import Settings

from wangge.accounts.models import Account
from wangge.common.refusals import Refused
from wangge.notifications.actions import add_browser, send_due
from wangge.notifications.channels import usable
from wangge.notifications.channels.base import Again, ForGood, NoAnswer
from wangge.notifications.channels.push import Push
from wangge.notifications.channels.push_encryption import b64, encrypt, unb64
from wangge.notifications.models import Address, Delivery
from wangge.notifications.tests.conftest import NOON, tell
from wangge.notifications.tests.fakes.push import FakePush
from wangge.notifications.tests.fakes.serving import serving
from wangge.notifications.tests.test_contracts import MESSAGE


def _key(path: Path) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return str(path)


@pytest.fixture
def service(settings: Settings, tmp_path: Path) -> Iterator[FakePush]:
    config = {
        "key_file": _key(tmp_path / "key.pem"),
        "contact": "mailto:it@city.example",
        "hosts": ["127.0.0.1"],
    }
    with serving(FakePush()) as fake:
        settings.CHANNELS["push"] = config
        assert isinstance(fake, FakePush)
        fake.expected_key = Push(config).public_key()
        yield fake


def test_the_example_of_the_standard() -> None:
    number = int.from_bytes(unb64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big")
    sealed = encrypt(
        b"When I grow up, I want to be a watermelon",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        salt=unb64("DGv6ra1nlYgDCS1FRnbzlw"),
        own=ec.derive_private_key(number, ec.SECP256R1()),
    )
    assert b64(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
        "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_the_browser_reads_what_we_sent(service: FakePush) -> None:
    assert usable()["push"].send(service.subscription, MESSAGE) == "https://push.example/message/1"
    (told,) = service.taken
    assert told["heading"] == MESSAGE.heading
    assert told["link"] == MESSAGE.link
    assert MESSAGE.sentence.startswith(told["sentence"])


def test_another_key_than_the_one_subscribed_with_is_refused(
    service: FakePush, settings: Settings, tmp_path: Path
) -> None:
    settings.CHANNELS["push"] = {**settings.CHANNELS["push"], "key_file": _key(tmp_path / "other.pem")}
    with pytest.raises(Again, match="403"):
        usable()["push"].send(service.subscription, MESSAGE)


def test_a_lost_answer_is_said_to_be_unknown(service: FakePush) -> None:
    service.lose_answers = 1
    with pytest.raises(NoAnswer):
        usable()["push"].send(service.subscription, MESSAGE)


def test_keys_that_are_none_are_refused_for_good(service: FakePush) -> None:
    broken = json.loads(service.subscription)
    broken["keys"]["p256dh"] = "AAAA"
    with pytest.raises(ForGood):
        usable()["push"].send(json.dumps(broken), MESSAGE)


def test_a_browser_agrees_gets_notices_and_is_forgotten_when_it_is_gone(
    service: FakePush, colleague: Account
) -> None:
    add_browser(colleague, service.subscription, at=NOON)
    add_browser(colleague, service.subscription, at=NOON)
    assert Address.objects.count() == 1
    tell(colleague)
    assert send_due(at=NOON) == 1
    service.gone = True
    tell(colleague, "event:2")
    send_due(at=NOON)
    tell(colleague, "event:3")
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["sent", "failed"]


@pytest.mark.parametrize(
    "subscription",
    [
        "nonsense", "{}", '{"endpoint": "https://127.0.0.2/", "keys": {"p256dh": "x", "auth": "y"}}',
        '{"endpoint": "https://internal.city.example/", "keys": {"p256dh": "x", "auth": "y"}}',
    ],
)  # fmt: skip
def test_addresses_that_are_no_push_service_are_refused(
    service: FakePush, colleague: Account, subscription: str
) -> None:
    with pytest.raises(Refused):
        add_browser(colleague, subscription, at=NOON)


def test_without_the_channel_no_browser_can_be_added(colleague: Account) -> None:
    with pytest.raises(Refused, match="未启用"):
        add_browser(colleague, "{}", at=NOON)
