"""The territory: a boundary is split on the map by one, approved by another, and the old day still has the old grid."""

import math

import pytest
import shapely
from django.db.models import Count
from playwright.sync_api import FloatRect, Page, expect
from shapely.geometry.base import BaseGeometry

from journeys import town
from journeys.browser import House
from journeys.screenshots import shot
from wangge.territory.models import Area, TerritoryChange, UnitGrid
from wangge.territory.shapes import centre, from_wkb

PADDING = 30  # pixels that the editor leaves around what it shows
PATIENCE_MS = 90_000  # a busy machine draws without a graphics card
HAIR = 1e-9  # square degrees, some ten square metres: corners are kept on whole ticks


def _ready(page: Page) -> None:
    """The draft has been told to the map."""
    expect(page.locator("[data-list] label").first).to_be_visible(timeout=PATIENCE_MS)
    page.wait_for_load_state("networkidle")


@pytest.mark.slow
def test_a_grid_is_split_on_the_map_and_another_person_approves(house: House) -> None:
    grid = _a_grid()
    page = house.person(town.TERRITORY)
    page.goto(f"/territory/areas/{grid.parent.code}/")  # type: ignore[union-attr]
    page.get_by_role("link", name="新建变更").click()
    page.get_by_label("标题").fill("第一网格一分为二")
    page.get_by_role("button", name="开始起草").click()
    page.get_by_role("link", name="在地图上编辑边界").click()
    _ready(page)

    page.locator(f"[data-code='{grid.code}']").check()
    page.get_by_role("button", name="沿线拆分").click()
    frame = page.locator("[data-map] canvas").bounding_box()
    assert frame is not None
    _draw_across(page, grid, frame)
    expect(page.locator("[data-list]")).to_contain_text(f"{grid.name}-1", timeout=PATIENCE_MS)
    expect(page.locator("[data-faults]")).to_contain_text("没有问题")
    shot(page, "boundaries")

    page.get_by_role("button", name="撤销").click()
    expect(page.locator("[data-list]")).not_to_contain_text(f"{grid.name}-1")
    page.get_by_role("button", name="重做").click()
    expect(page.locator("[data-list]")).to_contain_text(f"{grid.name}-1")

    page.get_by_role("link", name="返回变更").click()
    expect(page.get_by_text("岗位", exact=True)).to_be_visible()
    shot(page, "territory-change")
    page.get_by_role("button", name="提交审批").click()

    change = TerritoryChange.objects.get(title="第一网格一分为二")
    boss = house.person(town.APPROVER)
    boss.goto(f"/territory/changes/{change.pk}/")
    boss.get_by_role("button", name="批准，立即生效").click()
    expect(boss.get_by_text("已批准并生效")).to_be_visible()
    assert Area.objects.get(pk=grid.pk).valid_to is not None

    boss.goto(f"/territory/areas/{grid.code}/?on=2024-03-01")
    expect(boss.get_by_role("heading", name=grid.name)).to_be_visible()
    boss.goto(f"/territory/areas/{grid.code}/")
    expect(boss.get_by_text("接续区域")).to_be_visible()


@pytest.mark.slow
def test_unit_grids_are_drawn_split_and_merged_on_the_map_and_another_person_approves(house: House) -> None:
    community = _with_unit_grids()
    old, other = community.unit_grids.order_by("code")[:2]
    page = house.person(town.TERRITORY)
    page.goto(f"/territory/areas/{community.code}/")
    page.get_by_role("link", name="调整单元网格").click()
    page.get_by_label("标题").fill("单元网格调整")
    page.get_by_role("button", name="开始起草").click()
    page.get_by_role("link", name="在地图上编辑边界").click()
    _ready(page)
    before = _listed(page)
    assert {old.code, other.code} <= before

    frame = page.locator("[data-map] canvas").bounding_box()
    assert frame is not None
    shapes = [from_wkb(grid.boundary) for grid in community.unit_grids.filter(valid_to=None)]
    page.locator(f"[data-code='{old.code}']").check()
    page.get_by_role("button", name="沿线拆分").click()
    x, _y = _pixel(from_wkb(old.boundary), shapes, frame)
    _line_down(page, x, frame)
    expect(page.locator("[data-lines]")).to_contain_text(old.code, timeout=PATIENCE_MS)
    expect(page.locator("[data-faults]")).to_contain_text("没有问题")
    halves = _listed(page) - before
    assert len(halves) == 2
    shot(page, "unit-grids")

    for code in halves:
        page.locator(f"[data-code='{code}']").check()
    page.get_by_role("button", name="合并").click()
    expect(page.locator(f"[data-code='{min(halves)}']")).to_have_count(0, timeout=PATIENCE_MS)
    (whole,) = _listed(page) - before

    page.get_by_role("button", name="绘制区域").click()
    x, y = _pixel(from_wkb(other.boundary), shapes, frame)
    for across, down in ((-9, 7), (9, 7), (0, -8), (-9, 7)):
        page.mouse.move(x + across, y + down)
        page.mouse.click(x + across, y + down)
    expect(page.locator("[data-list] label")).to_have_count(len(before) + 1, timeout=PATIENCE_MS)
    (drawn,) = _listed(page) - before - {whole}
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(f"[data-code='{drawn}']")).to_have_count(0)

    page.get_by_role("link", name="返回变更").click()
    page.get_by_role("button", name="提交审批").click()
    boss = house.person(town.APPROVER)
    boss.goto(f"/territory/changes/{TerritoryChange.objects.get(title='单元网格调整').pk}/")
    boss.get_by_role("button", name="批准，立即生效").click()
    expect(boss.get_by_text("已批准并生效")).to_be_visible()
    old.refresh_from_db()
    new = UnitGrid.objects.get(code=whole)
    assert (old.valid_to, new.valid_to) == (new.valid_from, None)
    assert _same(new, old)


def _same(one: UnitGrid, other: UnitGrid) -> bool:
    """The same ground, whatever corners the line has left on its limit."""
    return bool(from_wkb(one.boundary).symmetric_difference(from_wkb(other.boundary)).area < HAIR)


def _with_unit_grids() -> Area:
    """A community with several of them that no other story is about."""
    elsewhere = Area.objects.filter(level="community", valid_to=None).exclude(children=town.grid())
    several = elsewhere.annotate(cells=Count("unit_grids")).filter(cells__gt=3, territory_changes=None)
    return several.order_by("-code")[2]


def _listed(page: Page) -> set[str]:
    """The codes of the areas in the list beside the map."""
    boxes = page.locator("[data-list] input")
    return set(boxes.evaluate_all("boxes => boxes.map(box => box.dataset.code)"))


def _a_grid() -> Area:
    """A grid of a community that no other story is about: its worker and its matters move on."""
    elsewhere = Area.objects.filter(level="grid", kind="general", valid_to=None).exclude(
        parent=town.grid().parent
    )
    return elsewhere.select_related("parent").order_by("-code")[0]


def _draw_across(page: Page, grid: Area, frame: FloatRect) -> None:
    """Click a line from above the community to below it, through the middle of the grid."""
    around = Area.objects.filter(parent=grid.parent, level=grid.level, valid_to=None).exclude(boundary=None)
    boundaries = around.values_list("boundary", flat=True)
    shapes = [from_wkb(boundary) for boundary in boundaries if boundary]
    assert grid.boundary is not None
    _line_down(page, _pixel(from_wkb(grid.boundary), shapes, frame)[0], frame)


def _line_down(page: Page, x: float, frame: FloatRect) -> None:
    top, bottom = frame["y"] + 8, frame["y"] + frame["height"] - 8
    page.mouse.click(x, top)
    page.mouse.move(x, bottom)
    page.mouse.click(x, bottom)
    page.mouse.click(x, bottom)


def _pixel(shape: BaseGeometry, shapes: list[BaseGeometry], frame: FloatRect) -> tuple[float, float]:
    """Where the middle of a shape is on the screen, when all of the shapes together fill the map."""
    west, south, east, north = shapely.total_bounds(shapes)
    up = _mercator(north) - _mercator(south)
    pixels = min((frame["width"] - 2 * PADDING) / (east - west), (frame["height"] - 2 * PADDING) / up)
    lon, lat = centre(shape)
    right = (lon - (west + east) / 2) * pixels
    down = ((_mercator(north) + _mercator(south)) / 2 - _mercator(lat)) * pixels
    return frame["x"] + frame["width"] / 2 + right, frame["y"] + frame["height"] / 2 + down


def _mercator(lat: float) -> float:
    """Degrees of latitude as the map stretches them."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)))
