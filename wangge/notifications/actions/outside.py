"""Telling people outside: by the contact they left, and only as long as they want."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from wangge.common.sealing import fingerprint
from wangge.notifications import channels
from wangge.notifications.actions.notices import mask
from wangge.notifications.actions.sending import reference_of, send_soon
from wangge.notifications.channels.shown import drop
from wangge.notifications.models import FORGOTTEN, OPEN, Attempt, Delivery, LeftAlone, State
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


@dataclass(frozen=True)
class Wish:
    """What somebody asked for: no messages about this matter, or none at their addresses; who asked may take it back."""

    about_this: LeftAlone | None
    everywhere: LeftAlone | None
    may_lift: bool  # asked by this very outsider: whoever merely names an address cannot

    def __bool__(self) -> bool:
        return self.about_this is not None or self.everywhere is not None

    @property
    def at(self) -> datetime | None:
        """Since when; the wish that holds for more counts."""
        wish = self.everywhere or self.about_this
        return wish.at if wish else None


@transaction.atomic
def leave_alone(outsider: Outsider, *, everywhere: bool = False, way: str = "page", at: datetime) -> None:
    """Send no more about this matter, or with `everywhere` no more to these addresses; what still waits is stopped."""
    _note(outsider.name, way=way, at=at)
    marks = _marks(outsider)
    for mark in marks if everywhere else ():
        _note(f"address:{mark}", way=way, at=at, asked_by=outsider.name)
    waiting = Delivery.objects.filter(account=None, state__in=OPEN).exclude(state=State.SENDING)
    whom = waiting.filter(mark__in=marks) if everywhere else waiting.filter(outsider=outsider.name)
    whom.update(state=State.STOPPED, ended_at=at, **FORGOTTEN)


@transaction.atomic
def forget(outsider: Outsider, *, at: datetime) -> None:
    """Send nothing more about this matter, and keep nothing of where messages about it went; providers quote it too."""
    leave_alone(outsider, way="erasure", at=at)
    told = Delivery.objects.filter(outsider=outsider.name)
    drop(reference_of(delivery) for delivery in told)
    Attempt.objects.filter(delivery__in=told).update(said="")
    told.update(masked="", mark="")


def _marks(outsider: Outsider) -> list[str]:
    return [mark_of(channel, value) for channel, value in outsider.addresses.items() if value]


def _note(who: str, *, way: str, at: datetime, asked_by: str = "") -> None:
    LeftAlone.objects.get_or_create(who=who, defaults={"at": at, "way": way, "asked_by": asked_by})


def hear_again(outsider: Outsider, *, everywhere: bool = False) -> None:
    """Take the wish about this matter back; with `everywhere` also what this very outsider asked for their addresses."""
    wishes = Q(who=outsider.name)
    if everywhere:
        wishes |= Q(who__in=[f"address:{mark}" for mark in _marks(outsider)], asked_by=outsider.name)
    LeftAlone.objects.filter(wishes).delete()


def wish_of(outsider: Outsider) -> Wish:
    """What somebody asked for; nothing is falsy."""
    addresses = LeftAlone.objects.filter(who__in=[f"address:{mark}" for mark in _marks(outsider)])
    everywhere = list(addresses.order_by("-at"))
    own = [one for one in everywhere if one.asked_by == outsider.name]
    return Wish(
        about_this=LeftAlone.objects.filter(who=outsider.name).first(),
        everywhere=everywhere[0] if everywhere else None,
        may_lift=bool(own) and len(own) == len(everywhere),
    )
