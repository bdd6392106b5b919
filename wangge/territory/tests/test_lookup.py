from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.utils import timezone
from shapely.geometry import box

from wangge.accounts.models import Unit
from wangge.common.refusals import Refused
from wangge.territory import lookup
from wangge.territory.locator import Locator
from wangge.territory.models import Area, TerritoryVersion, UnitArea, UnitGrid
from wangge.territory.shapes import to_wkb

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unread() -> Iterator[None]:
    lookup.forget()
    yield
    lookup.forget()


def area(code: str, level: str, parent: Area | None = None, west: float | None = None, **more: date) -> Area:
    boundary = None if west is None else to_wkb(box(west, 32.9, west + 0.01, 32.91))
    made = Area.objects.create(
        code=code, name=code, level=level, parent=parent, path="", boundary=boundary, **more
    )
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save()
    return made


@pytest.fixture
def community() -> Area:
    return area("990101001001", "community", area("990101", "county"))


@pytest.fixture
def grid(community: Area) -> Area:
    return area("990101001001001", "grid", community, 118.90)


def test_a_point_inside_gets_its_grid_its_path_and_its_unit_grid(grid: Area, community: Area) -> None:
    cell = UnitGrid.objects.create(
        code="990101001001901",
        community=community,
        boundary=to_wkb(box(118.90, 32.90, 118.91, 32.905)),
        area_m2=1,
    )
    assert lookup.place(118.905, 32.902) == lookup.Place(grid.pk, grid.path, "inside", grid.pk, cell.pk)
    assert lookup.place(118.905, 32.908).unit_grid_id is None


def test_a_point_outside_every_grid_goes_to_the_community_of_the_nearest(grid: Area, community: Area) -> None:
    area("990101001002001", "grid", area("990101001002", "community", community.parent), 118.95)
    assert lookup.place(118.89, 32.905) == lookup.Place(community.pk, community.path, "nearest")


def test_a_report_without_a_point_goes_to_the_area_of_the_first_centre(grid: Area, community: Area) -> None:
    centre = Unit.objects.create(name="中心", kind="centre")
    UnitArea.objects.create(unit=centre, area=community)
    assert lookup.place(None, None) == lookup.Place(community.pk, community.path, "none")


def test_without_a_centre_it_goes_to_the_root(grid: Area) -> None:
    assert lookup.place(None, None).path == Area.objects.get(code="990101").path


def test_an_installation_without_areas_says_how_to_get_some() -> None:
    with pytest.raises(Refused, match="wangge import areas"):
        lookup.place(118.905, 32.905)


def test_a_retired_and_a_future_grid_are_not_found(community: Area) -> None:
    today = timezone.localdate()
    area("990101001001001", "grid", community, 118.90, valid_to=today)
    area("990101001001002", "grid", community, 118.90, valid_from=today + timedelta(days=1))
    assert lookup.place(118.905, 32.905).how == "none"
    in_force = area("990101001001003", "grid", community, 118.90, valid_from=today)
    lookup.forget()
    assert lookup.place(118.905, 32.905).grid_id == in_force.pk


def test_a_change_by_another_process_is_noticed_after_the_wait_and_not_before(
    grid: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "CHECK_SECONDS", 60)
    lookup.place(118.905, 32.905)
    Area.objects.filter(pk=grid.pk).update(boundary=None)
    TerritoryVersion.objects.update(number=10**6)
    assert lookup.place(118.905, 32.905).how == "inside"
    monkeypatch.setattr(lookup, "CHECK_SECONDS", 0)
    assert lookup.place(118.905, 32.905).how == "none"


def test_an_unchanged_territory_is_asked_for_its_version_only(
    grid: Area, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    lookup.place(118.905, 32.905)
    monkeypatch.setattr(lookup, "CHECK_SECONDS", 0)
    with django_assert_num_queries(1):  # type: ignore[operator]
        lookup.place(118.905, 32.905)
    monkeypatch.setattr(lookup, "CHECK_SECONDS", 60)
    with django_assert_num_queries(0):  # type: ignore[operator]
        lookup.place(118.905, 32.905)


def test_many_threads_at_once_read_the_territory_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads have connections of their own, so the reading itself is stood in for."""
    read: list[int] = []
    empty = Locator([], [], [])

    def load(version: int, today: date) -> lookup._Known:
        read.append(version)
        return lookup._Known(version, today, empty, empty, {}, {}, (7, "/7/"), frozenset())

    monkeypatch.setattr(lookup, "_version", lambda: 1)
    monkeypatch.setattr(lookup, "_load", load)
    with ThreadPoolExecutor(8) as threads:
        places = list(threads.map(lambda _n: lookup.place(118.905, 32.905), range(64)))
    assert read == [1]
    assert {place.area_id for place in places} == {7}
