"""How many households live in each area: counted from the registered buildings, never typed in.

Nought is a grid without households in a community where others have some; where no building of a community says any,
its grids' numbers are unknown, which is not the same.
"""

from collections.abc import Iterable

import numpy as np
import shapely
from django.db.models import Q, Sum

from wangge.registry.models import Building
from wangge.territory.models import Area, Level
from wangge.territory.shapes import from_wkb

Counts = dict[int, int | None]


def count(keys: Iterable[int]) -> None:
    """Count the households of areas in force anew, and then of all those they lie in."""
    touched = list(Area.objects.filter(pk__in=set(keys), valid_to=None).only("pk", "level", "parent", "path"))
    grids = {area.pk: area.parent_id for area in touched if area.level == Level.GRID}
    _write(_of_grids(grids))
    within = set(grids) | {area.parent_id for area in touched if area.level == Level.MICRO}
    micros = Area.objects.filter(level=Level.MICRO, parent_id__in=within, valid_to=None)
    _write({micro.pk: _inside(micro) for micro in micros})
    count_above(area.path for area in touched)


def count_above(paths: Iterable[str]) -> None:
    """Add the numbers up anew along the paths of areas, which may have ended: each from what lies directly in it."""
    above = {int(pk) for path in paths for pk in path.strip("/").split("/")}
    areas = Area.objects.filter(pk__in=above, valid_to=None).exclude(level__in=[Level.GRID, Level.MICRO])
    for pk, _path in sorted(areas.values_list("pk", "path"), key=lambda row: -row[1].count("/")):
        inside = Area.objects.filter(parent_id=pk, valid_to=None).aggregate(all=Sum("households"))
        _write({pk: inside["all"]})


def _of_grids(parents: dict[int, int | None]) -> Counts:
    counted = _by("grid_id", Q(grid_id__in=parents))
    known = _by("grid__parent_id", Q(grid__parent_id__in=set(parents.values())))
    return {grid: (counted.get(grid) or 0) if known.get(parent) else None for grid, parent in parents.items()}


def _by(field: str, condition: Q) -> dict[int | None, int]:
    return dict(Building.objects.filter(condition).values_list(field).annotate(all=Sum("households")))


def _inside(micro: Area) -> int | None:
    """Of a micro-grid, whose buildings stand in its grid: those on its ground."""
    rows = list(Building.objects.filter(grid_id=micro.parent_id).values_list("lon", "lat", "households"))
    if micro.boundary is None or not any(households for _lon, _lat, households in rows):
        return None
    lons, lats, households = (np.array(column) for column in zip(*rows, strict=True))
    return int(households[shapely.intersects_xy(from_wkb(micro.boundary), lons, lats)].sum())


def _write(counts: Counts) -> None:
    for pk, households in counts.items():
        Area.objects.filter(pk=pk).update(households=households)
