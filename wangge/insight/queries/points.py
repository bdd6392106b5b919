"""Open cases as points of the map."""

from collections.abc import Iterator, Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.urls import reverse

from wangge.insight.measures import OPEN_CASES, Look
from wangge.territory.cells import cover
from wangge.territory.geojson import Box

MOST = 5000
Point = tuple[float, float, Mapping[str, Any]]


def open_points(look: Look, box: Box | None) -> Iterator[Point]:
    """Yield (longitude, latitude, what its card says) of open cases in a box of WGS84 degrees; one statement."""
    cases = OPEN_CASES.rows(look).filter(lon__isnull=False)
    if box:
        west, south, east, north = box
        cells = reduce(or_, (Q(cell__range=span) for span in cover(box)), Q(pk__in=[]))
        cases = cases.filter(cells, lon__range=(west, east), lat__range=(south, north))
    for case in cases.select_related("matter")[:MOST]:
        yield (
            case.lon,
            case.lat,
            {
                "number": case.number,
                "title": case.matter.label,
                "stage": case.get_stage_display(),
                "when": case.number,
                "url": reverse("cases:case", args=[case.number]),
                "open": True,
            },
        )
