"""Who is on duty at a desk: now, and through a week with its gaps and overlaps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from wangge.accounts.models import Account
from wangge.cases.duty import areas_around
from wangge.cases.models import DeskShift
from wangge.cases.permissions import AREA_ROLES
from wangge.cases.workflow import DESK_ROLES
from wangge.common.days import midnight
from wangge.territory.forces.absences import away_on
from wangge.territory.models import Area, Post
from wangge.territory.scopes import scope_of


def on_duty_around(path: str, at: datetime) -> list[DeskShift]:
    """The shifts under way at the nearest desk around a place that has anybody on duty."""
    around = areas_around(path)
    shifts = list(
        DeskShift.objects.filter(
            area_id__in=around, starts_at__lte=at, ends_at__gt=at, account__is_active=True
        )
        .exclude(account__in=away_on(timezone.localdate(at)).values("account"))
        .select_related("account")
    )
    nearest = max((around.index(shift.area_id) for shift in shifts), default=-1)
    return [shift for shift in shifts if around.index(shift.area_id) == nearest]


def desks_of(person: Account) -> list[Area]:
    """The areas in a person's reach that have a desk, the person's own first."""
    scope = scope_of(person)
    staffed = Post.objects.filter(role__in=DESK_ROLES, ends_on=None).values("area_id")
    found = Area.objects.filter(scope.within("path", AREA_ROLES), pk__in=staffed, valid_to=None).defer(
        "boundary"
    )
    own = {reach.area_id for reach in scope.reaches if reach.role in AREA_ROLES}
    return sorted(found, key=lambda area: (area.pk not in own, area.path))


def on_duty_for(person: Account, now: datetime) -> list[DeskShift]:
    """Who is on duty now at the desks where this person holds a post."""
    own = {reach.area_id for reach in scope_of(person).reaches if reach.role in AREA_ROLES}
    shifts = DeskShift.objects.filter(area_id__in=own, starts_at__lte=now, ends_at__gt=now)
    order = [
        duty.value for duty in (DeskShift.Duty.DUTY_CHIEF, DeskShift.Duty.DISPATCHER, DeskShift.Duty.ACCEPTOR)
    ]
    return sorted(
        shifts.select_related("account"), key=lambda shift: (order.index(shift.role), shift.starts_at)
    )


def people_for(area: Area, day: date) -> list[tuple[Account, str]]:
    """Whoever can be put on duty at a desk on a day, with the role of the post."""
    around = areas_around(area.path)
    posts = Post.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=day),
        role__in=DESK_ROLES,
        area_id__in=around,
        starts_on__lte=day,
        account__is_active=True,
    ).select_related("account")
    return [(post.account, post.role) for post in posts.order_by("role", "account__username")]


# -- A week --------------------------------------------------------------------------------------------------------

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Day:
    """One day of a roster: its shifts, and the stretches in which something is missing or doubled."""

    day: date
    shifts: Sequence[DeskShift]
    nobody: Sequence[Stretch]  # nobody at all is on duty
    no_chief: Sequence[Stretch]  # somebody is, but no duty chief
    two_chiefs: Sequence[Stretch]


def week_of(area: Area, monday: date) -> list[Day]:
    """The seven days of a desk's roster from a Monday on."""
    start, end = midnight(monday), midnight(monday + timedelta(days=7))
    shifts = list(
        DeskShift.objects.filter(area=area, starts_at__lt=end, ends_at__gt=start).select_related("account")
    )
    return [_day(shifts, monday + timedelta(days=number)) for number in range(7)]


def _day(shifts: Sequence[DeskShift], day: date) -> Day:
    whole = midnight(day), midnight(day + timedelta(days=1))
    there = [shift for shift in shifts if shift.starts_at < whole[1] and shift.ends_at > whole[0]]
    everybody = joined(_within(whole, there))
    chiefs = _within(whole, [shift for shift in there if shift.role == DeskShift.Duty.DUTY_CHIEF])
    return Day(
        day=day,
        shifts=there,
        nobody=without([whole], everybody),
        no_chief=without(everybody, joined(chiefs)),
        two_chiefs=doubled(chiefs),
    )


def _within(whole: Stretch, shifts: Iterable[DeskShift]) -> list[Stretch]:
    return [(max(shift.starts_at, whole[0]), min(shift.ends_at, whole[1])) for shift in shifts]


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time without overlaps, in order."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(stretches: Iterable[Stretch], taken: Sequence[Stretch]) -> list[Stretch]:
    """What is left of stretches when others (joined) are taken out."""
    left: list[Stretch] = []
    for start, end in stretches:
        for begun, ended in taken:
            if begun >= end or ended <= start:
                continue
            if begun > start:
                left.append((start, begun))
            start = max(start, ended)  # what comes after it is looked at next
        if start < end:
            left.append((start, end))
    return left


def doubled(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The time that two or more stretches share."""
    ordered = sorted(stretches)
    shared = [
        (max(first[0], second[0]), min(first[1], second[1]))
        for number, first in enumerate(ordered)
        for second in ordered[number + 1 :]
        if second[0] < first[1]
    ]
    return joined(shared)
