"""Template messages of a WeChat official account.

https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html
Templates are registered with the fields thing1 (heading), character_string2 (number) and time3 (moment).
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from wangge.notifications.channels.answers import Codes, answer_of
from wangge.notifications.channels.base import Again, Message
from wangge.notifications.channels.http import address_fault, post_json
from wangge.notifications.channels.tokens import Token, token

LONGEST_THING = 20  # characters
CODES = Codes(
    token_is_bad={40001, 40014, 42001},
    not_reached={40003, 43004, 43019},  # no such person here, or the person follows the account no more
    for_good={40037, 47001, 47003, 41028, 41029, 41030},
    this_one={43116, 45047},
)


class WeChat:
    """Messages in the WeChat of whoever follows the city's account."""

    code = "wechat"
    label = gettext_lazy("WeChat")

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = config

    def is_wanted(self) -> bool:
        return bool(self.config["app_id"])

    def faults(self) -> list[str]:
        found = [] if self.config["secret"] else ["WANGGE_WECHAT_SECRET is missing."]
        if not self.config["templates"]:
            found.append("WANGGE_WECHAT_TEMPLATES names no template, so nothing can be said.")
        return found + address_fault("WANGGE_WECHAT_ENDPOINT", self.config["endpoint"])

    def takes(self, wording: str) -> bool:
        return wording in self.config["templates"]

    def send(self, address: str, message: Message) -> str:
        answer = answer_of(lambda: self._post(address, message), self._key, CODES)
        return str(answer.get("msgid", ""))

    @property
    def _key(self) -> str:
        return f"wechat {self.config['endpoint']} {self.config['app_id']}"

    def _post(self, address: str, message: Message) -> dict[str, Any]:
        data = {
            "touser": address,
            "template_id": self.config["templates"][message.wording],
            "url": message.link,
            "client_msg_id": message.reference[:32],  # a second copy with the same id is not shown
            "data": {
                "thing1": {"value": message.heading[:LONGEST_THING]},
                "character_string2": {"value": message.number or "-"},
                "time3": {"value": f"{timezone.localtime(message.at):%Y-%m-%d %H:%M}"},
            },
        }
        url = f"{self.config['endpoint']}/cgi-bin/message/template/send"
        return post_json(url, data, {"access_token": token(self._key, self._fetch)})

    def _fetch(self) -> Token:
        """The stable token: several processes may ask, and none ends the others'."""
        asked = {
            "grant_type": "client_credential",
            "appid": self.config["app_id"],
            "secret": self.config["secret"],
        }
        answer = post_json(f"{self.config['endpoint']}/cgi-bin/stable_token", asked)
        if not answer.get("access_token"):
            said = f"{answer.get('errcode')}: {answer.get('errmsg')}"
            raise Again(f"WeChat refuses our account ({said}).", everybody=True)
        return Token(str(answer["access_token"]), int(answer.get("expires_in", 0)))
