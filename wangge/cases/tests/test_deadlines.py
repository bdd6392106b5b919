"""Deadlines in stories: the worked examples of the design, and the traps other systems fell into."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from wangge.cases.calendar_seed import published_years, seed_days, shipped_days
from wangge.cases.deadlines import (
    Calendar,
    Course,
    DayKind,
    DayMark,
    Light,
    Limit,
    LimitKind,
    Line,
    Note,
    Pause,
    Running,
    Season,
    Shift,
    after_extension,
    after_rework,
    due,
    explain,
    light,
    remaining,
    total,
    used,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
BOSTON = ZoneInfo("America/New_York")
HOUR = timedelta(hours=1)

MAKE_UP_SATURDAY = DayMark(date(2026, 3, 7), DayKind.WORK, "春节")
PLAIN = Calendar.of(SHANGHAI, [], range(2004, 2100))
WITH_MAKE_UP = Calendar.of(SHANGHAI, [MAKE_UP_SATURDAY], range(2004, 2100))
NATIONAL = Calendar.of(SHANGHAI, shipped_days(), range(2004, 2027))


def at(words: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=zone)


def hours(amount: Decimal | int) -> Limit:
    return Limit(LimitKind.WORKING_HOURS, amount)


def urgent(amount: Decimal | int) -> Limit:
    return Limit(LimitKind.URGENT_HOURS, amount)


def working_days(amount: Decimal | int, *, statutory: bool = False) -> Limit:
    return Limit(LimitKind.WORKING_DAYS, amount, statutory)


def calendar_days(amount: Decimal | int, *, statutory: bool = False) -> Limit:
    return Limit(LimitKind.CALENDAR_DAYS, amount, statutory)


def due_at(calendar: Calendar, start: str, limit: Limit, *pauses: Pause) -> datetime | None:
    return due(calendar, Running(at(start), limit, pauses)).at


# In March 2026: Friday the 6th, Saturday the 7th, Monday the 9th.


def test_a_make_up_saturday_takes_what_friday_left():
    assert due_at(WITH_MAKE_UP, "2026-03-06T17:00", hours(8)) == at("2026-03-07T17:00")


def test_without_the_make_up_day_the_same_deadline_is_on_monday():
    assert due_at(PLAIN, "2026-03-06T17:00", hours(8)) == at("2026-03-09T17:00")


WEEKEND_PAUSE = Pause(at("2026-03-06T16:00"), at("2026-03-09T10:00"))


@pytest.mark.parametrize(
    ("calendar", "limit", "moved_hours"),
    [(PLAIN, hours(30), 3), (WITH_MAKE_UP, hours(30), 11), (PLAIN, urgent(30), 66)],
    ids=["plain weekend", "make-up Saturday", "urgent"],
)
def test_a_pause_over_the_weekend_moves_the_due_moment_by_its_own_calendar(calendar, limit, moved_hours):
    facts = Running(at("2026-03-06T14:00"), limit)
    paused = Running(facts.started_at, limit, (WEEKEND_PAUSE,))
    after = due(calendar, paused).at
    assert (
        after == due(calendar, Running(facts.started_at, limit, added=(Limit(limit.kind, moved_hours),))).at
    )


def test_a_pause_moves_working_days_by_working_hours_too():
    assert due_at(PLAIN, "2026-03-05T17:00", working_days(3)) == at("2026-03-10T17:00")
    assert due_at(PLAIN, "2026-03-05T17:00", working_days(3), WEEKEND_PAUSE) == at("2026-03-11T11:00")


def test_a_reminder_before_a_monday_morning_deadline_is_sent_on_friday_afternoon():
    facts = Running(at("2026-03-05T10:30"), hours(15))
    assert due(PLAIN, facts).at == at("2026-03-09T09:30")
    assert Course(PLAIN, facts).reminder_before(HOUR) == at("2026-03-06T17:30")


def test_a_reminder_that_falls_on_a_break_waits_for_the_next_shift():
    facts = Running(at("2026-03-05T10:00"), hours(16))
    assert due(PLAIN, facts).at == at("2026-03-09T10:00")
    assert Course(PLAIN, facts).reminder_before(HOUR) == at("2026-03-09T09:00")


def test_an_urgent_limit_reminds_in_the_middle_of_the_night():
    facts = Running(at("2026-03-07T23:30"), urgent(4))
    assert Course(PLAIN, facts).reminder_before(HOUR) == at("2026-03-08T02:30")


def test_a_deadline_on_a_sunday_night_reminds_on_friday_in_working_time():
    facts = Running(at("2026-03-01T03:00"), calendar_days(7))
    assert due(PLAIN, facts).at == at("2026-03-08T03:00")
    assert Course(PLAIN, facts).reminder_before(HOUR) == at("2026-03-06T17:00")
    assert Course(PLAIN, facts).reminder_before(timedelta(0)) == at("2026-03-06T18:00")


def test_a_reminder_that_would_fall_into_a_pause_is_sent_before_it():
    paused = Pause(at("2026-03-05T11:30"), at("2026-03-06T09:30"))
    facts = Running(at("2026-03-05T09:00"), hours(3), (paused,))
    assert due(PLAIN, facts).at == at("2026-03-06T10:00")
    assert Course(PLAIN, facts).reminder_before(HOUR) == at("2026-03-05T11:00")


def test_a_limit_shorter_than_the_warning_has_no_reminder():
    assert Course(PLAIN, Running(at("2026-03-05T10:00"), hours(1))).reminder_before(2 * HOUR) is None


@pytest.mark.parametrize("hour", ["09:00", "10:40", "12:00", "13:00", "18:00"])
def test_ten_working_days_into_an_unpublished_year_are_provisional_at_the_same_hour(hour):
    found = due(NATIONAL, Running(at(f"2026-12-18T{hour}"), working_days(10)))
    assert found.at == at(f"2027-01-04T{hour}")
    assert found.provisional


def test_publishing_the_year_settles_the_deadline_with_its_make_up_days():
    marks = [*NATIONAL.days.values(), DayMark(date(2027, 1, 3), DayKind.WORK, "元旦")]
    published = Calendar.of(SHANGHAI, marks, range(2004, 2028), version=2)
    found = due(published, Running(at("2026-12-18T10:00"), working_days(10)))
    assert (found.at, found.provisional) == (at("2027-01-03T10:00"), False)


def test_urgent_hours_know_neither_night_nor_weekend_nor_calendar():
    found = due(Calendar.of(SHANGHAI, [], []), Running(at("2026-03-07T23:30"), urgent(2)))
    assert (found.at, found.provisional) == (at("2026-03-08T01:30"), False)


def test_an_urgent_day_is_24_urgent_hours():
    assert due_at(PLAIN, "2026-03-06T17:00", Limit.urgent_days(2)) == at("2026-03-08T17:00")


def test_the_lunch_break_does_not_count():
    assert due_at(PLAIN, "2026-03-05T11:00", hours(2)) == at("2026-03-05T14:00")


def test_a_limit_used_up_exactly_at_a_shifts_end_is_due_then():
    assert due_at(PLAIN, "2026-03-06T09:00", hours(3)) == at("2026-03-06T12:00")
    assert due_at(PLAIN, "2026-03-06T09:00", hours(8)) == at("2026-03-06T18:00")


def test_a_report_in_the_night_starts_with_the_morning_shift():
    assert due_at(PLAIN, "2026-03-06T22:10", hours(Decimal("0.5"))) == at("2026-03-09T09:30")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-05T10:20", "2026-03-06T10:20"),  # the same clock time
        ("2026-03-05T09:00", "2026-03-06T09:00"),
        ("2026-03-05T07:00", "2026-03-06T09:00"),  # clamped into the first shift
        ("2026-03-05T12:30", "2026-03-06T12:00"),  # lunch: used up when the morning ended
        ("2026-03-05T20:00", "2026-03-06T18:00"),  # clamped into the last shift
        ("2026-03-06T17:00", "2026-03-09T17:00"),
        ("2026-03-07T10:00", "2026-03-09T18:00"),  # a rest day gives the whole next working day
    ],
)
def test_one_working_day_is_the_next_working_day_at_the_same_clock_time(start, end):
    assert due_at(PLAIN, start, working_days(1)) == at(end)


def test_half_a_working_day_is_half_of_its_shifts():
    assert due_at(PLAIN, "2026-03-05T09:00", working_days(Decimal("0.5"))) == at("2026-03-05T14:00")
    assert due_at(PLAIN, "2026-03-05T16:00", working_days(Decimal("1.5"))) == at("2026-03-09T11:00")


def test_calendar_days_count_every_day_at_the_same_clock_time():
    assert due_at(PLAIN, "2026-03-06T17:00", calendar_days(2)) == at("2026-03-08T17:00")


def test_a_statutory_limit_leaves_out_the_start_day_and_rolls_past_rest_days():
    # The seventh day after 27 September 2026 is 4 October, within the holiday until the 7th.
    assert due_at(NATIONAL, "2026-09-27T10:00", calendar_days(7, statutory=True)) == at("2026-10-08T18:00")
    assert due_at(NATIONAL, "2026-03-02T10:00", calendar_days(3, statutory=True)) == at("2026-03-05T18:00")


def test_statutory_working_days_run_to_the_close_of_business():
    for start in ("2026-03-05T08:00", "2026-03-05T17:59", "2026-03-05T23:00"):
        assert due_at(PLAIN, start, working_days(2, statutory=True)) == at("2026-03-09T18:00")


def test_a_statutory_limit_after_a_pause_still_ends_at_the_close_of_business():
    paused = Pause(at("2026-03-06T10:00"), at("2026-03-06T11:00"))
    assert due_at(PLAIN, "2026-03-05T08:00", working_days(2, statutory=True), paused) == at(
        "2026-03-10T18:00"
    )
    # Friday 18:00 and an hour is after the close of business, and the weekend rests.
    assert due_at(PLAIN, "2026-03-02T08:00", calendar_days(4, statutory=True), paused) == at(
        "2026-03-09T18:00"
    )


def test_the_start_day_of_a_statutory_limit_uses_nothing():
    facts = Running(at("2026-03-05T09:00"), working_days(2, statutory=True))
    assert used(PLAIN, facts, at("2026-03-05T18:00")) == timedelta(0)
    assert used(PLAIN, facts, at("2026-03-06T12:00")) == 3 * HOUR
    assert total(PLAIN, facts) == 16 * HOUR


def test_a_given_due_moment_is_kept_whatever_the_calendar_says():
    given = Limit.given(at("2026-03-08T04:00"))
    facts = Running(at("2026-03-06T04:00"), given, (WEEKEND_PAUSE,))
    found = due(PLAIN, facts)
    assert (found.at, found.provisional) == (at("2026-03-08T04:00"), False)
    assert found.amber_at == at("2026-03-07T18:24")
    assert used(PLAIN, facts, at("2026-03-07T04:00")) == 24 * HOUR
    assert remaining(PLAIN, facts, at("2026-03-09T04:00")) == -24 * HOUR


def test_an_import_that_was_due_before_it_began_is_overdue_and_no_crash():
    found = due(PLAIN, Running(at("2026-03-06T04:00"), Limit.given(at("2026-03-01T00:00"))))
    assert found.amber_at == found.at == at("2026-03-01T00:00")


def test_an_extension_moves_the_due_moment_by_its_own_limit():
    facts = Running(at("2026-03-05T10:00"), hours(8), (WEEKEND_PAUSE,))
    assert due(PLAIN, facts).at == at("2026-03-06T10:00")
    assert due(PLAIN, after_extension(facts, hours(4))).at == at("2026-03-06T15:00")
    assert due(PLAIN, after_extension(facts, hours(8))).at == at("2026-03-09T14:00")
    assert due(PLAIN, after_extension(facts, working_days(1))).at == at("2026-03-09T14:00")


def test_a_whole_case_is_the_sum_of_its_stages_limits():
    whole = Running(at("2026-03-07T23:30"), urgent(2), added=(hours(4), working_days(5)))
    assert due(PLAIN, whole).at == at("2026-03-16T14:00")


def test_rework_gets_what_was_left():
    first = Running(at("2026-03-05T09:00"), hours(16))
    again = after_rework(
        PLAIN, first, finished_at=at("2026-03-05T15:00"), restarted_at=at("2026-03-09T09:00")
    )
    assert remaining(PLAIN, again, at("2026-03-09T09:00")) == 11 * HOUR
    assert due(PLAIN, again).at == at("2026-03-10T12:00")


def test_rework_gets_at_least_a_quarter_of_the_limit():
    first = Running(at("2026-03-05T09:00"), working_days(2))
    late = after_rework(PLAIN, first, finished_at=at("2026-03-20T15:00"), restarted_at=at("2026-03-23T10:00"))
    assert due(PLAIN, late).at == at("2026-03-23T15:00")
    assert used(PLAIN, late, at("2026-03-23T10:00")) == 12 * HOUR


def test_a_second_rework_counts_from_the_first():
    first = Running(at("2026-03-05T09:00"), hours(16))
    second = after_rework(
        PLAIN, first, finished_at=at("2026-03-05T12:00"), restarted_at=at("2026-03-06T09:00")
    )
    third = after_rework(
        PLAIN, second, finished_at=at("2026-03-06T14:00"), restarted_at=at("2026-03-09T09:00")
    )
    assert remaining(PLAIN, third, at("2026-03-09T09:00")) == 9 * HOUR


def test_a_given_due_moment_survives_rework():
    facts = Running(at("2026-03-05T09:00"), Limit.given(at("2026-03-06T09:00")))
    again = after_rework(
        PLAIN, facts, finished_at=at("2026-03-07T09:00"), restarted_at=at("2026-03-08T09:00")
    )
    assert due(PLAIN, again).at == at("2026-03-06T09:00")


def test_while_a_pause_lasts_there_is_no_due_moment_and_the_clock_stands_still():
    facts = Running(at("2026-03-05T09:00"), hours(8), (Pause(at("2026-03-05T11:00")),))
    found = due(PLAIN, facts)
    assert found.at is None
    assert found.amber_at is None
    assert Course(PLAIN, facts).reminder_before(HOUR) is None
    assert remaining(PLAIN, facts, at("2026-04-05T09:00")) == 6 * HOUR


def test_a_pause_after_the_due_moment_changes_nothing():
    facts = Running(at("2026-03-05T09:00"), hours(2), (Pause(at("2026-03-05T14:00")),))
    assert due(PLAIN, facts).at == at("2026-03-05T11:00")


def test_the_light_is_amber_after_80_percent_and_red_after_all_is_used():
    found = due(PLAIN, Running(at("2026-03-05T09:00"), hours(10)))
    assert (found.amber_at, found.at) == (at("2026-03-05T18:00"), at("2026-03-06T11:00"))
    seen = [
        light(found.at, found.amber_at, at(moment))
        for moment in ("2026-03-05T18:00", "2026-03-05T18:01", "2026-03-06T11:00", "2026-03-06T11:01")
    ]
    assert seen == [Light.GREEN, Light.AMBER, Light.AMBER, Light.RED]


def test_a_suspended_case_keeps_the_light_it_has_reached():
    facts = Running(at("2026-03-05T09:00"), hours(5), (Pause(at("2026-03-05T14:30")),))
    found = due(PLAIN, facts)
    assert light(found.at, found.amber_at, at("2026-06-01T09:00")) is Light.AMBER


def test_summer_hours_hold_within_their_season_only():
    summer = Season((6, 1), (9, 30), (Shift.parse("08:00-12:00"), Shift.parse("15:00-18:00")))
    calendar = Calendar.of(SHANGHAI, [], range(2004, 2100), seasons=(summer,))
    assert due_at(calendar, "2026-05-29T17:00", hours(2)) == at("2026-06-01T09:00")
    assert due_at(calendar, "2026-07-01T11:00", hours(2)) == at("2026-07-01T16:00")
    # Half past one is working time in May and a break in June.
    assert due_at(calendar, "2026-05-29T13:30", working_days(1)) == at("2026-06-01T12:00")


def test_a_season_may_run_over_new_year():
    winter = Season((11, 1), (2, 28), (Shift.parse("10:00-16:00"),))
    assert winter.covers(date(2026, 12, 31))
    assert winter.covers(date(2027, 1, 1))
    assert not winter.covers(date(2026, 10, 31))


def test_a_station_open_round_the_clock_meets_itself_at_midnight():
    nights = Calendar.of(SHANGHAI, [], range(2004, 2100), shifts=(Shift.parse("00:00-24:00"),))
    assert due_at(nights, "2026-03-05T22:00", hours(4)) == at("2026-03-06T02:00")
    assert due_at(nights, "2026-03-06T22:00", hours(4)) == at("2026-03-09T02:00")


@pytest.mark.parametrize(
    "start", ["2011-03-12T23:00", "2011-03-13T01:30", "2011-11-05T12:00", "2011-11-06T01:30"]
)
@pytest.mark.parametrize("limit", [hours(20), working_days(3), calendar_days(1), urgent(24)])
def test_a_case_from_boston_survives_the_change_of_its_clocks(start, limit):
    calendar = Calendar.of(BOSTON, [], range(2004, 2100))
    facts = Running(at(start, BOSTON), limit)
    found = due(calendar, facts)
    assert found.at is not None
    assert found.at > facts.started_at
    assert used(calendar, facts, found.at) == total(calendar, facts)


def test_a_shift_inside_the_hour_that_summer_time_skips_does_no_harm():
    shifts = (Shift.parse("01:30-02:15"), Shift.parse("02:15-02:45"), Shift.parse("02:45-03:10"))
    calendar = Calendar.of(
        BOSTON, [DayMark(date(2011, 3, 13), DayKind.WORK)], range(2004, 2100), shifts=shifts
    )
    intervals = calendar.working_intervals(date(2011, 3, 13))
    moments = [moment for interval in intervals for moment in interval]
    assert moments == sorted(moments)
    assert due(calendar, Running(at("2011-03-12T00:00", BOSTON), hours(1))).at is not None


def test_working_intervals_are_the_shifts_in_utc():
    assert PLAIN.working_intervals(date(2026, 3, 6)) == (
        (datetime(2026, 3, 6, 1, tzinfo=UTC), datetime(2026, 3, 6, 4, tzinfo=UTC)),
        (datetime(2026, 3, 6, 5, tzinfo=UTC), datetime(2026, 3, 6, 10, tzinfo=UTC)),
    )
    assert PLAIN.working_intervals(date(2026, 3, 7)) == ()


def test_an_old_case_and_a_far_deadline_compile_the_years_they_need_without_moving_others():
    calendar = Calendar.of(SHANGHAI, [], range(2004, 2100))
    recent = Running(at("2026-03-05T17:00"), hours(8))
    before = due(calendar, recent)
    assert due(calendar, Running(at("1998-03-05T17:00"), hours(8))).at == at("1998-03-06T17:00")
    assert due(calendar, Running(at("2026-03-05T17:00"), working_days(2500))).at is not None
    assert due(calendar, recent) == before


def test_a_calendar_in_which_nobody_works_says_so():
    idle = Calendar.of(SHANGHAI, [], range(2004, 2100), shifts=())
    with pytest.raises(ValueError, match="nobody works"):
        due(idle, Running(at("2026-03-05T17:00"), hours(8)))


@pytest.mark.parametrize("words", ["12:00-09:00", "09:00-25:00", "09:00-09:00"])
def test_a_shift_that_is_no_stretch_of_a_day_is_refused(words):
    with pytest.raises(ValueError, match="shifts"):
        Calendar.of(SHANGHAI, [], [], shifts=(Shift.parse(words),))


@pytest.mark.parametrize(
    "make",
    [
        lambda: hours(0),
        lambda: Limit(LimitKind.GIVEN),
        lambda: Limit.given(datetime(2026, 1, 1)),
        lambda: Limit(LimitKind.URGENT_HOURS, 2, due_at=at("2026-01-01T00:00")),
        lambda: working_days(Decimal("1.5"), statutory=True),
    ],
)
def test_what_is_no_limit_is_refused(make):
    with pytest.raises(ValueError):
        make()


def told(lines: list[Line]) -> list[tuple[Note, str, str, float]]:
    def local(moment: datetime | None) -> str:
        return "" if moment is None else moment.astimezone(SHANGHAI).strftime("%a %H:%M")

    return [(line.note, local(line.from_at), local(line.to_at), line.counted / HOUR) for line in lines]


def test_the_explanation_of_the_first_example_is_one_and_three_and_four():
    lines = explain(WITH_MAKE_UP, Running(at("2026-03-06T17:00"), hours(8)))
    assert told(lines) == [
        (Note.SHIFT, "Fri 17:00", "Fri 18:00", 1),
        (Note.MAKE_UP_DAY, "Sat 09:00", "Sat 12:00", 3),
        (Note.MAKE_UP_DAY, "Sat 13:00", "Sat 17:00", 4),
    ]
    assert [line.left / HOUR for line in lines] == [7, 4, 0]
    assert lines[1].name == "春节"


def test_the_explanation_names_holidays_pauses_and_what_an_unpublished_year_makes_uncertain():
    paused = Pause(at("2026-12-28T09:00"), at("2026-12-29T09:00"))
    lines = explain(NATIONAL, Running(at("2026-12-25T16:00"), working_days(4), (paused,)))
    assert told(lines) == [
        (Note.SHIFT, "Fri 16:00", "Fri 18:00", 2),
        (Note.WEEKEND, "Sat 00:00", "Mon 00:00", 0),
        (Note.PAUSED, "Mon 09:00", "Tue 09:00", 0),
        (Note.WORKING_DAYS, "Tue 09:00", "Thu 18:00", 24),
        (Note.REST_DAY, "Fri 00:00", "Sat 00:00", 0),
        (Note.WEEKEND, "Sat 00:00", "Mon 00:00", 0),
        (Note.SHIFT, "Mon 09:00", "Mon 12:00", 3),
        (Note.SHIFT, "Mon 13:00", "Mon 16:00", 3),
    ]
    assert [line.name for line in lines if line.note is Note.REST_DAY] == ["元旦"]
    assert [line.provisional for line in lines] == [False] * 4 + [True] * 4
    assert lines[3].days == 3


def test_the_explanation_of_a_statutory_limit_shows_the_start_day_and_the_roll():
    lines = explain(NATIONAL, Running(at("2026-09-27T10:00"), calendar_days(7, statutory=True)))
    assert [line.note for line in lines] == [Note.START_DAY, Note.CALENDAR_DAYS, Note.ROLLED]
    assert lines[1].days == 6
    assert lines[-1].left == timedelta(0)


def test_the_explanation_of_a_rework_begins_with_what_was_used_before():
    facts = Running(at("2026-03-05T09:00"), hours(8), used_before=6 * HOUR)
    assert told(explain(PLAIN, facts)) == [
        (Note.USED_BEFORE, "Thu 09:00", "Thu 09:00", 6),
        (Note.SHIFT, "Thu 09:00", "Thu 11:00", 2),
    ]


def test_the_explanation_of_a_suspended_case_ends_with_its_pause():
    lines = explain(PLAIN, Running(at("2026-03-05T09:00"), hours(8), (Pause(at("2026-03-05T11:00")),)))
    assert [line.note for line in lines] == [Note.SHIFT, Note.PAUSED]
    assert lines[-1].to_at is None
    assert lines[-1].left == 6 * HOUR


def test_urgent_and_given_limits_explain_themselves_in_a_line():
    given = Running(at("2026-03-06T04:00"), Limit.given(at("2026-03-08T04:00")))
    assert told(explain(PLAIN, given)) == [(Note.GIVEN, "Fri 04:00", "Sun 04:00", 48)]
    assert told(explain(PLAIN, Running(at("2026-03-07T23:30"), urgent(2)))) == [
        (Note.ROUND_THE_CLOCK, "Sat 23:30", "Sun 01:30", 2)
    ]


def test_a_long_explanation_is_shortened_and_still_adds_up():
    lines = explain(NATIONAL, Running(at("2024-01-02T10:00"), working_days(500)))
    assert len(lines) <= 40
    assert Note.SPAN in {line.note for line in lines}
    assert lines[-1].left == timedelta(0)


def test_the_shipped_days_are_those_of_the_package_and_the_fixed_days_of_the_next_year():
    pytest.importorskip("chinese_calendar", reason="the seed extra is not installed")
    assert list(shipped_days()) == list(seed_days())


def test_the_shipped_days_mark_both_directions_and_name_their_holiday():
    days = {mark.date: mark for mark in shipped_days()}
    assert days[date(2026, 10, 1)] == DayMark(date(2026, 10, 1), DayKind.REST, "国庆节")
    assert days[date(2026, 10, 10)].kind is DayKind.WORK
    assert days[date(2027, 1, 1)].kind is DayKind.REST
    assert published_years(list(days.values())) == set(range(2004, 2027))
