"""What the lists of the desk can be narrowed to."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from wangge.accounts.models import Person, Unit
from wangge.cases.deadlines import Light
from wangge.cases.models import MatterGroup
from wangge.cases.permissions import AREA_ROLES
from wangge.territory.models import Area, Level
from wangge.territory.scopes import scope_of

MOST_AREAS = 400


@dataclass(frozen=True)
class Choices:
    """The values of the filters for one person."""

    areas: Sequence[tuple[str, str]]
    units: Sequence[tuple[str, str]]
    groups: Sequence[tuple[str, str]]
    lights: Sequence[str]


def for_desk(person: Person) -> Choices:
    """Areas of the person's scope down to communities, units of the duty list, groups of classes; three statements."""
    levels = (Level.CITY, Level.COUNTY, Level.STREET, Level.COMMUNITY)
    areas = Area.objects.filter(scope_of(person).within("path", AREA_ROLES), level__in=levels, valid_to=None)
    named = areas.order_by("path").values_list("pk", "name", "level")[:MOST_AREAS]
    units = Unit.objects.filter(Q(closed_on=None), duty_rows__isnull=False).distinct().order_by("name")
    return Choices(
        areas=[(str(pk), f"{_indent(level)}{name}") for pk, name, level in named],
        units=[(str(pk), name) for pk, name in units.values_list("pk", "name")],
        groups=[(group.code, str(group)) for group in MatterGroup.objects.all()],
        lights=list(Light),
    )


def _indent(level: str) -> str:
    return "\u3000" * {Level.COMMUNITY: 2, Level.STREET: 1}.get(Level(level), 0)
