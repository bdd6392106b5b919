"""What holds for every deadline, whatever the calendar, the limit and the pauses."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from wangge.cases.calendar_seed import shipped_days
from wangge.cases.deadlines import (
    Calendar,
    Course,
    DayKind,
    Limit,
    LimitKind,
    Pause,
    Running,
    Season,
    Shift,
    due,
    explain,
    total,
    used,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
MARKS = list(shipped_days())
OFFICE = Calendar.of(SHANGHAI, MARKS, range(2004, 2027))
SUMMER = Season((6, 1), (9, 30), (Shift.parse("08:00-11:30"), Shift.parse("15:00-17:15")))
SEASONAL = Calendar.of(SHANGHAI, MARKS, range(2004, 2027), seasons=(SUMMER,))
NIGHTS = Calendar.of(
    SHANGHAI, MARKS, range(2004, 2027), shifts=(Shift.parse("00:00-06:00"), Shift.parse("22:00-24:00"))
)
NEVER_PUBLISHED = Calendar.of(SHANGHAI, [], [])

calendars = st.sampled_from([OFFICE, SEASONAL, NIGHTS, NEVER_PUBLISHED])
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 3, 1), timezones=st.just(SHANGHAI))
stretches = st.timedeltas(timedelta(0), timedelta(days=25))
amounts = st.integers(1, 120).map(lambda quarters: Decimal(quarters) / 4)
kinds = st.sampled_from([kind for kind in LimitKind if kind is not LimitKind.GIVEN])
working_kinds = st.sampled_from([LimitKind.WORKING_HOURS, LimitKind.WORKING_DAYS])
limits = st.builds(Limit, kinds, amounts)
statutory = st.builds(
    Limit,
    st.sampled_from([LimitKind.WORKING_DAYS, LimitKind.CALENDAR_DAYS]),
    st.integers(1, 30),
    st.just(True),
)
any_limit = limits | statutory


@st.composite
def pauses_after(draw: st.DrawFn, start: datetime) -> tuple[Pause, ...]:
    gaps = draw(st.lists(st.tuples(stretches, stretches), max_size=3))
    found = []
    for gap, length in gaps:
        start += gap
        found.append(Pause(start, start + length))
        start += length
    return tuple(found)


@st.composite
def running(draw: st.DrawFn, limit: st.SearchStrategy[Limit] = any_limit) -> Running:
    start = draw(moments)
    return Running(start, draw(limit), draw(pauses_after(start)))


def due_moment(calendar: Calendar, facts: Running) -> datetime:
    found = due(calendar, facts).at
    assert found is not None
    return found


def in_a_shift(calendar: Calendar, moment: datetime) -> bool:
    day = moment.astimezone(SHANGHAI).date()
    # A shift until 24:00 ends on the next day.
    near = [*calendar.working_intervals(day - timedelta(days=1)), *calendar.working_intervals(day)]
    return any(start <= moment <= end for start, end in near)


@given(calendars, running(), stretches)
def test_who_starts_later_is_never_due_earlier(calendar, facts, later):
    first_pause = min((pause.from_at for pause in facts.pauses), default=datetime.max.replace(tzinfo=UTC))
    # A statutory limit leaves its start day out, and with it whatever pauses on that day.
    left_out = timedelta(days=1) if facts.limit.statutory else timedelta(0)
    assume(facts.started_at + later + left_out <= first_pause)
    moved = replace(facts, started_at=facts.started_at + later)
    assert due_moment(calendar, facts) <= due_moment(calendar, moved)


@given(calendars, running(), st.integers(1, 40))
def test_a_longer_limit_is_never_due_earlier(calendar, facts, more):
    longer = replace(facts, limit=replace(facts.limit, amount=facts.limit.amount + more))
    assert due_moment(calendar, facts) <= due_moment(calendar, longer)


@given(calendars, running(), st.data())
def test_a_longer_pause_is_never_due_earlier(calendar, facts, data):
    assume(facts.pauses)
    *others, last = facts.pauses
    longer = Pause(last.from_at, last.to_at + data.draw(stretches))
    assert due_moment(calendar, facts) <= due_moment(calendar, replace(facts, pauses=(*others, longer)))


@given(calendars, running(), stretches)
def test_a_pause_of_no_length_changes_nothing(calendar, facts, after):
    moment = facts.started_at + after
    assert due(calendar, replace(facts, pauses=(*facts.pauses, Pause(moment, moment)))) == due(
        calendar, facts
    )


@given(calendars, running(), st.data())
def test_cutting_a_pause_in_two_changes_nothing(calendar, facts, data):
    assume(facts.pauses)
    first, *others = facts.pauses
    cut = first.from_at + (first.to_at - first.from_at) * data.draw(st.floats(0, 1))
    halves = (Pause(cut, first.to_at), Pause(first.from_at, cut))
    assert due(calendar, replace(facts, pauses=(*others, *halves))) == due(calendar, facts)


@given(moments, st.integers(1, 40))
def test_whole_days_of_working_hours_are_working_days(start, days):
    by_hours = Running(start, Limit(LimitKind.WORKING_HOURS, days * 8))
    by_days = Running(start, Limit(LimitKind.WORKING_DAYS, days))
    until_hours, until_days = due_moment(OFFICE, by_hours), due_moment(OFFICE, by_days)
    # Nine in the morning and six the evening before are the same amount of work.
    assert until_hours <= until_days
    assert used(OFFICE, by_hours, until_days) == days * timedelta(hours=8)
    starts_a_shift = start.hour < 9 or (start.hour, start.minute, start.second) in {(9, 0, 0), (13, 0, 0)}
    if not starts_a_shift:
        assert until_hours == until_days


@given(calendars, moments, amounts, st.data())
def test_urgent_hours_ignore_the_calendar(calendar, start, amount, data):
    facts = Running(start, Limit(LimitKind.URGENT_HOURS, amount), data.draw(pauses_after(start)))
    assert due(calendar, facts) == due(NEVER_PUBLISHED, facts)
    assert not due(calendar, facts).provisional


@given(calendars, running(st.builds(Limit, working_kinds, amounts)))
def test_working_time_is_never_due_outside_a_shift(calendar, facts):
    assert in_a_shift(calendar, due_moment(calendar, facts))


@given(calendars, running(statutory))
def test_a_statutory_limit_is_due_at_a_close_of_business(calendar, facts):
    moment = due_moment(calendar, facts)
    local = moment.astimezone(SHANGHAI)
    day = local.date() - timedelta(days=(local.hour, local.minute) == (0, 0))
    assert moment == calendar.working_intervals(day)[-1][1]


@given(calendars, running())
def test_at_the_due_moment_exactly_the_limit_is_used(calendar, facts):
    assert used(calendar, facts, due_moment(calendar, facts)) == total(calendar, facts)


@given(calendars, running(limits))
def test_pauses_do_not_change_how_much_time_there_is(calendar, facts):
    assert total(calendar, facts) == total(calendar, replace(facts, pauses=()))


@given(calendars, running())
def test_at_the_amber_moment_four_fifths_are_used_and_not_before(calendar, facts):
    found = due(calendar, facts)
    whole = total(calendar, facts)
    assert found.at is not None
    assert found.amber_at is not None
    assert facts.started_at < found.amber_at <= found.at
    assert 5 * used(calendar, facts, found.amber_at) >= 4 * whole
    assert 5 * used(calendar, facts, found.amber_at - timedelta(microseconds=1)) < 4 * whole


@given(calendars, running(), stretches, stretches)
def test_what_is_used_only_grows(calendar, facts, first, more):
    earlier = facts.started_at + first
    assert used(calendar, facts, earlier) <= used(calendar, facts, earlier + more)


@given(calendars, running())
def test_the_explanation_adds_up_in_at_most_forty_lines(calendar, facts):
    lines = explain(calendar, facts)
    assert sum((line.counted for line in lines), timedelta(0)) == total(calendar, facts)
    assert lines[-1].left == timedelta(0)
    assert len(lines) <= 40
    assert all(line.counted >= timedelta(0) for line in lines)
    edges = [edge for line in lines for edge in (line.from_at, line.to_at) if edge is not None]
    assert edges == sorted(edges)


@given(calendars, running(), st.integers(1, 40).map(lambda quarters: timedelta(minutes=15 * quarters)))
def test_a_reminder_is_in_working_time_before_the_deadline(calendar, facts, before):
    reminder = Course(calendar, facts).reminder_before(before)
    if reminder is None:
        return
    assert facts.started_at <= reminder <= due_moment(calendar, facts)
    if not facts.round_the_clock:
        assert in_a_shift(calendar, reminder)


@given(moments, st.integers(1, 60))
def test_a_deadline_is_provisional_exactly_when_it_reads_an_unpublished_year(start, days):
    found = due(OFFICE, Running(start, Limit(LimitKind.WORKING_DAYS, days)))
    assert found.at is not None
    assert found.provisional == (found.at.astimezone(SHANGHAI).year > 2026)


@given(st.dates(date(2004, 1, 1), date(2026, 12, 31)))
def test_a_mark_decides_before_the_weekday(day):
    mark = OFFICE.days.get(day)
    expected = mark.kind is DayKind.WORK if mark else day.weekday() < 5
    assert OFFICE.is_working_day(day) == expected == bool(OFFICE.working_intervals(day))
