"""Open tasks follow absences: to the stand-in when somebody leaves, back into the grid when the days are over."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from wangge.fieldwork import queries
from wangge.fieldwork.listeners import assignee_on
from wangge.fieldwork.models import Task
from wangge.fieldwork.notices import tell_assignee
from wangge.territory.forces.absences import away_on
from wangge.territory.lookup import community_of
from wangge.territory.models import Absence

LOOK_BACK = timedelta(days=7)  # a worker process that was down for a week still catches up


def hand_over_tasks(at: datetime) -> int:
    """Give each open task of whoever is away, or stands in no longer, to whoever would get it today; return how many.

    Doing it twice changes nothing.
    """
    today = timezone.localdate(at)
    return sum(_hand_over(pk, today, at) for pk in _to_look_at(today).values_list("pk", flat=True))


def _to_look_at(today: date) -> QuerySet[Task]:
    over = Absence.objects.filter(ends_on__gt=today - LOOK_BACK, ends_on__lte=today)
    leaving, leaving_again = away_on(today).values("account"), over.values("stand_in")
    return Task.objects.filter(
        Q(assignee__in=leaving) | Q(assignee__in=leaving_again), done_at=None
    ).order_by("pk")


@transaction.atomic
def _hand_over(pk: UUID, today: date, at: datetime) -> int:
    task = Task.objects.select_for_update(of=("self",)).select_related("area").get(pk=pk)
    if task.done_at is not None or _has_seat(task, today):
        return 0
    task.assignee_id = assignee_on(task.subject, today)
    task.save(update_fields=["assignee"])
    tell_assignee(task, at)
    return 1


def _has_seat(task: Task, today: date) -> bool:
    seats = queries.seats_around(task.area, community_of(task.area.path), today)
    return task.assignee_id in {seat.account_id for seat in seats}
