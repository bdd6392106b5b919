"""What every test begins with: the shipped configuration, whatever other tests said and took back."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from wangge.cases import clocks
from wangge.cases.models import Calendar, CalendarDay, MatterClass, StageLimit
from wangge.cases.seed import seed_configuration
from wangge.cases.tests.cast import IN_GRID_A, LAMP, Cast
from wangge.common.refusals import Refused
from wangge.intake.channels.open311.catalogue import catalogue, look_again
from wangge.territory import lookup
from wangge.territory.models import ForceKind

HOLIDAY = date(2026, 10, 1)
NOWHERE = "postgresql://nobody@127.0.0.1:9/none"


def remembered() -> tuple[bool, object, str, int]:
    """What this process has in memory of the configuration."""
    calendar = clocks.calendar_for("/").calendar
    return (
        calendar.is_working_day(HOLIDAY),
        clocks.stage_limit("accept"),
        catalogue().services[LAMP].matter.name,
        len(catalogue().services),
    )


def turn_over() -> None:
    """Say something else in every table that processes keep in memory."""
    CalendarDay.objects.filter(day=HOLIDAY).update(kind="work")
    StageLimit.objects.filter(clock="accept").update(limit_amount=77)
    MatterClass.objects.filter(code=LAMP).update(name="月亮")
    MatterClass.objects.exclude(code=LAMP).update(in_force=False)
    clocks.look_again()
    look_again()


@pytest.fixture(scope="module")
def first_seen() -> list[object]:
    return []


@pytest.mark.django_db
@pytest.mark.parametrize("turn", [1, 2])
def test_nobody_meets_what_another_test_took_back(turn: int, first_seen: list[object]) -> None:
    first_seen.append(remembered())
    assert remembered() == first_seen[0]
    turn_over()
    assert (remembered()[0], remembered()[2:]) == (True, ("月亮", 1))
    assert remembered()[1] != first_seen[0][1]  # type: ignore[index]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_nobody_meets_what_another_test_committed(turn: int) -> None:
    assert remembered()[0] is False
    assert MatterClass.objects.filter(in_force=True).count() > 200
    assert not Calendar.objects.filter(code="night").exists()
    assert ForceKind.objects.filter(code="micro_worker").exists()  # what migrations store is there too
    ForceKind.objects.all().delete()
    Calendar.objects.filter(code="default").update(in_force=False)
    Calendar.objects.create(code="night", name="夜班", shifts=[{"hours": ["00:00-24:00"]}], weekly_rest=[])
    turn_over()
    assert remembered()[0] is True


@pytest.mark.parametrize("turn", [1, 2])
def test_the_territory_is_that_of_the_test(turn: int, db: None) -> None:
    with pytest.raises(Refused):
        lookup.place(*IN_GRID_A)


def test_the_territory_of_the_cast(cast: Cast) -> None:
    assert lookup.place(*IN_GRID_A).grid_id == cast.place.grid_a.pk


@pytest.mark.django_db
def test_the_ground_is_what_the_program_ships() -> None:
    def rows() -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c::text FROM cases_matterclass c UNION ALL SELECT f::text FROM cases_filingcondition f"
            )
            return sorted(cursor.fetchall())

    before = rows()
    seed_configuration()
    assert rows() == before


def test_who_did_not_ask_for_the_database_does_not_reach_it() -> None:
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        connection.ensure_connection()


def test_nor_does_a_program_that_such_a_test_starts() -> None:
    look = "import django; django.setup(); from django.db import connection; connection.ensure_connection()"
    said = subprocess.run(
        [sys.executable, "-c", look],
        cwd=Path(settings.BASE_DIR),
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.returncode == 1
    assert "OperationalError" in said.stderr


@pytest.mark.django_db
def test_a_mark_tells_it_apart(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("database")


def test_so_does_a_fixture_that_asks_for_it(cast: Cast, request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("database")


def test_others_need_no_repetition_on_another_database(request: pytest.FixtureRequest) -> None:
    assert not request.node.get_closest_marker("database")
    assert os.environ["DATABASE_URL"] == NOWHERE
