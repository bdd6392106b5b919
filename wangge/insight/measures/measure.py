"""A measure as data: its words, and the condition that both the number and the list behind it are made of."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from wangge.cases.models import Case, Report
from wangge.cases.workflow import Stage
from wangge.common.days import midnight
from wangge.insight.permissions import in_sight
from wangge.territory.scopes import Person

DAYS = 30  # the window of rates and trends: today and the 29 days before

OPEN = Q(closed_at=None)
CLOSED = Q(stage=Stage.CLOSED)


@dataclass(frozen=True)
class Look:
    """Who looks, when, and at which part: an area (its path), a class, a group of classes, a day."""

    person: Person
    now: datetime
    path: str = ""
    only_there: bool = False  # the area itself, without the areas inside it
    matter: str = ""
    group: str = ""
    day: date | None = None

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def first_day(self) -> date:
        """The first day of the window."""
        return self.today - timedelta(days=DAYS - 1)

    @property
    def window(self) -> datetime:
        """The moment at which the window begins."""
        return midnight(self.first_day)

    def on_the_day(self, field: str) -> Q:
        """The condition that a moment lies in the day looked at, today unless another is named."""
        day = self.day or self.today
        return Q(**{f"{field}__gte": midnight(day), f"{field}__lt": midnight(day + timedelta(days=1))})

    def rows(self, model: type[Any]) -> QuerySet[Any]:
        """What of a model this person may see of the part looked at.

        What is confidential is in no figure, for nobody: else the difference of two people's numbers would tell of it.
        """
        rows: QuerySet[Any] = model._default_manager.filter(
            in_sight(self.person, "area_path"), confidential=False
        )
        if self.path:
            rows = rows.filter(**{"area_path" if self.only_there else "area_path__startswith": self.path})
        if self.matter:
            rows = rows.filter(matter__code=self.matter)
        if self.group:
            rows = rows.filter(matter__group__code=self.group)
        return rows

    def at(self, **part: Any) -> "Look":
        """The same look at another part."""
        return replace(self, **part)


@dataclass(frozen=True)
class Measure:
    """One number; `where` is the whole of it, so that the list behind the number cannot differ from it."""

    code: str
    label: Promise
    says: Promise
    model: type[Case] | type[Report]
    where: Callable[[Look], Q]
    order: str  # how the list is sorted

    def rows(self, look: Look) -> QuerySet[Any]:
        """The reports or cases that are counted, as a list shows them."""
        return look.rows(self.model).filter(self.where(look)).order_by(self.order, "pk")

    def number(self, look: Look) -> int:
        """Count them; one statement."""
        return self.rows(look).count()

    def counted(self, look: Look) -> Count:
        """The same count as a part of a statement that groups."""
        return Count("pk", filter=self.where(look))


@dataclass(frozen=True)
class Rate:
    """A share of one measure in another."""

    code: str
    label: Promise
    says: Promise
    part: Measure
    whole: Measure


def share(part: int, whole: int) -> float | None:
    """Per cent; None where there is nothing to have a share of."""
    return 100 * part / whole if whole else None
