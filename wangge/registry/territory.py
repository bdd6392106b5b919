"""What stands in the territory follows when areas are changed: facilities, buildings and addresses are located anew."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import shapely
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wangge.audit.models import Event
from wangge.registry import households
from wangge.registry.addresses import following
from wangge.registry.models import Building, Facility
from wangge.territory import lookup
from wangge.territory.changes.effects import Effect, Touched
from wangge.territory.models import Area, Level, UnitGrid
from wangge.territory.shapes import from_wkb

BATCH = 5000


def effects(touched: Touched) -> Iterator[Effect]:
    """Count what would be located anew."""
    note = _("They are located in the new grids on the day.")
    facilities = Facility.objects.filter(grid_id__in=touched.relocated)
    buildings = Building.objects.filter(grid_id__in=touched.relocated)
    yield Effect(_("Facilities"), facilities.count(), note)
    yield Effect(
        _("Addresses"),
        following.in_areas(touched.ended | touched.redrawn).count(),
        _("Those in another community from that day are kept there."),
    )
    yield Effect(
        pgettext("of unit grids", "Facilities"),
        Facility.objects.filter(unit_grid_id__in=touched.unit_grids).count(),
        _("They are located in the new unit grids on the day."),
    )
    yield Effect(_("Buildings"), buildings.count(), note)
    yield Effect(
        _("Households"),
        buildings.aggregate(all=Sum("households"))["all"] or 0,
        _("The households of each grid are counted anew from its buildings."),
    )


def follow(event: Event) -> None:
    """Locate anew what stood in areas that ended or were redrawn, and count the households of the new ones."""
    told = event.payload.data
    lookup.forget()  # what this process knows may be a second older than the event
    touched = [int(pk) for pk in told["ended"]] + told["redrawn"]
    for model in (Facility, Building):
        # What stood in no grid may stand in a new one.
        _relocate(model._default_manager.filter(Q(grid_id__in=touched) | Q(grid=None)))
    parents_then = _parents_then(told["paths"])
    households.count([*told["new"], *told["redrawn"], *parents_then])
    households.count_above([*told["paths"].values(), *_paths_of(touched)])
    _relocate_in_unit_grids(told.get("unit_grids", []))
    ended = {int(pk): then for pk, then in told["ended"].items()}
    following.follow(ended, {*told["redrawn"], *parents_then})


def _paths_of(areas: list[int]) -> Iterable[str]:
    return Area.objects.filter(pk__in=areas).values_list("path", flat=True)


def _parents_then(paths: Mapping[str, str]) -> set[int]:
    """The areas in which those that moved lay before."""
    lines = (path.strip("/").split("/") for path in paths)
    return {int(line[-2]) for line in lines if len(line) > 1}


def locate_anew() -> None:
    """Let everything follow areas that were redrawn by a file."""
    lookup.forget()
    for model in (Facility, Building):
        _relocate(model._default_manager.all())
    grids = Area.objects.filter(level=Level.GRID, valid_to=None)
    households.count(grids.values_list("pk", flat=True))
    communities = Area.objects.filter(level=Level.COMMUNITY, valid_to=None)
    for community in communities.order_by("pk").values_list("pk", flat=True):
        following.follow({}, {community})  # one after the other: a city has millions of addresses


def _relocate(things: QuerySet[Any]) -> None:
    """Give each thing the grid its point lies in now."""
    for rows in _batches(things.values_list("pk", "lon", "lat", "grid_id")):
        found = lookup.grids_of(np.array([row[1] for row in rows]), np.array([row[2] for row in rows]))
        moved: dict[int | None, list[int]] = {}
        for (pk, _lon, _lat, was), grid_id in zip(rows, found, strict=True):
            if was != grid_id:
                moved.setdefault(grid_id, []).append(pk)
        for grid_id, keys in moved.items():
            things.model._default_manager.filter(pk__in=keys).update(grid_id=grid_id)


def _batches(things: QuerySet[Any]) -> Iterator[list[Any]]:
    """Rows by their key, some thousands at a time; the first column is the key."""
    last = 0
    while rows := list(things.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield rows
        last = rows[-1][0]


def _relocate_in_unit_grids(touched: list[int]) -> None:
    """Facilities of unit grids that changed, and those around them that stood in none."""
    shapes = UnitGrid.objects.filter(pk__in=touched).values_list("boundary", flat=True)
    if touched:
        west, south, east, north = shapely.total_bounds([from_wkb(shape) for shape in shapes])
        around = Q(unit_grid=None, lon__range=(west, east), lat__range=(south, north))
        found = Facility.objects.filter(around | Q(unit_grid_id__in=touched))
        _locate(list(found.only("pk", "lon", "lat", "unit_grid_id").order_by("pk")))


def _locate(facilities: list[Facility]) -> None:
    points = np.array([each.lon for each in facilities]), np.array([each.lat for each in facilities])
    moved = []
    for facility, key in zip(facilities, lookup.unit_grids_of(*points), strict=True):
        if facility.unit_grid_id != key:
            facility.unit_grid_id = key
            moved.append(facility)
    Facility.objects.bulk_update(moved, ["unit_grid"], batch_size=BATCH)
