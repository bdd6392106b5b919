"""Telling a worker that there is a task, and no longer when it is done."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from wangge.audit.models import Event
from wangge.cases.notices import FRESH, URGENT_LIMIT
from wangge.fieldwork.models import Task, TaskKind
from wangge.notifications import actions as notifications
from wangge.notifications.actions import About

WORDINGS = {TaskKind.VERIFY: "to_verify", TaskKind.CHECK: "to_check", TaskKind.RECHECK: "to_recheck"}


def tell_worker(event: Event) -> None:
    """Tell whoever has the open task of this matter; each task tells each person once."""
    task = _open_task(event)
    now = timezone.now()
    if task is not None and now - event.at <= FRESH:
        tell_assignee(task, now)


def tell_assignee(task: Task, now: datetime) -> None:
    """Tell whoever has a task of it; once, however often this is called."""
    if task.assignee is None:
        return
    subject = task.subject
    matter = subject.matter
    notifications.notify(
        [task.assignee],
        wording=WORDINGS[TaskKind(task.kind)],
        words={
            "number": str(subject.number),
            "kind": {"zh": matter.name, "en": matter.name_en} if matter else "–",
            "place": subject.current_grid.name,
        },
        about=About(
            "report" if task.report_id else "case", subject.pk, reverse("fieldwork:task", args=[task.pk])
        ),
        source=f"task:{task.pk}",
        at=now,
        urgent=getattr(subject, "limit_kind", "") == URGENT_LIMIT,
        confidential=getattr(subject, "confidential", False),
    )


def call_off(event: Event) -> None:
    """Send no word any more of a task that has ended."""
    notifications.call_off(subject_id=event.subject_id, wordings=WORDINGS.values(), at=timezone.now())


def _open_task(event: Event) -> Task | None:
    wanted = {f"{event.subject_kind}_id": event.subject_id}
    known = Task.objects.select_related("assignee", "report__matter", "case__matter")
    return known.filter(done_at=None, **wanted).first()
