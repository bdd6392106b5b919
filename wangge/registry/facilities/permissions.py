"""Who keeps the register of facilities: the same posts that keep the addresses, each in its area; the administrator all."""

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy

from wangge.accounts.models import Account, AdminRole
from wangge.common.refusals import Refused
from wangge.registry.addresses.permissions import EDITORS, STAFF
from wangge.registry.models import Facility, FacilityFile
from wangge.territory.scopes import Person, scope_of

KEPT_BY = gettext_lazy(
    "Facilities are kept by acceptors, duty chiefs, dispatchers and grid leads of the area they stand in, "
    "and by the system administrator."
)


def is_everywhere(person: Person) -> bool:
    """Tell whether somebody keeps the whole register."""
    return getattr(person, "admin_role", None) == AdminRole.SYSTEM


def is_keeper(person: Person) -> bool:
    """Tell whether somebody keeps the register anywhere."""
    return is_everywhere(person) or scope_of(person).has(*EDITORS)


def demand_keeper(person: Person) -> None:
    """Raise `Refused` for whoever does not keep the register anywhere."""
    if not is_keeper(person):
        raise Refused(str(KEPT_BY))


def keeps(person: Account | None) -> Callable[[str], bool] | None:
    """The question whether a person keeps the register at a place with a path; None for whoever keeps all of it."""
    if person is None or is_everywhere(person):
        return None
    scope = scope_of(person)
    return lambda path: scope.covers(path, EDITORS)


def may_look(person: Person) -> bool:
    """Tell whether somebody may look facilities up: where hydrants and cameras stand is for those who work here."""
    return is_everywhere(person) or scope_of(person).has(*STAFF)


def seen(person: Person) -> Q:
    """The condition of the facilities that a person looks up: those in the area of a post of theirs; fails closed.

    One rule for the register, its files, the tiles of the map and the card. What stands in no grid is nobody's but the
    administrator's.
    """
    return Q() if is_everywhere(person) else scope_of(person).within("grid__path", STAFF)


def facilities_in_sight(person: Person) -> QuerySet[Facility]:
    """The facilities that a person looks up, by code; on whatever page."""
    return Facility.objects.filter(seen(person)).order_by("code")


def files_in_sight(person: Account) -> QuerySet[FacilityFile]:
    """The files that somebody brought; the administrator sees everybody's."""
    files = FacilityFile.objects.select_related("made_by", "stored_by")
    return files if is_everywhere(person) else files.filter(made_by=person)
