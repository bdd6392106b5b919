"""Who arranges the forces of an area, and who sees how they stand."""

from django.db.models import Q

from wangge.accounts.models import Account, AdminRole, Role
from wangge.territory.scopes import Person, scope_of

# Whoever runs a community or a desk arranges who stands in on the street; every other post is the security
# administrator's.
MANAGERS = frozenset({Role.GRID_LEAD, Role.DUTY_CHIEF})
ONLOOKERS = MANAGERS | {Role.OVERSEER, Role.LEADER}
OF_THE_STREET = frozenset({Role.GRID_WORKER, Role.DEPUTY, Role.INFORMANT})


def is_security(person: Person) -> bool:
    """Tell whether this is the security administrator, who gives every right."""
    return person.is_authenticated and getattr(person, "admin_role", None) == AdminRole.SECURITY


def may_look(person: Person) -> bool:
    """Tell whether a person sees the forces of any area."""
    return is_security(person) or scope_of(person).has(*ONLOOKERS)


def may_manage_some(person: Person) -> bool:
    """Tell whether a person arranges the forces of any area."""
    return is_security(person) or scope_of(person).has(*MANAGERS)


def seen(person: Person, field: str = "path") -> Q:
    """The condition that `field` (a path) lies where the person sees the forces; fails closed."""
    return Q() if is_security(person) else scope_of(person).within(field, ONLOOKERS)


def managed(person: Person, field: str = "path") -> Q:
    """The condition that `field` (a path) lies where the person arranges the forces; fails closed."""
    return Q() if is_security(person) else scope_of(person).within(field, MANAGERS)


def manages(person: Account, path: str) -> bool:
    """Tell whether a person arranges the forces at the place with this path."""
    return is_security(person) or scope_of(person).covers(path, MANAGERS)
