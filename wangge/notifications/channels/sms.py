"""SMS by Aliyun's dysmsapi (SendSms, version 2017-05-25): a signed form over HTTPS.

In China each sender's name and each text is registered with the carrier beforehand; a message is the number of a
registered template and its variables: ${number}, and ${code} for a link such as https://city.example/m/${code}/.
https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms
"""

import base64
import hashlib
import hmac
import json
import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext_lazy

from wangge.notifications.channels.base import Again, Failed, ForGood, Message
from wangge.notifications.channels.http import address_fault, post_form

LONGEST_VALUE = 35  # characters of one variable
CHINESE_MOBILE = re.compile(r"^(\+?86|0086)?1[3-9]\d{9}$")
# What no repetition mends.
FOR_GOOD = {
    "isv.SMS_TEMPLATE_ILLEGAL", "isv.SMS_SIGNATURE_ILLEGAL", "isv.INVALID_PARAMETERS", "isv.PARAM_LENGTH_LIMIT",
    "isv.TEMPLATE_MISSING_PARAMETERS", "isv.TEMPLATE_PARAMS_ILLEGAL", "isv.INVALID_JSON_PARAM", "isv.BLACK_KEY_CONTROL_LIMIT",
    "isv.PARAM_NOT_SUPPORT_URL",
}  # fmt: skip
BAD_NUMBER = {"isv.MOBILE_NUMBER_ILLEGAL", "isv.MOBILE_COUNT_OVER_LIMIT"}
# It concerns this number or this minute only.
THIS_ONE = {"isv.BUSINESS_LIMIT_CONTROL", "isv.DAY_LIMIT_CONTROL"}


class Sms:
    """Text messages to Chinese mobile numbers."""

    code = "sms"
    label = gettext_lazy("SMS")

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = config

    def is_wanted(self) -> bool:
        return bool(self.config["key_id"])

    def faults(self) -> list[str]:
        names = {"key_secret": "WANGGE_SMS_KEY_SECRET", "sign_name": "WANGGE_SMS_SIGN_NAME"}
        missing = [f"{name} is missing." for key, name in names.items() if not self.config[key]]
        if not self.config["templates"]:
            missing.append("WANGGE_SMS_TEMPLATES names no template, so nothing can be said.")
        return missing + address_fault("WANGGE_SMS_ENDPOINT", self.config["endpoint"])

    def takes(self, wording: str) -> bool:
        return wording in self.config["templates"]

    def send(self, address: str, message: Message) -> str:
        number = re.sub(r"[ ()-]", "", address)
        if not CHINESE_MOBILE.match(number):
            raise ForGood("This is no mobile number that can be reached.", address=True)
        fields = {
            "Action": "SendSms",
            "Version": "2017-05-25",
            "Format": "JSON",
            "AccessKeyId": self.config["key_id"],
            "SignatureMethod": "HMAC-SHA1",
            "SignatureVersion": "1.0",
            "SignatureNonce": uuid.uuid4().hex,
            "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "PhoneNumbers": number,
            "SignName": self.config["sign_name"],
            "TemplateCode": self.config["templates"][message.wording],
            "TemplateParam": json.dumps(variables(message), ensure_ascii=False),
            "OutId": message.reference,
        }
        fields["Signature"] = signature("POST", fields, self.config["key_secret"])
        answer = post_form(self.config["endpoint"], fields)
        if answer.get("Code") != "OK":
            raise _failure(str(answer.get("Code")), str(answer.get("Message", "")))
        return str(answer.get("BizId", ""))


def variables(message: Message) -> dict[str, str]:
    """The variables a registered template may use; carriers take no whole address, so its last part is one."""
    return {"number": message.number[:LONGEST_VALUE], "code": message.code[:LONGEST_VALUE]}


def signature(method: str, fields: Mapping[str, str], secret: str) -> str:
    """Sign as Aliyun's RPC interfaces ask: HMAC-SHA1 over the sorted, percent-encoded fields, in base64."""
    query = "&".join(f"{_quoted(name)}={_quoted(fields[name])}" for name in sorted(fields))
    text = f"{method}&{_quoted('/')}&{_quoted(query)}"
    # SHA-1 is what the provider's interface asks for.
    digest = hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _quoted(text: str) -> str:
    return quote(text, safe="~")


def _failure(code: str, said: str) -> Failed:
    words = f"{code}: {said}"
    if code in BAD_NUMBER:
        return ForGood(words, address=True)
    if code in FOR_GOOD:
        return ForGood(words)
    # Keys, credit, clocks, throttling: nothing goes out until somebody or time mends it.
    return Again(words, everybody=code not in THIS_ONE)
