"""Each channel speaks the real wire format: the same cases against the adapter and a fake as strict as the service."""

import json
from typing import Any

import pytest
from pytest_django import Settings

from wangge.notifications.channels import conditions, usable
from wangge.notifications.channels.base import Again, Channel, ForGood, Message, NoAnswer
from wangge.notifications.channels.sms import signature
from wangge.notifications.tests.conftest import NOON
from wangge.notifications.tests.fakes import sms, wecom

MESSAGE = Message(
    reference="wg1f-6a2b",
    wording="dispatched",
    heading="您单位有一件新案件",
    sentence="路灯不亮，甲网格（2026-0000001）。请于 06-12 17:00 前办结。" * 20,
    at=NOON,
    number="2026-0000001",
    link="https://city.example/cases/2026-0000001/",
    code="AbCdEfGhIjKlMnOpQrStUvWxYz012345678",
)
PROVIDERS = ("email", "sms", "wecom", "wechat")
GOOD = {"email": "zhou@city.example", "sms": "138 1234 1234", "wecom": "zhou", "wechat": "oOpenId"}
BAD = {"email": "nobody@city.example", "sms": "021-12345678", "wecom": "stranger", "wechat": "stranger"}
FIXTURES = {
    "email": "post_office",
    "sms": "sms_provider",
    "wecom": "wecom_provider",
    "wechat": "wechat_provider",
}


@pytest.fixture(params=PROVIDERS)
def pair(request: pytest.FixtureRequest) -> tuple[str, Channel, Any]:
    """A channel and the fake it talks to."""
    fake = request.getfixturevalue(FIXTURES[request.param])
    return request.param, usable()[request.param], fake


def test_a_message_arrives_and_the_provider_names_it(pair: tuple[str, Channel, Any]) -> None:
    code, channel, fake = pair
    assert channel.send(GOOD[code], MESSAGE)
    assert len(fake.taken) == 1


def test_an_address_that_leads_nowhere_is_refused_for_good(pair: tuple[str, Channel, Any]) -> None:
    code, channel, fake = pair
    with pytest.raises(ForGood) as refused:
        channel.send(BAD[code], MESSAGE)
    assert refused.value.address
    assert fake.taken == []


def test_wrong_keys_stop_the_channel_for_everybody_and_are_tried_again(
    pair: tuple[str, Channel, Any], settings: Settings
) -> None:
    code, _channel, fake = pair
    secret = {"email": "password", "sms": "key_secret", "wecom": "secret", "wechat": "secret"}[code]
    settings.CHANNELS[code] = {**settings.CHANNELS[code], secret: "wrong"}
    with pytest.raises(Again) as refused:
        usable()[code].send(GOOD[code], MESSAGE)
    assert refused.value.everybody
    assert fake.taken == []


def test_a_lost_answer_is_said_to_be_unknown(pair: tuple[str, Channel, Any]) -> None:
    code, channel, fake = pair
    fake.lose_answers = 1
    with pytest.raises(NoAnswer):
        channel.send(GOOD[code], MESSAGE)
    assert len(fake.taken) == 1  # it had arrived


def test_a_provider_that_cannot_be_reached_stops_the_channel(
    pair: tuple[str, Channel, Any], settings: Settings
) -> None:
    code, _channel, _fake = pair
    settings.CHANNELS[code] = {**settings.CHANNELS[code], "endpoint": "http://127.0.0.1:9", "port": "9"}
    with pytest.raises(Again) as refused:
        usable()[code].send(GOOD[code], MESSAGE)
    assert refused.value.everybody
    assert not isinstance(refused.value, NoAnswer)


# -- SMS ----------------------------------------------------------------------------------------------------


def test_the_signature_is_the_one_of_the_providers_documentation() -> None:
    fields = {
        "AccessKeyId": "testId", "Action": "SendSms", "Format": "XML", "OutId": "123", "PhoneNumbers": "15300000001",
        "RegionId": "cn-hangzhou", "SignName": "阿里云短信测试专用", "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466", "SignatureVersion": "1.0",
        "TemplateCode": "SMS_71390007", "TemplateParam": '{"customer":"test"}', "Timestamp": "2017-07-12T02:42:19Z",
        "Version": "2017-05-25",
    }  # fmt: skip
    assert signature("GET", fields, "testSecret") == "zJDF+Lrzhj/ThnlvIToysFRq6t4="


def test_the_sms_names_template_and_variables(sms_provider: sms.FakeSms) -> None:
    usable()["sms"].send(GOOD["sms"], MESSAGE)
    (taken,) = sms_provider.taken
    assert taken["PhoneNumbers"] == "13812341234"
    assert json.loads(taken["TemplateParam"]) == {"number": "2026-0000001", "code": MESSAGE.code}


@pytest.mark.parametrize(
    ("fault", "kind", "everybody"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", Again, False),
        ("isv.AMOUNT_NOT_ENOUGH", Again, True),
        ("Throttling.User", Again, True),
        ("isv.SMS_TEMPLATE_ILLEGAL", ForGood, None),
    ],
)
def test_codes_of_the_provider_are_understood(
    sms_provider: sms.FakeSms, fault: str, kind: type[Exception], everybody: bool | None
) -> None:
    sms_provider.fault = fault
    with pytest.raises(kind) as refused:
        usable()["sms"].send(GOOD["sms"], MESSAGE)
    assert fault in str(refused.value)
    assert getattr(refused.value, "everybody", None) == everybody


def test_the_fake_refuses_what_the_service_refuses(sms_provider: sms.FakeSms) -> None:
    def tried(**changes: str) -> str:
        fields = {
            "AccessKeyId": sms.KEY_ID, "Action": "SendSms", "Version": "2017-05-25", "SignatureNonce": repr(changes),
            "Timestamp": "2017-07-12T02:42:19Z", "SignName": sms.SIGN_NAME, "TemplateCode": "SMS_100",
            "PhoneNumbers": "13812341234", "TemplateParam": '{"number": "1", "code": "2"}', **changes,
        }  # fmt: skip
        if "now" in fields:
            from datetime import UTC, datetime

            fields["Timestamp"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            del fields["now"]
        if "Signature" not in fields:
            fields["Signature"] = sms.own_signature("POST", fields)
        return sms_provider._wrong("POST", fields)

    assert tried(now="1") == ""
    assert tried(now="1", Signature="forged") == "SignatureDoesNotMatch"
    assert tried(AccessKeyId="other") == "InvalidAccessKeyId.NotFound"
    assert tried() == "InvalidTimeStamp.Expired"
    assert tried(now="1", TemplateParam='{"number": "1"}') == "isv.TEMPLATE_MISSING_PARAMETERS"
    assert (
        tried(now="1", TemplateParam=json.dumps({"number": "1", "code": "x" * 36}))
        == "isv.PARAM_LENGTH_LIMIT"
    )
    assert (
        tried(now="1", TemplateParam='{"number": "https://x.cn", "code": ""}') == "isv.PARAM_NOT_SUPPORT_URL"
    )
    sms_provider.nonces.add("{'now': '1', 'SignName': '示范市网格'}")
    assert tried(now="1", SignName=sms.SIGN_NAME) == "SignatureNonceUsed"


# -- Tokens -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["wecom", "wechat"])
def test_a_token_is_fetched_once_and_anew_when_it_is_disowned(
    code: str, request: pytest.FixtureRequest
) -> None:
    fake = request.getfixturevalue(FIXTURES[code])
    channel = usable()[code]
    channel.send(GOOD[code], MESSAGE)
    channel.send("somebody", MESSAGE)
    assert fake.tokens_given == 1
    fake.token = "fetched by another program"
    channel.send("a third", MESSAGE)
    assert fake.tokens_given == 2
    assert len(fake.taken) == 3


@pytest.mark.parametrize("code", ["wecom", "wechat"])
def test_a_second_copy_is_not_shown(code: str, request: pytest.FixtureRequest) -> None:
    fake = request.getfixturevalue(FIXTURES[code])
    for _try in range(2):
        usable()[code].send(GOOD[code], MESSAGE)
    assert len(fake.taken) == 1


def test_a_card_of_wecom_is_cut_to_its_bytes_and_shows_no_markup(wecom_provider: wecom.FakeWeCom) -> None:
    usable()["wecom"].send("zhou", Message(**{**MESSAGE.__dict__, "sentence": "<b>路灯</b>"}))
    (taken,) = wecom_provider.taken
    assert taken["textcard"]["description"] == "&lt;b&gt;路灯&lt;/b&gt;"
    wecom_provider.taken.clear()
    usable()["wecom"].send("zhou", Message(**{**MESSAGE.__dict__, "heading": "网" * 100}))
    assert len(wecom_provider.taken[0]["textcard"]["title"].encode()) <= 128


def test_limits_of_the_provider_are_temporary(wecom_provider: wecom.FakeWeCom) -> None:
    wecom_provider.fault = 45009
    with pytest.raises(Again) as refused:
        usable()["wecom"].send("zhou", MESSAGE)
    assert refused.value.everybody


# -- E-mail -------------------------------------------------------------------------------------------------


def test_a_mail_has_the_same_id_at_every_try_and_a_button_to_end_it(post_office: Any) -> None:
    message = Message(**{**MESSAGE.__dict__, "stop": "https://city.example/m/token/messages/"})
    ids = {usable()["email"].send(GOOD["email"], message) for _try in range(2)}
    assert ids == {"<wg1f-6a2b@city.example>"}
    _sender, recipient, mail = post_office.taken[0]
    assert recipient == "zhou@city.example"
    assert mail["List-Unsubscribe"] == "<https://city.example/m/token/messages/>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert MESSAGE.link in mail.get_content()
    assert mail["Subject"].startswith("您单位有一件新案件")


def test_a_server_that_wants_it_later_is_asked_later(post_office: Any) -> None:
    post_office.later = 1
    with pytest.raises(Again) as refused:
        usable()["email"].send(GOOD["email"], MESSAGE)
    assert "451" in str(refused.value)
    assert not refused.value.everybody


# -- Settings -----------------------------------------------------------------------------------------------


def test_nothing_set_is_off_and_no_fault() -> None:
    assert [(one.wanted, list(one.faults)) for one in conditions()] == [(False, [])] * 5
    assert usable() == {}


@pytest.mark.parametrize(
    ("code", "changes", "said"),
    [
        ("email", {"host": "mail.example", "sender": "nobody"}, "WANGGE_EMAIL_FROM"),
        ("email", {"host": "mail.example", "sender": "a@b.cn", "security": "ssl"}, "WANGGE_EMAIL_SECURITY"),
        ("email", {"host": "mail.example", "sender": "a@b.cn", "user": "x"}, "WANGGE_EMAIL_PASSWORD"),
        ("sms", {"key_id": "x"}, "WANGGE_SMS_KEY_SECRET"),
        ("sms", {"key_id": "x", "endpoint": "http://sms.example"}, "https://"),
        ("wecom", {"corp_id": "x", "agent_id": "app"}, "WANGGE_WECOM_AGENT_ID"),
        ("wechat", {"app_id": "x"}, "WANGGE_WECHAT_SECRET"),
        ("push", {"key_file": "/nowhere"}, "WANGGE_PUSH_KEY_FILE"),
        ("push", {"key_file": "/nowhere", "contact": "me"}, "WANGGE_PUSH_CONTACT"),
    ],
)
def test_wrong_settings_are_named_and_the_channel_stays_off(
    settings: Settings, code: str, changes: dict[str, str], said: str
) -> None:
    settings.CHANNELS[code] = {**settings.CHANNELS[code], **changes}
    (condition,) = [one for one in conditions() if one.channel.code == code]
    assert any(said in fault for fault in condition.faults)
    assert usable() == {}


def test_a_channel_without_a_public_address_is_at_fault(settings: Settings, post_office: Any) -> None:
    settings.PUBLIC_URL = ""
    assert any("WANGGE_PUBLIC_URL" in fault for one in conditions() for fault in one.faults)
