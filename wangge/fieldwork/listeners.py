"""What fieldwork does when matters move: make a task, hand it to another grid, end it. Harmless the second time."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from wangge.audit.models import Event
from wangge.audit.relay import together
from wangge.cases.models import Case, Clock, Report
from wangge.cases.queries.colleagues import named_handlers
from wangge.cases.workflow import ASK_RECHECK, REQUEST_CHECK, VERIFY
from wangge.common.statements import prepared
from wangge.fieldwork import queries
from wangge.fieldwork.assignment import Seat, choose
from wangge.fieldwork.models import Outcome, Task, TaskKind
from wangge.territory.lookup import community_of
from wangge.territory.models import Area

# As text, since nearly every step of every matter asks this and mostly finds nothing to end.
END = {
    kind: f"""
UPDATE fieldwork_task task SET done_at = step.at, done_by_id = step.by, outcome = step.outcome
FROM unnest(%s::uuid[], %s::bigint[], %s::timestamptz[], %s::bigint[], %s::text[])
     AS step (subject_id, event_id, at, by, outcome)
WHERE task.{kind}_id = step.subject_id AND task.done_at IS NULL AND task.event_id < step.event_id
"""  # noqa: S608  # names of our own columns
    for kind in ("report", "case")
}
OUTCOMES = {
    "pass_check": Outcome.PASSED,
    "fail_check": Outcome.FAILED,
    "pass_recheck": Outcome.SETTLED,
    "fail_recheck": Outcome.UNSETTLED,
}
KINDS = {
    VERIFY.verb: TaskKind.VERIFY,
    REQUEST_CHECK.verb: TaskKind.CHECK,
    ASK_RECHECK.verb: TaskKind.RECHECK,
}


@together
def make_task(events: Sequence[Event]) -> None:
    """Ask somebody to verify a report, to check a case or to look at it again, once for each event that asks."""
    _end_earlier(events, lambda event: Outcome.MOVED_ON)  # two open tasks for one matter never
    subjects, due, staff = _subjects(events), _due(events), Staff()
    tasks = [
        Task(
            event=event,
            kind=KINDS[event.verb],
            area_id=subject.current_grid_id,
            assignee_id=staff.choose(subject, timezone.localdate(event.at)),
            made_at=event.at,
            due_at=due.get((event.subject_id, KINDS[event.verb], event.at)),
            **{event.subject_kind: subject},
        )
        for event in events
        for subject in [subjects[event.subject_id]]
    ]
    Task.objects.bulk_create(tasks, ignore_conflicts=True)  # handed over twice, made once


def move_task(event: Event) -> None:
    """Hand an open task to the grid that a correction moved its matter to."""
    subject = _subject(event)
    Task.objects.filter(_of(event), done_at=None).exclude(area=subject.current_grid_id).update(
        area=subject.current_grid_id, assignee=_assignee(subject, event)
    )
    if subject.confidential:  # its new class may have made it so
        hand_to_named(event)


def follow_territory(event: Event) -> None:
    """Let an open task follow its matter into the new grids; whoever has it keeps it while they work near."""
    subject, day = _subject(event), timezone.localdate(event.at)
    area = subject.current_grid
    tasks = Task.objects.filter(_of(event), done_at=None)
    tasks.update(area=area)
    seats = queries.seats_around(area, community_of(area.path), day)
    if not subject.confidential:  # else its named handler has it, wherever they work
        near = {seat.account_id for seat in seats}
        tasks.exclude(assignee__in=near).update(assignee=assignee_on(subject, day))


def hand_to_named(event: Event) -> None:
    """Give the open task of a matter that has become confidential, or got other handlers, to one of those."""
    subject = _subject(event)
    Task.objects.filter(_of(event), done_at=None).update(assignee=_assignee(subject, event))


@together
def end_task(events: Sequence[Event]) -> None:
    """End the tasks that were asked for before these steps, whoever took them and on whichever page."""
    _end_earlier(events, _outcome)


def _end_earlier(events: Sequence[Event], outcome: Callable[[Event], str]) -> None:
    for kind, order in END.items():
        steps = [
            (event.subject_id, event.pk, event.at, event.actor_id, str(outcome(event)))
            for event in events
            if event.subject_kind == kind
        ]
        if steps:
            with prepared() as cursor:
                cursor.execute(order, [list(column) for column in zip(*steps, strict=True)])


def _outcome(event: Event) -> str:
    if event.verb == "find":
        payload = getattr(event, "payload", None)
        return Outcome(payload.data["finding"]) if payload else Outcome.MOVED_ON
    return OUTCOMES.get(event.verb, Outcome.MOVED_ON)


def _of(event: Event) -> Q:
    return Q(**{f"{event.subject_kind}_id": event.subject_id})


def _subject(event: Event) -> Report | Case:
    return _subjects([event])[event.subject_id]


def _subjects(events: Sequence[Event]) -> dict[UUID, Report | Case]:
    """The matters of these events, with what decides who goes."""
    found: dict[UUID, Report | Case] = {}
    models: tuple[tuple[str, type[Report] | type[Case], str], ...] = (
        ("report", Report, "case"),
        ("case", Case, "handler"),
    )
    for kind, model, further in models:
        keys = [event.subject_id for event in events if event.subject_kind == kind]
        if keys:
            needed = ["current_grid__path", "current_grid__level", "confidential", further]
            subjects = model._default_manager.select_related("current_grid").only(*needed)
            found |= {subject.pk: subject for subject in subjects.filter(pk__in=keys)}
    return found


class Staff:
    """Who works around places, looked up once for each; who has just got a task has one more."""

    def __init__(self) -> None:
        self._seats: dict[tuple[int, date], list[Seat]] = {}
        self._given: Counter[int] = Counter()

    def choose(self, subject: Report | Case, day: date) -> int | None:
        """Whose task a matter is if it is given on a day; nobody's where the community has nobody for it."""
        grid = subject.current_grid
        handler = subject.handler_id if isinstance(subject, Case) else None
        seats = self._around(grid, day)
        if subject.confidential:
            named = set(named_handlers(subject).values_list("pk", flat=True))
            seats = [seat for seat in seats if seat.account_id in named]
        chosen = choose(seats, grid=grid.path, community=community_of(grid.path), without=handler)
        if chosen is not None:
            self._given[chosen] += 1
        return chosen

    def _around(self, grid: Area, day: date) -> list[Seat]:
        key = (grid.pk, day)
        if key not in self._seats:
            self._seats[key] = queries.seats_around(grid, community_of(grid.path), day)
        return [
            replace(seat, open_tasks=seat.open_tasks + self._given[seat.account_id])
            for seat in self._seats[key]
        ]


def _assignee(subject: Report | Case, event: Event) -> int | None:
    return assignee_on(subject, timezone.localdate(event.at))


def assignee_on(subject: Report | Case, day: date) -> int | None:
    """Whose task a matter would be if it were given today."""
    return Staff().choose(subject, day)


def _due(events: Sequence[Event]) -> dict[tuple[UUID, str, datetime], datetime]:
    """The due moments of the clocks that these steps started, by matter, kind and moment."""
    subjects = [event.subject_id for event in events]
    clocks = Clock.objects.filter(Q(report__in=subjects) | Q(case__in=subjects), kind__in=KINDS.values())
    rows = clocks.order_by("-pk").values_list("report", "case", "kind", "started_at", "due_at")
    return {(report or case, kind, started_at): due_at for report, case, kind, started_at, due_at in rows}
