"""Telling a worker that there is a task, and no longer when it is done."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from wangge.accounts.models import Account
from wangge.audit.models import Event
from wangge.audit.relay import together
from wangge.cases.notices import FRESH, URGENT_LIMIT
from wangge.fieldwork.models import Task, TaskKind
from wangge.notifications import actions as notifications
from wangge.notifications.actions import About, Word

WORDINGS = {TaskKind.VERIFY: "to_verify", TaskKind.CHECK: "to_check", TaskKind.RECHECK: "to_recheck"}


@together
def tell_worker(events: Sequence[Event]) -> None:
    """Tell whoever has the open task of these matters; each task tells each person once."""
    now = timezone.now()
    notifications.pass_on(
        [
            word_of(task, task.assignee)
            for task in _open_tasks([event for event in events if now - event.at <= FRESH])
            if task.assignee is not None
        ],
        at=now,
    )


def tell_assignee(task: Task, now: datetime) -> None:
    """Tell whoever has a task of it; once, however often this is called."""
    if task.assignee is not None:
        notifications.pass_on([word_of(task, task.assignee)], at=now)


def word_of(task: Task, worker: Account) -> Word:
    """What a worker is told of a task."""
    subject = task.subject
    matter = subject.matter
    return Word(
        [worker],
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
        urgent=getattr(subject, "limit_kind", "") == URGENT_LIMIT,
        confidential=getattr(subject, "confidential", False),
    )


@together
def call_off(events: Sequence[Event]) -> None:
    """Send no word any more of tasks that have ended."""
    now = timezone.now()
    for subject in notifications.ahead([event.subject_id for event in events], now):
        notifications.call_off(subject_id=subject, wordings=WORDINGS.values(), at=now)


def _open_tasks(events: Sequence[Event]) -> Iterable[Task]:
    if not events:
        return []
    subjects = [event.subject_id for event in events]
    known = Task.objects.select_related(
        "assignee", "report__matter", "case__matter", "report__current_grid", "case__current_grid"
    ).defer("report__current_grid__boundary", "case__current_grid__boundary")
    return known.filter(Q(report__in=subjects) | Q(case__in=subjects), done_at=None)
