"""An extract into the tables: the ground in its box is replaced, buildings that stand here already are left alone."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import shapely
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from wangge.audit.actions import record_access
from wangge.common.refusals import Refused
from wangge.registry.models import Building
from wangge.registry.osm.reading import Faults, Ground, House, read_extract
from wangge.registry.queries import buildings_in
from wangge.territory import lookup
from wangge.territory.cells import cell
from wangge.territory.models import BaseFeature
from wangge.territory.shapes import centre, from_wkb, to_wkb

MANY = 2000  # rows in one statement


@dataclass(frozen=True)
class Told:
    """What an extract brought: ground by kind, what it replaced, new buildings, those that stood here, and faults."""

    ground: Mapping[str, int]
    replaced: int
    buildings: int
    known: int
    faults: Faults


@transaction.atomic
def import_extract(path: Path, *, by: Model | None, at: datetime, dry_run: bool = False) -> Told:
    """Bring an extract in, all or nothing; the same extract again changes no building and no picture of the map.

    A dry run does all the work and takes it back. Raises `Refused` where there is nothing of use in it.
    """
    faults = Faults()
    found = list(read_extract(path, faults))
    ground = [each for each in found if isinstance(each, Ground)]
    houses = [each for each in found if isinstance(each, House)]
    if not found:
        raise Refused(_("The extract holds no road, water, green, place or building."))
    replaced = _replace(ground)
    new = _new_ones(houses)
    _build(new)
    if dry_run:
        transaction.set_rollback(True)
    else:
        counts = {"ground": len(ground), "buildings": len(new)}
        record_access("osm.imported", by=by, at=at, subject_kind="territory", detail=counts)
        lookup.changed()
    return Told(Counter(each.kind for each in ground), replaced, len(new), len(houses) - len(new), faults)


def _replace(ground: Sequence[Ground]) -> int:
    """Exchange the ground that lies wholly in the box of the new one; returns how many went."""
    if not ground:
        return 0
    west, south, east, north = shapely.total_bounds([each.shape for each in ground])
    gone, _by_model = BaseFeature.objects.filter(
        kind__in={each.kind for each in ground},
        west__gte=west,
        south__gte=south,
        east__lte=east,
        north__lte=north,
    ).delete()
    BaseFeature.objects.bulk_create((_feature(each) for each in ground), batch_size=MANY)
    return gone


def _feature(ground: Ground) -> BaseFeature:
    west, south, east, north = ground.shape.bounds
    return BaseFeature(
        kind=ground.kind, name=ground.name, rank=ground.rank, shape=to_wkb(ground.shape), west=west, south=south, east=east, north=north
    )  # fmt: skip


def _new_ones(houses: Sequence[House]) -> list[House]:
    """The houses on whose ground no building of the register stands; one that is registered has more than a map knows."""
    if not houses:
        return []
    west, south, east, north = shapely.total_bounds([house.shape for house in houses])
    stored = buildings_in((west, south, east, north)).values_list("footprint", flat=True)
    tree = shapely.STRtree(np.array([from_wkb(shape) for shape in stored], dtype=object))
    points = np.array([house.shape.representative_point() for house in houses], dtype=object)
    taken = set(tree.query(points, "intersects")[0].tolist()) if len(tree) else set()
    return [house for number, house in enumerate(houses) if number not in taken]


def _build(houses: Iterable[House]) -> None:
    houses = list(houses)
    places = [centre(house.shape) for house in houses]
    grids = [lookup.place(lon, lat).grid_id for lon, lat in places]
    Building.objects.bulk_create(
        (
            Building(
                name=house.name, address=house.address, floors=house.floors, footprint=to_wkb(house.shape),
                grid_id=grid, lon=lon, lat=lat, cell=cell(lon, lat),
            )
            for house, (lon, lat), grid in zip(houses, places, grids, strict=True)
        ),
        batch_size=MANY,
    )  # fmt: skip
