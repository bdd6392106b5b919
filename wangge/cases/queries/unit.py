"""The list of a unit: what it must accept, what it has in hand, what is being checked, what it sent back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from wangge.accounts.models import Account
from wangge.audit.models import Event
from wangge.cases.models import Case
from wangge.cases.permissions import open_to
from wangge.cases.queries.queues import RECENTLY
from wangge.cases.queries.rows import Row, rows_of
from wangge.cases.workflow import SEND_BACK, UNIT_ROLES, UNITLESS, Stage
from wangge.territory.scopes import scope_of

MOST = 200


@dataclass(frozen=True)
class Part:
    """One part of a unit's list with its rows; `count` may be larger than what is shown."""

    code: str
    label: Promise
    rows: Sequence[Row]
    count: int


TITLES: dict[str, Promise] = {
    "accept": pgettext_lazy("unit", "To accept"),
    "hand": pgettext_lazy("unit", "In hand"),
    "suspended": pgettext_lazy("unit", "Suspended"),
    "check": pgettext_lazy("unit", "Done, being checked"),
    "closed": pgettext_lazy("unit", "Closed lately"),
}
# Not closed, said aloud: the index of a unit's open cases holds no others.
STAGES: dict[str, Q] = {
    "accept": Q(stage=Stage.DISPATCHED, closed_at=None),
    "hand": Q(stage=Stage.HANDLING, closed_at=None),
    "suspended": Q(stage=Stage.SUSPENDED, closed_at=None),
    "check": Q(stage__in=[Stage.DONE, Stage.CHECKING, Stage.PASSED], closed_at=None),
}
OPEN = reduce(or_, STAGES.values())
REWORKED = Q(reworked_at__isnull=False)


def cases_of_unit(person: Account, wanted: Q) -> QuerySet[Case]:
    """The wanted cases that the unit of a clerk or lead has or helps with; none for anybody else.

    Each half is found by an index of its own; an OR between them would read every open case of the city.
    """
    scope = scope_of(person)
    if scope.unit_id is None or not scope.has(*UNIT_ROLES):
        return Case.objects.none()
    own = Case.objects.filter(wanted, unit_id=scope.unit_id).exclude(stage__in=UNITLESS)
    helped = Case.objects.filter(wanted, helps__unit_id=scope.unit_id)
    either = own.values("pk").union(helped.values("pk"))
    return Case.objects.filter(open_to(person, "case"), pk__in=either)


def parts_for(person: Account, now: datetime, *, rework: bool = False) -> list[Part]:
    """Return the parts of the unit's list, each by due time; with `rework` only what failed a check or was reopened."""
    narrowed = REWORKED if rework else Q()
    conditions = {**STAGES, "closed": _closed(now)}
    return [
        _part(code, cases_of_unit(person, condition & narrowed), now)
        for code, condition in conditions.items()
    ]


def reworked(person: Account, parts: Sequence[Part], now: datetime) -> int:
    """How many cases the list has when it is narrowed to rework; asked for only where these parts do not show all."""
    if all(part.count == len(part.rows) for part in parts):
        return sum(bool(row.failed or row.reopened) for part in parts for row in part.rows)
    return sum(cases_of_unit(person, condition & REWORKED).count() for condition in (OPEN, _closed(now)))


def _closed(now: datetime) -> Q:
    return Q(stage=Stage.CLOSED, closed_at__gte=now - RECENTLY)


def _part(code: str, cases: QuerySet[Case], now: datetime) -> Part:
    order = (
        [F("closed_at").desc()]
        if code == "closed"
        else [F("due_at").asc(nulls_last=True), F("whole_due_at").asc()]
    )
    named = (
        cases.select_related("matter", "current_grid", "unit")
        .defer("current_grid__boundary")
        .order_by(*order)
    )
    found = list(named[: MOST + 1])
    count = len(found) if len(found) <= MOST else cases.count()
    return Part(code, TITLES[code], rows_of(found[:MOST], now), count)


@dataclass(frozen=True)
class SentBack:
    """A case this unit sent back: the number and what was said stay known to it, the case does not."""

    number: str
    matter: str
    at: datetime
    who: str
    note: str


def sent_back(person: Account, now: datetime) -> list[SentBack]:
    """What people of this person's unit sent back lately."""
    scope = scope_of(person)
    if scope.unit_id is None or not scope.has(*UNIT_ROLES):
        return []
    events = (
        Event.objects.filter(verb=SEND_BACK.verb, actor__unit_id=scope.unit_id, at__gte=now - RECENTLY)
        .select_related("actor", "payload")
        .order_by("-at")[:50]
    )
    known = Case.objects.filter(open_to(person, "case")).select_related("matter")
    cases = known.in_bulk([event.subject_id for event in events])
    return [_sent(event, cases[event.subject_id]) for event in events if event.subject_id in cases]


def _sent(event: Event, case: Case) -> SentBack:
    payload = getattr(event, "payload", None)
    note = payload.data.get("note", "") if payload else ""
    return SentBack(case.number, case.matter.label, event.at, event.actor.name if event.actor else "", note)
