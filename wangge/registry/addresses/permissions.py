"""Who may see rooms and who may change the register: by post and place, failing closed."""

from typing import Final

from django.utils.translation import gettext_lazy

from wangge.accounts.models import Role
from wangge.common.refusals import Refused
from wangge.registry.models import Address
from wangge.territory import lookup
from wangge.territory.scopes import Person, scope_of

EDITORS: Final = frozenset({Role.ACCEPTOR, Role.DUTY_CHIEF, Role.DISPATCHER, Role.GRID_LEAD})
STAFF: Final = frozenset(Role)
KEPT_BY: Final = gettext_lazy(
    "Addresses are kept by acceptors, duty chiefs, dispatchers and grid leads of the area they lie in."
)


def path_of(address: Address) -> str:
    """Where an address lies today: the grid of its point or its parent's; a street, and what has none, by its area."""
    at: Address | None = address
    while at is not None and at.kind != Address.Kind.STREET:
        if at.lon is not None and at.lat is not None:
            place = lookup.place(at.lon, at.lat)
            return place.path if place.how == "inside" else at.area.path
        at = at.parent
    return address.area.path


def is_staff(person: Person) -> bool:
    """Whether somebody has any post, and so may look addresses up to the entrance."""
    return scope_of(person).has(*STAFF)


def may_see_rooms(person: Person, address: Address) -> bool:
    """Whether an address lies in the area of one of somebody's posts."""
    return scope_of(person).covers(path_of(address), STAFF)


def may_edit(person: Person, path: str) -> bool:
    """Whether somebody keeps the register in the area with this path."""
    return scope_of(person).covers(path, EDITORS)


def is_editor(person: Person) -> bool:
    """Whether somebody keeps the register anywhere."""
    return scope_of(person).has(*EDITORS)


def demand_edit(person: Person, path: str) -> None:
    """Raise `Refused` for whoever does not keep the register there."""
    if not may_edit(person, path):
        raise Refused(str(KEPT_BY))
