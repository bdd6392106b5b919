"""Many notices alike within a quarter of an hour are told as one, with their number and the page that lists them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wangge.notifications.models import FORGOTTEN, Delivery, Notice, State

TOGETHER = timedelta(minutes=15)


@dataclass(frozen=True)
class Many:
    """How many alike are told: a wording whose only gap is `count`, and the page that lists them."""

    wording: str
    link: str


def gathered(new: Iterable[tuple[Notice, Many]], at: datetime) -> Iterator[Notice]:
    """Put new notices behind those their readers got a moment ago; yields what is to be sent: single ones, and sums."""
    alike: dict[tuple[int, Many], list[Notice]] = {}
    for notice, many in new:
        alike.setdefault((notice.recipient_id, many), []).append(notice)
    for (_recipient, many), notices in alike.items():
        yield from _told(notices, many, at)


def _told(notices: Sequence[Notice], many: Many, at: datetime) -> Iterator[Notice]:
    """One notice of one reader as it is when it is the first, else their sum when it is a new one."""
    first = notices[0]
    # Whoever marks theirs as read at this moment is not waited for.
    lately = Notice.objects.select_for_update(skip_locked=True).filter(
        recipient=first.recipient_id, wording__in=(first.wording, many.wording), read_at=None,
        shown_at__gt=at - TOGETHER, shown_at__lte=at,
    )  # fmt: skip
    before = lately.exclude(pk__in=[one.pk for one in notices]).order_by("-shown_at", "-id").first()
    if before is None and len(notices) == 1:
        yield first
    elif before is not None and before.wording == many.wording:
        _put_behind(before, notices, at)
    else:
        total = Notice.objects.create(
            recipient_id=first.recipient_id,
            source=f"many:{(before or first).pk}",
            wording=many.wording,
            words={"count": 0},
            link=many.link,
            shown_at=at,
        )
        _put_behind(total, [*([before] if before else []), *notices], at)
        yield total


def _put_behind(total: Notice, notices: Sequence[Notice], at: datetime) -> None:
    """Keep notices behind a sum, which from now on speaks for them."""
    keys = [notice.pk for notice in notices]
    Notice.objects.filter(pk__in=keys).update(gathered_in=total, read_at=at)
    waiting = Delivery.objects.filter(notice__in=keys, state__in=[State.WAITING, State.HELD])
    waiting.update(state=State.STOPPED, ended_at=at, **FORGOTTEN)
    total.words = {"count": total.gathered.count()}
    total.save(update_fields=["words"])
    Delivery.objects.filter(notice=total, state__in=[State.WAITING, State.HELD]).update(words=total.words)
