"""What stands beside a matter, as its page shows it: requests, helping units, rulings, orders, who holds it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, cast

from django.db.models import ForeignObjectRel, Prefetch, QuerySet, prefetch_related_objects

from wangge.cases.deadlines import Light, light
from wangge.cases.models import Arbitration, Case, Help, Recheck, Report, Request, SupervisionOrder
from wangge.cases.queries.durations import limit_words
from wangge.common.statements import prepared
from wangge.territory.models import Area


@dataclass(frozen=True)
class Asked:
    """A request with what was wanted in words."""

    request: Request
    wanted: str


@dataclass(frozen=True)
class Order:
    """A supervision order with the light of its own reply deadline; None once it is replied to or ended."""

    order: SupervisionOrder
    light: Light | None


@dataclass(frozen=True)
class Beside:
    """Everything beside a case; all of it empty for a report."""

    requests: Sequence[Asked] = ()
    helps: Sequence[Help] = ()
    arbitrations: Sequence[Arbitration] = ()
    orders: Sequence[Order] = ()
    holder: Area | None = None
    merged: Sequence[Case] = field(default=())

    @property
    def waiting(self) -> list[Asked]:
        """What the desk has still to decide."""
        return [asked for asked in self.requests if asked.request.decided_at is None]

    @property
    def open_orders(self) -> list[Order]:
        return [one for one in self.orders if one.order.ended_at is None]


def _parts() -> dict[str, QuerySet[Any]]:
    """What may lie beside a case, by the name of the way to it."""
    return {
        "requests": Request.objects.select_related("asked_by", "decided_by"),
        "orders": SupervisionOrder.objects.select_related("given_by", "replied_by", "ended_by"),
        "helps": Help.objects.select_related("unit", "done_by"),
        "arbitrations": Arbitration.objects.select_related("unit", "ruled_by"),
        "rechecks": Recheck.objects.all(),
        "merged": Case.objects.select_related("matter").only("number", "matter", "stage", "merged_into"),
    }


@cache
def _which() -> str:
    """The statement that tells which of them there are: most cases have none."""
    ways = [cast(ForeignObjectRel, Case._meta.get_field(name)).field for name in _parts()]
    asked = [f"EXISTS (SELECT FROM {way.model._meta.db_table} WHERE {way.column} = this.id)" for way in ways]
    return f"SELECT {', '.join(asked)} FROM (SELECT %s::uuid AS id) this"  # noqa: S608  # our own tables


def read_beside(case: Case) -> None:
    """Read all that lies beside a case, once, for everything that asks about it while its page is drawn."""
    with prepared() as cursor:
        cursor.execute(_which(), [case.pk])
        there = cursor.fetchone()
    parts = _parts()
    nothing = {
        name: rows.model._default_manager.none()
        for (name, rows), any_there in zip(parts.items(), there, strict=True)
        if not any_there
    }
    case._prefetched_objects_cache = nothing  # type: ignore[attr-defined]  # what was read before is over
    found = [Prefetch(name, rows) for name, rows in parts.items() if name not in nothing]
    prefetch_related_objects([case], *found, "clocks")


def beside(subject: Report | Case, now: datetime) -> Beside:
    """Gather what stands beside a matter, after `read_beside` without asking for it again."""
    if isinstance(subject, Report):
        return Beside()
    return Beside(
        requests=[Asked(request, _wanted(request)) for request in subject.requests.all()],
        helps=list(subject.helps.all()),
        arbitrations=list(subject.arbitrations.all()),
        orders=[Order(order, _light(order, now)) for order in subject.orders.all()],
        holder=_holder(subject),
        merged=list(subject.merged.all()),
    )


def _wanted(request: Request) -> str:
    if request.limit_amount is None:
        return ""
    return limit_words(request.limit_kind, request.limit_amount)


def _light(order: SupervisionOrder, now: datetime) -> Light | None:
    if order.replied_at is not None or order.ended_at is not None:
        return None
    amber = order.given_at + (order.reply_due_at - order.given_at) * 4 / 5
    return light(order.reply_due_at, amber, now)


def _holder(case: Case) -> Area | None:
    """The level that holds the case; None while any desk around the place may."""
    if not case.held_path or case.held_path == case.area_path:
        return None
    return Area.objects.filter(path=case.held_path).only("name", "level").first()
