"""The database itself refuses to move a report, a case or a clock behind the log's back."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from wangge.audit.models import Event
from wangge.audit.tests.tampering import by_hand
from wangge.audit.verification import verify_all
from wangge.cases import actions
from wangge.cases.models import Case, Clock, Report
from wangge.cases.tests.cast import Cast
from wangge.cases.workflow import Stage

pytestmark = pytest.mark.django_db
LATER = timezone.now() + timedelta(days=9)


@pytest.mark.parametrize(
    "change",
    [
        {"stage": Stage.CLOSED, "closed_at": LATER},
        {"due_at": LATER},
        {"whole_due_at": None},
        {"stage": Stage.HANDLING, "event_seq": 1},
    ],
)
def test_a_case_is_not_moved_without_an_event(cast: Cast, change: dict[str, Any]) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    with pytest.raises(DatabaseError, match="by an action"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**change)


def test_a_case_is_not_given_to_another_unit_without_an_event(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    with pytest.raises(DatabaseError, match="by an action"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(unit=cast.water)


def test_a_report_is_not_moved_without_an_event(cast: Cast) -> None:
    case, report = cast.case_at(Stage.FILED), cast.report()
    for change in ({"stage": Stage.FILED, "case": case}, {"due_at": LATER}, {"stage": Stage.ANSWERED}):
        with pytest.raises(DatabaseError, match="by an action"), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(**change)


@pytest.mark.parametrize("step", [1, 2, -1, 0])
def test_an_event_that_is_not_there_is_no_excuse(cast: Cast, step: int) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    head = {"event_seq": case.event_seq + step, "event_digest": bytes(32)}
    with pytest.raises(DatabaseError, match="which is not there"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**head)


def test_an_older_event_is_no_excuse_either(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    first = Event.objects.get(subject_id=case.pk, seq=1)
    with pytest.raises(DatabaseError, match="which is not there"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(event_seq=1, event_digest=bytes(first.digest))


def test_what_moves_nothing_is_free(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    assert Case.objects.filter(pk=case.pk).update(address="人民路12号", urged_at=LATER) == 1
    assert Clock.objects.filter(case=case).update(amber_at=LATER, provisional=True) > 0


@pytest.mark.parametrize("model", [Report, Case, Clock])
def test_nothing_of_it_is_deleted(cast: Cast, model: type[Any]) -> None:
    cast.case_at(Stage.DISPATCHED)
    with pytest.raises(DatabaseError, match="DELETE"), transaction.atomic():
        model.objects.all()._raw_delete("default")


def test_every_step_of_the_road_passes(cast: Cast) -> None:
    case = cast.case_at(Stage.CLOSED)
    actions.reopen_case(case, by=cast.duty_chief, note="又坏了")
    with connection.cursor() as cursor:
        cursor.execute(
            "SET CONSTRAINTS ALL IMMEDIATE"
        )  # what waits for the end of the transaction is asked now
    assert list(verify_all()) == []


def test_the_owner_may_by_hand_and_the_log_shows_it(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    with by_hand():
        Case.objects.filter(pk=case.pk).update(due_at=LATER)
        Case.objects.filter(pk=case.pk).update(event_seq=1)
    assert [fault.row for fault in verify_all()] == [f"case {case.pk}"]


# -- Each in a transaction of its own, as in real life -----------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_clock_is_not_moved_without_an_event_of_its_own_matter(cast: Cast) -> None:
    case, other, clerk = cast.case_at(Stage.DISPATCHED), cast.case_at(Stage.DISPATCHED), cast.clerk
    clock = Clock.objects.filter(case=case, stopped_at=None).order_by("pk")[0]
    changes: list[dict[str, Any]] = [{"due_at": LATER}, {"stopped_at": LATER}, {"limits": []}]
    for change in changes:
        with pytest.raises(DatabaseError, match="without an event"):
            Clock.objects.filter(pk=clock.pk).update(**change)

    with pytest.raises(DatabaseError, match="without an event"), transaction.atomic():
        actions.accept_case(other, by=clerk)  # an event, but of another matter
        Clock.objects.filter(pk=clock.pk).update(due_at=LATER)

    clock.refresh_from_db()
    assert clock.due_at < LATER
    actions.accept_case(case, by=clerk)  # stops the clock for signing before it writes its event
    actions.comment_case(case, by=clerk, note="已到现场")
    assert list(verify_all()) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_clock_is_not_moved_on_the_strength_of_an_event_of_yesterday(cast: Cast) -> None:
    report = cast.report()
    assert Event.objects.filter(subject_id=report.pk).exists()
    with pytest.raises(DatabaseError, match="without an event"):
        Clock.objects.filter(report=report).update(stopped_at=LATER)
