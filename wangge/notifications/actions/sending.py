"""Sending: claim one delivery, hand it to its provider, write down what was said.

A delivery is claimed before it is sent and settled after. A worker that dies between the two leaves it claimed; after
`LOST_AFTER` it is tried again. So a message goes out at least once, and rarely twice: providers that can refuse a
second copy are given the same reference at every try.
"""

import re
import time as clock
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from wangge.accounts.models import Account
from wangge.common.ids import uuid7
from wangge.notifications import channels, timing
from wangge.notifications.channels.base import Again, Channel, Failed, ForGood, Message, NoAnswer
from wangge.notifications.models import (
    FORGOTTEN,
    Address,
    Attempt,
    Delivery,
    LeftAlone,
    Outcome,
    Preference,
    State,
)
from wangge.notifications.timing import Habits
from wangge.notifications.wordings import DIGEST, TEST, say

LOST_AFTER = timedelta(minutes=5)  # far beyond any channel's patience
WAITS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]
HOME_NUMBER = 11  # digits of a mobile number as providers quote it, whatever was dialled before them
OF_USE = timedelta(days=2)  # older news helps nobody
UNCAPPED = (DIGEST.name, TEST.name)


@dataclass
class Pass:
    """One walk through the queue: its moment, the channels in use, and those that turned out to be down."""

    at: datetime
    ways: Mapping[str, Channel]
    down: set[str] = field(default_factory=set)
    sent: int = 0


def send_soon() -> None:
    """Wake the worker; one that is awake already will see the queue anyway."""
    task = app.configure_task("config.jobs.send_notices", queue="upkeep", queueing_lock="send_notices")
    with suppress(AlreadyEnqueued), transaction.atomic():
        task.defer(timestamp=int(clock.time()))


def send_due(*, at: datetime, seconds: float = 20) -> int:
    """Send what is due at `at`, for at most so many seconds, and return how many messages the providers took."""
    end = clock.monotonic() + seconds
    walk = Pass(at, channels.usable())
    release_lost(at)
    gather_due(at)
    while clock.monotonic() < end and (delivery := claim(walk)) is not None:
        _send(walk, delivery)
    if clock.monotonic() >= end:
        send_soon()  # others have jobs too; the rest is for the next pass
    return walk.sent


# -- Claiming ---------------------------------------------------------------------------------------------


def release_lost(at: datetime) -> None:
    """Take back what somebody claimed and never settled: nobody knows whether it went out."""
    lost = Delivery.objects.filter(state=State.SENDING, claimed_at__lt=at - LOST_AFTER)
    for pk in list(lost.values_list("pk", flat=True)):
        with transaction.atomic():
            delivery = lost.select_for_update(skip_locked=True).filter(pk=pk).first()
            if delivery is not None:
                _fail(delivery, at, Outcome.UNKNOWN, "The sender stopped before it heard the answer.")


@transaction.atomic
def claim(walk: Pass) -> Delivery | None:
    """Take the next delivery that may go out now; what may not yet is put where it belongs."""
    while (delivery := _next(walk)) is not None:
        if reason := _reason_to_stop(delivery, walk):
            _end(delivery, State.STOPPED, walk.at)
            Attempt.objects.create(delivery=delivery, at=walk.at, outcome=Outcome.REFUSED, said=reason)
        elif not _put_off(delivery, walk.at):
            delivery.state, delivery.claimed_at = State.SENDING, walk.at
            delivery.tries += 1
            delivery.save(update_fields=["state", "claimed_at", "tries"])
            return delivery
    return None


def _next(walk: Pass) -> Delivery | None:
    due = Delivery.objects.filter(
        state=State.WAITING, due_at__lte=walk.at, channel__in=walk.ways.keys() - walk.down
    )
    return (
        due.select_related("account", "address")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("-urgent", "due_at", "id")
        .first()
    )


def _reason_to_stop(delivery: Delivery, walk: Pass) -> str:
    """Why it is not to be sent after all: things may have changed since it was queued."""
    if walk.at - delivery.due_at > OF_USE:
        return "Too old to be of use."
    if delivery.account is None:
        wishes = [delivery.outsider, f"address:{delivery.mark}"]
        asked = LeftAlone.objects.filter(who__in=wishes).exists()
        return "The reporter asked to be left alone." if asked else ""
    if not delivery.account.is_active:
        return "The account is closed."
    address = delivery.address
    if address is None or not address.wanted:
        return "The colleague wants it this way no more."
    if delivery.notice is not None and delivery.notice.read_at is not None:
        return "Read in the platform already."
    return ""


def _put_off(delivery: Delivery, at: datetime) -> bool:
    """Hold a message that meets quiet hours, a cap or the wish for one summary; tell whether it was held."""
    if delivery.wording in UNCAPPED or delivery.was_held or delivery.tries > 0:
        return False
    plan = timing.plan(habits_of(delivery.account), at=at, urgent=delivery.urgent, **_lately(delivery, at))
    if plan.at <= at:
        return False
    delivery.state = State.HELD if plan.gather else State.WAITING
    delivery.due_at = plan.at
    delivery.save(update_fields=["state", "due_at"])
    return True


def habits_of(account: Account | None) -> Habits:
    """What a colleague chose, else what the installation proposes; reporters are not woken either."""
    zone = ZoneInfo(settings.TIME_ZONE)
    if account is None:
        quiet_from, quiet_until = settings.QUIET_FOR_REPORTERS
        return Habits(zone, quiet_from, quiet_until)
    wish = Preference.objects.filter(account=account).first() or Preference(account=account)
    return Habits(
        zone,
        wish.quiet_from,
        wish.quiet_until,
        wish.digest_at,
        settings.NOTICES_PER_HOUR,
        settings.NOTICES_PER_DAY,
    )


def _lately(delivery: Delivery, at: datetime) -> dict[str, int]:
    """How many single messages a colleague got by this channel within the hour, and today."""
    if delivery.account is None or delivery.urgent:
        return {}
    sent = Delivery.objects.filter(
        account=delivery.account, channel=delivery.channel, state=State.SENT, mark=delivery.mark, urgent=False
    ).exclude(wording__in=UNCAPPED)
    midnight = timing.day_of(Habits(ZoneInfo(settings.TIME_ZONE)), at)
    return {
        "last_hour": sent.filter(ended_at__gt=at - timedelta(hours=1)).count(),
        "today": sent.filter(ended_at__gte=midnight).count(),
    }


# -- Gathering --------------------------------------------------------------------------------------------


@transaction.atomic
def gather_due(at: datetime) -> None:
    """Put what was held for one reader and channel into one message; a single one goes out as it is."""
    held: dict[tuple[int | None, str, str, str], list[Delivery]] = {}
    rows = Delivery.objects.select_for_update(skip_locked=True).filter(state=State.HELD, due_at__lte=at)
    for row in rows.order_by("id"):
        held.setdefault((row.account_id, row.outsider, row.channel, row.mark), []).append(row)
    for together in held.values():
        _gather(together, at)


def _gather(together: list[Delivery], at: datetime) -> None:
    newest = together[-1]
    if len(together) == 1 or newest.account_id is None:
        # To a reporter the newest message says where the matter stands; the earlier ones are history.
        carrier, rest = newest, together[:-1]
        Delivery.objects.filter(pk=carrier.pk).update(state=State.WAITING, due_at=at, was_held=True)
    else:
        carrier, rest = _digest(together, at), together
    Delivery.objects.filter(pk__in=[row.pk for row in rest]).update(
        state=State.GATHERED, ended_at=at, gathered_in=carrier, **FORGOTTEN
    )


def _digest(together: list[Delivery], at: datetime) -> Delivery:
    first = together[0]
    return Delivery.objects.create(
        source=f"digest:{first.pk}",
        account_id=first.account_id,
        channel=first.channel,
        address_id=first.address_id,
        masked=first.masked,
        mark=first.mark,
        wording=DIGEST.name,
        words={"count": len(together)},
        link="/notices/",
        made_at=at,
        due_at=at,
    )


# -- Sending ----------------------------------------------------------------------------------------------


def _send(walk: Pass, delivery: Delivery) -> None:
    """Hand one claimed delivery over, outside any transaction, and settle it."""
    channel = walk.ways[delivery.channel]
    try:
        provider_id = _handed_over(channel, delivery)
    except Failed as failure:
        if isinstance(failure, Again) and failure.everybody:
            walk.down.add(delivery.channel)
        _settle_failure(delivery, failure, walk.at)
    else:
        walk.sent += 1
        _settle_success(delivery, provider_id, walk.at)


def _handed_over(channel: Channel, delivery: Delivery) -> str:
    address = _address_of(delivery)
    if not address:
        raise ForGood("There is no address any more.")
    language = (delivery.account.language if delivery.account else "") or settings.LANGUAGE_CODE
    with translation.override(language):
        return channel.send(address, message_of(delivery, language))


def _address_of(delivery: Delivery) -> str:
    if delivery.account is None:
        return delivery.sealed or ""
    return delivery.address.value if delivery.address else ""


def reference_of(delivery: Delivery) -> str:
    """What a provider may tell a second copy by."""
    return f"wg{delivery.pk:x}-{int(delivery.made_at.timestamp()):x}"


def message_of(delivery: Delivery, language: str) -> Message:
    """A delivery in words; a reporter's link also leads to the page where they can ask to be left alone."""
    said = say(delivery.wording, delivery.words, language)
    link = f"{settings.PUBLIC_URL}{delivery.link}" if delivery.link else ""
    outside = delivery.account_id is None
    return Message(
        reference=reference_of(delivery),
        wording=delivery.wording,
        heading=said.heading,
        sentence=said.sentence,
        at=delivery.made_at,
        number=str(delivery.words.get("number", "")),
        link=link,
        code=delivery.link.strip("/").rpartition("/")[2] if outside else "",
        stop=f"{link}messages/" if outside and link else "",
    )


@transaction.atomic
def _settle_success(delivery: Delivery, provider_id: str, at: datetime) -> None:
    Attempt.objects.create(delivery=delivery, at=at, outcome=Outcome.SENT, provider_id=provider_id[:120])
    _end(delivery, State.SENT, at)


@transaction.atomic
def _settle_failure(delivery: Delivery, failure: Failed, at: datetime) -> None:
    if isinstance(failure, ForGood):
        if failure.address and delivery.address_id:
            Address.objects.filter(pk=delivery.address_id).update(refused_at=at)
        Attempt.objects.create(
            delivery=delivery, at=at, outcome=Outcome.REFUSED, said=_said(delivery, failure)
        )
        _end(delivery, State.FAILED, at)
    else:
        outcome = Outcome.UNKNOWN if isinstance(failure, NoAnswer) else Outcome.AGAIN
        _fail(delivery, at, outcome, _said(delivery, failure))


def _said(delivery: Delivery, failure: Failed) -> str:
    """What a provider said, without the address that many quote: of that no more is kept than of a sent message."""
    address = _address_of(delivery)
    plain = "".join(c for c in address if c.isalnum()) if delivery.channel == "sms" else address
    short = plain[-HOME_NUMBER:] if delivery.channel == "sms" else plain
    said, masked = str(failure), delivery.masked or "…"
    for quoted in filter(None, (address, plain, short)):
        said = re.sub(re.escape(quoted), lambda _quoted: masked, said, flags=re.IGNORECASE)
    return said[:300]


def _fail(delivery: Delivery, at: datetime, outcome: str, said: str) -> None:
    """Note a try that failed, and wait longer each time; after the last wait it is given up."""
    Attempt.objects.create(delivery=delivery, at=at, outcome=outcome, said=said)
    if delivery.tries > len(WAITS):
        _end(delivery, State.FAILED, at)
    else:
        delivery.state, delivery.claimed_at = State.WAITING, None
        delivery.due_at = at + WAITS[delivery.tries - 1]
        delivery.save(update_fields=["state", "claimed_at", "due_at"])


def _end(delivery: Delivery, state: State, at: datetime) -> None:
    delivery.state, delivery.ended_at, delivery.claimed_at = state, at, None
    for name, value in FORGOTTEN.items():
        setattr(delivery, name, value)
    delivery.save(update_fields=["state", "ended_at", "claimed_at", *FORGOTTEN])


# -- Trying it --------------------------------------------------------------------------------------------


def send_test(account: Account, channel: str, *, at: datetime) -> int:
    """Queue a test message to each of a person's addresses of one channel and return how many there are."""
    drafts = [
        Delivery(
            source=f"test:{uuid7()}",
            account=account,
            channel=channel,
            address=address,
            mark=address.mark,
            wording=TEST.name,
            words={},
            link="/notices/",
            urgent=True,
            made_at=at,
            due_at=at,
        )
        for address in Address.objects.filter(account=account, channel=channel, wanted=True)
    ]
    Delivery.objects.bulk_create(drafts)
    if drafts:
        transaction.on_commit(send_soon, robust=True)
    return len(drafts)
