"""Who may re-organise what: territory administrators, each within the area of the post."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from wangge.accounts.models import Account, Role
from wangge.audit.models import Event
from wangge.common.refusals import Refused
from wangge.territory.models import Area, TerritoryChange
from wangge.territory.scopes import Person, scope_of

ROLES = frozenset({Role.TERRITORY})
# The steps by which somebody has worked on a change; who did is asked of its chain, which nobody rewrites.
DRAFT, WORK, PROPOSE = "draft_territory", "work_on_territory", "propose_territory"


def may_plan(person: Person, area: Area) -> bool:
    """Tell whether a person drafts and approves changes below an area."""
    return scope_of(person).covers(area.path, ROLES)


def plans_somewhere(person: Person) -> bool:
    """Tell whether a person holds such a post anywhere."""
    return scope_of(person).has(*ROLES)


def areas_of(person: Person) -> Q:
    """The condition of the areas that a person may re-organise."""
    return scope_of(person).within("path", ROLES)


def changes_in_sight(person: Person) -> QuerySet[TerritoryChange]:
    """What is in force is public; drafts are seen by those who may work on them."""
    own = scope_of(person).within("within__path", ROLES)
    return TerritoryChange.objects.filter(own | Q(stage=TerritoryChange.Stage.IN_FORCE)).select_related(
        "within", "made_by", "saved_by", "decided_by"
    )


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
