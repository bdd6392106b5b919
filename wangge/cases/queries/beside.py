"""What stands beside a matter, as its page shows it: requests, helping units, rulings, orders, who holds it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from wangge.cases.deadlines import Light, light
from wangge.cases.models import Arbitration, Case, Help, Report, Request, SupervisionOrder
from wangge.cases.queries.durations import limit_words
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


def beside(subject: Report | Case, now: datetime) -> Beside:
    """Gather what stands beside a matter, in a number of statements that does not grow."""
    if isinstance(subject, Report):
        return Beside()
    requests = subject.requests.select_related("asked_by", "decided_by")
    orders = subject.orders.select_related("given_by", "replied_by", "ended_by")
    return Beside(
        requests=[Asked(request, _wanted(request)) for request in requests],
        helps=list(subject.helps.select_related("unit", "done_by")),
        arbitrations=list(subject.arbitrations.select_related("unit", "ruled_by")),
        orders=[Order(order, _light(order, now)) for order in orders],
        holder=_holder(subject),
        merged=list(subject.merged.select_related("matter").only("number", "matter", "stage")),
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
