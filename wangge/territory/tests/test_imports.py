from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.db import connection
from shapely.geometry import box

from wangge.audit.models import AccessEntry
from wangge.common.refusals import Refused
from wangge.territory import lookup
from wangge.territory.areas_file import AreaRow, read_areas
from wangge.territory.boundaries import BoundaryRow
from wangge.territory.bulk import Outcome
from wangge.territory.imports import import_areas, import_boundaries, known_levels
from wangge.territory.models import Area, TerritoryVersion, UnitGrid
from wangge.territory.row_errors import RowsRefused
from wangge.territory.shapes import from_wkb

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 6, 1, 0, tzinfo=UTC)
DIVISIONS = settings.TRIAL_DATA / "divisions"


def row(code: str, name: str, level: str, parent: str | None = None, kind: str = "") -> AreaRow:
    return AreaRow(2, "areas.csv", code, name, level, kind, parent, None)


COUNTY = [
    row("99010100100100101", "甲微网格", "micro", "990101001001001", "micro"),
    row("990101", "示范区", "county"),
    row("990101001", "一街道", "street", "990101"),
    row("990101002", "二街道", "street", "990101"),
    row("990101001001", "一社区", "community", "990101001"),
    row("990101001001001", "甲网格", "grid", "990101001001", "general"),
]


def boundary(
    code: str, level: str, west: float = 118.9, name: str = "", parent: str | None = None
) -> BoundaryRow:
    return BoundaryRow(1, code, name, level, parent, box(west, 32.9, west + 0.01, 32.91))


def imported(rows: list[AreaRow], dry_run: bool = False) -> Outcome:
    return import_areas(rows, by=None, at=NOW, dry_run=dry_run)


def bounded(*rows: BoundaryRow, dry_run: bool = False) -> Outcome:
    return import_boundaries(rows, by=None, at=NOW, dry_run=dry_run)


def area(code: str) -> Area:
    return Area.objects.get(code=code)


def test_a_tree_is_stored_with_its_paths_whatever_the_order_of_rows() -> None:
    assert imported(COUNTY) == Outcome(created=6, changed=0, unchanged=0)
    micro, grid, county = area("99010100100100101"), area("990101001001001"), area("990101")
    assert (micro.parent, grid.kind, county.parent) == (grid, "general", None)
    assert micro.path == f"{grid.path}{micro.pk}/"
    assert county.path == f"/{county.pk}/"
    assert grid.path.startswith(county.path)
    assert grid.valid_from == date(1949, 10, 1)


def test_the_same_file_again_changes_nothing_and_leaves_no_entry() -> None:
    imported(COUNTY)
    before, entries = TerritoryVersion.objects.get().number, AccessEntry.objects.count()
    assert imported(COUNTY) == Outcome(created=0, changed=0, unchanged=6)
    assert TerritoryVersion.objects.get().number == before
    assert (Area.objects.count(), AccessEntry.objects.count()) == (6, entries)


def test_a_new_name_and_a_new_parent_are_taken_over_and_the_subtree_moves_along() -> None:
    imported(COUNTY)
    moved = [row("990101001001", "一社区（新）", "community", "990101002")]
    assert imported(moved) == Outcome(created=0, changed=1, unchanged=0)
    community = area("990101001001")
    assert (community.name, community.parent) == ("一社区（新）", area("990101002"))
    assert area("99010100100100101").path.startswith(area("990101002").path)


def test_a_dry_run_counts_and_stores_nothing() -> None:
    before = TerritoryVersion.objects.get().number
    assert imported(COUNTY, dry_run=True) == Outcome(created=6, changed=0, unchanged=0)
    assert not Area.objects.exists()
    assert not AccessEntry.objects.exists()
    assert TerritoryVersion.objects.get().number == before


def test_an_import_is_an_administrative_act_and_is_logged_with_its_counts() -> None:
    imported(COUNTY)
    entry = AccessEntry.objects.get()
    assert (entry.act, entry.at, entry.detail) == ("areas.imported", NOW, {"created": 6, "changed": 0})


def test_a_retired_code_is_never_given_again() -> None:
    imported(COUNTY)
    Area.objects.filter(code="990101001001001").update(valid_to=date(2026, 1, 1))
    with pytest.raises(Refused, match="990101001001001"):
        imported(COUNTY[-2:])
    assert Area.objects.filter(code="990101001001001").count() == 1


@pytest.mark.slow
@pytest.mark.skipif(not DIVISIONS.exists(), reason="the trial data is not here; set WANGGE_TRIAL_DATA")
def test_the_whole_country_is_stored_and_twice_is_the_same() -> None:
    rows, errors = read_areas([DIVISIONS], known_levels())
    assert errors == []
    assert imported(rows) == Outcome(created=41_843, changed=0, unchanged=0)
    assert imported(rows) == Outcome(created=0, changed=0, unchanged=41_843)
    assert Area.objects.filter(level="street", path__startswith=area("44").path).count() > 1000
    assert area("110101001").path.count("/") == 5


def test_a_boundary_goes_to_its_area_with_a_centre_and_keeps_the_rest() -> None:
    imported(COUNTY)
    assert bounded(boundary("990101001001001", "grid")) == Outcome(created=0, changed=1, unchanged=0)
    grid = area("990101001001001")
    assert (grid.name, grid.kind, grid.parent) == ("甲网格", "general", area("990101001001"))
    assert (grid.centre_lon, grid.centre_lat) == (118.905, 32.905)
    assert grid.boundary
    assert from_wkb(grid.boundary).equals(box(118.9, 32.9, 118.91, 32.91))
    assert bounded(boundary("990101001001001", "grid")) == Outcome(created=0, changed=0, unchanged=1)


def test_an_areas_parent_is_not_overruled_by_the_digits_of_its_code() -> None:
    imported(COUNTY)
    imported([row("990101001001", "一社区", "community", "990101002")])
    bounded(boundary("990101001001", "community"))
    assert area("990101001001").parent == area("990101002")


def test_new_areas_may_come_with_their_boundaries_children_before_parents() -> None:
    imported(COUNTY)
    outcome = bounded(
        boundary("990101002001001", "grid", 118.91, "丁网格"),
        boundary("990101002001", "community", 118.91, "二社区", parent="990101002000"),
    )
    assert outcome == Outcome(created=2, changed=0, unchanged=0)
    grid = area("990101002001001")
    assert (grid.kind, grid.parent) == ("general", area("990101002001"))
    assert grid.path.startswith(area("990101002").path)


def test_unit_grids_belong_to_their_community_and_know_their_size() -> None:
    imported(COUNTY)
    assert bounded(boundary("990101001001901", "unit_grid")) == Outcome(created=1, changed=0, unchanged=0)
    cell = UnitGrid.objects.get()
    assert cell.community == area("990101001001")
    assert cell.area_m2 == pytest.approx(936 * 1109, rel=0.01)
    assert bounded(boundary("990101001001901", "unit_grid", 118.95)) == Outcome(0, changed=1, unchanged=0)
    assert UnitGrid.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (boundary("990101001001002", "grid"), "name"),
        (boundary("990101001001002", "grid", name="戊", parent="123456"), "parent"),
        (boundary("990101001001002", "grid", name="戊", parent="990101001001001"), "parent"),
        (boundary("990101001001", "grid", name="改级"), "level"),
        (boundary("880101001001002", "grid", name="外地"), "parent"),
        (boundary("880101001001901", "unit_grid"), "parent"),
        (boundary("990101001001901", "unit_grid", parent="990101001"), "parent"),
    ],
    ids=[
        "new without name", "unknown parent", "parent of the same level", "another level", "no parent at all",
        "unit grid of nowhere", "unit grid of a street",
    ],
)  # fmt: skip
def test_one_row_that_cannot_be_placed_stops_the_whole_file(wrong: BoundaryRow, field: str) -> None:
    imported(COUNTY)
    with pytest.raises(RowsRefused) as refusal:
        bounded(boundary("990101001001001", "grid"), wrong)
    assert [error.field for error in refusal.value.errors] == [field]
    assert not Area.objects.exclude(boundary=None).exists()


def test_the_new_grid_is_found_at_once_in_this_process() -> None:
    imported(COUNTY)
    lookup.forget()
    assert lookup.place(118.905, 32.905).how == "none"
    bounded(boundary("990101001001001", "grid"))
    lookup.forget()  # what committing does; this test never commits
    assert lookup.place(118.905, 32.905).grid_id == area("990101001001001").pk
    assert connection.in_atomic_block
