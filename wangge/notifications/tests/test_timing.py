"""When a message may go out: quiet hours over midnight, caps, one summary a day."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from wangge.notifications.timing import Habits, plan, quiet_until

ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = Habits(ZONE, time(21), time(7), per_hour=3, per_day=10)


def clock(text: str, day: int = 10) -> datetime:
    return datetime.combine(datetime(2026, 6, day), time.fromisoformat(text), ZONE)


def test_by_day_a_message_goes_out_at_once() -> None:
    assert plan(NIGHT, at=clock("12:00")).at == clock("12:00")


def test_quiet_hours_run_over_midnight() -> None:
    late, early = plan(NIGHT, at=clock("23:30")), plan(NIGHT, at=clock("06:59"))
    assert (late.at, late.gather) == (clock("07:00", 11), True)
    assert (early.at, early.gather) == (clock("07:00"), True)


def test_quiet_hours_end_on_the_minute_and_begin_on_the_minute() -> None:
    assert quiet_until(NIGHT, clock("07:00")) is None
    assert quiet_until(NIGHT, clock("21:00")) == clock("07:00", 11)


def test_quiet_hours_within_a_day() -> None:
    noon = Habits(ZONE, time(12), time(14))
    assert plan(noon, at=clock("13:00")).at == clock("14:00")
    assert plan(noon, at=clock("23:00")).at == clock("23:00")


def test_urgent_ones_break_quiet_hours_and_caps() -> None:
    assert plan(NIGHT, at=clock("02:00"), urgent=True, last_hour=99, today=99).at == clock("02:00")


def test_beyond_the_cap_of_the_hour_the_next_full_hour_gathers_them() -> None:
    held = plan(NIGHT, at=clock("12:20"), last_hour=3, today=3)
    assert (held.at, held.gather) == (clock("13:00"), True)


def test_the_next_full_hour_may_be_quiet() -> None:
    assert plan(NIGHT, at=clock("20:40"), last_hour=3, today=3).at == clock("07:00", 11)


def test_beyond_the_cap_of_the_day_the_next_morning_gathers_them() -> None:
    assert plan(NIGHT, at=clock("12:20"), today=10).at == clock("07:00", 11)


def test_who_wants_one_summary_gets_it_at_the_hour_they_named() -> None:
    evening = Habits(ZONE, digest_at=time(17, 30))
    assert plan(evening, at=clock("12:00")).at == clock("17:30")
    assert plan(evening, at=clock("18:00")).at == clock("17:30", 11)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(ZONE))
CLOCKS = st.times().map(lambda t: t.replace(microsecond=0))


@given(MOMENTS, CLOCKS, CLOCKS)
def test_quiet_hours_always_end_within_a_day_and_the_end_is_loud(
    at: datetime, start: time, end: time
) -> None:
    habits = Habits(ZONE, start, end)
    over = quiet_until(habits, at)
    if over is not None:
        assert at < over <= at + timedelta(days=1)
        assert quiet_until(habits, over) is None


@given(MOMENTS, CLOCKS, CLOCKS, st.integers(0, 20), st.integers(0, 20))
def test_nothing_is_planned_into_the_past_or_into_quiet_hours(at, start, end, hour, day) -> None:
    habits = Habits(ZONE, start, end, per_hour=5, per_day=10)
    planned = plan(habits, at=at, last_hour=hour, today=day)
    assert planned.at >= at
    assert quiet_until(habits, planned.at) is None
