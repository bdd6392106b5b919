"""What a handover shows: the numbers of a desk, matters to pin, and the record of handovers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from wangge.accounts.models import Account
from wangge.cases.models import Case, Handover, HandoverPin, Report
from wangge.cases.permissions import AREA_ROLES, at_desk, may_see_case, may_see_report
from wangge.cases.queries.filters import CASE_NUMBER, Filters
from wangge.cases.queries.lights import red
from wangge.cases.queries.queues import QUEUES, counts
from wangge.cases.queries.rows import Row, rows_of, with_names
from wangge.cases.queries.standing import standing_cases
from wangge.common.digits import whole_number
from wangge.territory.models import Area
from wangge.territory.scopes import scope_of

SUPERVISED = "supervised"
LABELS: dict[str, Promise] = {
    **{queue.code: queue.label for queue in QUEUES},
    SUPERVISED: pgettext_lazy("queue", "Supervised"),
}
TO_PIN = 20  # matters proposed to be pinned


@dataclass(frozen=True)
class Number:
    """How much lay in one queue."""

    code: str
    label: Promise
    number: int


@dataclass(frozen=True)
class Pinned:
    """A pinned matter: the row for whoever may see it, else its number only; and the stage it stood at."""

    number: str
    row: Row | None
    stage: str


def numbers_of(area: Area, person: Account, at: datetime) -> dict[str, int]:
    """How much lies in each queue of a desk at a moment, and how many cases are supervised."""
    filters = Filters(area=str(area.pk))
    counted = counts(person, filters, at).by_queue
    open_queues = {queue.code: counted[queue.code] for queue in QUEUES if queue.counted and not queue.ended}
    return {**open_queues, SUPERVISED: _supervised(area, person).count()}


def _supervised(area: Area, person: Account) -> QuerySet[Case]:
    own = Case.objects.filter(at_desk(person, case=True), area_path__startswith=area.path, closed_at=None)
    return own.filter(orders__ended_at=None, orders__isnull=False).distinct()


def in_words(numbers: dict[str, int]) -> list[Number]:
    """The numbers of a handover with their words; a queue that no longer exists is told by its code's absence."""
    return [Number(code, label, numbers[code]) for code, label in LABELS.items() if code in numbers]


def worth_watching(area: Area, person: Account, now: datetime) -> list[Row]:
    """Matters to propose for pinning: overdue, escalated or supervised, the most urgent first."""
    own = Case.objects.filter(at_desk(person, case=True), area_path__startswith=area.path, closed_at=None)
    found = own.filter(
        red(now, case=True) | standing_cases() | Q(pk__in=_supervised(area, person).values("pk"))
    )
    return rows_of(with_names(found.order_by("whole_due_at", "pk"), case=True)[:TO_PIN], now)


def find_matter(number: str, person: Account) -> Report | Case | None:
    """The case or report of a number, if this person may see it."""
    if CASE_NUMBER.fullmatch(number):
        case = Case.objects.filter(number=number).first()
        return case if case is not None and may_see_case(person, case) else None
    if (of_report := whole_number(number)) is None:
        return None
    report = Report.objects.select_related("case").filter(number=of_report).first()
    return report if report is not None and may_see_report(person, report) else None


def handovers_for(person: Account) -> QuerySet[Handover]:
    """The handovers of the desks in a person's reach, the newest first."""
    reach = scope_of(person).within("area__path", AREA_ROLES)
    return (
        Handover.objects.filter(reach)
        .select_related("area", "written_by", "confirmed_by")
        .defer("area__boundary")
    )


def pinned_in(handover: Handover, person: Account, now: datetime) -> list[Pinned]:
    """The matters pinned to a handover, as this person may see them."""
    pins = list(HandoverPin.objects.filter(handover=handover).select_related("case", "report__case"))
    seen = [subject for pin in pins if (subject := _subject(pin)) and _may_see(person, subject)]
    rows = {row.subject.pk: row for row in _rows(seen, now)}
    return [
        Pinned(str(subject.number), rows.get(subject.pk), pin.get_stage_display())
        for pin in pins
        if (subject := _subject(pin)) is not None
    ]


def _subject(pin: HandoverPin) -> Report | Case | None:
    return pin.case or pin.report


def _may_see(person: Account, subject: Report | Case) -> bool:
    return may_see_case(person, subject) if isinstance(subject, Case) else may_see_report(person, subject)


def _rows(subjects: Sequence[Report | Case], now: datetime) -> list[Row]:
    cases = with_names(Case.objects.filter(pk__in=[s.pk for s in subjects if isinstance(s, Case)]), case=True)
    reports = with_names(
        Report.objects.filter(pk__in=[s.pk for s in subjects if isinstance(s, Report)]), case=False
    )
    return rows_of([*cases, *reports], now)
