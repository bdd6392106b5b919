"""A unit keeps hours of its own: they count for its own work, not for the case as a whole."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from wangge.accounts.models import Unit
from wangge.accounts.tests.people import administrator
from wangge.cases import actions, clocks
from wangge.cases.calendars.actions import confirm_change, end_calendar, plan_change, save_calendar
from wangge.cases.calendars.plan import Day, Plan
from wangge.cases.calendars.tests.people import FRIDAY, clock, dispatched, general
from wangge.cases.models import Calendar, CalendarYear, ClockKind
from wangge.cases.tests.cast import NOON, Cast
from wangge.common.refusals import Refused

pytestmark = pytest.mark.django_db

EVERY_DAY = [{"from": "01-01", "to": "12-31", "hours": ["06:00-14:00"]}]


def own_calendar(unit: Unit, *, follows: bool = True) -> Calendar:
    """Every day of the week from six to two, with the general rest days or without."""
    calendar = Calendar.objects.create(
        code="own", name="自有作息", unit=unit, shifts=EVERY_DAY, weekly_rest=[],
        base=general() if follows else None,
    )  # fmt: skip
    clocks.look_again()
    return calendar


def test_the_units_calendar_counts_for_accepting_and_handling_only(cast: Cast) -> None:
    own = own_calendar(cast.lamps)
    case = dispatched(cast, days=2)
    assert clock(case, ClockKind.HANDLE).calendar == own
    assert clock(case, ClockKind.SIGN_OFF).calendar == own
    assert clock(case, ClockKind.WHOLE).calendar == general()
    # Saturday and Sunday are working days there.
    assert case.due_at == FRIDAY + timedelta(days=2)


def test_a_rework_goes_on_by_the_units_calendar(cast: Cast) -> None:
    own = own_calendar(cast.lamps)
    case = cast.case_at("checking")  # type: ignore[arg-type]
    cast.fail(case, NOON + timedelta(hours=6))
    assert clock(case, ClockKind.HANDLE).calendar == own


def test_another_unit_and_the_same_unit_without_it_have_the_general_one(cast: Cast) -> None:
    own_calendar(cast.water)
    assert clock(dispatched(cast)).calendar == general()


def test_it_holds_for_the_units_below_that_have_none(cast: Cast) -> None:
    own = own_calendar(cast.lamps)
    team = Unit.objects.create(code="TEAM", name="一班", kind="department", parent=cast.lamps)
    below = Unit.objects.create(code="BELOW", name="一组", kind="department", parent=team)
    clocks.look_again()
    assert clocks.calendar_for("/", below.pk).id == own.pk
    other = Calendar.objects.create(code="team", name="一班", unit=team, shifts=EVERY_DAY)
    clocks.look_again()
    assert clocks.calendar_for("/", below.pk).id == other.pk


def test_days_and_years_of_the_followed_calendar_hold_unless_marked_here(cast: Cast) -> None:
    own = own_calendar(cast.lamps)
    general().days.create(day=date(2027, 3, 1), kind="rest", name="停工")
    CalendarYear.objects.create(calendar=general(), year=2027, published_at=FRIDAY)
    computing = clocks.calendar_from(own)
    assert not computing.is_working_day(date(2027, 3, 1))
    assert 2027 in computing.published
    own.days.create(day=date(2027, 3, 1), kind="work")
    assert clocks.calendar_from(own).is_working_day(date(2027, 3, 1))


def test_a_day_of_the_followed_calendar_moves_the_clocks_of_those_who_follow(cast: Cast) -> None:
    admin, _own = administrator(), own_calendar(cast.lamps)
    case = dispatched(cast, days=2)
    plan = Plan((Day(date(2026, 12, 19), "rest", "停电", True, "变电站故障"),))
    change = confirm_change(plan_change(general(), plan, by=admin, at=FRIDAY), by=admin, at=FRIDAY)
    assert change.moved == 1
    assert clock(case).due_at == FRIDAY + timedelta(days=3)


def test_ending_a_calendar_lets_new_clocks_begin_by_the_one_above(cast: Cast) -> None:
    admin, own = administrator(), own_calendar(cast.lamps)
    before = dispatched(cast, days=2)
    end_calendar(own, by=admin, at=FRIDAY)
    with pytest.raises(Refused, match="已停用"):
        end_calendar(own, by=admin, at=FRIDAY)
    clocks.look_again()
    assert clock(before).calendar == own
    assert clock(dispatched(cast, days=2)).calendar == general()
    with pytest.raises(Refused):
        end_calendar(general(), by=admin, at=FRIDAY)


def test_there_is_one_calendar_for_each_place_and_it_follows_one_that_stands_alone(cast: Cast) -> None:
    admin, own = administrator(), own_calendar(cast.lamps)
    second = Calendar(code="second", name="又一个", unit=cast.lamps, shifts=EVERY_DAY)
    with pytest.raises(Refused) as taken:
        save_calendar(second, by=admin, at=FRIDAY)
    assert taken.value.field == "unit"
    chained = Calendar(code="chained", name="跟着跟着的", unit=cast.water, shifts=EVERY_DAY, base=own)
    with pytest.raises(Refused):
        save_calendar(chained, by=admin, at=FRIDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Calendar.objects.create(code="both", name="两处", unit=cast.water, area=cast.place.county)


def test_a_corrected_class_counts_the_handling_by_the_units_calendar(cast: Cast) -> None:
    own = own_calendar(cast.lamps)
    case = dispatched(cast, days=2)
    assert case.condition is not None
    other = cast.lamp.conditions.exclude(pk=case.condition.pk).first()
    assert other is not None
    other.limit_kind, other.limit_amount = "working_days", 3
    other.save()
    actions.correct_case(
        case, condition=other, by=cast.duty_chief, at=FRIDAY + timedelta(minutes=5), note="改"
    )
    assert clock(case).calendar == own
    assert clock(case).due_at == FRIDAY + timedelta(days=3)


def test_the_moment_is_computed_in_the_calendars_own_time_zone(cast: Cast) -> None:
    own = own_calendar(cast.lamps)
    Calendar.objects.filter(pk=own.pk).update(time_zone="Asia/Urumqi")
    clocks.look_again()
    case = dispatched(cast, days=2, at=datetime(2026, 12, 18, 8, 30, tzinfo=UTC))  # 14:30 there, after work
    assert case.due_at is not None
    assert case.due_at == datetime(2026, 12, 20, 8, 0, tzinfo=UTC)  # 14:00 there
