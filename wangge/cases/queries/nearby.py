"""Open cases close by: candidates for joining a report instead of filing it again."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Q

from wangge.accounts.models import Person
from wangge.cases.models import Case
from wangge.cases.permissions import visible_cases
from wangge.cases.workflow import Stage
from wangge.territory.cells import Box, cover

METRES, AGE, MOST = 300, timedelta(days=14), 10
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class Near:
    """A case and how far it is, in metres."""

    case: Case
    metres: int


def around(lon: float, lat: float, metres: float) -> Box:
    """The box (west, south, east, north in WGS84 degrees) that holds every point within so many metres."""
    high = metres / METRES_PER_DEGREE
    wide = high / max(math.cos(math.radians(lat)), 0.01)
    return lon - wide, lat - high, lon + wide, lat + high


def distance(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Metres between two WGS84 points, flat: right to a thousandth at these distances."""
    east = (other_lon - lon) * math.cos(math.radians(lat)) * METRES_PER_DEGREE
    return math.hypot(east, (other_lat - lat) * METRES_PER_DEGREE)


def open_cases_near(
    person: Person, lon: float, lat: float, now: datetime, *, matter_id: int | None = None
) -> Sequence[Near]:
    """Open cases within 300 m filed in the last 14 days, nearest first; of one class if said. One statement."""
    cells = reduce(or_, (Q(cell__range=span) for span in cover(around(lon, lat, METRES), max_ranges=8)))
    cases = Case.objects.filter(visible_cases(person), cells, filed_at__gte=now - AGE).exclude(stage=Stage.CLOSED)
    if matter_id is not None:
        cases = cases.filter(matter_id=matter_id)
    cases = cases.select_related("matter", "unit").annotate(joined=Count("reports"))
    near = [Near(case, round(distance(lon, lat, case.lon or lon, case.lat or lat))) for case in cases[:500]]
    return sorted((one for one in near if one.metres <= METRES), key=lambda one: one.metres)[:MOST]
