"""Pictures of the manual that no story passes by."""

import pytest
from playwright.sync_api import expect

from journeys import town
from journeys.acts import begin, photo
from journeys.browser import DESK, PHONE, House, Screen
from journeys.roads import case_at
from journeys.screenshots import shot, wanted
from wangge.cases.actions import rate_report
from wangge.cases.workflow import Stage

PICTURES: dict[str, tuple[str, str, Screen]] = {
    "desk": (town.DUTY_CHIEF, "/desk/?queue=handling", DESK),
    "desk-call": (town.ACCEPTOR, "/desk/new/", DESK),
    "public-list": ("", "/matters/", PHONE),
    "public-map": ("", "/matters/", DESK),
    "roster": (town.DUTY_CHIEF, "/desk/roster/", DESK),
    "handover": (town.DUTY_CHIEF, "/desk/handovers/new/", DESK),
    "facilities": (town.ACCEPTOR, "/registry/facilities/", DESK),
    "forces": (town.SECURITY_ADMIN, "/territory/forces/", DESK),
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


@pytest.mark.skipif(not wanted(), reason="make screenshots draws the pictures of the manual")
def test_the_picture_of_asking_for_more_time_can_be_drawn(house: House) -> None:
    case, _told = case_at(Stage.HANDLING, town.spot(70), "人行道旁路灯不亮，要等配件。")
    page = house.person(town.CLERK)
    page.goto(f"/cases/{case.number}/")
    form = begin(page, "ask_extension")
    form.locator("[name=amount]").fill("2")
    form.locator("[name=note]").fill("镇流器断货，供应商答复后天到货。")
    shot(page, "unit-more-time")


@pytest.mark.skipif(not wanted(), reason="make screenshots draws the pictures of the manual")
def test_the_picture_of_settling_on_the_spot_can_be_drawn(house: House) -> None:
    page = house.person(town.GRID_WORKER, PHONE)
    page.goto("/tasks/report/")
    page.locator(".fw-settle summary").click()
    page.locator("#condition").select_option(index=1)
    page.locator("#result").fill("已清掏干净，排水通畅。")
    page.locator("input[name=after_photos]").set_input_files(photo("处理后.jpg", "garbage", after=True))
    page.locator(".fw-settle summary").scroll_into_view_if_needed()
    shot(page, "settle")


@pytest.mark.skipif(not wanted(), reason="make screenshots draws the pictures of the manual")
def test_the_picture_of_what_take_next_gives_can_be_drawn(house: House) -> None:
    page = house.person(town.ACCEPTOR)
    page.goto("/desk/")
    page.locator("[data-take-next]").click()
    expect(page.locator("#matter .wg-matter-head")).to_be_visible()
    shot(page, "take-next")


@pytest.mark.skipif(not wanted(), reason="make screenshots draws the pictures of the manual")
@pytest.mark.parametrize(
    ("name", "heading"), [("facility-file", "第二批"), ("facility-file-rows", "消火栓补测")]
)
def test_the_pictures_of_files_of_facilities_can_be_drawn(house: House, name: str, heading: str) -> None:
    page = house.person(town.ACCEPTOR)
    page.goto("/registry/facilities/files/")
    page.locator("main").get_by_role("link", name=heading).click()
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    shot(page, name)


@pytest.mark.skipif(not wanted(), reason="make screenshots draws the pictures of the manual")
def test_the_picture_of_sending_back_can_be_drawn(house: House) -> None:
    case, _told = case_at(Stage.DISPATCHED, town.spot(71), "小区大门外路灯不亮，灯杆是物业的。")
    page = house.person(town.CLERK)
    page.goto(f"/cases/{case.number}/")
    form = begin(page, "send_back")
    form.locator("[name=reason]").first.check()
    form.locator("[name=note]").fill("灯杆属小区物业，不在市政路灯台账内。")
    shot(page, "unit-send-back")


@pytest.mark.skipif(not wanted(), reason="make screenshots draws the pictures of the manual")
def test_the_picture_of_a_rating_can_be_drawn(house: House) -> None:
    case, told = case_at(Stage.CLOSED, town.spot(72), "公交站旁路灯不亮。")
    rate_report(case.reports.get(), solved=True, result=3, attitude=3, words="修得很快，谢谢。")
    page = house.visitor(PHONE)
    page.goto(f"/m/{told.code}/")
    shown = page.get_by_text("修得很快，谢谢。")
    expect(shown).to_be_visible()
    shown.scroll_into_view_if_needed()
    shot(page, "resident-rated")
