"""What stands in the territory follows its areas: facilities and buildings, by a change or by a file."""

from datetime import date, datetime
from functools import partial

import pytest
import shapely
from shapely.geometry import box

from config.listeners import LISTENERS
from wangge.accounts.models import Account, Role
from wangge.audit.relay import relay_all
from wangge.cases.tests.cast import SHANGHAI, Cast
from wangge.registry import households, territory
from wangge.registry.models import Building, Facility, FacilityClass
from wangge.territory.boundaries import BoundaryRow
from wangge.territory.cells import cell
from wangge.territory.changes import deciding, drafting, steps
from wangge.territory.imports import import_boundaries
from wangge.territory.models import Area, TerritoryChange

NOON = datetime(2026, 6, 10, 10, 0, tzinfo=SHANGHAI)
ONE = "990101001001"


@pytest.fixture
def boss(cast: Cast) -> Account:
    return cast.person("boss", "区划主任", Role.TERRITORY, cast.place.county)


@pytest.fixture
def change(cast: Cast, boss: Account) -> TerritoryChange:
    return drafting.begin(cast.place.county, title="调整社区", by=boss, at=NOON)


def put_into_force(cast: Cast, change: TerritoryChange, boss: Account) -> None:
    drafting.propose(change, by=boss, at=NOON)
    other = cast.person("approver", "区划员老马", Role.TERRITORY, cast.place.county)
    deciding.approve(change, by=other, at=NOON)
    relay_all(LISTENERS)


def lamp(lon: float, lat: float, grid: Area | None) -> Facility:
    kind = FacilityClass.objects.create(
        standard="T", code="0101", major_code="01", major_name="公用", name="路灯"
    )
    return Facility.objects.create(
        code="0101000000000001", facility_class=kind, lon=lon, lat=lat, cell=cell(lon, lat), grid=grid,
        surveyed_on=date(2026, 1, 1),
    )  # fmt: skip


def house(lon: float, lat: float, grid: Area | None) -> Building:
    return Building.objects.create(
        address="人民路1号", floors=6, households=24, lon=lon, lat=lat, cell=cell(lon, lat), grid=grid,
        footprint=shapely.to_wkb(box(lon, lat, lon + 0.0001, lat + 0.0001)),
    )  # fmt: skip


def test_what_stood_in_no_grid_stands_in_the_new_one(
    cast: Cast, change: TerritoryChange, boss: Account
) -> None:
    one, other = lamp(118.905, 32.915, None), house(118.906, 32.915, None)
    north = box(118.90, 32.91, 118.91, 32.92)
    drafting.take(
        change,
        partial(
            steps.create,
            code="990101001001003",
            name="北",
            level="grid",
            kind="general",
            parent=ONE,
            shape=north,
        ),
        by=boss,
        at=NOON,
    )
    put_into_force(cast, change, boss)
    new = Area.objects.get(code="990101001001003")
    assert (Facility.objects.get(pk=one.pk).grid, Building.objects.get(pk=other.pk).grid) == (new, new)
    assert new.households == 24


def test_things_follow_a_boundary_that_a_file_has_redrawn(cast: Cast) -> None:
    a, b = cast.place.grid_a, cast.place.grid_b
    one, other = lamp(118.908, 32.905, a), house(118.908, 32.906, a)
    rows = [
        BoundaryRow(1, a.code, "", "grid", None, box(118.90, 32.90, 118.904, 32.91)),
        BoundaryRow(2, b.code, "", "grid", None, box(118.904, 32.90, 118.92, 32.91)),
    ]
    import_boundaries(rows, by=None, at=NOON)
    territory.locate_anew()
    assert (Facility.objects.get(pk=one.pk).grid, Building.objects.get(pk=other.pk).grid) == (b, b)
    assert Area.objects.get(pk=b.pk).households == 24


def test_a_grid_that_loses_its_last_building_has_no_households_left(cast: Cast) -> None:
    a, b, community = cast.place.grid_a, cast.place.grid_b, cast.place.community
    Area.objects.filter(pk=a.pk).update(households=24)
    house(118.908, 32.906, a)
    rows = [
        BoundaryRow(1, a.code, "", "grid", None, box(118.90, 32.90, 118.904, 32.91)),
        BoundaryRow(2, b.code, "", "grid", None, box(118.904, 32.90, 118.92, 32.91)),
    ]
    import_boundaries(rows, by=None, at=NOON)
    territory.locate_anew()
    counted = dict(Area.objects.values_list("pk", "households"))
    assert (counted[a.pk], counted[b.pk], counted[community.pk]) == (0, 24, 24)


def test_households_follow_a_grid_into_another_community(
    cast: Cast, change: TerritoryChange, boss: Account
) -> None:
    grid, community = cast.place.grid_a, cast.place.community
    house(118.905, 32.905, grid)
    territory.locate_anew()
    other = Area.objects.get(code="990101001002")
    drafting.take(change, partial(steps.move, code=grid.code, parent=other.code), by=boss, at=NOON)
    put_into_force(cast, change, boss)
    counted = dict(Area.objects.values_list("pk", "households"))
    assert (counted[grid.pk], counted[other.pk], counted[community.pk]) == (24, 24, 0)
    assert counted[cast.place.county.pk] == 24


def test_where_no_building_is_registered_the_number_is_unknown_and_not_nought(cast: Cast) -> None:
    Area.objects.filter(pk=cast.place.grid_a.pk).update(households=24)
    territory.locate_anew()
    assert Area.objects.get(pk=cast.place.grid_a.pk).households is None


def test_a_micro_grid_has_the_households_on_its_ground(cast: Cast) -> None:
    grid = cast.place.grid_a
    house(118.905, 32.905, grid)
    micros = [
        Area.objects.create(
            code=f"{grid.code}0{number}", name=f"微{number}", level="micro", parent=grid, path="",
            boundary=shapely.to_wkb(box(*corners)),
        )
        for number, corners in enumerate([(118.90, 32.90, 118.904, 32.91), (118.904, 32.90, 118.91, 32.91)])
    ]  # fmt: skip
    households.count([grid.pk])
    assert [Area.objects.get(pk=micro.pk).households for micro in micros] == [0, 24]
