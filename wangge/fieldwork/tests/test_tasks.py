"""Tasks come and go with what happens to a matter."""

from datetime import timedelta

import pytest

from config.listeners import LISTENERS
from wangge.accounts.models import Role
from wangge.audit.models import Event
from wangge.audit.relay import relay_all
from wangge.cases import actions as cases
from wangge.cases.models import Clock, ClockKind
from wangge.cases.tests.cast import IN_GRID_B, NOON, Cast
from wangge.cases.workflow import BY_VERB, Stage
from wangge.fieldwork import listeners
from wangge.fieldwork.models import Outcome, Task, TaskKind

pytestmark = pytest.mark.django_db


def test_asking_to_verify_makes_a_task_for_the_grids_worker(staffed: Cast) -> None:
    report = staffed.report_at(Stage.VERIFYING)
    relay_all()

    task = Task.objects.get()
    assert (task.kind, task.report, task.case) == (TaskKind.VERIFY, report, None)
    assert task.assignee == staffed.grid_worker
    assert task.area == staffed.place.grid_a
    assert task.due_at == Clock.objects.get(report=report, kind=ClockKind.VERIFY).due_at


def test_a_finished_case_makes_a_task_to_check_it(staffed: Cast) -> None:
    case = staffed.case_at(Stage.CHECKING)
    relay_all()

    task = Task.objects.get()
    assert (task.kind, task.report, task.case) == (TaskKind.CHECK, None, case)
    assert task.assignee == staffed.grid_worker
    assert task.due_at == Clock.objects.get(case=case, kind=ClockKind.CHECK).due_at


def test_who_handled_the_case_does_not_get_the_check(staffed: Cast) -> None:
    case = staffed.case_at(Stage.CHECKING)
    case.handler = staffed.grid_worker
    case.save()
    relay_all()
    assert Task.objects.get().assignee == staffed.neighbour


def test_a_listener_that_runs_twice_makes_one_task(staffed: Cast) -> None:
    staffed.report_at(Stage.VERIFYING)
    event = Event.objects.get(verb="verify")
    listeners.make_task(event)
    listeners.make_task(event)
    assert Task.objects.count() == 1


def test_a_verification_taken_on_another_page_ends_the_task(staffed: Cast) -> None:
    report = staffed.report_at(Stage.VERIFYING)
    relay_all()
    moment = NOON + timedelta(minutes=30)
    cases.report_finding(report, confirmed=False, note="没看到", by=staffed.grid_worker, at=moment)
    relay_all()

    task = Task.objects.get()
    assert (task.outcome, task.done_by, task.done_at) == (Outcome.REFUTED, staffed.grid_worker, moment)


def test_ending_twice_changes_nothing(staffed: Cast) -> None:
    case = staffed.case_at(Stage.PASSED)
    relay_all()
    before = Task.objects.values().get()
    listeners.end_task(Event.objects.get(verb="pass_check", subject_id=case.pk))
    assert Task.objects.values().get() == before


def test_an_old_step_handed_over_again_leaves_the_new_task_open(staffed: Cast) -> None:
    case = staffed.case_at(Stage.CHECKING)
    staffed.fail(case, NOON + timedelta(hours=6))
    staffed.finish(case, NOON + timedelta(hours=7))
    relay_all()
    listeners.end_task(Event.objects.get(verb="fail_check"))

    first, second = Task.objects.order_by("made_at")
    assert first.outcome == Outcome.FAILED
    assert second.done_at is None


def test_a_correction_hands_the_task_to_the_other_grid(staffed: Cast) -> None:
    report = staffed.report_at(Stage.VERIFYING)
    relay_all()
    cases.correct_report(report, point=IN_GRID_B, by=staffed.acceptor, at=NOON + timedelta(minutes=10))
    relay_all()

    task = Task.objects.get()
    assert (task.area, task.assignee) == (staffed.place.grid_b, staffed.neighbour)


def test_a_corrected_class_leaves_the_task_where_it_is(staffed: Cast) -> None:
    report = staffed.report_at(Stage.VERIFYING)
    relay_all()
    Task.objects.update(assignee=staffed.neighbour)  # somebody stands in
    cases.correct_report(report, address="人民路14号", by=staffed.acceptor, at=NOON + timedelta(minutes=10))
    relay_all()
    assert Task.objects.get().assignee == staffed.neighbour


def test_a_community_without_people_still_has_its_task(cast: Cast) -> None:
    cast.report_at(Stage.VERIFYING)
    relay_all()
    assert Task.objects.get().assignee is None


def test_a_worker_who_left_gets_nothing(staffed: Cast) -> None:
    staffed.grid_worker.is_active = False
    staffed.grid_worker.save()
    staffed.report_at(Stage.VERIFYING)
    relay_all()
    assert Task.objects.get().assignee == staffed.neighbour


def test_a_matter_without_a_place_goes_to_nobody_in_particular(staffed: Cast) -> None:
    _ = staffed.centre
    report = staffed.report(point=None)
    cases.ask_to_verify(report, by=staffed.acceptor, at=NOON)
    relay_all()
    assert Task.objects.get().assignee is None

    lead = staffed.person("county_lead", "总网格长", Role.GRID_LEAD, staffed.place.county)
    listeners.move_task(Event.objects.get(verb="verify"))
    assert Task.objects.get().assignee is None, "the place did not change"
    Task.objects.all().delete()
    listeners.make_task(Event.objects.get(verb="verify"))
    assert Task.objects.get().assignee == lead


def test_every_step_that_leaves_a_waiting_stage_ends_the_task() -> None:
    waiting = {Stage.VERIFYING, Stage.CHECKING}
    leaving = {
        s.verb for s in BY_VERB.values() if s.sources & waiting and s.target and s.target not in waiting
    }
    assert leaving <= {
        verb for verb, names in LISTENERS.items() if "wangge.fieldwork.listeners.end_task" in names
    }
