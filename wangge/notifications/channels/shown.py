"""A demo's own mail and SMS: what would go out is kept in files and shown on a page, links and all; nothing is sent.

Anybody may read that page, and the links open what only the recipient would open. So it is for made-up people, never
in production, and the address is kept masked.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from wangge.common.masking import mask_email, mask_phone
from wangge.common.places import make_folder
from wangge.notifications.channels.base import ForGood, Message

LABELS = {
    "sms": gettext_lazy("SMS, only shown here"),
    "email": gettext_lazy("E-mail, only shown here"),
}
MOST_KEPT = 200


@dataclass(frozen=True)
class ShownMessage:
    """One message as its recipient would see it."""

    message: Message
    channel: str
    to: str  # masked

    @property
    def label(self) -> Promise:
        """What people call the channel."""
        return LABELS[self.channel]


class Shown:
    """Stands in for a channel of which nothing is set, in a demo."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.label = LABELS[code]

    def is_wanted(self) -> bool:
        return True

    def faults(self) -> list[str]:
        return []

    def takes(self, wording: str) -> bool:
        return True

    def send(self, address: str, message: Message) -> str:
        if not settings.SHOW_MESSAGES:
            raise ForGood("Messages are shown in a demo only.")
        to = mask_email(address) if self.code == "email" else mask_phone(address)
        folder = _folder()
        make_folder(folder)
        # The same at every try: a second try replaces the first.
        place = folder / f"{message.at:%Y%m%d%H%M%S}-{message.reference}.json"
        draft = place.with_suffix(".draft")
        words = {**asdict(message), "at": message.at.isoformat()}
        draft.write_text(json.dumps({"message": words, "channel": self.code, "to": to}), encoding="utf-8")
        draft.replace(place)
        for old in _files()[MOST_KEPT:]:
            old.unlink(missing_ok=True)
        return message.reference


def shown() -> Iterator[ShownMessage]:
    """The messages, newest first."""
    for path in _files():
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:  # taken from the page meanwhile
            continue
        message = Message(**kept["message"])
        at = datetime.fromisoformat(kept["message"]["at"])
        yield ShownMessage(replace(message, at=at), kept["channel"], kept["to"])


def drop(references: Iterable[str]) -> None:
    """Take messages from the page for good; nothing where there are none."""
    for reference in references:
        for path in _folder().glob(f"*-{reference}.json"):
            path.unlink(missing_ok=True)


def _files() -> list[Path]:
    return sorted(_folder().glob("*.json"), reverse=True)


def _folder() -> Path:
    return Path(settings.WANGGE_DATA) / "messages"
