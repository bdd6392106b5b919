"""Telling people outside: by the contact they left, and only as long as they want."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from wangge.common.sealing import fingerprint
from wangge.notifications import channels
from wangge.notifications.actions.notices import mask
from wangge.notifications.actions.sending import send_soon
from wangge.notifications.models import FORGOTTEN, OPEN, Delivery, LeftAlone, State
from wangge.notifications.wordings import check_words

# The first of these that is in use, can say it, and has an address.
ORDER = ("sms", "email")


@dataclass(frozen=True)
class Outsider:
    """Somebody with no account: a name of ours ("report:<id>") and the addresses they left, by channel."""

    name: str
    addresses: Mapping[str, str]


def mark_of(channel: str, value: str) -> str:
    """The fingerprint by which an address is recognised without being stored; spelling does not matter."""
    plain = "".join(value.split()).lower() if channel == "email" else "".join(c for c in value if c.isalnum())
    return fingerprint(f"address {channel} {plain}").hex()[:32]


@transaction.atomic
def tell_outside(
    outsider: Outsider,
    *,
    wording: str,
    words: Mapping[str, Any],
    link: str,
    subject_id: UUID,
    source: str,
    at: datetime,
    not_before: datetime | None = None,
) -> bool:
    """Queue one message for somebody outside, by one channel; tell whether there was a way and none was queued before.

    `link` is the path of the page it opens; it may hold a secret and is sealed. Whoever asked to be left alone gets
    nothing. Raises ValueError when the words do not fit the wording.
    """
    check_words(wording, words)
    chosen = _way(outsider, wording)
    if chosen is None:
        return False
    channel, address = chosen
    mark = mark_of(channel, address)
    if is_left_alone(outsider.name, mark):
        return False
    _delivery, new = Delivery.objects.get_or_create(
        source=source,
        wording=wording,
        outsider=outsider.name,
        account=None,
        channel=channel,
        defaults={
            "sealed": address,
            "masked": mask(channel, address),
            "mark": mark,
            "words": dict(words),
            "subject_id": subject_id,
            "link": link,
            "made_at": at,
            "due_at": max(at, not_before or at),
        },
    )
    if new:
        transaction.on_commit(send_soon, robust=True)
    return new


def _way(outsider: Outsider, wording: str) -> tuple[str, str] | None:
    ways = channels.usable()
    for channel in ORDER:
        address = outsider.addresses.get(channel, "").strip()
        if address and channel in ways and ways[channel].takes(wording):
            return channel, address
    return None


def is_left_alone(outsider: str, mark: str) -> bool:
    """Tell whether somebody asked for no more messages, about this matter or at this address."""
    return LeftAlone.objects.filter(who__in=[outsider, f"address:{mark}"]).exists()


@transaction.atomic
def leave_alone(outsider: Outsider, *, everywhere: bool = False, way: str = "page", at: datetime) -> None:
    """Send no more about this matter, or with `everywhere` no more to these addresses; what still waits is stopped."""
    names = [outsider.name]
    marks = [mark_of(channel, value) for channel, value in outsider.addresses.items() if value]
    if everywhere:
        names += [f"address:{mark}" for mark in marks]
    for name in names:
        LeftAlone.objects.get_or_create(who=name, defaults={"at": at, "way": way})
    waiting = Delivery.objects.filter(account=None, state__in=OPEN).exclude(state=State.SENDING)
    whom = waiting.filter(mark__in=marks) if everywhere else waiting.filter(outsider=outsider.name)
    whom.update(state=State.STOPPED, ended_at=at, **FORGOTTEN)


def hear_again(outsider: Outsider) -> None:
    """Take the wish back: messages about this matter, and to these addresses, may go out again."""
    marks = [mark_of(channel, value) for channel, value in outsider.addresses.items() if value]
    LeftAlone.objects.filter(who__in=[outsider.name, *(f"address:{mark}" for mark in marks)]).delete()


def wish_of(outsider: Outsider) -> LeftAlone | None:
    """What somebody asked for, if they asked to be left alone."""
    marks = [mark_of(channel, value) for channel, value in outsider.addresses.items() if value]
    names = [outsider.name, *(f"address:{mark}" for mark in marks)]
    return LeftAlone.objects.filter(who__in=names).order_by("-at").first()
