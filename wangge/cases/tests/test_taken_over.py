"""Cases taken over from another system have no filing condition and perhaps no clock; they can be worked with all the same."""

from datetime import timedelta

import pytest

from wangge.cases import actions
from wangge.cases.actions.history import History, store_history
from wangge.cases.models import Calendar, Case, Clock, ClockKind
from wangge.cases.tests.cast import IN_GRID_A, NOON, Cast
from wangge.cases.workflow import Stage
from wangge.common.refusals import Refused
from wangge.territory import lookup

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def taken_over(cast: Cast, *, closed: bool = False, due: bool = False) -> Case:
    """A lamp that another system knew of for ten days, closed yesterday or still with the unit."""
    opened, place = NOON - 10 * DAY, lookup.place(*IN_GRID_A)
    history = History(
        source_key="old-1",
        opened_at=opened,
        matter_id=cast.lamp.pk,
        unit_id=cast.lamps.pk,
        area_id=place.area_id,
        path=place.path,
        grid_id=place.grid_id,
        lon=IN_GRID_A[0],
        lat=IN_GRID_A[1],
        target_at=opened + 3 * DAY if due else None,
        closed_at=NOON - DAY if closed else None,
    )
    assert store_history([history], source="old system", calendar_id=Calendar.objects.all()[0].pk) == 1
    return Case.objects.get()


def test_a_closed_one_is_reopened_gets_its_condition_and_goes_to_the_unit(cast: Cast) -> None:
    case = taken_over(cast, closed=True, due=True)
    actions.reopen_case(case, note="又坏了", by=cast.duty_chief, at=NOON)
    assert (case.stage, case.whole_due_at) == (Stage.FILED, None)
    assert case.due_at is not None, "it has to be dispatched in time"
    with pytest.raises(Refused):
        actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=NOON)
    assert case.stage == Stage.FILED

    actions.correct_case(case, condition=cast.condition, by=cast.duty_chief, at=NOON + timedelta(minutes=5))
    whole = Clock.objects.get(case=case, kind=ClockKind.WHOLE, stopped_at=None)
    assert (whole.started_at, case.whole_due_at) == (NOON, whole.due_at), "it counts from the reopening"
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=NOON + timedelta(minutes=10))
    assert case.stage == Stage.DISPATCHED


def test_one_sent_back_needs_its_condition_before_the_next_unit_gets_it(cast: Cast) -> None:
    case = taken_over(cast)
    actions.send_back_case(case, reason=cast.send_back_reason, note="不归我们", by=cast.clerk, at=NOON)
    with pytest.raises(Refused):
        actions.dispatch_case(case, to=cast.water, by=cast.dispatcher, at=NOON)
    actions.correct_case(case, condition=cast.condition, by=cast.acceptor, at=NOON)
    actions.dispatch_case(case, to=cast.water, by=cast.dispatcher, at=NOON)
    assert case.unit == cast.water


@pytest.mark.parametrize("corrected", [False, True])
def test_a_rework_without_a_clock_has_the_whole_limit_if_there_is_one(cast: Cast, corrected: bool) -> None:
    case = taken_over(cast)
    if corrected:
        actions.correct_case(case, condition=cast.condition, by=cast.acceptor, at=NOON)
    actions.accept_case(case, by=cast.clerk, at=NOON)
    cast.finish(case, NOON)
    cast.fail(case, NOON)
    assert case.stage == Stage.HANDLING
    clock = Clock.objects.filter(case=case, kind=ClockKind.HANDLE).first()
    if corrected:
        assert clock is not None
        assert (clock.used_before, clock.due_at) == (timedelta(0), case.due_at)
    else:
        assert (clock, case.due_at) == (None, None)
