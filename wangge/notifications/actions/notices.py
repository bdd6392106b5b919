"""Telling colleagues: in the platform always, and by the channels each of them chose."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from wangge.accounts.models import Account
from wangge.common import rows
from wangge.common.masking import mask_email, mask_phone
from wangge.common.statements import prepared
from wangge.notifications import channels
from wangge.notifications.actions.gathering import TOGETHER, Many, gathered
from wangge.notifications.actions.sending import send_soon
from wangge.notifications.models import FORGOTTEN, OPEN, Address, Delivery, Notice, State
from wangge.notifications.wordings import CONFIDENTIAL, check_words


@dataclass(frozen=True)
class About:
    """What a notice is about and which page it opens (a path of ours)."""

    kind: str = ""
    id: UUID | None = None
    link: str = ""


@dataclass(frozen=True)
class Word:
    """One thing some people are told: a wording with its facts, what it is about, and what it comes from.

    `urgent` breaks quiet hours and caps. A `confidential` matter is announced without a word about it. `many` lets
    those alike be told as one, unless they are urgent or confidential.
    """

    people: Sequence[Account]
    wording: str
    words: Mapping[str, Any]
    about: About
    source: str
    urgent: bool = False
    confidential: bool = False
    many: Many | None = None

    @property
    def alike(self) -> Many | None:
        return None if self.urgent or self.confidential else self.many


def notify(
    people: Iterable[Account], *, at: datetime, not_before: datetime | None = None, **details: Any
) -> int:
    """Tell people one thing once (the parts of a `Word`) and return how many were told now.

    The same source again tells nobody twice. `not_before` is the moment from which it may be shown and sent; whoever
    reminds of a deadline computes it in working time. Raises ValueError when the words do not fit the wording.
    """
    return pass_on([Word(list(people), **details)], at=at, not_before=not_before)


@transaction.atomic
def pass_on(words: Iterable[Word], *, at: datetime, not_before: datetime | None = None) -> int:
    """Tell people many things at once, each once, as `notify` does with one."""
    words, shown_at = list(words), max(at, not_before or at)
    drafts = {
        (draft.source, draft.wording, draft.recipient_id): draft
        for word in words
        for draft in _drafts(word, shown_at)
    }
    new = _store(drafts)
    many = {(word.source, word.wording): word.alike for word in words if word.alike}
    alike = [(one, many[one.source, one.wording]) for one in new if (one.source, one.wording) in many]
    _deliver([one for one in new if (one.source, one.wording) not in many], at)
    _deliver(list(gathered(alike, at)), at, wait=TOGETHER)
    return len(new)


def _drafts(word: Word, shown_at: datetime) -> Iterator[Notice]:
    check_words(word.wording, word.words)
    told, facts = (CONFIDENTIAL.name, {}) if word.confidential else (word.wording, dict(word.words))
    for pk in {person.pk for person in word.people if person.is_active}:
        yield Notice(
            recipient_id=pk,
            source=word.source,
            wording=told,
            words=facts,
            subject_kind=word.about.kind,
            subject_id=word.about.id,
            link=word.about.link,
            urgent=word.urgent,
            shown_at=shown_at,
        )


MOST_AT_ONCE = 100  # rows of one statement

# Asked after nearly every step.
KNOWN = """
SELECT source, wording, recipient_id FROM notifications_notice
WHERE source = ANY(%s) AND wording = ANY(%s) AND recipient_id = ANY(%s)
"""


def _store(drafts: Mapping[tuple[str, str, int], Notice]) -> list[Notice]:
    """Keep the notices of those who have none of this source yet, and return the new ones."""
    if not drafts:
        return []
    with prepared() as cursor:
        cursor.execute(KNOWN, [list(part) for part in zip(*drafts, strict=True)])
        known = set(cursor.fetchall())
    new = [draft for key, draft in drafts.items() if key not in known]
    for start in range(0, len(new), MOST_AT_ONCE):
        rows.insert(*new[start : start + MOST_AT_ONCE])
    return new


def _deliver(notices: Sequence[Notice], at: datetime, *, wait: timedelta = timedelta(0)) -> None:
    """Put a delivery in the queue for each address that the told people want to be reached at; what is gathered waits."""
    ways = channels.usable()
    if not notices or not ways:
        return
    people = {notice.recipient_id for notice in notices}
    addresses: dict[int, list[Address]] = {}
    for address in Address.objects.filter(account__in=people, channel__in=ways, wanted=True, refused_at=None):
        addresses.setdefault(address.account_id, []).append(address)
    drafts = [
        delivery_of(notice, address, at, wait=wait)
        for notice in notices
        for address in addresses.get(notice.recipient_id, ())
        if ways[address.channel].takes(notice.wording)
    ]
    if drafts:
        Delivery.objects.bulk_create(drafts)
        transaction.on_commit(send_soon, robust=True)


def delivery_of(
    notice: Notice, address: Address, at: datetime, *, wait: timedelta = timedelta(0)
) -> Delivery:
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
        due_at=max(at, notice.shown_at) + wait,
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
SELECT subject_id FROM notifications_notice WHERE subject_id = ANY(%s) AND shown_at > %s
UNION SELECT subject_id FROM notifications_delivery WHERE subject_id = ANY(%s) AND due_at > %s
      AND state IN ({", ".join(f"'{state.value}'" for state in OPEN)})
"""  # noqa: S608  # values of our own


def ahead(subjects: list[UUID], at: datetime) -> set[UUID]:
    """The matters of which something has not been shown or sent yet."""
    with prepared() as cursor:
        cursor.execute(AHEAD, [subjects, at, subjects, at])
        return {subject for (subject,) in cursor.fetchall()}


@transaction.atomic
def call_off(*, subject_id: UUID, wordings: Iterable[str], at: datetime) -> None:
    """Take back what has not been shown or sent yet: a reminder of something that is done by now."""
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
