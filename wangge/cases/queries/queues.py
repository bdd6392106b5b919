"""The queues of the desk: each a condition on reports, on cases or on both, its order and its count."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Least
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from wangge.cases.models import Case, Clock, ClockKind, Report, Request, SupervisionOrder
from wangge.cases.permissions import at_desk
from wangge.cases.queries import lights
from wangge.cases.queries.filters import Filters
from wangge.cases.queries.ratings import unsolved
from wangge.cases.queries.standing import standing_cases, standing_reports
from wangge.cases.workflow import OPEN_REPORT, Stage
from wangge.territory.scopes import Person

RECENTLY = timedelta(days=7)
Condition = Callable[[datetime], Q]


@dataclass(frozen=True)
class Queue:
    """One queue; `reports` or `cases` None means that it holds none of that kind."""

    code: str
    label: Promise
    reports: Condition | None = None
    cases: Condition | None = None
    report_order: str | Combinable = "due_at"
    case_order: str | Combinable = "due_at"
    newest_first: bool = False
    counted: bool = True
    ended: bool = False  # its cases are closed ones


def _cases(*stages: Stage) -> Condition:
    return lambda now: Q(stage__in=stages)


def _not_signed(now: datetime) -> Q:
    late = Clock.objects.filter(case=OuterRef("pk"), kind=ClockKind.SIGN_OFF, stopped_at=None, due_at__lt=now)
    return Q(stage=Stage.DISPATCHED) & Q(Exists(late))


def _asked(now: datetime) -> Q:
    waiting = Request.objects.filter(case=OuterRef("pk"), decided_at=None)
    return Q(closed_at=None) & Q(Exists(waiting))


def _supervised(now: datetime) -> Q:
    orders = SupervisionOrder.objects.filter(case=OuterRef("pk"), ended_at=None)
    return Q(closed_at=None) & Q(Exists(orders))


def _withdrawn(now: datetime) -> Q:
    """Every reporter has taken the report back; the desk decides whether the work goes on."""
    reports = Report.objects.filter(case=OuterRef("pk"))
    still_wanted = Q(Exists(reports.filter(withdrawn_at=None)))
    return Q(closed_at=None) & Q(Exists(reports)) & ~still_wanted


def _recently_closed(now: datetime) -> Q:
    return Q(stage=Stage.CLOSED, closed_at__gte=now - RECENTLY)


QUEUES: tuple[Queue, ...] = (
    Queue(
        "received",
        pgettext_lazy("queue", "To admit"),
        reports=lambda now: Q(stage=Stage.RECEIVED, finding=""),
    ),
    Queue(
        "verifying", pgettext_lazy("queue", "Being verified"), reports=lambda now: Q(stage=Stage.VERIFYING)
    ),
    Queue(
        "verified",
        pgettext_lazy("queue", "Verified, to decide"),
        reports=lambda now: Q(stage=Stage.RECEIVED) & ~Q(finding=""),
    ),
    Queue("filed", pgettext_lazy("queue", "To dispatch"), cases=_cases(Stage.FILED)),
    Queue("arbitrating", pgettext_lazy("queue", "To rule on"), cases=_cases(Stage.ARBITRATING)),
    Queue("asked", pgettext_lazy("queue", "Requests to decide"), cases=_asked),
    Queue("dispatched", pgettext_lazy("queue", "Not yet accepted"), cases=_cases(Stage.DISPATCHED)),
    Queue("unsigned", pgettext_lazy("queue", "Not accepted in time"), cases=_not_signed),
    Queue("handling", pgettext_lazy("queue", "Being handled"), cases=_cases(Stage.HANDLING)),
    Queue(
        "suspended",
        pgettext_lazy("queue", "Suspended"),
        cases=_cases(Stage.SUSPENDED),
        case_order="resume_at",
    ),
    Queue(
        "checking",
        pgettext_lazy("queue", "Being checked"),
        cases=_cases(Stage.DONE, Stage.CHECKING),
        case_order="whole_due_at",
    ),
    Queue(
        "passed", pgettext_lazy("queue", "To close"), cases=_cases(Stage.PASSED), case_order="whole_due_at"
    ),
    Queue(
        "late",
        pgettext_lazy("queue", "Overdue"),
        reports=lambda now: Q(stage__in=OPEN_REPORT) & lights.red(now, case=False),
        cases=lambda now: Q(closed_at=None) & lights.red(now, case=True),
        case_order=Least("due_at", "whole_due_at"),
    ),
    Queue("supervised", pgettext_lazy("queue", "Supervised"), cases=_supervised),
    Queue(
        "urged",
        pgettext_lazy("queue", "Urged"),
        reports=lambda now: Q(stage__in=OPEN_REPORT, urged_at__isnull=False),
        cases=lambda now: Q(closed_at=None, urged_at__isnull=False),
    ),
    Queue(
        "rework",
        pgettext_lazy("queue", "Rework"),
        cases=lambda now: Q(closed_at=None, reworked_at__isnull=False),
    ),
    Queue("withdrawn", pgettext_lazy("queue", "Withdrawn, to decide"), cases=_withdrawn),
    Queue(
        "escalated",
        pgettext_lazy("queue", "Escalated"),
        reports=lambda now: Q(stage__in=OPEN_REPORT) & standing_reports(),
        cases=lambda now: Q(closed_at=None) & standing_cases(),
        case_order=Least("due_at", "whole_due_at"),
    ),
    Queue(
        "unsolved",
        pgettext_lazy("queue", "Not solved, to decide"),
        cases=lambda now: unsolved(),
        case_order="closed_at",
        ended=True,
    ),
    Queue(
        "closed",
        pgettext_lazy("queue", "Closed lately"),
        cases=_recently_closed,
        case_order="closed_at",
        newest_first=True,
        ended=True,
    ),
    Queue(
        "all",
        pgettext_lazy("queue", "Everything"),
        # A filed report is found through its case.
        reports=lambda now: ~Q(stage=Stage.FILED),
        cases=lambda now: Q(),
        report_order="received_at",
        case_order="filed_at",
        newest_first=True,
        counted=False,
    ),
)
BY_CODE = {queue.code: queue for queue in QUEUES}
# A number is looked for everywhere, in filed reports too.
BY_NUMBER = replace(BY_CODE["all"], reports=lambda now: Q())


def queue_of(filters: Filters) -> Queue:
    """Return the queue that an address names; the first one unless it names any."""
    if filters.names_a_number:
        return BY_NUMBER
    return BY_CODE.get(filters.queue, BY_CODE["all"] if filters.q else QUEUES[0])


# What whoever watches over others looks for first, the worst before the rest.
WATCHED = ("late", "escalated", "unsolved", "supervised", "urged")


def worst_of(by_queue: Mapping[str, int]) -> str:
    """The worst queue in which something lies; what is overdue when there is nothing at all."""
    return next((code for code in WATCHED if by_queue.get(code)), WATCHED[0])


@dataclass(frozen=True)
class Counts:
    """How much lies in each queue, and a fingerprint that changes when any of it moves or a light turns."""

    by_queue: dict[str, int]
    fingerprint: str
    turns: datetime | None  # when the next light changes by itself


def counts(person: Person, filters: Filters, now: datetime) -> Counts:
    """Count every queue a person sees, with the filters that stay; four statements."""
    reports = Report.objects.filter(
        at_desk(person, case=False), filters.standing(case=False), stage__in=OPEN_REPORT
    )
    cases = Case.objects.filter(at_desk(person, case=True), filters.standing(case=True))
    of_reports = _counted(
        reports, {q.code: q.reports(now) for q in QUEUES if q.counted and q.reports}, now, case=False
    )
    open_cases = {q.code: q.cases(now) for q in QUEUES if q.counted and q.cases and not q.ended}
    of_cases = _counted(cases.filter(closed_at=None), open_cases, now, case=True)
    ended = {q.code: cases.filter(q.cases(now)).count() for q in QUEUES if q.cases and q.ended}
    by_queue = {q.code: of_reports.get(q.code, 0) + of_cases.get(q.code, 0) for q in QUEUES if q.counted}
    by_queue |= ended
    seen = repr((sorted(of_reports.items()), sorted(of_cases.items()), ended))
    turns = min(filter(None, (of_reports.get("_turns"), of_cases.get("_turns"))), default=None)
    return Counts(by_queue, sha256(seen.encode()).hexdigest()[:20], turns)


def _counted(
    rows: "QuerySet[Report] | QuerySet[Case]", conditions: dict[str, Q], now: datetime, *, case: bool
) -> dict[str, Any]:
    """One statement: the counts, and what else tells that something moved or will turn."""
    moments = ("due_at", "amber_at", *(("whole_due_at", "whole_amber_at") if case else ()))
    return rows.aggregate(
        _turns=Least(*(Min(moment, filter=Q(**{f"{moment}__gt": now})) for moment in moments)),
        **_counts(conditions),
        _amber=Count("pk", filter=lights.amber(now, case=case)),
        _steps=Sum("event_seq"),
        _last=Max("updated_at"),
    )


def counted(rows: "QuerySet[Report] | QuerySet[Case]", conditions: dict[str, Q]) -> dict[str, int]:
    """How many of these lie in each queue; one statement."""
    return rows.aggregate(**_counts(conditions))


def _counts(conditions: dict[str, Q]) -> dict[str, Count]:
    return {code: Count("pk", filter=condition) for code, condition in conditions.items()}


def order_of(queue: Queue, *, case: bool) -> Combinable:
    """The moment by which a queue is sorted, as an expression."""
    order = queue.case_order if case else queue.report_order
    return F(order) if isinstance(order, str) else order
