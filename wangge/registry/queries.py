"""Reading the registers."""

from django.db.models import Q, QuerySet

from wangge.registry.models import Building
from wangge.territory import geojson
from wangge.territory.cells import cover
from wangge.territory.geojson import Box

MOST_SHAPES = 8000


def buildings_in(box: Box) -> QuerySet[Building]:
    """Return the buildings whose point lies in a box of WGS84 degrees (west, south, east, north)."""
    west, south, east, north = box
    cells = Q()
    for low, high in cover(box):
        cells |= Q(cell__range=(low, high))
    return Building.objects.filter(cells, lon__range=(west, east), lat__range=(south, north))


def building_shapes(box: Box) -> bytes:
    """The footprints in a box as GeoJSON with `name` and `floors`, the highest first, at most 8,000."""
    rows = list(
        buildings_in(box).order_by("-floors").values_list("footprint", "name", "floors")[:MOST_SHAPES]
    )
    return geojson.collection(
        [bytes(shape) for shape, _name, _floors in rows],
        ({"name": name, "floors": floors} for _shape, name, floors in rows),
    )
