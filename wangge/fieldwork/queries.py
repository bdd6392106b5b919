"""Reading tasks: who goes, who may see them, and what the list shows."""

from datetime import date, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from wangge.accounts.models import Role
from wangge.cases.models import Case, Report
from wangge.cases.permissions import open_to
from wangge.cases.workflow import GRID_ROLES, Stage
from wangge.common.days import midnight
from wangge.fieldwork.assignment import Seat
from wangge.fieldwork.models import Task, TaskKind
from wangge.territory import basemap
from wangge.territory.forces.absences import away_on
from wangge.territory.geojson import Box
from wangge.territory.lookup import community_of
from wangge.territory.models import Area, Level, Post
from wangge.territory.scopes import Person, scope_of

# Informants report what they see and have no tasks.
FIELD_ROLES = GRID_ROLES | {Role.INFORMANT}
WITHIN_A_COMMUNITY = (Level.COMMUNITY, Level.GRID, Level.MICRO)


def seats_around(area: Area, community: str, on: date) -> list[Seat]:
    """Return the grid posts in force in the community around an area, with how busy their people are.

    Whoever is away that day has no seat; the stand-in sits there by a post of their own.
    An area wider than a community (a matter without a place) has only the people posted to that very area.
    """
    near = Q(area__path__startswith=community) if area.level in WITHIN_A_COMMUNITY else Q(area=area)
    posts = (
        Post.objects.filter(near, role__in=GRID_ROLES, starts_on__lte=on, account__is_active=True)
        .filter(Q(ends_on=None) | Q(ends_on__gt=on))
        .exclude(account__in=away_on(on).values("account"))
        .annotate(open_tasks=Count("account__tasks", filter=Q(account__tasks__done_at=None)))
    )
    return [Seat(*row) for row in posts.values_list("account_id", "role", "area__path", "open_tasks")]


def visible_tasks(person: Person) -> Q:
    """The condition of the tasks a person may see: those of the communities of the own grid posts; fails closed."""
    paths = [reach.path for reach in scope_of(person).reaches if reach.role in GRID_ROLES]
    condition = Q(pk__in=[])
    if not paths:
        return condition
    for path in {community_of(path) for path in paths}:
        condition |= Q(area__path__startswith=path)
    return condition & _open_to(person, "report", Report) & _open_to(person, "case", Case)


def _open_to(person: Person, owner: str, model: type[Report] | type[Case]) -> Q:
    """The condition that a task's matter is not confidential, or this person is a named handler of it."""
    let_in = model._default_manager.filter(open_to(person, owner), confidential=True)
    return Q(**{owner: None}) | Q(**{f"{owner}__confidential": False}) | Q(**{f"{owner}__in": let_in})


def may_work(person: Person) -> bool:
    """Tell whether a person works on the street at all."""
    return scope_of(person).has(*FIELD_ROLES)


def own_ground(person: Person) -> Box | None:
    """The box around the areas a person works in on the street; None where none of them is drawn."""
    posts = (reach.area_id for reach in scope_of(person).reaches if reach.role in FIELD_ROLES)
    return basemap.extent_around(Area.objects.filter(pk__in=set(posts)))


def may_settle(person: Person) -> bool:
    """Tell whether a person settles matters on the spot; informants report and leave it to the grid's worker."""
    return scope_of(person).has(*GRID_ROLES)


def tasks_of(person: Person) -> QuerySet[Task]:
    """The tasks a person may see, with everything a card shows."""
    return (
        Task.objects.filter(visible_tasks(person))
        .select_related("report__matter", "case__matter", "area", "assignee", "done_by")
        .defer("area__boundary")
    )


def open_tasks(person: Person) -> list[Task]:
    """The open tasks of the communities around, the most urgent first.

    A task whose matter has just moved on is left out even before the listener ends it.
    """
    waiting = Q(report__stage=Stage.VERIFYING) | Q(kind=TaskKind.CHECK, case__stage=Stage.CHECKING)
    waiting |= Q(kind=TaskKind.RECHECK, case__stage=Stage.CLOSED)
    return list(tasks_of(person).filter(waiting, done_at=None).order_by("due_at", "id"))


def done_today(person: Person, now: datetime) -> list[Task]:
    """What this person did since midnight, the latest first."""
    today = midnight(timezone.localdate(now))
    return list(tasks_of(person).filter(done_by=person.pk, done_at__gte=today).order_by("-done_at"))
