"""The address of a list is the whole of it: what is counted, and the part looked at."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from wangge.cases.duty import areas_around
from wangge.common.digits import whole_number
from wangge.insight.measures import Look, Measure
from wangge.insight.permissions import in_sight
from wangge.territory.models import Area


@dataclass(frozen=True)
class Figure:
    """A number and the address of the list that is as long."""

    measure: Measure
    number: int
    url: str


def figure(measure: Measure, number: int, look: Look, **part: Any) -> Figure:
    """Tie a number to its list; `part` narrows the look as `Look.at` does."""
    return Figure(measure, number, list_url(measure, look.at(**part)))


def list_url(measure: Measure, look: Look) -> str:
    """The address of the list behind a measure."""
    return f"{reverse('insight:list')}?{urlencode({'what': measure.code, **_query(look)})}"


def overview_url(look: Look) -> str:
    """The address of the overview of the part looked at."""
    query = urlencode(_query(look))
    return f"{reverse('insight:overview')}?{query}" if query else reverse("insight:overview")


def _query(look: Look) -> dict[str, str]:
    words = {
        "area": str(areas_around(look.path)[-1]) if look.path else "",
        "only": "yes" if look.only_there else "",
        "class": look.matter,
        "group": look.group,
        "day": look.day.isoformat() if look.day else "",
    }
    return {name: word for name, word in words.items() if word}


def read_look(query: QueryDict, look: Look) -> tuple[Look, Area | None]:
    """Read the part looked at from an address; an area out of sight or a day that is none is as if not said."""
    area = _area(query.get("area", ""), look)
    narrowed = look.at(
        path=area.path if area else "",
        only_there=bool(area) and query.get("only") == "yes",
        matter=query.get("class", "")[:12],
        group=query.get("group", "")[:20],
        day=_day(query.get("day", "")),
    )
    return narrowed, area


def _area(text: str, look: Look) -> Area | None:
    if (number := whole_number(text)) is None:
        return None
    return Area.objects.filter(in_sight(look.person, "path"), pk=number).defer("boundary").first()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
