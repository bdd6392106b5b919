"""Aliyun's SendSms as its documentation describes it; signatures are verified by a computation of its own."""

import hmac
import json
import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus

from wangge.notifications.tests.fakes.serving import Answer, Asked, Provider

KEY_ID, KEY_SECRET, SIGN_NAME = "testId", "testSecret", "示范市网格"
TEMPLATES = {"SMS_100": {"number", "code"}}


class FakeSms(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.nonces: set[str] = set()
        self.fault: str = ""  # answer this code next

    def answer(self, asked: Asked) -> Answer:
        fields = asked.form
        if code := self._wrong(asked.method, fields):
            return (400 if not code.startswith("isv") else 200), {
                "Code": code,
                "Message": "refused",
                "RequestId": "r",
            }
        self.nonces.add(fields["SignatureNonce"])
        self.taken.append(fields)
        return 200, {"Code": "OK", "Message": "OK", "BizId": f"biz^{len(self.taken)}", "RequestId": "r"}

    def _wrong(self, method: str, fields: dict[str, str]) -> str:
        if self.fault:
            fault, self.fault = self.fault, ""
            return fault
        if fields.get("AccessKeyId") != KEY_ID:
            return "InvalidAccessKeyId.NotFound"
        if not hmac.compare_digest(fields.pop("Signature", ""), own_signature(method, fields)):
            return "SignatureDoesNotMatch"
        sent = datetime.strptime(fields["Timestamp"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if abs(datetime.now(UTC) - sent) > timedelta(minutes=15):
            return "InvalidTimeStamp.Expired"
        if fields["SignatureNonce"] in self.nonces:
            return "SignatureNonceUsed"
        if (fields.get("Action"), fields.get("Version")) != ("SendSms", "2017-05-25"):
            return "InvalidAction.NotFound"
        return self._wrong_message(fields)

    def _wrong_message(self, fields: dict[str, str]) -> str:
        if fields["SignName"] != SIGN_NAME:
            return "isv.SMS_SIGNATURE_ILLEGAL"
        if fields["TemplateCode"] not in TEMPLATES:
            return "isv.SMS_TEMPLATE_ILLEGAL"
        if not re.fullmatch(r"(\+?86|0086)?1[3-9]\d{9}", fields["PhoneNumbers"]):
            return "isv.MOBILE_NUMBER_ILLEGAL"
        given = json.loads(fields["TemplateParam"])
        if TEMPLATES[fields["TemplateCode"]] - set(given):
            return "isv.TEMPLATE_MISSING_PARAMETERS"
        if any(len(value) > 35 for value in given.values()):
            return "isv.PARAM_LENGTH_LIMIT"
        if any("://" in value for value in given.values()):
            return "isv.PARAM_NOT_SUPPORT_URL"
        return ""


def own_signature(method: str, fields: dict[str, str]) -> str:
    """The documented recipe: URL encoding with + as %20, * as %2A and ~ left alone."""

    def encoded(text: str) -> str:
        return quote_plus(text).replace("+", "%20").replace("*", "%2A").replace("%7E", "~")

    canonical = "&".join(encoded(k) + "=" + encoded(v) for k, v in sorted(fields.items()))
    text = method + "&" + encoded("/") + "&" + encoded(canonical)
    return b64encode(hmac.digest((KEY_SECRET + "&").encode(), text.encode(), "sha1")).decode()
