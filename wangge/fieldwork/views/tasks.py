"""The list of a grid worker and the page of one task."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.cases.views.confidence import log_look
from wangge.common.refusals import Refused
from wangge.fieldwork import actions, queries
from wangge.fieldwork.models import Outcome, Task
from wangge.fieldwork.views.spot import spot_of
from wangge.fieldwork.views.worker import account_of, device_time_of, onward, position_of, workers_only


@workers_only
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """What there is to do: the own tasks first, then those of nobody, then those of the neighbours."""
    person, now = account_of(request), timezone.now()
    waiting = queries.open_tasks(person)
    return render(
        request,
        "fieldwork/tasks.html",
        {
            "now": now,
            "waiting": waiting,
            "own": [task for task in waiting if task.assignee_id == person.pk],
            "free": [task for task in waiting if task.assignee_id is None],
            "neighbours": [task for task in waiting if task.assignee_id not in (None, person.pk)],
            "done": queries.done_today(person, now),
        },
    )


@workers_only
@require_safe
def task(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """One task: what to look at, and two big buttons."""
    return _page(request, _find(request, task_id))


@workers_only
@require_POST
def result(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Take what was found on the spot; the same tap a second time shows what the first one did."""
    task = _find(request, task_id)
    try:
        unkept = _do(request, task)
    except actions.AlreadyDone:
        return onward(request, "fieldwork:task", task.pk)
    except Refused as refused:
        return _page(request, task, refused, status=409)
    messages.success(request, _("Sent: %(outcome)s") % {"outcome": task.get_outcome_display()})
    for name, sentence in unkept:
        messages.warning(request, f"{name}: {sentence}")
    return onward(request, "fieldwork:tasks")


def _do(request: HttpRequest, task: Task) -> actions.Unkept:
    outcome = request.POST.get("outcome", "")
    if outcome not in _outcomes(task):
        raise Refused(_("Please press one of the two buttons."))
    by, note, photos = account_of(request), request.POST.get("note", ""), request.FILES.getlist("photos")
    position, device_at = position_of(request.POST), device_time_of(request.POST)
    if task.report_id:
        return actions.do_verification(
            task, confirmed=outcome == Outcome.CONFIRMED, by=by, note=note, photos=photos,
            position=position, device_at=device_at,
        )  # fmt: skip
    return actions.do_check(
        task, passed=outcome == _outcomes(task)[0], by=by, note=note, photos=photos,
        position=position, device_at=device_at,
    )  # fmt: skip


def _outcomes(task: Task) -> tuple[Outcome, Outcome]:
    return actions.OUTCOMES[task.kind]


def _find(request: HttpRequest, task_id: UUID) -> Task:
    return get_object_or_404(queries.tasks_of(account_of(request)), pk=task_id)


def _page(
    request: HttpRequest, task: Task, refused: Refused | None = None, status: int = 200
) -> HttpResponse:
    good, bad = _outcomes(task)
    log_look(request, task.subject)
    return render(
        request,
        "fieldwork/task.html",
        {
            "task": task,
            "spot": spot_of(task, account_of(request)),
            "good": good,
            "bad": bad,
            "refused": refused,
            "note": request.POST.get("note", ""),
            "now": timezone.now(),
        },
        status=status,
    )
