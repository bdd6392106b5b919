"""Pictures of the manual that no story passes by."""

import pytest

from journeys import town
from journeys.browser import DESK, PHONE, House, Screen
from journeys.roads import case_at
from journeys.screenshots import shot, wanted
from wangge.cases.workflow import Stage

PICTURES: dict[str, tuple[str, str, Screen]] = {
    "desk": (town.DUTY_CHIEF, "/desk/?queue=all", DESK),
    "desk-call": (town.ACCEPTOR, "/desk/new/", DESK),
    "public-list": ("", "/matters/", PHONE),
    "public-map": ("", "/matters/", DESK),
}


@pytest.mark.skipif(not wanted(), reason="make screenshots draws the pictures of the manual")
@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_can_be_drawn(house: House, name: str) -> None:
    who, address, screen = PICTURES[name]
    page = house.open(who, screen)
    page.goto(address)
    if name == "desk":
        page.locator("[data-row^='case/']").first.click()
        page.locator("#matter .wg-matter-head").wait_for()
    shot(page, name)


@pytest.mark.skipif(not wanted(), reason="make screenshots draws the pictures of the manual")
def test_the_picture_of_a_public_matter_can_be_drawn(house: House) -> None:
    _case, told = case_at(Stage.CLOSED, town.spot(21), "人民公园东门的路灯晚上不亮，走路看不清。")
    page = house.visitor(PHONE)
    page.goto(f"/matters/{told.report.number}/")
    shot(page, "public-matter")
