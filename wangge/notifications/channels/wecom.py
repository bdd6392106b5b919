"""Application messages of WeCom (企业微信), as text cards.

https://developer.work.weixin.qq.com/document/path/90236
"""

from html import escape
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.notifications.channels.answers import Codes, answer_of
from wangge.notifications.channels.base import Again, ForGood, Message
from wangge.notifications.channels.http import address_fault, get, post_json
from wangge.notifications.channels.tokens import Token, token

LONGEST_TITLE, LONGEST_TEXT = 128, 512  # bytes
NO_COPIES_WITHIN = 4 * 3600  # seconds; the longest the provider takes
CODES = Codes(
    token_is_bad={40014, 42001},
    not_reached={60111, 81013, 40031},
    for_good={40008, 40058, 41048, 44004, 45002},
    this_one={45033},
)


class WeCom:
    """Messages in the WeCom of colleagues."""

    code = "wecom"
    label = gettext_lazy("WeCom")

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = config

    def is_wanted(self) -> bool:
        return bool(self.config["corp_id"])

    def faults(self) -> list[str]:
        found = [] if self.config["secret"] else ["WANGGE_WECOM_SECRET is missing."]
        if not str(self.config["agent_id"]).isdigit():
            found.append("WANGGE_WECOM_AGENT_ID must be the number of the application.")
        return found + address_fault("WANGGE_WECOM_ENDPOINT", self.config["endpoint"])

    def takes(self, wording: str) -> bool:
        return True

    def send(self, address: str, message: Message) -> str:
        answer = answer_of(lambda: self._post(address, message), self._key, CODES)
        if answer.get("invaliduser"):
            raise ForGood(
                "WeCom does not know this member, or the application may not write to them.", address=True
            )
        return str(answer.get("msgid", ""))

    @property
    def _key(self) -> str:
        return f"wecom {self.config['endpoint']} {self.config['corp_id']} {self.config['agent_id']}"

    def _post(self, address: str, message: Message) -> dict[str, Any]:
        data = {
            "touser": address,
            "msgtype": "textcard",
            "agentid": int(self.config["agent_id"]),
            "textcard": {
                "title": _cut(message.heading, LONGEST_TITLE),
                "description": _cut(escape(message.sentence, quote=False), LONGEST_TEXT),
                "url": message.link,
                "btntxt": _("Open"),
            },
            # The same card within this time is not shown again: an answer that got lost does no harm.
            "enable_duplicate_check": 1,
            "duplicate_check_interval": NO_COPIES_WITHIN,
        }
        url = f"{self.config['endpoint']}/cgi-bin/message/send"
        return post_json(url, data, {"access_token": token(self._key, self._fetch)})

    def _fetch(self) -> Token:
        fields = {"corpid": self.config["corp_id"], "corpsecret": self.config["secret"]}
        answer = get(f"{self.config['endpoint']}/cgi-bin/gettoken", fields)
        if answer.get("errcode"):
            said = f"{answer['errcode']}: {answer.get('errmsg')}"
            raise Again(f"WeCom refuses our application ({said}).", everybody=True)
        return Token(str(answer["access_token"]), int(answer.get("expires_in", 0)))


def _cut(text: str, longest: int) -> str:
    """The beginning that has so many bytes, no character halved."""
    return text.encode()[:longest].decode(errors="ignore")
