"""Telling colleagues: in the platform always, and by the channels each of them chose."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from wangge.accounts.models import Account
from wangge.common.masking import mask_email, mask_phone
from wangge.common.statements import prepared
from wangge.notifications import channels
from wangge.notifications.actions.sending import send_soon
from wangge.notifications.models import FORGOTTEN, OPEN, Address, Delivery, Notice, State
from wangge.notifications.wordings import CONFIDENTIAL, check_words


@dataclass(frozen=True)
class About:
    """What a notice is about and which page it opens (a path of ours)."""

    kind: str = ""
    id: UUID | None = None
    link: str = ""


@transaction.atomic
def notify(
    people: Iterable[Account],
    *,
    wording: str,
    words: Mapping[str, Any],
    about: About,
    source: str,
    at: datetime,
    not_before: datetime | None = None,
    urgent: bool = False,
    confidential: bool = False,
) -> int:
    """Tell people something once and return how many were told now; the same source again tells nobody twice.

    `not_before` is the moment from which it may be shown and sent; whoever reminds of a deadline computes it in
    working time. `urgent` breaks quiet hours and caps. A `confidential` matter is announced without a word about it.
    Raises ValueError when the words do not fit the wording.
    """
    check_words(wording, words)
    told, facts = (CONFIDENTIAL.name, {}) if confidential else (wording, dict(words))
    wanted = {person.pk: person for person in people if person.is_active}
    shown_at = max(at, not_before or at)
    new = _store(wanted, told, facts, about, source, shown_at, urgent)
    _deliver(new, at)
    return len(new)


def _store(
    people: Mapping[int, Account],
    wording: str,
    words: dict[str, Any],
    about: About,
    source: str,
    shown_at: datetime,
    urgent: bool,
) -> list[Notice]:
    """Keep a notice for each who has none of this source yet, and return the new ones."""
    known = Notice.objects.filter(source=source, wording=wording, recipient__in=people)
    there = set(known.values_list("recipient_id", flat=True))
    drafts = [
        Notice(
            recipient_id=pk,
            source=source,
            wording=wording,
            words=words,
            subject_kind=about.kind,
            subject_id=about.id,
            link=about.link,
            urgent=urgent,
            shown_at=shown_at,
        )
        for pk in people
        if pk not in there
    ]
    return Notice.objects.bulk_create(drafts)


def _deliver(notices: Sequence[Notice], at: datetime) -> None:
    """Put a delivery in the queue for each address that the told people want to be reached at."""
    ways = channels.usable()
    if not notices or not ways:
        return
    by_person = {notice.recipient_id: notice for notice in notices}
    wanted = Address.objects.filter(account__in=by_person, channel__in=ways, wanted=True, refused_at=None)
    drafts = [
        delivery_of(by_person[address.account_id], address, at)
        for address in wanted
        if ways[address.channel].takes(by_person[address.account_id].wording)
    ]
    if drafts:
        Delivery.objects.bulk_create(drafts)
        transaction.on_commit(send_soon, robust=True)


def delivery_of(notice: Notice, address: Address, at: datetime) -> Delivery:
    """A delivery of a notice to one address of its reader, not stored yet."""
    return Delivery(
        source=notice.source,
        account_id=notice.recipient_id,
        notice=notice,
        channel=address.channel,
        address=address,
        masked=mask(address.channel, address.value),
        mark=address.mark,
        wording=notice.wording,
        words=notice.words,
        subject_id=notice.subject_id,
        link=notice.link,
        urgent=notice.urgent,
        made_at=at,
        due_at=max(at, notice.shown_at),
    )


def mask(channel: str, value: str) -> str:
    """An address as administrators see it."""
    if channel == "email":
        return mask_email(value)
    if channel == "push":
        return ""
    return mask_phone(value) if channel == "sms" else f"{value[:2]}****"


# Asked after nearly every step, and mostly everything has been shown and sent. The states are written out, or the
# index of what is open would not be used.
AHEAD = f"""
SELECT EXISTS (SELECT 1 FROM notifications_notice WHERE subject_id = %s AND shown_at > %s)
    OR EXISTS (SELECT 1 FROM notifications_delivery WHERE subject_id = %s AND due_at > %s
               AND state IN ({", ".join(f"'{state.value}'" for state in OPEN)}))
"""  # noqa: S608  # values of our own


def _is_ahead(subject_id: UUID, at: datetime) -> bool:
    with prepared() as cursor:
        cursor.execute(AHEAD, [subject_id, at, subject_id, at])
        return bool(cursor.fetchone()[0])


@transaction.atomic
def call_off(*, subject_id: UUID, wordings: Iterable[str], at: datetime) -> None:
    """Take back what has not been shown or sent yet: a reminder of something that is done by now."""
    if not _is_ahead(subject_id, at):
        return
    wanted = list(wordings)
    waiting = Delivery.objects.filter(
        subject_id=subject_id, wording__in=wanted, state__in=[State.WAITING, State.HELD]
    )
    waiting.filter(due_at__gt=at).update(state=State.STOPPED, ended_at=at, **FORGOTTEN)
    Notice.objects.filter(subject_id=subject_id, wording__in=wanted, shown_at__gt=at).delete()


@transaction.atomic
def hush(*, subject_id: UUID) -> None:
    """Take the facts out of all that was told about a matter that has become confidential."""
    bare = {"wording": CONFIDENTIAL.name, "words": {}}
    told: set[tuple[str, int]] = set()
    # What this would leave a person twice is told once.
    for notice in Notice.objects.filter(subject_id=subject_id).order_by("id"):
        if (notice.source, notice.recipient_id) in told:
            notice.delete()
        told.add((notice.source, notice.recipient_id))
    Notice.objects.filter(subject_id=subject_id).exclude(wording=CONFIDENTIAL.name).update(**bare)
    waiting = Delivery.objects.filter(subject_id=subject_id, state__in=OPEN, account__isnull=False)
    waiting.exclude(wording=CONFIDENTIAL.name).update(**bare)


def mark_read(account: Account, pk: int, *, at: datetime) -> Notice | None:
    """Note that a person has opened one of their notices; None when it is not theirs."""
    notice = Notice.objects.filter(pk=pk, recipient=account, shown_at__lte=at).first()
    if notice is not None and notice.read_at is None:
        notice.read_at = at
        notice.save(update_fields=["read_at"])
    return notice


def mark_all_read(account: Account, *, until: datetime, at: datetime) -> int:
    """Note that a person has seen all that was shown until a moment; what came after stays new."""
    unread = Notice.objects.filter(recipient=account, read_at=None, shown_at__lte=min(until, at))
    return unread.update(read_at=at)
