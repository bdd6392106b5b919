"""The dry run: which running clocks a planned change would move, and how; nothing is stored."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from wangge.cases import clocks, deadlines
from wangge.cases.calendars.plan import Plan
from wangge.cases.models import Calendar, CalendarChange, Clock, SupervisionOrder

Calendars = Mapping[int, deadlines.Calendar]


@dataclass(frozen=True)
class Impact:
    """How many matters get another due time, how many become overdue or are so no longer, how many clocks become final.

    Beside them: how many supervision orders are to be replied to by another moment.
    """

    matters: int
    overdue: int
    relieved: int
    settled: int
    provisional: int
    orders: int

    def data(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True)
class Moved:
    """A running clock and what it would compute to."""

    clock: Clock
    due: deadlines.Due
    now: datetime

    @property
    def owner(self) -> UUID:
        """The case or report the clock belongs to."""
        return self.clock.case_id or self.clock.report_id  # type: ignore[return-value]

    @property
    def moves(self) -> bool:
        return self.due.at != self.clock.due_at

    @property
    def becomes_overdue(self) -> bool:
        return self.due.at is not None and self.due.at < self.now <= self.clock.due_at

    @property
    def is_relieved(self) -> bool:
        return self.due.at is not None and self.clock.due_at < self.now <= self.due.at


def family(calendar: Calendar) -> list[Calendar]:
    """The calendar and those that follow its days, in the order in which they are locked."""
    mine = Q(pk=calendar.pk) | Q(base=calendar)
    return list(Calendar.objects.select_related("base").filter(mine).order_by("pk"))


def in_force(calendar: Calendar) -> Calendars:
    """The computing calendars of a family as they are stored now."""
    return {row.pk: clocks.calendar_from(row) for row in family(calendar)}


def as_planned(calendar: Calendar, plan: Plan, at: datetime) -> Calendars:
    """The computing calendars of a family as they would be; what is stored for that is taken back at once."""
    with transaction.atomic():
        plan.store(calendar, at)
        planned = in_force(calendar)
        transaction.set_rollback(True)
    return planned


def running(calendars: Calendars) -> QuerySet[Clock]:
    """The clocks that follow these calendars: those that run and were not given from outside."""
    return Clock.objects.filter(calendar_id__in=list(calendars), stopped_at=None, given=False)


def candidates(calendars: Calendars, plan: Plan) -> QuerySet[Clock]:
    """The clocks that a plan may move: whatever is due before the first day that changes stays."""
    first = plan.first_day()
    if first is None:
        return running(calendars)
    midnight = datetime.combine(first, time(), UTC) - timedelta(days=1)  # wherever the calendar is
    return running(calendars).filter(due_at__gte=midnight)


def compare(calendars: Calendars, found: QuerySet[Clock], now: datetime) -> Iterator[Moved]:
    """Compute clocks anew; yields those that become different. One paused without end has no due moment and stays."""
    for clock in found.order_by("pk").iterator(chunk_size=2000):
        due = deadlines.due(calendars[clock.calendar_id], clocks.facts_of(clock))
        stored = (clock.due_at, clock.amber_at, clock.provisional)
        if due.at is not None and (due.at, due.amber_at, due.provisional) != stored:
            yield Moved(clock, due, now)


def orders(calendars: Calendars) -> QuerySet[SupervisionOrder]:
    """The supervision orders that follow these calendars: those that wait for a reply by the centre's limit."""
    return SupervisionOrder.objects.filter(
        calendar_id__in=list(calendars), replied_at=None, ended_at=None
    ).order_by("pk")


def moved_orders(
    calendars: Calendars, found: QuerySet[SupervisionOrder]
) -> Iterator[tuple[SupervisionOrder, datetime]]:
    """Compute the reply deadlines of orders anew; yields those that become different."""
    for order in found:
        assert order.calendar_id is not None
        due = deadlines.due(calendars[order.calendar_id], clocks.facts_from(order.limits, order.given_at)).at
        if due is not None and due != order.reply_due_at:
            yield order, due


def impact_of(change: CalendarChange, at: datetime) -> Impact:
    """Count what a planned change would do."""
    calendar, plan = change.calendar, Plan.read(change.plan)
    planned = as_planned(calendar, plan, at)
    owners: dict[str, set[UUID]] = {"matters": set(), "overdue": set(), "relieved": set()}
    settled = provisional = 0
    for moved in compare(planned, candidates(planned, plan), at):
        settled += moved.clock.provisional and not moved.due.provisional
        provisional += moved.due.provisional and not moved.clock.provisional
        for name, holds in _kinds(moved):
            if holds:
                owners[name].add(moved.owner)
    counts = {name: len(found) for name, found in owners.items()}
    replies = sum(1 for _order in moved_orders(planned, orders(planned)))
    return Impact(**counts, settled=settled, provisional=provisional, orders=replies)


def _kinds(moved: Moved) -> Iterator[tuple[str, bool]]:
    yield "matters", moved.moves
    yield "overdue", moved.becomes_overdue
    yield "relieved", moved.is_relieved


def moved_by(
    change: CalendarChange, at: datetime, *, after: int = 0, only: str = "matters"
) -> Iterator[Moved]:
    """Yield the clocks a planned change would move, beginning after one; only those of one kind of `Impact`."""
    plan = Plan.read(change.plan)
    planned = as_planned(change.calendar, plan, at)
    found = candidates(planned, plan).filter(pk__gt=after)
    if only == "overdue":
        found = found.filter(due_at__gte=at)
    elif only == "relieved":
        found = found.filter(due_at__lt=at)
    for moved in compare(planned, found, at):
        if dict(_kinds(moved)).get(only):
            yield moved
