"""What a list is narrowed to; the address of the page is the whole of it."""

import re
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils import timezone

from wangge.cases.deadlines import Light
from wangge.cases.models import Report
from wangge.cases.queries import lights
from wangge.common.digits import whole_number
from wangge.territory.models import Area

LONGEST_WORDS = 60
WORDS_REACH = timedelta(days=90)  # how far back words are searched among ended matters
CASE_NUMBER = re.compile(r"[0-9]{4}-[0-9]{1,9}")


@dataclass(frozen=True)
class Filters:
    """One list of the desk: a queue and what it is narrowed to. Empty means everything."""

    queue: str = ""
    area: str = ""
    unit: str = ""
    group: str = ""
    matter: str = ""
    light: str = ""
    q: str = ""
    after: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        """Read the filters from an address; what is not understood is left out."""
        words = {name: query.get(name, "").strip()[:LONGEST_WORDS] for name in asdict(cls())}
        words["after"] = query.get("after", "")[:100]
        if words["light"] not in list(Light):
            words["light"] = ""
        for name in ("area", "unit"):
            words[name] = "" if whole_number(words[name]) is None else words[name]
        return cls(**words)

    def address(self, **changes: str) -> str:
        """Return the query of the same list with some filters changed; changing any starts at the first page."""
        changed = replace(self, **{"after": "", **changes})
        return "?" + urlencode({name: value for name, value in asdict(changed).items() if value})

    @property
    def narrowed(self) -> bool:
        """Tell whether anything but the queue narrows the list."""
        return any((self.area, self.unit, self.group, self.matter, self.light, self.q))

    def standing(self, *, case: bool) -> Q:
        """The condition of the filters that stay while one goes from queue to queue; counts respect them."""
        condition = Q()
        if self.area:
            condition &= _within(int(self.area))
        if self.unit:
            condition &= Q(unit_id=int(self.unit)) if case else Q(pk__in=[])
        if self.group:
            condition &= Q(matter__group__code=self.group)
        if self.matter:
            condition &= Q(matter__code=self.matter)
        return condition

    def passing(self, now: datetime, *, case: bool) -> Q:
        """The condition of the filters that concern one list only: light and words."""
        condition = Q()
        if self.light:
            condition &= lights.CONDITIONS[Light(self.light)](now, case=case)
        if self.q:
            # A number has a unique index; beside words the database would read every matter of the last months.
            sought = _numbered if self.names_a_number else _worded
            condition &= sought(self.q, now, case=case)
        return condition

    @property
    def names_a_number(self) -> bool:
        """Tell whether the words look like the number of a report or case."""
        return bool(CASE_NUMBER.fullmatch(self.q)) or whole_number(self.q) is not None


def _within(area_id: int) -> Q:
    """The condition of the subtree of an area: from the start of the path, so that its index serves."""
    path = Area.objects.filter(pk=area_id).values_list("path", flat=True).first()
    return Q(pk__in=[]) if path is None else Q(area_path__startswith=path)


def _numbered(words: str, now: datetime, *, case: bool) -> Q:
    """Match a whole number only: '2026-0000123', '123' for this or last year's case, or a report's number."""
    if case:
        return Q(number__in=case_numbers(words, timezone.localtime(now).year))
    number = whole_number(words)
    return Q(pk__in=[]) if number is None else Q(number=number)


def case_numbers(words: str, year: int) -> list[str]:
    if CASE_NUMBER.fullmatch(words):
        named, running = words.split("-")
        return [f"{named}-{int(running):07d}"]
    if words.isascii() and words.isdigit() and len(words) <= 9:
        return [f"{near}-{int(words):07d}" for near in (year, year - 1)]
    return []


def _worded(words: str, now: datetime, *, case: bool) -> Q:
    about: Q = (
        Q(address__icontains=words) | Q(matter__name__icontains=words) | Q(matter__name_en__icontains=words)
    )
    since = now - WORDS_REACH
    if case:
        said = Report.objects.filter(case=OuterRef("pk"), text__icontains=words)
        return Q(filed_at__gte=since) & (about | Q(Exists(said)))
    return Q(received_at__gte=since) & (about | Q(text__icontains=words))
