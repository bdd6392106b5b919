"""What fieldwork does when a matter moves: make a task, hand it to another grid, end it. Harmless the second time."""

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from wangge.audit.models import Event
from wangge.cases.models import Case, Clock, Report
from wangge.cases.queries.colleagues import named_handlers
from wangge.cases.workflow import ASK_RECHECK, REQUEST_CHECK, VERIFY
from wangge.common.statements import prepared
from wangge.fieldwork import queries
from wangge.fieldwork.assignment import choose
from wangge.fieldwork.models import Outcome, Task, TaskKind
from wangge.territory.lookup import community_of

# As text, since nearly every step of every matter asks this and mostly finds nothing to end.
END = {
    kind: f"""
UPDATE fieldwork_task SET done_at = %s, done_by_id = %s, outcome = %s
WHERE {kind}_id = %s AND done_at IS NULL AND event_id < %s
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


def make_task(event: Event) -> None:
    """Ask somebody to verify a report, to check a case or to look at it again, once for each event that asks."""
    kind, subject = KINDS[event.verb], _subject(event)
    _end_earlier(event, Outcome.MOVED_ON)  # whatever happened between: two open tasks for one matter never
    task = Task(
        event=event,
        kind=kind,
        area_id=subject.current_grid_id,
        assignee_id=_assignee(subject, event),
        made_at=event.at,
        due_at=_due(event, kind),
        **{event.subject_kind: subject},
    )
    Task.objects.bulk_create([task], ignore_conflicts=True)  # handed over twice, made once


def move_task(event: Event) -> None:
    """Hand an open task to the grid that a correction moved its matter to."""
    subject = _subject(event)
    Task.objects.filter(_of(event), done_at=None).exclude(area=subject.current_grid_id).update(
        area=subject.current_grid_id, assignee=_assignee(subject, event)
    )
    if subject.confidential:  # its new class may have made it so
        hand_to_named(event)


def hand_to_named(event: Event) -> None:
    """Give the open task of a matter that has become confidential, or got other handlers, to one of those."""
    subject = _subject(event)
    Task.objects.filter(_of(event), done_at=None).update(assignee=_assignee(subject, event))


def end_task(event: Event) -> None:
    """End the tasks that were asked for before this step, whoever took it and on whichever page."""
    _end_earlier(event, _outcome(event))


def _end_earlier(event: Event, outcome: str) -> None:
    with prepared() as cursor:
        cursor.execute(
            END[event.subject_kind], [event.at, event.actor_id, outcome, event.subject_id, event.pk]
        )


def _outcome(event: Event) -> str:
    if event.verb == "find":
        payload = getattr(event, "payload", None)
        return Outcome(payload.data["finding"]) if payload else Outcome.MOVED_ON
    return OUTCOMES.get(event.verb, Outcome.MOVED_ON)


def _of(event: Event) -> Q:
    return Q(**{f"{event.subject_kind}_id": event.subject_id})


def _subject(event: Event) -> Report | Case:
    model: type[Report] | type[Case] = Report if event.subject_kind == "report" else Case
    needed = ["current_grid__path", "current_grid__level", "confidential"]
    needed += ["handler"] if model is Case else ["case"]
    subjects = model._default_manager.select_related("current_grid").only(*needed)
    subject: Report | Case = subjects.get(pk=event.subject_id)
    return subject


def _assignee(subject: Report | Case, event: Event) -> int | None:
    return assignee_on(subject, timezone.localdate(event.at))


def assignee_on(subject: Report | Case, day: date) -> int | None:
    """Whose task a matter would be if it were given today."""
    grid = subject.current_grid
    community = community_of(grid.path)
    seats = queries.seats_around(grid, community, day)
    handler = subject.handler_id if isinstance(subject, Case) else None
    if subject.confidential:
        named = set(named_handlers(subject).values_list("pk", flat=True))
        seats = [seat for seat in seats if seat.account_id in named]
    return choose(seats, grid=grid.path, community=community, without=handler)


def _due(event: Event, kind: TaskKind) -> datetime | None:
    """The due moment of the clock that this step started."""
    clocks = Clock.objects.filter(_of(event), kind=kind, started_at=event.at)
    return clocks.values_list("due_at", flat=True).first()
