"""Dense rows of reports and cases, a page at a time, in a number of statements that does not grow with the rows."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Window
from django.urls import reverse

from wangge.audit.models import Event
from wangge.cases.deadlines import Light
from wangge.cases.models import Case, Clock, ClockKind, Report
from wangge.cases.permissions import at_desk
from wangge.cases.queries import durations
from wangge.cases.queries.filters import Filters
from wangge.cases.queries.lights import deadline_of, light_of
from wangge.cases.queries.queues import Queue, order_of
from wangge.cases.workflow import FAIL_CHECK, REOPEN, URGE, Stage
from wangge.territory.scopes import Person

PAGE = 50


@dataclass(frozen=True)
class Row:
    """What one line of a list shows."""

    kind: str
    subject: Report | Case
    url: str
    light: Light | None
    deadline: datetime | None
    text: str
    joined: int
    age: str
    unsigned: bool  # dispatched, and the unit's time to accept has passed
    urgings: int  # how often its reporters urged
    failed: int  # checks, after each of which the unit had to work again
    reopened: int  # how often it was opened again after it had been closed
    withdrawn: bool  # by every reporter
    provisional: bool  # the deadline reads a year whose days are not published yet


@dataclass(frozen=True)
class Said:
    """What the reports of a case say together: the first one's words, how many there are, is one still wanted."""

    text: str
    joined: int
    wanted: int


@dataclass(frozen=True)
class Page:
    """A page of rows and, if more follow, the cursor of the next one."""

    rows: Sequence[Row]
    next: str = ""


def matter_url(subject: Report | Case) -> str:
    """The address of a report's or case's page."""
    name = "cases:case" if isinstance(subject, Case) else "cases:report"
    return reverse(name, args=[subject.number])


def page_of(person: Person, queue: Queue, filters: Filters, now: datetime) -> Page:
    """Return one page of a queue, the most urgent (or the newest) first."""
    cursor = _read(filters.after)
    found: list[Any] = []
    for condition, model in ((queue.reports, Report), (queue.cases, Case)):
        if condition is not None:
            case = model is Case
            rows = model._default_manager.filter(
                at_desk(person, case=case),
                condition(now),
                filters.standing(case=case),
                filters.passing(now, case=case),
            )
            found += _sorted(rows, queue, cursor, case=case)
    found.sort(key=_place, reverse=queue.newest_first)
    page, more = found[:PAGE], len(found) > PAGE
    return Page(rows_of(page, now), _cursor(page[-1]) if more else "")


def _sorted(
    rows: QuerySet[Any], queue: Queue, cursor: tuple[datetime | None, UUID] | None, *, case: bool
) -> list[Any]:
    rows = rows.annotate(moment=order_of(queue, case=case))
    if cursor:
        rows = rows.filter(_beyond(*cursor, newest_first=queue.newest_first))
    moment = F("moment").desc(nulls_last=True) if queue.newest_first else F("moment").asc(nulls_last=True)
    rows = rows.order_by(moment, "-pk" if queue.newest_first else "pk")
    return list(with_names(rows, case=case)[: PAGE + 1])


def with_names(rows: QuerySet[Any], *, case: bool) -> QuerySet[Any]:
    """Load the names that a row shows with reports or cases."""
    names = ("matter", "current_grid", "unit") if case else ("matter", "current_grid")
    return rows.select_related(*names).defer("current_grid__boundary")


def _beyond(moment: datetime | None, pk: UUID, *, newest_first: bool) -> Q:
    """The condition of what comes after a row; rows without a moment come last."""
    way = "lt" if newest_first else "gt"
    same = Q(**{f"pk__{way}": pk})
    if moment is None:
        return Q(moment=None) & same
    return Q(**{f"moment__{way}": moment}) | (Q(moment=moment) & same) | Q(moment=None)


def _place(row: Any) -> tuple[bool, float, UUID]:
    return (row.moment is None, row.moment.timestamp() if row.moment else 0.0, row.pk)


def _cursor(row: Any) -> str:
    return f"{row.moment.isoformat() if row.moment else ''}_{row.pk}"


def _read(cursor: str) -> tuple[datetime | None, UUID] | None:
    moment, _, pk = cursor.partition("_")
    try:
        return (datetime.fromisoformat(moment) if moment else None), UUID(pk)
    except ValueError:
        return None


def rows_of(subjects: Iterable[Report | Case], now: datetime) -> list[Row]:
    """Dress reports and cases (loaded with their class, grid and unit) as rows; six statements whatever their number."""
    subjects = list(subjects)
    said = _said([s.pk for s in subjects if isinstance(s, Case)])
    unsigned = _unsigned([s.pk for s in subjects if s.stage == Stage.DISPATCHED], now)
    urgings = urgings_of([s.pk for s in subjects if s.urged_at is not None])
    provisional = provisional_of(subjects, now)
    reworks = _reworks([s.pk for s in subjects if isinstance(s, Case)])
    return [
        _row(
            subject,
            said.get(subject.pk),
            now,
            unsigned=subject.pk in unsigned,
            urgings=urgings[subject.pk],
            failed=reworks[subject.pk, FAIL_CHECK.verb],
            reopened=reworks[subject.pk, REOPEN.verb],
            provisional=subject.pk in provisional,
        )
        for subject in subjects
    ]


def provisional_of(subjects: Iterable[Report | Case], now: datetime) -> set[UUID]:
    """Which of these show a deadline that may move when the calendar of its year is published; one statement."""
    shown = {subject.pk: due for subject in subjects if (due := deadline_of(subject, now)) is not None}
    if not shown:
        return set()
    running = Clock.objects.filter(
        Q(case__in=list(shown)) | Q(report__in=list(shown)), stopped_at=None, provisional=True
    ).values_list("case_id", "report_id", "due_at")
    owners = ((case or report, due) for case, report, due in running)
    return {key for key, due in owners if key is not None and shown[key] == due}


def urgings_of(keys: Sequence[UUID]) -> Counter[UUID]:
    """How often these reports, or the reports of these cases, were urged; two statements, none for nothing."""
    if not keys:
        return Counter()
    of_case = dict(Report.objects.filter(case__in=keys).values_list("pk", "case_id"))
    events = Event.objects.filter(verb=URGE.verb, subject_id__in=[*keys, *of_case])
    counted: Counter[UUID] = Counter()
    for key in events.values_list("subject_id", flat=True):
        counted[key] += 1
        counted[of_case.get(key) or key] += key in of_case
    return counted


def _reworks(case_ids: Sequence[UUID]) -> Counter[tuple[UUID, str]]:
    """How often each of these cases failed a check, and how often it was reopened; by its key and the step's verb."""
    if not case_ids:
        return Counter()
    events = Event.objects.filter(subject_id__in=case_ids, verb__in=(FAIL_CHECK.verb, REOPEN.verb))
    return Counter(events.values_list("subject_id", "verb"))


def _unsigned(case_ids: Sequence[UUID], now: datetime) -> set[UUID]:
    """Which of these dispatched cases their units have not accepted in time."""
    late = Clock.objects.filter(case__in=case_ids, kind=ClockKind.SIGN_OFF, stopped_at=None, due_at__lt=now)
    return {pk for pk in late.values_list("case_id", flat=True) if pk is not None} if case_ids else set()


def _row(
    subject: Report | Case,
    said: Said | None,
    now: datetime,
    *,
    unsigned: bool,
    urgings: int,
    failed: int,
    reopened: int,
    provisional: bool,
) -> Row:
    case = isinstance(subject, Case)
    if isinstance(subject, Report):
        said = Said(subject.text, 1, int(subject.withdrawn_at is None))
    return Row(
        kind="case" if case else "report",
        subject=subject,
        url=matter_url(subject),
        light=light_of(subject, now),
        deadline=deadline_of(subject, now),
        text=said.text if said else "",
        joined=said.joined if said else 0,
        age=durations.age(now - (subject.filed_at if isinstance(subject, Case) else subject.received_at)),
        unsigned=unsigned,
        urgings=urgings,
        failed=failed,
        reopened=reopened,
        withdrawn=said is not None and not said.wanted,
        provisional=provisional,
    )


def _said(case_ids: Sequence[UUID]) -> dict[UUID, Said]:
    """What the first reporter of each case said, how many reports it answers and how many are not withdrawn."""
    if not case_ids:
        return {}
    rows = (
        Report.objects.filter(case__in=case_ids)
        .annotate(
            joined=Window(Count("pk"), partition_by="case_id"),
            wanted=Window(Count("pk", filter=Q(withdrawn_at=None)), partition_by="case_id"),
        )
        .order_by("case_id", "number")
        .distinct("case_id")
        .values_list("case_id", "text", "joined", "wanted")
    )
    return {case_id: Said(*said) for case_id, *said in rows if case_id is not None}
