"""Rows of the duty list that hold at some times only: at night, in summer, until a date."""

from datetime import date, datetime

import pytest

from wangge.cases.duty import holds, propose_unit
from wangge.cases.models import DutyRow
from wangge.cases.tests.cast import SHANGHAI, Cast
from wangge.cases.workflow import Stage


def at(words: str) -> datetime:
    return datetime.strptime(words, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("window", "moment", "yes"),
    [
        ({}, "2026-06-10 10:00", True),
        ({"hours": "18:00-08:00"}, "2026-06-10 23:30", True),
        ({"hours": "18:00-08:00"}, "2026-06-10 07:59", True),
        ({"hours": "18:00-08:00"}, "2026-06-10 08:00", False),
        ({"hours": "08:00-18:00"}, "2026-06-10 18:00", False),
        ({"season_from": "11-15", "season_to": "03-15"}, "2026-01-02 10:00", True),
        ({"season_from": "11-15", "season_to": "03-15"}, "2026-03-15 23:59", True),
        ({"season_from": "11-15", "season_to": "03-15"}, "2026-03-16 00:00", False),
        ({"valid_to": date(2026, 7, 1)}, "2026-06-30 23:59", True),
        ({"valid_to": date(2026, 7, 1)}, "2026-07-01 00:00", False),
        ({"valid_from": date(2026, 7, 1)}, "2026-06-30 23:59", False),
    ],
)
def test_a_row_holds_within_its_times(window: dict[str, object], moment: str, yes: bool) -> None:
    assert holds(DutyRow(**window), at(moment)) is yes


def test_at_night_the_emergency_team_is_proposed_and_in_the_morning_the_department(cast: Cast) -> None:
    case = cast.case_at(Stage.FILED)
    assert case.condition is not None
    DutyRow.objects.create(
        area=cast.place.county, unit_role=case.condition.unit_role, unit=cast.water, hours="18:00-08:00"
    )
    night, morning = (propose_unit(case, at(f"2026-06-10 {hour}")) for hour in ("22:00", "09:00"))
    assert night is not None
    assert morning is not None
    assert (night.unit, morning.unit) == (cast.water, cast.lamps)
