"""What a file would do to the register, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from wangge.accounts.models import Unit
from wangge.registry.models import Facility, FacilityClass
from wangge.territory.coordinates import metres_between


def new_in_words(code: str, kind: FacilityClass) -> str:
    """A facility that the register does not have yet."""
    return f"{code} · {kind}"


def changed_in_words(facility: Facility, others: Mapping[str, Any]) -> str:
    """What becomes of a facility that the register has."""
    return f"{facility.code} · " + " · ".join(_changes(facility, others))


def _changes(facility: Facility, others: Mapping[str, Any]) -> Iterator[str]:
    if "facility_class_id" in others:
        kinds = FacilityClass.objects.in_bulk([facility.facility_class_id, others["facility_class_id"]])
        yield _arrow(kinds[facility.facility_class_id], kinds[others["facility_class_id"]])
    if "lon" in others or "lat" in others:
        to = others.get("lon", facility.lon), others.get("lat", facility.lat)
        metres = metres_between(facility.lon, facility.lat, *to)
        yield _("moves by %(metres).0f m") % {"metres": metres}
    elif "grid_id" in others or "unit_grid_id" in others:
        yield _("is located in another grid")
    if "state" in others:
        yield _arrow(facility.get_state_display(), Facility.State(others["state"]).label)
    if "unit_id" in others:
        yield _arrow(facility.unit or "—", Unit.objects.get(pk=others["unit_id"]))
    if "surveyed_on" in others:
        yield _arrow(facility.surveyed_on, others["surveyed_on"])
    if "note" in others:
        yield _("another note")


def _arrow(old: Any, new: Any) -> str:
    return f"{old} → {new}"
