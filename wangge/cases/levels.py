"""Which levels have a desk: who holds a case, who is one level up, who is one level down."""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from wangge.accounts.models import Account, Role
from wangge.cases.duty import areas_around
from wangge.cases.workflow import DESK_ROLES
from wangge.territory.models import Area, Post
from wangge.territory.scopes import scope_of

# A level has a desk when somebody there files or dispatches.
AT_A_DESK = (Role.DUTY_CHIEF, Role.DISPATCHER)


def holding_path(area_path: str, by: Account | None) -> str:
    """The path of the level whose desk takes a case on: the nearest one this person works at, else the place itself."""
    if by is None:
        return area_path
    reaches = [r.path for r in scope_of(by).reaches if r.role in DESK_ROLES and area_path.startswith(r.path)]
    return max(reaches, key=len, default=area_path)


def centre_above(held: str, on: date | None = None) -> Area | None:
    """The nearest area above the one that holds a case in which a desk is staffed; None at the top."""
    around = areas_around(held)[:-1]
    found = Area.objects.filter(pk__in=_staffed(on).filter(area_id__in=around).values("area_id"))
    return max(found, key=lambda area: len(area.path), default=None)


def centre_below(held: str, area_path: str, on: date | None = None) -> Area | None:
    """The next area downwards, towards the place of a case, in which a desk is staffed; None at the bottom."""
    upto = areas_around(held)
    below = [key for key in areas_around(area_path) if key not in upto]
    found = Area.objects.filter(pk__in=_staffed(on).filter(area_id__in=below).values("area_id"))
    return min(found, key=lambda area: len(area.path), default=None)


def _staffed(on: date | None) -> QuerySet[Post]:
    day = on or timezone.localdate()
    in_force = Q(ends_on=None) | Q(ends_on__gt=day)
    return Post.objects.filter(in_force, role__in=AT_A_DESK, starts_on__lte=day, account__is_active=True)


def level_of(path: str) -> str:
    """The level of the area that a path ends with, "" when there is none."""
    own = areas_around(path)[-1:]
    return Area.objects.filter(pk__in=own).values_list("level", flat=True).first() or ""
