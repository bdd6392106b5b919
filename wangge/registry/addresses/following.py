"""Addresses follow when communities change: what has a point lies in the community of its grid, a street with its county."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from django.db.models import QuerySet

from wangge.registry.models import Address
from wangge.territory import lookup
from wangge.territory.models import Area

BATCH = 5000


def in_areas(areas: Collection[int]) -> QuerySet[Address]:
    """The addresses in force that are kept under one of these areas."""
    return Address.objects.filter(area_id__in=areas, valid_to=None)


def follow(ended: Mapping[int, Sequence[int]], redrawn: Collection[int]) -> None:
    """Put the addresses of areas that ended, or were redrawn, under the areas they lie in now; harmless the second time."""
    rows = list(
        in_areas({*ended, *redrawn})
        .only("pk", "kind", "key", "lon", "lat", "area_id", "parent_id")
        .order_by("pk")
    )
    targets = _targets(rows, ended)
    moved = [row for row in rows if targets[row.pk] != row.area_id]
    taken = _taken(set(targets.values()))
    for row in moved:
        row.area_id = _free(row, targets[row.pk], taken)
    Address.objects.bulk_update(moved, ["area"], batch_size=BATCH)


def _targets(rows: Sequence[Address], ended: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """Where each address is kept from now on: the community of its grid; without a point where its parent is kept."""
    found = dict(zip((row.pk for row in rows), _communities(rows), strict=True))
    known = {row.pk: row for row in rows}

    def target(row: Address) -> int:
        if (community := found[row.pk]) is not None:
            return community
        parent = known.get(row.parent_id or 0)
        if parent is None or parent.kind == Address.Kind.STREET:
            return _heir(row.area_id, ended)
        return target(parent)

    return {row.pk: target(row) for row in rows}


def _communities(rows: Sequence[Address]) -> list[int | None]:
    """The community of the grid of each point, None without a point or outside every grid."""
    points = [(row.lon, row.lat) if _has_own_place(row) else (np.nan, np.nan) for row in rows]
    degrees = np.array(points, dtype=np.float64).reshape(-1, 2)
    grids = lookup.grids_of(degrees[:, 0], degrees[:, 1])
    parents = dict(Area.objects.filter(pk__in={*grids} - {None}).values_list("pk", "parent_id"))
    return [parents.get(grid or 0) for grid in grids]


def _has_own_place(row: Address) -> bool:
    """A street's point is for the map only."""
    return row.kind != Address.Kind.STREET and row.lon is not None


def _heir(area: int, ended: Mapping[int, Sequence[int]]) -> int:
    while ended.get(area):
        area = ended[area][0]
    return area


def _taken(areas: Collection[int]) -> set[tuple[int, str, str]]:
    """The names that are at the top of the register already, each of which an area has once."""
    tops = in_areas(areas).filter(parent=None)
    return set(tops.values_list("area_id", "kind", "key"))


def _free(row: Address, area: int, taken: set[tuple[int, str, str]]) -> int:
    """The wanted area; one around it where another address has the name already, for a person to look at both."""
    if row.parent_id is not None:
        return area
    path = Area.objects.values_list("path", flat=True).get(pk=area)
    for around in reversed(path.strip("/").split("/")):
        if (key := (int(around), row.kind, row.key)) not in taken:
            taken.add(key)
            return int(around)
    return row.area_id
