"""Looking facilities up."""

from django.db.models import Q, QuerySet

from wangge.registry.facilities.permissions import facilities_in_sight
from wangge.registry.models import Facility
from wangge.territory.scopes import Person


def found(person: Person, words: str, state: str) -> QuerySet[Facility]:
    """The facilities in sight whose code begins so or whose class is called so, in one state or any."""
    facilities = (
        facilities_in_sight(person).select_related("facility_class", "unit", "grid").defer("grid__boundary")
    )
    if words:
        named = Q(facility_class__name__icontains=words) | Q(facility_class__name_en__icontains=words)
        facilities = facilities.filter(Q(code__startswith=words) | named | Q(grid__name=words))
    return facilities.filter(state=state) if state in Facility.State.values else facilities
