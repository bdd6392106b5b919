"""Who looks at figures: those who answer for a whole area."""

from django.db.models import Q

from wangge.accounts.models import Role
from wangge.territory.scopes import Person, Scope, scope_of

ROLES = frozenset({Role.OVERSEER, Role.LEADER, Role.DUTY_CHIEF})
JUDGES = frozenset({Role.OVERSEER, Role.LEADER})


def may_look(person: Person) -> bool:
    """Tell whether any post of this person is one that looks at figures."""
    return scope_of(person).has(*ROLES)


def in_sight(person: Person, field: str) -> Q:
    """The condition that `field`, the path of an area, lies where this person looks; fails closed."""
    return scope_of(person).within(field, ROLES)


def leads_unit(person: Person) -> int | None:
    """The unit that this person leads, and whose own figures they see."""
    return own_unit(scope_of(person))


def own_unit(scope: Scope) -> int | None:
    """The unit that the holder of this scope leads."""
    return scope.unit_id if scope.has(Role.UNIT_LEAD) else None


def may_see_cards(person: Person) -> bool:
    """Tell whether this person looks at scorecards: of an area, or of the unit they lead."""
    return may_look(person) or leads_unit(person) is not None


def may_judge(person: Person, path: str) -> bool:
    """Tell whether this person freezes scorecards of an area and decides on appeals."""
    return scope_of(person).covers(path, JUDGES)


def may_appeal(person: Person, *, unit_id: int | None, path: str) -> bool:
    """Tell whether a row is this person's to answer for: the lead of its unit, whoever looks at its area."""
    if unit_id is not None:
        return leads_unit(person) == unit_id
    return scope_of(person).covers(path, ROLES)
