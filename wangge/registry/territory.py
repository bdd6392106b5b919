"""What stands in the territory follows when areas are changed: facilities and buildings are located anew."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import shapely
from django.db.models import Model, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wangge.audit.models import Event
from wangge.registry.addresses import following
from wangge.registry.models import Building, Facility
from wangge.territory import lookup
from wangge.territory.changes.effects import Effect, Touched
from wangge.territory.models import Area, UnitGrid
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
    touched = [int(pk) for pk in told["ended"]] + told["redrawn"]
    for model in (Facility, Building):
        _relocate(model, touched)
    _count_households([*told["new"], *told["redrawn"]])
    _relocate_in_unit_grids(told.get("unit_grids", []))
    ended = {int(pk): then for pk, then in told["ended"].items()}
    following.follow(ended, {*told["redrawn"], *_parents_then(told["paths"])})


def _parents_then(paths: Mapping[str, str]) -> set[int]:
    """The areas in which those that moved lay before."""
    lines = (path.strip("/").split("/") for path in paths)
    return {int(line[-2]) for line in lines if len(line) > 1}


def _relocate(model: Any, touched: list[int]) -> None:
    rows = list(model.objects.filter(grid_id__in=touched).only("pk", "lon", "lat", "grid_id").order_by("pk"))
    found = lookup.grids_of(np.array([row.lon for row in rows]), np.array([row.lat for row in rows]))
    moved: list[Model] = []
    for row, grid_id in zip(rows, found, strict=True):
        if row.grid_id != grid_id:
            row.grid_id = grid_id
            moved.append(row)
    model.objects.bulk_update(moved, ["grid_id"], batch_size=BATCH)


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


def _count_households(areas: list[int]) -> None:
    counted = (
        Building.objects.filter(grid_id__in=areas).values_list("grid_id").annotate(all=Sum("households"))
    )
    for grid_id, households in counted:
        Area.objects.filter(pk=grid_id).update(households=households)
