"""What one person looks at on the map; tiles, list and numbers are made of the same conditions."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Self
from urllib.parse import urlencode

from django.db.models import Q, TextChoices
from django.http import QueryDict
from django.utils.translation import pgettext_lazy

from wangge.accounts.models import Person
from wangge.cases.permissions import visible_cases
from wangge.cases.queries import lights
from wangge.cases.queries.public import box_around
from wangge.cases.workflow import Stage
from wangge.common.days import midnight
from wangge.common.digits import whole_number
from wangge.territory.cells import cover
from wangge.territory.models import Area

NEAR_METRES = 500
YEARS = range(1949, 2200)  # in others nothing is filed


class State(TextChoices):
    """Which cases are shown."""

    OPEN = "open", pgettext_lazy("on the map", "Open")
    LATE = "late", pgettext_lazy("on the map", "Late")
    CLOSED = "closed", pgettext_lazy("on the map", "Closed")
    ALL = "all", pgettext_lazy("on the map", "All")


@dataclass(frozen=True)
class Asked:
    """What the address of the map narrows it to. Empty means everything; what is not understood is left out."""

    state: State = State.OPEN
    group: str = ""
    area: str = ""
    unit: str = ""
    since: date | None = None
    until: date | None = None
    near: tuple[float, float] | None = None
    place: str = ""  # "none": those that are not on the map, because nobody knows where they are

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        """Read it from an address."""
        state = query.get("state", "")
        since, until = _day(query.get("since", "")), _day(query.get("until", ""))
        if since and until and since > until:
            since, until = until, since
        place = "none" if query.get("place") == "none" else ""
        return cls(
            state=State(state) if state in State.values else State.OPEN,
            group=query.get("group", "").strip()[:20],
            area=_number(query.get("area", "")),
            unit=_number(query.get("unit", "")),
            since=since,
            until=until,
            near=None if place else _point(query.get("near", "")),
            place=place,
        )

    def address(self, **changes: object) -> str:
        """The query of the same map with some of it changed."""
        changed = replace(self, **changes)  # type: ignore[arg-type]
        said = {one.name: _written(getattr(changed, one.name)) for one in fields(changed)}
        return "?" + urlencode({name: words for name, words in said.items() if words and words != State.OPEN})

    @property
    def narrowed(self) -> bool:
        """Tell whether anything was asked for."""
        return self != type(self)()


def _number(text: str) -> str:
    return "" if whole_number(text.strip()) is None else text.strip()


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _point(text: str) -> tuple[float, float] | None:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 85 else None


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return f"{value[0]:.6f},{value[1]:.6f}"
    return str(value) if value else ""


@dataclass(frozen=True)
class Lens:
    """A person, a moment and what was asked: everything that decides which cases are on the map."""

    person: Person
    now: datetime
    asked: Asked = Asked()
    area: Area | None = None

    @classmethod
    def of(cls, person: Person, now: datetime, query: QueryDict) -> Self:
        """Read it from the address of a page or a tile."""
        asked = Asked.read(query)
        area = Area.objects.defer("boundary").filter(pk=int(asked.area)).first() if asked.area else None
        return cls(person, now, asked if area else replace(asked, area=""), area)

    def condition(self) -> Q:
        """The condition of the cases; fails closed. What is confidential is on no map, for nobody."""
        return visible_cases(self.person) & (NOWHERE if self.asked.place else ON_MAP) & self.narrowing()

    def narrowing(self) -> Q:
        """The part of the condition that was asked for."""
        asked = self.asked
        condition = self._of_state()
        if self.area:
            condition &= Q(area_path__startswith=self.area.path)
        if asked.group:
            condition &= Q(matter__group__code=asked.group)
        if asked.unit:
            condition &= Q(unit_id=int(asked.unit))
        if asked.since:
            condition &= Q(filed_at__gte=midnight(asked.since))
        if asked.until:
            condition &= Q(filed_at__lt=midnight(asked.until + timedelta(days=1)))
        return condition & _close_to(asked.near) if asked.near else condition

    def _of_state(self) -> Q:
        state = self.asked.state
        if state == State.ALL:
            return Q()
        if state == State.CLOSED:
            return Q(closed_at__isnull=False)
        return Q(closed_at=None) & (lights.red(self.now, case=True) if state == State.LATE else Q())


# What a trigger counts (migrations/_map.py) is the same.
_SHOWN = Q(confidential=False) & ~Q(stage=Stage.VOID)
ON_MAP = Q(cell__isnull=False, lon__isnull=False) & _SHOWN
NOWHERE = Q(cell__isnull=True) & _SHOWN


def _close_to(near: tuple[float, float]) -> Q:
    west, south, east, north = box_around(*near, NEAR_METRES)
    cells = reduce(or_, (Q(cell__range=span) for span in cover((west, south, east, north), max_ranges=8)))
    return cells & Q(lon__range=(west, east), lat__range=(south, north))
