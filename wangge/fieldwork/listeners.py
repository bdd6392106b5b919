"""What fieldwork does when a matter moves: make a task, hand it to another grid, end it. Harmless the second time."""

from django.db.models import Q
from django.utils import timezone

from wangge.audit.models import Event
from wangge.cases.models import Case, Clock, Report
from wangge.cases.workflow import REQUEST_CHECK, VERIFY
from wangge.fieldwork import queries
from wangge.fieldwork.assignment import choose
from wangge.fieldwork.models import Outcome, Task, TaskKind
from wangge.territory.lookup import community_of

OUTCOMES = {"pass_check": Outcome.PASSED, "fail_check": Outcome.FAILED}
KINDS = {VERIFY.verb: TaskKind.VERIFY, REQUEST_CHECK.verb: TaskKind.CHECK}


def make_task(event: Event) -> None:
    """Ask somebody to verify a report or to check a case, once for each event that asks."""
    kind, subject = KINDS[event.verb], _subject(event)
    _end_earlier(event, Outcome.MOVED_ON)  # whatever happened between: two open tasks for one matter never
    Task.objects.get_or_create(
        event=event,
        defaults={
            "kind": kind,
            event.subject_kind: subject,
            "area_id": subject.current_grid_id,
            "assignee_id": _assignee(subject, event),
            "made_at": event.at,
            "due_at": _due(event, kind),
        },
    )


def move_task(event: Event) -> None:
    """Hand an open task to the grid that a correction moved its matter to."""
    subject = _subject(event)
    Task.objects.filter(_of(event), done_at=None).exclude(area=subject.current_grid_id).update(
        area=subject.current_grid_id, assignee=_assignee(subject, event)
    )


def end_task(event: Event) -> None:
    """End the tasks that were asked for before this step, whoever took it and on whichever page."""
    _end_earlier(event, _outcome(event))


def _end_earlier(event: Event, outcome: str) -> None:
    Task.objects.filter(_of(event), done_at=None, event_id__lt=event.pk).update(
        done_at=event.at, done_by=event.actor_id, outcome=outcome
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
    subject: Report | Case = model._default_manager.select_related("current_grid").get(pk=event.subject_id)
    return subject


def _assignee(subject: Report | Case, event: Event) -> int | None:
    grid = subject.current_grid
    community = community_of(grid.path)
    seats = queries.seats_around(grid, community, timezone.localdate(event.at))
    handler = subject.handler_id if isinstance(subject, Case) else None
    return choose(seats, grid=grid.path, community=community, without=handler)


def _due(event: Event, kind: TaskKind) -> object:
    """The due moment of the clock that this step started."""
    clocks = Clock.objects.filter(_of(event), kind=kind, started_at=event.at)
    return clocks.values_list("due_at", flat=True).first()
