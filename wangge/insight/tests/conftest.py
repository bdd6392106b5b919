"""A month of matters whose numbers one can count by hand."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from wangge.accounts.models import Account, Role
from wangge.cases import actions
from wangge.cases.actions.history import History, store_history
from wangge.cases.models import Calendar, Case
from wangge.cases.tests.cast import IN_GRID_A, IN_GRID_B, IN_GRID_C, NOON, Cast, assemble
from wangge.cases.workflow import Stage
from wangge.insight.measures import Look
from wangge.territory import lookup

SignIn = Callable[[Account], Client]
DAY = timedelta(days=1)


@pytest.fixture
def signed_in() -> SignIn:
    """A browser in which this person has signed in."""

    def sign_in(person: Account) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def leader(cast: Cast) -> Account:
    return cast.person("leader", "区领导", Role.LEADER, cast.place.county)


def past(
    cast: Cast, key: str, point: tuple[float, float], *, days_ago: int, due: int | None, closed: int | None
) -> History:
    """A case taken over from another system: due and closed so many days after it was filed, or never."""
    opened, place = NOON - days_ago * DAY, lookup.place(*point)
    return History(
        source_key=key,
        opened_at=opened,
        matter_id=cast.lamp.pk,
        unit_id=cast.lamps.pk,
        area_id=place.area_id,
        path=place.path,
        target_at=None if due is None else opened + due * DAY,
        closed_at=None if closed is None else opened + closed * DAY,
        lon=point[0],
        lat=point[1],
        grid_id=place.grid_id,
    )


AFTER_THE_MONTH = NOON + timedelta(minutes=20)


def tell_month(cast: Cast) -> None:
    """Six cases should be closed: 4 were in time, 1 was late, 1 is still open; more around them."""
    _ = cast.centre  # what has no place is received there
    histories = [
        past(cast, "in time 1", IN_GRID_A, days_ago=10, due=3, closed=2),
        past(cast, "in time 2", IN_GRID_A, days_ago=10, due=3, closed=3),
        past(cast, "in time 3", IN_GRID_C, days_ago=10, due=3, closed=2),
        past(cast, "in time 4, closed today", IN_GRID_B, days_ago=2, due=5, closed=2),
        past(cast, "late", IN_GRID_B, days_ago=12, due=1, closed=2),
        past(cast, "due and open", IN_GRID_A, days_ago=8, due=3, closed=None),
        past(cast, "before the window", IN_GRID_A, days_ago=40, due=3, closed=2),
        past(cast, "without a due moment", IN_GRID_A, days_ago=9, due=None, closed=2),
        past(cast, "five of six days used", IN_GRID_C, days_ago=5, due=6, closed=None),
    ]
    store_history(histories, source="old", calendar_id=Calendar.objects.get().pk)
    accepted = Case.objects.get(reports__source_key="due and open")
    actions.accept_case(accepted, by=cast.clerk, at=NOON - DAY)
    cast.case_at(Stage.FILED)  # today, in grid A
    cast.report(at=NOON - 3 * DAY)  # waits too long
    cast.report(at=NOON)
    cast.report(point=None, at=NOON)
    cast.report_at(Stage.VERIFYING)


@pytest.fixture(scope="module")
def told_month(standing: None) -> Cast:
    """The cast after that month, told once for all tests of a file; none of them changes it, each takes a copy."""
    cast = assemble()
    tell_month(cast)
    return cast


@pytest.fixture
def look(cast: Cast) -> Look:
    """The overseer looks at the whole district when the month has been told."""
    return Look(cast.overseer, AFTER_THE_MONTH)
