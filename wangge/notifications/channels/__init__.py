"""Ways of reaching people outside the platform. A channel of which nothing is set is off; inside, everybody reads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from wangge.notifications.channels.base import Channel
from wangge.notifications.channels.email import Email
from wangge.notifications.channels.push import Push
from wangge.notifications.channels.shown import LABELS as SHOWN
from wangge.notifications.channels.shown import Shown
from wangge.notifications.channels.sms import Sms
from wangge.notifications.channels.wechat import WeChat
from wangge.notifications.channels.wecom import WeCom

KINDS: dict[str, Callable[[dict[str, Any]], Channel]] = {
    "email": Email,
    "sms": Sms,
    "wecom": WeCom,
    "wechat": WeChat,
    "push": Push,
}
NO_ADDRESS = "WANGGE_PUBLIC_URL is missing: messages could not lead to a matter."


@dataclass(frozen=True)
class Condition:
    """How one channel stands: off (nothing set), at fault (set wrong), or in use."""

    channel: Channel
    wanted: bool
    faults: Sequence[str]

    @property
    def usable(self) -> bool:
        """Whether messages go out by it."""
        return self.wanted and not self.faults


def label_of(code: str) -> str:
    """What people call a channel."""
    return str(_channel(code).label)


def conditions() -> list[Condition]:
    """Look every channel's settings over, without contacting anybody."""
    return [_condition(_channel(code)) for code in KINDS]


def _channel(code: str) -> Channel:
    """The channel as it is set; in a demo that shows messages, one that is not set only shows them."""
    real = KINDS[code](settings.CHANNELS[code])
    return Shown(code) if settings.SHOW_MESSAGES and code in SHOWN and not real.is_wanted() else real


def _condition(channel: Channel) -> Condition:
    if not channel.is_wanted():
        return Condition(channel, False, ())
    needs_address = not (
        settings.PUBLIC_URL or isinstance(channel, Shown)
    )  # a page of ours leads to our pages
    return Condition(channel, True, [*channel.faults(), *([NO_ADDRESS] if needs_address else [])])


def usable() -> dict[str, Channel]:
    """The channels by which messages go out, by code."""
    return {one.channel.code: one.channel for one in conditions() if one.usable}
