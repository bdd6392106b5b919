"""Figures that can be opened: a number, its list, a case, its deadline."""

from playwright.sync_api import expect

from journeys import town
from journeys.browser import WALL, House
from journeys.roads import case_at
from journeys.screenshots import shot
from wangge.cases.workflow import Stage


def test_from_a_number_to_its_list_to_a_case_to_its_deadline_in_three_clicks(house: House) -> None:
    case_at(Stage.HANDLING, town.spot(20))
    page = house.person(town.LEADER)
    page.goto("/overview/")
    shot(page, "overview")
    figure = page.locator(".in-figure[href*='what=open']").first
    number = figure.locator(".in-number").inner_text().strip()
    assert int(number) > 0

    figure.click()
    expect(page.locator("h1 .in-quiet")).to_have_text(number)
    assert page.locator(".in-list tbody tr").count() == min(int(number), 50)

    page.locator(".in-list tbody th a").first.click()
    expect(page.locator("#matter")).to_be_visible()

    page.locator("#matter a[href*='/clocks/']").first.click()
    expect(page.locator(".wg-sums, table").first).to_be_visible()


def test_the_wall_shows_the_same_number_as_the_overview(house: House) -> None:
    page = house.person(town.LEADER, WALL)
    page.goto("/overview/")
    number = page.locator(".in-figure[href*='what=open'] .in-number").first.inner_text()
    page.goto("/overview/wall/")
    expect(page.locator("[href*='what=open']").first).to_contain_text(number.strip())
    shot(page, "wall")
