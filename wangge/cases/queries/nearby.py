"""Open cases close by: candidates for joining a report instead of filing it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Q

from wangge.accounts.models import Person
from wangge.cases.models import Case
from wangge.cases.permissions import visible_cases
from wangge.cases.queries.public import box_around
from wangge.territory.cells import cover
from wangge.territory.coordinates import metres_between

METRES, AGE, MOST = 300, timedelta(days=14), 10


@dataclass(frozen=True)
class Near:
    """A case and how far it is, in metres."""

    case: Case
    metres: int


def open_cases_near(
    person: Person, lon: float, lat: float, now: datetime, *, matter_id: int | None = None
) -> Sequence[Near]:
    """Open cases within 300 m filed in the last 14 days, nearest first; of one class if said. One statement."""
    cells = reduce(or_, (Q(cell__range=span) for span in cover(box_around(lon, lat, METRES), max_ranges=8)))
    cases = Case.objects.filter(visible_cases(person), cells, filed_at__gte=now - AGE, closed_at=None)
    if matter_id is not None:
        cases = cases.filter(matter_id=matter_id)
    cases = cases.select_related("matter", "unit").annotate(joined=Count("reports"))
    near = [
        Near(case, round(metres_between(lon, lat, case.lon or 0.0, case.lat or 0.0))) for case in cases[:500]
    ]
    return sorted((one for one in near if one.metres <= METRES), key=lambda one: one.metres)[:MOST]
