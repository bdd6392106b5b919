"""Switching the language: at once, everywhere, and it stays."""

from playwright.sync_api import Page, expect

from journeys import town
from journeys.browser import DESK, House
from journeys.words import chinese_in, english_in


def _switch(page: Page, to: str) -> None:
    if menu := page.locator(".wg-menu summary").all():
        menu[-1].click()
    page.locator(f"button[name=language][value='{to}']").click()
    expect(page.locator("html")).to_have_attribute("lang", to)


def test_a_resident_switches_to_english_and_back_and_stays_on_the_same_page(house: House) -> None:
    page = house.visitor(DESK)
    page.goto("/matters/?state=ended")
    assert not english_in(page)
    _switch(page, "en")
    assert page.url.endswith("/matters/?state=ended")
    assert not chinese_in(page)
    page.goto("/report/")
    assert not chinese_in(page)
    _switch(page, "zh-hans")
    assert not english_in(page)


def test_a_colleague_works_in_english_on_every_kind_of_page(house: House) -> None:
    page = house.person(town.DUTY_CHIEF)
    page.goto("/desk/")
    _switch(page, "en")
    for address in ("/desk/?queue=all", "/overview/", "/account/", "/cases/0000-0000000/"):
        page.goto(address)
        assert not chinese_in(page), address
