"""The territory: a boundary is split on the map by one, approved by another, and the old day still has the old grid."""

import math

import pytest
import shapely
from playwright.sync_api import FloatRect, Page, expect

from journeys import town
from journeys.browser import House
from journeys.screenshots import shot
from wangge.territory.models import Area, TerritoryChange
from wangge.territory.shapes import from_wkb

PADDING = 30  # pixels that the editor leaves around what it shows
PATIENCE_MS = 90_000  # a busy machine draws without a graphics card


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


def _a_grid() -> Area:
    """A grid of a community that no other story is about: its worker and its matters move on."""
    elsewhere = Area.objects.filter(level="grid", kind="general", valid_to=None).exclude(
        parent=town.grid().parent
    )
    return elsewhere.select_related("parent").order_by("-code")[0]


def _draw_across(page: Page, grid: Area, frame: FloatRect) -> None:
    """Click a line from above the community to below it, through the middle of the grid."""
    assert grid.centre_lon is not None
    x = frame["x"] + frame["width"] / 2 + _pixels_aside(grid, frame)
    top, bottom = frame["y"] + 8, frame["y"] + frame["height"] - 8
    page.mouse.click(x, top)
    page.mouse.move(x, bottom)
    page.mouse.click(x, bottom)
    page.mouse.click(x, bottom)


def _pixels_aside(grid: Area, frame: FloatRect) -> float:
    """How far from the middle of the map the middle of the grid lies, when its community fills the map."""
    around = Area.objects.filter(parent=grid.parent, level=grid.level, valid_to=None).exclude(boundary=None)
    boundaries = around.values_list("boundary", flat=True)
    west, south, east, north = shapely.total_bounds(
        [from_wkb(boundary) for boundary in boundaries if boundary]
    )
    up = _mercator(north) - _mercator(south)
    pixels = min((frame["width"] - 2 * PADDING) / (east - west), (frame["height"] - 2 * PADDING) / up)
    return float(((grid.centre_lon or 0) - (west + east) / 2) * pixels)


def _mercator(lat: float) -> float:
    """Degrees of latitude as the map stretches them."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)))
