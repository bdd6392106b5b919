"""Who may re-organise what: territory administrators, each within the area of the post."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from wangge.accounts.models import Account, AdminRole, Role
from wangge.audit.models import Event
from wangge.common.refusals import Refused
from wangge.territory.models import Area, BoundaryFile, Level, TerritoryChange
from wangge.territory.scopes import Person, scope_of

ROLES = frozenset({Role.TERRITORY})
# The steps by which somebody has worked on a change; who did is asked of its chain, which nobody rewrites.
DRAFT, WORK, PROPOSE = "draft_territory", "work_on_territory", "propose_territory"


def may_plan(person: Person, area: Area) -> bool:
    """Tell whether a person drafts and approves changes below an area."""
    return scope_of(person).covers(area.path, ROLES)


def is_system_administrator(person: Person) -> bool:
    """Tell whether a person administers the system."""
    return getattr(person, "admin_role", None) == AdminRole.SYSTEM


def may_bring(person: Person, area: Area) -> bool:
    """Tell whether a person makes drafts of files: territory administrators in their areas, the system administrator anywhere.

    What the system administrator brings is gone on with, and approved, by territory administrators alone.
    """
    return may_plan(person, area) or is_system_administrator(person)


def brings_somewhere(person: Person) -> bool:
    """Tell whether a person makes drafts of files anywhere."""
    return plans_somewhere(person) or is_system_administrator(person)


def files_in_sight(person: Person) -> QuerySet[BoundaryFile]:
    """The files that a person may look at: those of the own areas; all for the system administrator."""
    found = BoundaryFile.objects.select_related("made_by", "stored_by", "within", "change")
    if is_system_administrator(person):
        return found
    return found.filter(scope_of(person).within("within__path", ROLES))


def areas_to_bring_into(person: Person) -> QuerySet[Area]:
    """The areas that a file may be about: in force, and not finer than a community."""
    coarse = Area.objects.filter(valid_to=None).exclude(level__in=[Level.GRID, Level.MICRO])
    if not is_system_administrator(person):
        coarse = coarse.filter(areas_of(person))
    return coarse.defer("boundary").order_by("code")


def demand_bring(by: Account | None, area: Area) -> None:
    """Raise Refused unless the person may bring files about the area."""
    if by is None or not may_bring(by, area):
        raise Refused(_("This is for a territory administrator of %(area)s.") % {"area": area.name})


def plans_somewhere(person: Person) -> bool:
    """Tell whether a person holds such a post anywhere."""
    return scope_of(person).has(*ROLES)


def areas_of(person: Person) -> Q:
    """The condition of the areas that a person may re-organise."""
    return scope_of(person).within("path", ROLES)


def changes_in_sight(person: Person) -> QuerySet[TerritoryChange]:
    """What is in force is public; drafts are seen by those who may work on them."""
    own = scope_of(person).within("within__path", ROLES)
    found = TerritoryChange.objects.filter(own | Q(stage=TerritoryChange.Stage.IN_FORCE))
    return found.select_related("within", "made_by", "saved_by", "decided_by").defer("within__boundary")


def demand_plan(by: Account | None, area: Area) -> None:
    """Raise Refused unless the person may re-organise what lies in the area."""
    if by is None or not may_plan(by, area):
        raise Refused(_("This is for a territory administrator of %(area)s.") % {"area": area.name})


def may_decide(person: Person, change: TerritoryChange) -> bool:
    """Tell whether a person may approve this change: with the right, and nobody who ever worked on it."""
    return may_plan(person, change.within) and not has_worked_on(person, change)


def has_worked_on(person: Person, change: TerritoryChange) -> bool:
    """Tell whether a person began, worked on or proposed a change, however many have worked on it since."""
    return Event.objects.filter(
        subject_id=change.pk, verb__in=(DRAFT, WORK, PROPOSE), actor_id=person.pk or 0
    ).exists()


def demand_decision(by: Account, change: TerritoryChange) -> None:
    """Raise Refused unless the person may decide about this change."""
    demand_plan(by, change.within)
    if not may_decide(by, change):
        raise Refused(_("Whoever worked on a change does not approve it; somebody else has to."))
