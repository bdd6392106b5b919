"""Where two streets meet, by the roads of the base map."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import shapely
from django.utils.translation import gettext as _

from wangge.territory.models import BaseFeature

CROSSING: Final = "crossing"
APART_DEGREES = 0.0003  # about thirty metres: two drawn lines need not touch
MOST = 3


@dataclass(frozen=True)
class Meeting:
    """A place where two streets meet, in words and WGS84 degrees."""

    text: str
    lon: float
    lat: float


def meeting_points(ones: Collection[str], others: Collection[str]) -> list[Meeting]:
    """The places where a street of one of the first names meets one of the second, each once."""
    wanted = {*ones, *others}
    shapes: dict[str, list[bytes]] = {}
    roads = BaseFeature.objects.filter(kind=BaseFeature.Kind.ROAD, name__in=wanted)
    for name, shape in roads.values_list("name", "shape"):
        shapes.setdefault(name, []).append(bytes(shape))
    return [
        Meeting(_("%(one)s at %(other)s") % {"one": one, "other": other}, point.x, point.y)
        for one in sorted(ones)
        for other in sorted(others)
        if one != other and one in shapes and other in shapes
        for point in _points(shapes[one], shapes[other])
    ][:MOST]


def _points(ones: list[bytes], others: list[bytes]) -> list[shapely.Point]:
    one, other = (shapely.unary_union(shapely.from_wkb(lines)) for lines in (ones, others))
    if one.distance(other) > APART_DEGREES:
        return []
    met = one.intersection(other)
    if met.is_empty:
        return [shapely.shortest_line(one, other).centroid]
    pieces = getattr(met, "geoms", [met])
    joined = shapely.unary_union([piece.centroid.buffer(APART_DEGREES) for piece in pieces])
    return [piece.centroid for piece in getattr(joined, "geoms", [joined])]
