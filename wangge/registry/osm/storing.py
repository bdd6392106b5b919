"""An extract into the tables: the ground in its box is replaced, buildings that stand here already are left alone."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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
from wangge.registry.osm.reading import Faults, Ground, House, part_read, read_extract
from wangge.registry.queries import buildings_in
from wangge.territory import lookup
from wangge.territory.cells import cell
from wangge.territory.models import BaseFeature
from wangge.territory.shapes import centre, from_wkb, to_wkb

MANY = 2000  # rows in one statement
TELL_EVERY = 2000  # things found
READ = 0.8  # of the work, when the whole extract is read; the rest is one transaction


@dataclass(frozen=True)
class Told:
    """What an extract brought: ground by kind, what it replaced, new buildings, those that stood here, and faults.

    Of the new buildings `guessed` have one floor because the extract says nothing, `outside` stand in no grid.
    """

    ground: Mapping[str, int]
    replaced: int
    buildings: int
    known: int
    guessed: int
    outside: int
    faults: Faults


def import_extract(
    path: Path,
    *,
    by: Model | None,
    at: datetime,
    dry_run: bool = False,
    progress: Callable[[float], None] = lambda done: None,
    stored: Callable[[Told], None] = lambda told: None,
) -> Told:
    """Bring an extract in, all or nothing; the same extract again changes no building and no picture of the map.

    A dry run does all the work and takes it back. Raises `Refused` where there is nothing of use in it. `progress` is
    told now and then how much is done, from 0 to 1; `stored` what was brought, within the transaction that stores it.
    """
    faults, found = Faults(), list[Ground | House]()
    for each in read_extract(path, faults):
        found.append(each)
        if len(found) % TELL_EVERY == 0:
            progress(READ * part_read(path))
    progress(READ)
    return _store(found, faults, by, at, dry_run, stored)


@transaction.atomic
def _store(
    found: Sequence[Ground | House],
    faults: Faults,
    by: Model | None,
    at: datetime,
    dry_run: bool,
    stored: Callable[[Told], None],
) -> Told:
    ground = [each for each in found if isinstance(each, Ground)]
    houses = [each for each in found if isinstance(each, House)]
    if not found:
        raise Refused(_("The extract holds no road, water, green, place or building."))
    replaced = _replace(ground)
    new = _new_ones(houses)
    outside = _build(new)
    told = Told(
        ground=Counter(str(each.kind) for each in ground),
        replaced=replaced,
        buildings=len(new),
        known=len(houses) - len(new),
        guessed=sum(not house.floors_said for house in new),
        outside=outside,
        faults=faults,
    )
    if dry_run:
        transaction.set_rollback(True)
    else:
        counts = {"ground": len(ground), "buildings": len(new)}
        record_access("osm.imported", by=by, at=at, subject_kind="territory", detail=counts)
        lookup.changed()
        stored(told)
    return told


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


def _build(houses: Sequence[House]) -> int:
    """Make the buildings; returns how many of them stand in no grid."""
    places = [centre(house.shape) for house in houses]
    degrees = np.array(places, dtype=np.float64).reshape(-1, 2)
    grids = lookup.grids_of(degrees[:, 0], degrees[:, 1])
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
    return grids.count(None)
