"""Open tasks follow absences, and new ones never go to whoever is away."""

from datetime import timedelta

import pytest
from django.utils import timezone

from wangge.accounts.models import Role
from wangge.audit.relay import relay_all
from wangge.cases.tests.cast import Cast
from wangge.cases.workflow import Stage
from wangge.fieldwork.models import Task
from wangge.fieldwork.queries import tasks_of
from wangge.fieldwork.standing_in import hand_over_tasks
from wangge.notifications.models import Notice
from wangge.territory.forces.absences import end_absence, record_absence
from wangge.territory.models import Absence

pytestmark = pytest.mark.django_db


def away(cast: Cast) -> Absence:
    """Grid A's worker is away from today; somebody from another community stands in."""
    now, today = timezone.now(), timezone.localdate()
    return record_absence(
        cast.grid_worker, stand_in=cast.far_worker, starts_on=today, ends_on=today + timedelta(days=3),
        by=cast.duty_chief, at=now,
    )  # fmt: skip


def test_an_open_task_goes_to_the_stand_in_who_sees_it_and_is_told_once(staffed: Cast) -> None:
    staffed.report_at(Stage.VERIFYING)
    relay_all()
    assert not tasks_of(staffed.far_worker).exists()
    away(staffed)
    del staffed.far_worker._scope  # type: ignore[attr-defined]  # a new request

    assert hand_over_tasks(timezone.now()) == 1
    assert Task.objects.get().assignee == staffed.far_worker
    assert tasks_of(staffed.far_worker).exists()
    assert Notice.objects.filter(recipient=staffed.far_worker, wording="to_verify").count() == 1
    assert hand_over_tasks(timezone.now()) == 0


def test_when_the_days_are_over_the_task_goes_back_into_the_grid(staffed: Cast) -> None:
    staffed.report_at(Stage.VERIFYING)
    relay_all()
    absence = away(staffed)
    hand_over_tasks(timezone.now())
    end_absence(absence, on=timezone.localdate(), by=staffed.duty_chief, at=timezone.now())

    assert hand_over_tasks(timezone.now()) == 1
    assert Task.objects.get().assignee == staffed.grid_worker


def test_a_task_is_left_with_a_stand_in_who_has_a_post_there_anyway(staffed: Cast) -> None:
    staffed.report_at(Stage.VERIFYING)
    relay_all()
    staffed.far_worker.posts.create(role=Role.DEPUTY, area=staffed.place.grid_a)
    absence = away(staffed)
    hand_over_tasks(timezone.now())
    end_absence(absence, on=timezone.localdate(), by=staffed.duty_chief, at=timezone.now())
    assert hand_over_tasks(timezone.now()) == 0
    assert Task.objects.get().assignee == staffed.far_worker
