"""What a person may reach: area subtree × role. Nothing in force means nothing reached."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from wangge.accounts.models import Person as Person
from wangge.accounts.models import Role
from wangge.common.statements import prepared


@dataclass(frozen=True)
class Reach:
    """One post in force: a role and the path of the area whose subtree it covers."""

    role: Role
    path: str
    area_id: int


@dataclass(frozen=True)
class Scope:
    """Everything a person's posts in force reach on one day; the empty scope reaches nothing."""

    reaches: tuple[Reach, ...] = ()
    unit_id: int | None = None

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(reach.role for reach in self.reaches)

    def has(self, *roles: Role) -> bool:
        """Tell whether any post in force has one of these roles, wherever."""
        return not self.roles.isdisjoint(roles)

    def covers(self, path: str, roles: Iterable[Role]) -> bool:
        """Tell whether a post with one of these roles covers the place with this path."""
        wanted = set(roles)
        return any(reach.role in wanted and path.startswith(reach.path) for reach in self.reaches)

    def within(self, field: str, roles: Iterable[Role]) -> Q:
        """Return the condition that `field` (a path) lies in the subtree of such a post; fails closed."""
        condition = Q(pk__in=[])
        for path in self.widest(roles):
            condition |= Q(**{f"{field}__startswith": path})
        return condition

    def widest(self, roles: Iterable[Role]) -> list[str]:
        """The paths of the areas that posts with one of these roles cover, without those inside another one."""
        wanted = set(roles)
        return self._widest(reach.path for reach in self.reaches if reach.role in wanted)

    @staticmethod
    def _widest(paths: Iterable[str]) -> list[str]:
        """Drop paths that lie inside another one, so that a person with 100 posts asks few questions."""
        kept: list[str] = []
        for path in sorted(set(paths), key=len):
            if not any(path.startswith(wider) for wider in kept):
                kept.append(path)
        return kept


NOTHING = Scope()


def scope_of(person: Person, on: date | None = None) -> Scope:
    """Return the scope of a person's posts on a day (today unless said); nobody and nothing give NOTHING."""
    if not person.is_authenticated or not person.is_active:
        return NOTHING
    if on is not None:
        return _load(person, on)
    known: Scope | None = getattr(person, "_scope", None)
    if known is None:
        known = _load(person, timezone.localdate())
        remember(person, known)
    return known


def remember(person: Person, scope: Scope) -> None:
    """Keep today's scope on the person, for the length of one request."""
    setattr(person, "_scope", scope)  # noqa: B010  # the account knows nothing of posts


# Asked by nearly every request: written out, since the ORM takes longer to put it together than it takes to answer.
POSTS = """
SELECT post.role, area.path, area.id FROM territory_post post JOIN territory_area area ON area.id = post.area_id
WHERE post.account_id = %s AND post.starts_on <= %s AND (post.ends_on IS NULL OR post.ends_on > %s)
"""


def _load(person: Person, day: date) -> Scope:
    with prepared() as cursor:
        cursor.execute(POSTS, [person.pk or 0, day, day])
        reaches = tuple(Reach(Role(role), path, area_id) for role, path, area_id in cursor.fetchall())
    return Scope(reaches, getattr(person, "unit_id", None))
