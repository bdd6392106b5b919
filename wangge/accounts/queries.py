"""Reading about accounts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from wangge.accounts.models import Account, Unit
from wangge.audit.models import AccessEntry


def demo_people() -> Sequence[Account]:
    """Return the people a visitor may be in a demo; nobody anywhere else."""
    if not settings.DEMO:
        return []
    people = Account.objects.exclude(demo_hint="").filter(is_active=True)
    return list(people.select_related("unit", "admin_post").prefetch_related("posts").order_by("pk"))


def demo_person(username: str) -> Account | None:
    """Return one of them by account name."""
    return next((person for person in demo_people() if person.username == username), None)


def recent_sign_ins(account: Account, *, at: datetime, limit: int = 10) -> Sequence[AccessEntry]:
    """Return the last sign-ins of an account within 90 days, failed ones included, newest first."""
    own = Q(act="sign_in", account=account)
    failed = Q(act="sign_in_failed", subject_kind="account", subject_id=str(account.pk))
    lately = AccessEntry.objects.filter(at__gt=at - timedelta(days=90))
    return list(lately.filter(own | failed).order_by("-id")[:limit])


def search_accounts(words: str = "", *, unit: Unit | None = None, state: str = "") -> QuerySet[Account]:
    """Find accounts by account name, name or unit; `state` is active, closed, locked or empty for all."""
    found = Account.objects.select_related("unit", "admin_post").order_by("-is_active", "username")
    for word in words.split():
        found = found.filter(
            Q(username__icontains=word) | Q(name__icontains=word) | Q(unit__name__icontains=word)
        )
    if unit is not None:
        found = found.filter(unit=unit)
    if state == "locked":
        return found.filter(username__in=locked_usernames())
    return found.filter(is_active=state == "active") if state in {"active", "closed"} else found


def locked_usernames() -> set[str]:
    """Return the account names that are locked somewhere at this moment because sign-ins failed."""
    cool_off = get_cool_off()
    return set(
        AccessAttempt.objects.filter(
            failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gt=timezone.now() - cool_off
        ).values_list("username", flat=True)
    )


@dataclass(frozen=True)
class Branch:
    """A unit in the tree, with how deep it stands and how many people work in it."""

    unit: Unit
    depth: int
    people: int


def unit_tree() -> list[Branch]:
    """Return all units as a tree in reading order, with their numbers of active accounts."""
    active = Count("people", filter=Q(people__is_active=True))
    below: dict[int | None, list[Unit]] = defaultdict(list)
    for unit in Unit.objects.annotate(active=active).order_by("code"):
        below[unit.parent_id].append(unit)
    return list(_walk(below, None, 0))


def _walk(below: Mapping[int | None, list[Any]], parent: int | None, depth: int) -> Iterator[Branch]:
    for unit in below.get(parent, []):
        yield Branch(unit, depth, unit.active)
        yield from _walk(below, unit.pk, depth + 1)
