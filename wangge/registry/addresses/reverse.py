"""From a point to the address nearest to it."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import shapely
from django.db.models import Q

from wangge.registry.models import Address
from wangge.territory.cells import cover
from wangge.territory.coordinates import metres_between

RADII = (40.0, 120.0, 400.0)  # metres: most points have a house within the first
METRES_PER_DEGREE = 111_320.0
MOST = 400


@dataclass(frozen=True)
class Near:
    """An address close to a point; `metres` to its own point, 0 where the point lies in the building's footprint."""

    id: int
    kind: str
    text: str
    lon: float
    lat: float
    metres: int

    @property
    def is_inside(self) -> bool:
        """Whether the point lies in the building."""
        return self.metres == 0


def nearest(lon: float, lat: float, *, most: int = 1) -> list[Near]:
    """The addresses (numbers and buildings) nearest to a WGS84 point in degrees, within 400 metres, nearest first."""
    for radius in RADII:
        found = _within(lon, lat, radius)
        if found:
            return found[:most]
    return []


def _within(lon: float, lat: float, radius: float) -> list[Near]:
    high = radius / METRES_PER_DEGREE
    wide = high / max(math.cos(math.radians(lat)), 0.01)
    cells = Q()
    for low, top in cover((lon - wide, lat - high, lon + wide, lat + high)):
        cells |= Q(cell__range=(low, top))
    rows = (
        Address.objects.filter(cells, valid_to=None, cell__isnull=False, kind__in=("number", "building"))
        .filter(lon__range=(lon - wide, lon + wide), lat__range=(lat - high, lat + high))
        .values_list("pk", "kind", "text", "lon", "lat", "building__footprint")[:MOST]
    )
    made = (_near(row, lon, lat) for row in rows)
    return sorted((near for near in made if near.metres <= radius), key=lambda near: (near.metres, near.id))


def _near(row: Iterable[object], lon: float, lat: float) -> Near:
    pk, kind, text, own_lon, own_lat, footprint = row
    metres = max(1, round(metres_between(lon, lat, own_lon, own_lat)))  # type: ignore[arg-type]
    if footprint is not None and shapely.from_wkb(bytes(footprint)).covers(shapely.Point(lon, lat)):  # type: ignore[call-overload]
        metres = 0
    return Near(pk, kind, text, own_lon, own_lat, metres)  # type: ignore[arg-type]
