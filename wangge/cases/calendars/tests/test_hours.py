"""Hours as people write them are understood, or refused with the reason."""

import pytest

from wangge.cases.calendars.hours import Row, days_of, read_day_of_year, read_hours, read_seasons
from wangge.common.refusals import Refused


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("09:00-12:00 13:00-18:00", ["09:00-12:00", "13:00-18:00"]),
        ("9:00–12:00，13：00～18：00", ["09:00-12:00", "13:00-18:00"]),
        ("8:30 至 12:00、14:00 - 17:30", ["08:30-12:00", "14:00-17:30"]),
        ("００:００-06:00 22:00-24:00", ["00:00-06:00", "22:00-24:00"]),
        ("09:00-12:00 12:00-18:00", ["09:00-12:00", "12:00-18:00"]),
    ],
)
def test_hours_are_read_as_people_write_them(written: str, read: list[str]) -> None:
    assert read_hours(written) == read


@pytest.mark.parametrize(
    "written", ["", "  ", "9-12", "09:00-09:00", "18:00-09:00", "09:00-25:00", "09:75-10:00", "morning"]
)
def test_what_is_no_stretch_is_refused(written: str) -> None:
    with pytest.raises(Refused):
        read_hours(written)


def test_overlapping_and_disordered_stretches_are_refused() -> None:
    for written in ("09:00-13:00 12:00-18:00", "13:00-18:00 09:00-12:00"):
        with pytest.raises(Refused, match=r"12:00|13:00"):
            read_hours(written)


@pytest.mark.parametrize(("written", "read"), [("6-1", "06-01"), ("6月1日", "06-01"), ("02-29", "02-29")])
def test_days_of_the_year_are_read(written: str, read: str) -> None:
    assert read_day_of_year(written, "first") == read


@pytest.mark.parametrize("written", ["02-30", "13-01", "0-1", "June 1", ""])
def test_what_is_no_day_of_the_year_is_refused(written: str) -> None:
    with pytest.raises(Refused):
        read_day_of_year(written, "first")


def test_a_season_may_run_over_new_year_and_what_none_covers_keeps_the_hours_of_all_year() -> None:
    winter = Row(1, "11-01", "03-31", "09:00-12:00 13:00-17:00")
    read = read_seasons("08:00-12:00 14:00-18:00", [winter, Row(2, "", "", "")])
    assert [season["from"] for season in read] == ["01-01", "11-01"]
    covered = days_of(read[1])
    assert len(covered) == 30 + 31 + 31 + 29 + 31
    assert {day.month for day in covered} == {11, 12, 1, 2, 3}


def test_two_seasons_that_claim_one_day_are_refused_also_over_new_year() -> None:
    with pytest.raises(Refused, match="01-05"):
        read_seasons(
            "09:00-17:00", [Row(1, "11-01", "01-05", "9:00-10:00"), Row(2, "01-05", "02-01", "9:00-10:00")]
        )


def test_a_season_with_a_fault_is_named_by_its_number() -> None:
    with pytest.raises(Refused, match="3"):
        read_seasons("09:00-17:00", [Row(3, "06-01", "", "09:00-10:00")])
    with pytest.raises(Refused):
        read_seasons("09:00-17:00", [Row(1, "06-01", "07-01", "")])
