"""Unit grids over time: split, merged, redrawn and ended like governance grids, in changes of their own."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import translation
from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry

from config.listeners import LISTENERS
from wangge.accounts.models import Account, Role
from wangge.audit.relay import relay_all
from wangge.cases.models import Report
from wangge.cases.tests.cast import SHANGHAI, Cast
from wangge.cases.tests.screens import at_desk, words_of
from wangge.common.refusals import Refused
from wangge.common.tiles import Tile
from wangge.registry.models import Facility, FacilityClass
from wangge.territory import history, lookup, tiles
from wangge.territory.cells import cell
from wangge.territory.changes import deciding, drafting, effects, steps
from wangge.territory.changes.plan import Plan, lines
from wangge.territory.changes.queries import told_of
from wangge.territory.models import Area, FormerUnitGrid, TerritoryChange, UnitGrid
from wangge.territory.shapes import from_wkb

NOON = datetime(2026, 6, 10, 10, 0, tzinfo=SHANGHAI)
TODAY = NOON.date()
OLD, WEST, EAST = "990101001001901", "990101001001902", "990101001001903"
COMMUNITY, OTHER = "990101001001", "990101001002"
ACROSS = LineString([(118.905, 32.89), (118.905, 32.92)])
IN_WEST, IN_EAST = (118.902, 32.905), (118.908, 32.905)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def drafter(cast: Cast) -> Account:
    return cast.person("drafter", "区划员小何", Role.TERRITORY, cast.place.street)


@pytest.fixture
def approver(cast: Cast) -> Account:
    return cast.person("approver", "区划员老马", Role.TERRITORY, cast.place.county)


@pytest.fixture
def draft(cast: Cast, drafter: Account) -> TerritoryChange:
    return drafting.begin(
        cast.place.street, title="重划单元网格", by=drafter, at=NOON, about=TerritoryChange.About.UNIT_GRIDS
    )


def split(change: TerritoryChange, by: Account) -> None:
    def step(plan: Plan, before: Any) -> Plan:
        return steps.split(plan, before, code=OLD, line=ACROSS, parts=[(WEST, ""), (EAST, "")])

    drafting.take(change, step, by=by, at=NOON)


def through(change: TerritoryChange, drafter: Account, approver: Account, at: datetime = NOON) -> None:
    drafting.propose(change, by=drafter, at=at)
    deciding.approve(change, by=approver, at=at)
    lookup.forget()


def unit_grid_on(point: tuple[float, float], day: date) -> str | None:
    found = lookup.place_on(*point, day)
    return UnitGrid.objects.get(pk=found.unit_grid_id).code if found and found.unit_grid_id else None


def shape_of(code: str) -> BaseGeometry:
    return from_wkb(UnitGrid.objects.get(code=code).boundary)


def test_a_split_ends_the_old_one_and_history_tells_both(
    draft: TerritoryChange, drafter: Account, approver: Account
):
    split(draft, drafter)
    through(draft, drafter, approver)
    old, west = UnitGrid.objects.get(code=OLD), UnitGrid.objects.get(code=WEST)
    assert (old.valid_to, west.valid_from, west.community.code) == (TODAY, TODAY, COMMUNITY)
    assert west.area_m2 == pytest.approx(522_000, rel=0.05)
    assert unit_grid_on(IN_WEST, TODAY) == WEST
    assert unit_grid_on(IN_EAST, TODAY) == EAST
    assert unit_grid_on(IN_EAST, TODAY - timedelta(days=1)) == OLD
    assert [line.act for line in told_of(draft)] == ["end", "new", "new"]


def test_merged_again_a_day_later_under_a_third_code(
    draft: TerritoryChange, drafter: Account, approver: Account, cast: Cast
):
    split(draft, drafter)
    through(draft, drafter, approver)
    later = NOON + timedelta(days=1)
    again = drafting.begin(
        cast.place.community, title="合并", by=drafter, at=later, about=TerritoryChange.About.UNIT_GRIDS
    )
    whole = "990101001001904"
    drafting.take(
        again,
        lambda plan, before: steps.merge(plan, before, olds=[WEST, EAST], code=whole, name=""),
        by=drafter,
        at=later,
    )
    through(again, drafter, approver, later)
    assert shape_of(whole).symmetric_difference(shape_of(OLD)).area < 1e-12
    assert UnitGrid.objects.filter(valid_to=None).count() == 1


def test_a_redrawn_border_keeps_the_former_shape_and_tiles_of_that_day(
    draft: TerritoryChange, drafter: Account, approver: Account
):
    split(draft, drafter)
    through(draft, drafter, approver)
    later = NOON + timedelta(days=3)
    again = drafting.begin(
        draft.within, title="边界", by=drafter, at=later, about=TerritoryChange.About.UNIT_GRIDS
    )
    wider = box(118.90, 32.90, 118.907, 32.91)
    drafting.take(
        again,
        lambda plan, before: steps.redraw(plan, before, {WEST: wider}, neighbours_follow=True),
        by=drafter,
        at=later,
    )
    through(again, drafter, approver, later)
    state = FormerUnitGrid.objects.get(unit_grid__code=WEST)
    assert (state.valid_from, state.valid_to) == (TODAY, later.date())
    assert unit_grid_on((118.906, 32.905), later.date()) == WEST
    assert unit_grid_on((118.906, 32.905), TODAY) == EAST
    assert history.turning_point(later.date()) == later.date()
    then = {each.code: from_wkb(each.boundary_then) for each in history.unit_grids_on(TODAY)}
    assert then[EAST].bounds[0] == pytest.approx(118.905)
    assert shape_of(EAST).bounds[0] == pytest.approx(118.907)
    drawn = Tile(14, *_tile_at(118.905, 32.905, 14))
    Area.objects.filter(code=COMMUNITY).update(boundary=Area.objects.get(code=f"{COMMUNITY}001").boundary)
    assert tiles.unit_grids(drawn, TODAY) != tiles.unit_grids(drawn, later.date())


def _tile_at(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    import math

    x = int((lon / 360 + 0.5) * 2**zoom)
    sine = math.sin(math.radians(lat))
    return x, int((0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * 2**zoom)


def test_one_that_ends_gives_its_ground_away_or_stands_against_the_change(
    draft: TerritoryChange, drafter: Account
):
    split(draft, drafter)
    drafting.take(draft, lambda plan, before: steps.end(plan, before, code=EAST), by=drafter, at=NOON)
    assert [fault.kind for fault in drafting.open_draft(draft).faults()] == ["gap"]
    drafting.undo(draft, by=drafter, at=NOON)
    drafting.take(
        draft, lambda plan, before: steps.end(plan, before, code=EAST, into=WEST), by=drafter, at=NOON
    )
    assert drafting.open_draft(draft).faults() == []


def test_a_unit_grid_lies_in_a_community_and_governance_grids_are_not_touched(
    draft: TerritoryChange, drafter: Account, cast: Cast
):
    shape = box(118.91, 32.90, 118.92, 32.91)
    with pytest.raises(Refused, match="no area"):
        drafting.take(
            draft,
            lambda plan, before: steps.rename(plan, before, code=cast.place.grid_a.code, name="x"),
            by=drafter,
            at=NOON,
        )
    with pytest.raises(Refused, match="has a boundary"):
        drafting.take(draft, creating(EAST, COMMUNITY, None), by=drafter, at=NOON)
    drafting.take(draft, creating(EAST, "990101001", shape), by=drafter, at=NOON)
    assert "lies in no community" in drafting.open_draft(draft).faults()[0].sentence


def creating(code: str, parent: str, shape: BaseGeometry | None) -> Any:
    def step(plan: Plan, before: Any) -> Plan:
        return steps.create(
            plan, before, code=code, name="", level="unit_grid", kind="", parent=parent, shape=shape
        )

    return step


def test_a_code_of_a_governance_grid_is_free_and_one_that_was_given_is_not(
    draft: TerritoryChange, drafter: Account, cast: Cast
):
    shape = box(118.91, 32.90, 118.92, 32.91)
    drafting.take(draft, creating(cast.place.grid_a.code, COMMUNITY, shape), by=drafter, at=NOON)
    with pytest.raises(Refused, match="never given twice"):
        drafting.take(draft, creating(OLD, COMMUNITY, shape), by=drafter, at=NOON)


@pytest.fixture
def lamp(cast: Cast) -> Facility:
    kind = FacilityClass.objects.create(code="0101", name="路灯", name_en="Lamp")
    lon, lat = IN_EAST
    return Facility.objects.create(
        code="99010101010000001", facility_class=kind, lon=lon, lat=lat, cell=cell(lon, lat),
        grid=cast.place.grid_a, unit_grid=UnitGrid.objects.get(code=OLD), surveyed_on=TODAY,
    )  # fmt: skip


def test_what_it_touches_is_counted_and_facilities_follow_while_matters_keep_their_day(
    draft: TerritoryChange, drafter: Account, approver: Account, cast: Cast, lamp: Facility
):
    report = cast.report(at=NOON - timedelta(hours=1))
    assert report.unit_grid is not None
    split(draft, drafter)
    now = drafting.open_draft(draft)
    told = {effect.label: effect.count for effect in effects.effects_of(now.plan, now.before)}
    assert told == {"Matters received in these unit grids": 1, "Facilities": 1}
    through(draft, drafter, approver)
    relay_all(LISTENERS)
    lamp.refresh_from_db()
    assert lamp.unit_grid is not None
    assert lamp.unit_grid.code == EAST
    assert Report.objects.get(pk=report.pk).unit_grid == report.unit_grid


def test_unit_grids_follow_the_community_that_has_their_middle(
    drafter: Account, approver: Account, cast: Cast
):
    one, two = Area.objects.get(code=COMMUNITY), Area.objects.get(code=OTHER)
    change = drafting.begin(cast.place.street, title="并社区", by=drafter, at=NOON)
    merged = "990101001003"

    def step(plan: Plan, before: Any) -> Plan:
        return steps.merge(plan, before, olds=[one.code, two.code], code=merged, name="新社区")

    drafting.take(change, step, by=drafter, at=NOON)
    through(change, drafter, approver)
    moved = UnitGrid.objects.get(code=OLD)
    assert moved.community.code == merged
    assert FormerUnitGrid.objects.get().community == one
    before = history.unit_grids_on(TODAY - timedelta(days=1)).get()
    assert before.community_then == one.pk


def test_the_pages_offer_the_steps_of_unit_grids_and_give_codes_by_themselves(
    draft: TerritoryChange, drafter: Account
):
    browser = at_desk(drafter)
    browser.cookies["language"] = "en"
    page = words_of(browser.get(f"/territory/changes/{draft.pk}/"))
    assert "Split an area" in page
    assert "Rename an area" not in page
    address = f"/territory/changes/{draft.pk}/steps/split/"
    assert "Names of the parts" not in words_of(browser.get(address))
    assert browser.get(f"/territory/changes/{draft.pk}/steps/rename/").status_code == 404
    line = "118.905 32.89\n118.905 32.92"
    said = {"seen": draft.revision, "area": OLD, "line": line, "crs": "wgs84"}
    assert browser.post(address, said).status_code == 302
    draft.refresh_from_db()
    assert Plan.read(draft.plan).new == ("990101001001001", "990101001001002")
    assert [line.act for line in lines(*_read(draft))] == ["end", "new", "new"]


def _read(change: TerritoryChange) -> tuple[Plan, Any]:
    draft = drafting.open_draft(change)
    return draft.plan, draft.before


def test_the_editor_draws_the_unit_grids_of_a_community(draft: TerritoryChange, drafter: Account):
    browser = at_desk(drafter)
    address = f"/territory/changes/{draft.pk}/boundaries.json?in={COMMUNITY}"
    told = json.loads(browser.get(address).content)
    assert [each["code"] for each in told["areas"]] == [OLD]


def test_a_new_change_says_what_it_is_about(drafter: Account, cast: Cast):
    browser = at_desk(drafter)
    said = {"within": COMMUNITY, "about": "unit_grids", "title": "新单元网格"}
    browser.post("/territory/changes/new/", said)
    assert TerritoryChange.objects.get().about == "unit_grids"
