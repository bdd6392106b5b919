"""What a handover shows: the numbers of a desk, matters to pin, and the record of handovers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils.functional import Promise

from wangge.accounts.models import Account
from wangge.cases.models import Case, Handover, HandoverPin, Report
from wangge.cases.permissions import AREA_ROLES, at_desk, may_see_case, may_see_report
from wangge.cases.queries.filters import CASE_NUMBER
from wangge.cases.queries.lights import red
from wangge.cases.queries.queues import BY_CODE, QUEUES, counted
from wangge.cases.queries.rows import Row, rows_of, with_names
from wangge.cases.queries.standing import standing_cases
from wangge.cases.workflow import OPEN_REPORT
from wangge.common.digits import whole_number
from wangge.territory.models import Area
from wangge.territory.scopes import scope_of

LABELS: dict[str, Promise] = {queue.code: queue.label for queue in QUEUES}
COUNTED = [queue for queue in QUEUES if queue.counted and not queue.ended]
TO_PIN = 20  # matters proposed to be pinned
Matters = QuerySet[Report] | QuerySet[Case]


@dataclass(frozen=True)
class Tally:
    """How much lay in each queue: a number for everybody, and which confidential matters besides."""

    numbers: dict[str, int]
    confidential: dict[str, list[str]]


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


def tally_of(area: Area, at: datetime) -> Tally:
    """Count each queue of a desk at a moment, whoever counts: every reader of a handover has other rights."""
    numbers = dict.fromkeys((queue.code for queue in COUNTED), 0)
    confidential: dict[str, list[str]] = {}
    for matters, conditions in _open_matters(area, at):
        marks = {code: ExpressionWrapper(where, BooleanField()) for code, where in conditions.items()}
        hidden = matters.filter(confidential=True).annotate(**{f"in_{code}": m for code, m in marks.items()})
        for row in hidden.values("pk", *(f"in_{code}" for code in marks)):
            for code in [code for code in marks if row[f"in_{code}"]]:
                confidential.setdefault(code, []).append(str(row["pk"]))
        for code, number in counted(matters.filter(confidential=False), conditions).items():
            numbers[code] += number
    return Tally(numbers, confidential)


def _open_matters(area: Area, at: datetime) -> list[tuple[Matters, dict[str, Q]]]:
    """The open reports and cases of a desk, each with the conditions of the queues that hold them."""
    reports = Report.objects.filter(area_path__startswith=area.path, stage__in=OPEN_REPORT)
    cases = Case.objects.filter(area_path__startswith=area.path, closed_at=None)
    return [
        (reports, {queue.code: queue.reports(at) for queue in COUNTED if queue.reports}),
        (cases, {queue.code: queue.cases(at) for queue in COUNTED if queue.cases}),
    ]


def numbers_for(person: Account, tally: Tally) -> dict[str, int]:
    """The numbers as this person may know them: with the confidential matters that they are let in to."""
    hidden = {key for keys in tally.confidential.values() for key in keys}
    if not hidden:
        return tally.numbers
    reports = Report.objects.filter(at_desk(person, case=False), pk__in=hidden)
    cases = Case.objects.filter(at_desk(person, case=True), pk__in=hidden)
    seen = {str(key) for rows in (reports, cases) for key in rows.values_list("pk", flat=True)}
    return {
        code: number + len(seen.intersection(tally.confidential.get(code, ())))
        for code, number in tally.numbers.items()
    }


def in_words(numbers: dict[str, int]) -> list[Number]:
    """The numbers of a handover with their words; a queue that no longer exists is told by its code's absence."""
    return [Number(code, label, numbers[code]) for code, label in LABELS.items() if code in numbers]


def worth_watching(area: Area, person: Account, now: datetime) -> list[Row]:
    """Matters to propose for pinning: overdue, escalated or supervised, the most urgent first."""
    own = Case.objects.filter(at_desk(person, case=True), area_path__startswith=area.path, closed_at=None)
    supervised = BY_CODE["supervised"].cases
    assert supervised is not None, "a queue of cases"
    found = own.filter(red(now, case=True) | standing_cases() | supervised(now))
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
