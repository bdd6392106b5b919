"""Pictures of the manual that no story passes by."""

import pytest

from journeys import town
from journeys.browser import DESK, PHONE, House, Screen
from journeys.screenshots import shot, wanted

PICTURES: dict[str, tuple[str, str, Screen]] = {
    "desk": (town.DUTY_CHIEF, "/desk/?queue=handling", DESK),
    "desk-call": (town.ACCEPTOR, "/desk/new/", DESK),
    "public-list": ("", "/matters/", PHONE),
    "public-map": ("", "/matters/", DESK),
    "roster": (town.DUTY_CHIEF, "/desk/roster/", DESK),
    "handover": (town.DUTY_CHIEF, "/desk/handovers/new/", DESK),
    "scorecard": (town.LEADER, "/scorecards/area/", DESK),
}


@pytest.mark.skipif(not wanted(), reason="make screenshots draws the pictures of the manual")
@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_can_be_drawn(house: House, name: str) -> None:
    who, address, screen = PICTURES[name]
    page = house.open(who, screen)
    page.goto(address)
    if name == "desk":
        page.locator("[data-row^='case/']").nth(2).click()
        page.locator("#matter .wg-matter-head").wait_for()
    shot(page, name)


@pytest.mark.skipif(not wanted(), reason="make screenshots draws the pictures of the manual")
def test_the_picture_of_a_public_matter_can_be_drawn(house: House) -> None:
    page = house.visitor(PHONE)
    page.goto("/matters/?state=ended")
    page.locator("main .card:has(img) a").first.click()
    page.wait_for_url("**/matters/1*/")
    shot(page, "public-matter")
