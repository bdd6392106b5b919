"""Reading notices, and how their sending goes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils import timezone

from wangge.accounts.models import Account, Person
from wangge.notifications.channels import Condition, conditions
from wangge.notifications.models import OPEN, Address, Attempt, Delivery, Notice, State
from wangge.notifications.wordings import Said, say

MOST_COUNTED = 100


def shown(account: Account, at: datetime) -> QuerySet[Notice]:
    """A person's notices, newest first; those that one of them speaks for are left out."""
    own = Notice.objects.filter(recipient=account, shown_at__lte=at, gathered_in=None)
    return own.order_by("-shown_at", "-id")


def unread_count(person: Person, at: datetime) -> int:
    """How many notices a person has not read, counted to a hundred; nobody has none."""
    if not isinstance(person, Account):
        return 0
    unread = Notice.objects.filter(recipient_id=person.pk, read_at=None, shown_at__lte=at)
    return unread.order_by()[:MOST_COUNTED].count()


@dataclass(frozen=True)
class Line:
    """A notice in the reader's language."""

    notice: Notice
    said: Said


@dataclass(frozen=True)
class Day:
    """The notices of one day."""

    day: date
    lines: Sequence[Line]


def by_day(notices: Iterable[Notice]) -> list[Day]:
    """Put notices into words, day by day."""
    days = groupby(notices, key=lambda notice: timezone.localdate(notice.shown_at))
    return [Day(day, [Line(one, say(one.wording, one.words)) for one in of_day]) for day, of_day in days]


# -- For the administrator ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Health:
    """How a channel stands and what it did in the last day."""

    condition: Condition
    sent: int
    failed: int
    waiting: int
    last_sent: datetime | None
    last_fault: Attempt | None


def health(at: datetime) -> list[Health]:
    """Return every channel with its settings looked over and its last day counted."""
    since = at - timedelta(days=1)
    rows = Delivery.objects.filter(Q(made_at__gte=since) | Q(state__in=OPEN)).order_by().values("channel")
    counted = {
        row["channel"]: row
        for row in rows.annotate(
            sent=Count("pk", filter=Q(state=State.SENT)),
            failed=Count("pk", filter=Q(state=State.FAILED)),
            waiting=Count("pk", filter=Q(state__in=OPEN)),
            last_sent=Max("ended_at", filter=Q(state=State.SENT)),
        )
    }
    return [_health(one, counted.get(one.channel.code, {}), since) for one in conditions()]


def _health(condition: Condition, row: dict[str, object], since: datetime) -> Health:
    faulty = Attempt.objects.filter(delivery__channel=condition.channel.code, at__gte=since).exclude(said="")
    return Health(
        condition,
        sent=int(str(row.get("sent") or 0)),
        failed=int(str(row.get("failed") or 0)),
        waiting=int(str(row.get("waiting") or 0)),
        last_sent=row.get("last_sent"),  # type: ignore[arg-type]  # Max of a moment
        last_fault=faulty.order_by("-at", "-id").first(),
    )


def deliveries(condition: Q) -> QuerySet[Delivery]:
    """The delivery log, newest first, with what the providers said."""
    attempts = Prefetch("attempts", Attempt.objects.order_by("at", "id"))
    return (
        Delivery.objects.filter(condition)
        .select_related("account")
        .prefetch_related(attempts)
        .order_by("-made_at", "-id")
    )


def addresses_of(account: Account) -> dict[str, list[Address]]:
    """Where a person can be reached, by channel."""
    found: dict[str, list[Address]] = {}
    for address in Address.objects.filter(account=account).order_by("added_at"):
        found.setdefault(address.channel, []).append(address)
    return found
