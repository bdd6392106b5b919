"""Reading posts and absences for the pages of those who arrange them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet

from wangge.accounts.models import Account
from wangge.territory.forces import permissions
from wangge.territory.forces.absences import OF_A_UNIT
from wangge.territory.forces.coverage import IN_GRIDS
from wangge.territory.lookup import community_of
from wangge.territory.models import Absence, Area, ForcePost, Post
from wangge.territory.scopes import Person

MOST_CANDIDATES = 80


@dataclass(frozen=True)
class Held:
    """A post on a list, with what absences have to do with it."""

    post: Post
    absence: Absence | None  # of whoever holds it, today or ahead


def posts_at(area: Area, today: date) -> Sequence[Held]:
    """The posts of an area and of what lies in it, today and ahead, each with the holder's next absence."""
    posts = (
        Post.objects.filter(
            Q(ends_on=None) | Q(ends_on__gt=today), area__path__startswith=area.path, role__in=IN_GRIDS
        )
        .filter(account__is_active=True)
        .select_related("account", "area", "absence__account", "absence__stand_in")
        .defer("area__boundary")
        .order_by("area__path", "role", "starts_on", "pk")
    )
    ahead = absences_of({post.account_id for post in posts}, today)
    return [Held(post, ahead.get(post.account_id) if post.absence_id is None else None) for post in posts]


def absences_of(accounts: set[int], today: date) -> dict[int, Absence]:
    """The next absence of each of these people, that of today if there is one."""
    found = _real().filter(account__in=accounts, ends_on__gt=today).order_by("-starts_on")
    return {absence.account_id: absence for absence in found}


def forces_at(area: Area, today: date) -> QuerySet[ForcePost]:
    """Who serves an area, or a part of it, as one of the forces."""
    posts = ForcePost.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today), area__path__startswith=area.path)
    return (
        posts.select_related("area", "account", "force")
        .defer("area__boundary")
        .order_by("area__path", "force", "pk")
    )


def absences_in_sight(person: Person, today: date, *, past: bool = False) -> QuerySet[Absence]:
    """The absences of people with a post where this person sees the forces; those over only if asked for."""
    there = Post.objects.filter(permissions.seen(person, "area__path"), absence=None)
    found = _real().filter(account__in=there.values("account"))
    return found.filter(ends_on__lte=today).order_by("-ends_on") if past else found.filter(ends_on__gt=today)


def _real() -> QuerySet[Absence]:
    """Absences that were not called off."""
    return Absence.objects.exclude(ends_on=F("starts_on")).select_related(
        "account", "stand_in", "recorded_by"
    )


def may_arrange(by: Account, account: Account, today: date) -> bool:
    """Tell whether `by` may say who stands in for this person, as far as posts decide it."""
    posts = Post.objects.filter(Q(ends_on=None) | Q(ends_on__gt=today), account=account, absence=None)
    held = list(posts.values_list("role", "area__path"))
    if permissions.is_security(by):
        return bool(held)
    return bool(held) and all(
        role in permissions.OF_THE_STREET and permissions.manages(by, path) for role, path in held
    )


def candidates(account: Account, *, by: Account, today: date, words: str = "") -> QuerySet[Account]:
    """Who could stand in: people of the same communities and of the same unit, or whoever the words name."""
    held = list(
        Post.objects.filter(
            Q(ends_on=None) | Q(ends_on__gt=today), account=account, absence=None
        ).values_list("role", "area__path")
    )
    near = Q(pk__in=[])
    for path in {community_of(path) for _role, path in held}:
        near |= Q(area__path__startswith=path)
    there = Post.objects.filter(near, Q(ends_on=None) | Q(ends_on__gt=today))
    wanted = Q(pk__in=there.values("account")) | Q(unit=account.unit_id, unit__isnull=False)
    if words:
        wanted = Q(name__icontains=words) | Q(username__icontains=words)
    if {role for role, _path in held} & OF_A_UNIT:
        wanted &= Q(unit=account.unit_id)
    if not permissions.is_security(by):
        own = Post.objects.filter(permissions.managed(by, "area__path"))
        wanted &= Q(pk__in=own.values("account"))
    found = Account.objects.filter(wanted, is_active=True, admin_post=None).exclude(
        pk__in=[account.pk, by.pk]
    )
    return Account.objects.filter(pk__in=found.order_by("name").values("pk")[:MOST_CANDIDATES]).order_by(
        "name"
    )
