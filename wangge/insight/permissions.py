"""Who looks at figures: those who answer for a whole area."""

from django.db.models import Q

from wangge.accounts.models import Role
from wangge.territory.scopes import Person, scope_of

ROLES = frozenset({Role.OVERSEER, Role.LEADER, Role.DUTY_CHIEF})


def may_look(person: Person) -> bool:
    """Tell whether any post of this person is one that looks at figures."""
    return scope_of(person).has(*ROLES)


def in_sight(person: Person, field: str) -> Q:
    """The condition that `field`, the path of an area, lies where this person looks; fails closed."""
    return scope_of(person).within(field, ROLES)
