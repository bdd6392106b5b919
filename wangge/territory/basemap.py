"""What the map shows under everything else: roads, water, green, blocks, names, and the boundaries of areas."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from django.core.cache import cache
from django.db import connection
from django.db.models import Max, Min, Q
from django.utils import timezone
from django.utils.translation import get_language

from wangge.territory import geojson, history
from wangge.territory.geojson import Box
from wangge.territory.models import Area, BaseFeature

# The middle of the country, for an installation without a territory.
CHINA: Box = (97.0, 24.0, 122.0, 42.0)
MOST_AREAS = 2000
KEPT_SECONDS = 300  # base features are loaded without a new version


@dataclass(frozen=True)
class FoundName:
    """A named road, water, park or place and a point on it (WGS84 degrees)."""

    name: str
    kind: str
    lon: float
    lat: float


def version() -> int:
    """The number that rises with each change of the territory."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(number), 0) FROM territory_territoryversion")
        return int(cursor.fetchone()[0])


def in_force(on: date | None = None) -> Q:
    """The condition of the areas that hold on a day, today unless said."""
    day = on or timezone.localdate()
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def extent() -> Box:
    """The box around everything that is drawn, or around the middle of the country when nothing is."""
    key = f"extent-{version()}"
    known: Box | None = cache.get(key)
    if known is None:
        known = _extent()
        cache.set(key, known, KEPT_SECONDS)
    return known


def extent_of(area: Area) -> Box | None:
    """The box around an area: its boundary's, else that of the areas inside it; None where nobody has drawn any."""
    inside = Area.objects.filter(in_force(), path__startswith=area.path).exclude(boundary=None)
    own = list(inside.filter(pk=area.pk).values_list("boundary", flat=True))
    stored = own or list(inside.values_list("boundary", flat=True))
    if not stored:
        return None
    west, south, east, north = shapely.total_bounds(shapely.from_wkb([bytes(one or b"") for one in stored]))
    return float(west), float(south), float(east), float(north)


def extent_around(areas: Iterable[Area]) -> Box | None:
    """The box around several areas together; None where nobody has drawn any of them."""
    boxes = [box for area in areas if (box := extent_of(area)) is not None]
    if not boxes:
        return None
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def _extent() -> Box:
    sides = BaseFeature.objects.aggregate(Min("west"), Min("south"), Max("east"), Max("north"))
    if sides["west__min"] is not None:
        return sides["west__min"], sides["south__min"], sides["east__max"], sides["north__max"]
    stored = Area.objects.filter(in_force()).exclude(boundary=None).values_list("boundary", flat=True)
    shapes = shapely.from_wkb([bytes(boundary) for boundary in stored if boundary])
    if not len(shapes):
        return CHINA
    west, south, east, north = (float(side) for side in shapely.total_bounds(shapes))
    return west, south, east, north


def features(kind: str, box: Box | None, most_rank: int) -> bytes:
    """The base features of a kind that touch a box, down to a rank, as GeoJSON with `name` and `rank`."""
    chosen = BaseFeature.objects.filter(kind=kind, rank__lte=most_rank)
    if box is not None:
        chosen = chosen.filter(touching(box))
    rows = list(chosen.order_by("-rank", "pk").values_list("shape", "name", "rank"))
    return geojson.collection(
        [bytes(shape) for shape, _name, _rank in rows],
        ({"name": name, "rank": rank} for _s, name, rank in rows),
    )


def touching(box: Box) -> Q:
    """The condition of the base features whose own box touches a box."""
    west, south, east, north = box
    return Q(west__lte=east, east__gte=west, south__lte=north, north__gte=south)


def areas(level: str, box: Box | None) -> bytes:
    """The areas of a level in force that touch a box, as GeoJSON with code, name, kind and the label's point.

    At most MOST_AREAS of them, by code: whoever looks at more looks from too far away to tell them apart.
    """
    english = (get_language() or "").startswith("en")
    rows = list(
        Area.objects.filter(pk__in=_touching(level, box))
        .order_by("code")
        .values_list("boundary", "code", "name", "name_en", "kind", "centre_lon", "centre_lat")
    )
    return geojson.collection([bytes(row[0] or b"") for row in rows], (_said(row, english) for row in rows))


def _touching(level: str, box: Box | None) -> list[int]:
    return keys_of_areas(level, box, timezone.localdate())[:MOST_AREAS]


def keys_of_areas(level: str, box: Box | None, on: date) -> list[int]:
    """The keys of the areas of a level on a day whose own box touches a box, by code."""
    keys, sides = _sides(level, on)
    if box is not None and len(keys):
        west, south, east, north = box
        beside = (sides[:, 0] > east) | (sides[:, 2] < west) | (sides[:, 1] > north) | (sides[:, 3] < south)
        keys = keys[~beside]
    return [int(key) for key in keys]


def _sides(level: str, on: date) -> tuple[Any, Any]:
    """The keys and boxes of all areas of a level on a day: read once for each version of the territory."""
    key = f"sides-{version()}-{on}-{level}"
    known: tuple[Any, Any] | None = cache.get(key)
    if known is not None:
        return known
    with _reading:  # a map asks for a dozen tiles at once: one of them reads, the others wait for it
        return cache.get(key) or _read_sides(key, level, on)


_reading = threading.Lock()


def _read_sides(key: str, level: str, on: date) -> tuple[Any, Any]:
    rows = sorted(_boundaries(level, on), key=lambda row: row[1])
    shapes = shapely.from_wkb([boundary for _pk, _code, boundary in rows])
    known = (
        np.array([pk for pk, _code, _boundary in rows], dtype=np.int64),
        shapely.bounds(shapes).reshape(-1, 4),
    )
    cache.set(key, known, geojson.KEPT_SECONDS)
    return known


def _boundaries(level: str, on: date) -> list[tuple[int, str, bytes]]:
    """Key, code and boundary of the areas of a level; of today without looking for what each was before."""
    if on != timezone.localdate():
        return [(pk, code, drawn) for pk, code, drawn in history.boundaries_on(on, level) if drawn]
    now = Area.objects.filter(in_force(on), level=level).exclude(boundary=None)
    return [(pk, code, bytes(drawn or b"")) for pk, code, drawn in now.values_list("pk", "code", "boundary")]


def _said(row: tuple[Any, ...], english: bool) -> dict[str, Any]:
    _boundary, code, name, name_en, kind, lon, lat = row
    return {
        "code": code,
        "name": name_en if english and name_en else name,
        "kind": kind,
        "centre": [lon, lat],
    }


def named(words: str, most: int = 8) -> list[FoundName]:
    """Find roads, waters, parks and places whose name holds the words; each name once."""
    rows = BaseFeature.objects.filter(name__icontains=words).exclude(name="").order_by("rank", "name")
    return _points_on(rows, most)


def well_known(most: int = 12) -> list[FoundName]:
    """The most important named places, for whoever has neither a map nor an address."""
    return _points_on(BaseFeature.objects.filter(kind=BaseFeature.Kind.PLACE).exclude(name=""), most)


def _points_on(rows: Any, most: int) -> list[FoundName]:
    found: dict[str, FoundName] = {}
    for name, kind, shape in rows.order_by("rank", "name").values_list("name", "kind", "shape")[: most * 20]:
        if name not in found and len(found) < most:
            middle = shapely.point_on_surface(shapely.from_wkb(bytes(shape)))
            found[name] = FoundName(name, kind, middle.x, middle.y)
    return list(found.values())
