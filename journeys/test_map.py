"""The one map: click, card, page; filters that are the address; the same as a list; and ten thousand grids."""

import re
import time
from collections.abc import Callable, Iterable, Iterator

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from playwright.sync_api import Browser, Page, Response, expect
from pytest_django.plugin import DjangoDbBlocker

from benchmarks.locate import tessellation
from journeys import town
from journeys.browser import DESK, WALL, House, open_house
from journeys.databases import using
from journeys.roads import case_at
from journeys.screenshots import shot
from wangge.cases.models import Case
from wangge.cases.workflow import Stage
from wangge.territory import lookup
from wangge.territory.models import Area, Level
from wangge.territory.shapes import to_wkb

# Written when everything in view has been loaded and drawn for the first time.
DRAWN = "() => document.querySelector('[data-one-map]')?.dataset.drawn > 0"
MANY = 10_338
TILES = "/areas/micro/"
# What the page itself has asked for: the map asks from its worker, and has them from the browser's memory.
ASKED_AHEAD = "part => performance.getEntriesByType('resource').map(one => one.name).filter(name => name.includes(part))"
PATIENCE_MS = 90_000  # a busy machine draws without a graphics card


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_function(DRAWN, timeout=PATIENCE_MS)


def _placed(number: int) -> Case:
    case, _told = case_at(Stage.HANDLING, town.spot(number))
    assert case.lon is not None
    assert case.lat is not None
    return case


def test_a_click_opens_a_card_and_the_card_the_page(house: House) -> None:
    case = _placed(30)
    page = house.person(town.LEADER)
    _open(page, f"/map/#map=18.00/{case.lat:.5f}/{case.lon:.5f}")
    frame = page.locator(".om-map").bounding_box()
    assert frame is not None
    page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    card = page.locator("[data-om-card]")
    expect(card).to_be_visible()
    card.get_by_role("link").click()
    expect(page.locator("#matter")).to_be_visible()


def test_filters_are_the_address_and_the_way_back_works(house: House) -> None:
    _placed(31)
    page = house.person(town.LEADER)
    _open(page, "/map/")
    shot(page, "map")
    everything = page.locator("[data-om-total]").inner_text()
    page.locator("label", has=page.locator("input[value=closed]")).click()
    expect(page).to_have_url(re.compile("state=closed"))
    expect(page.locator(".om-chips")).to_be_visible()
    closed = page.locator("[data-om-total]").inner_text()
    page.locator("[data-layer=facilities]").check()
    expect(page).to_have_url(re.compile("show=.*facilities"))

    colleague = house.person(town.OVERSEER)
    _open(colleague, page.url)
    expect(colleague.locator("input[value=closed]")).to_be_checked()
    expect(colleague.locator("[data-layer=facilities]")).to_be_checked()
    expect(colleague.locator("[data-om-total]")).to_have_text(closed)

    page.go_back()
    expect(page.locator("[data-layer=facilities]")).not_to_be_checked()
    page.go_back()
    expect(page.locator("input[value=open]")).to_be_checked()
    expect(page.locator("[data-om-total]")).to_have_text(everything)


def test_on_the_keyboard_a_place_is_found_and_its_cases_are_a_list(house: House) -> None:
    case = _placed(32)
    page = house.person(town.DUTY_CHIEF)
    _open(page, "/map/")
    page.keyboard.press("/")
    page.keyboard.type(case.number)
    expect(page.locator(".om-found")).to_contain_text(case.number)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("near="))
    row = page.locator(f"[data-om-case='{case.number}']")
    expect(row).to_be_visible()
    row.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-om-card]")).to_be_focused()
    expect(page.locator("[data-om-card]")).to_contain_text(case.number)
    page.keyboard.press("Escape")
    expect(page.locator("[data-om-card]")).to_be_hidden()
    expect(row).to_be_focused()


def test_the_list_is_the_same_without_scripts(house: House) -> None:
    case = _placed(33)
    page = house.person(town.DUTY_CHIEF, java_script_enabled=False)
    page.goto(f"/map/?near={case.lon},{case.lat}")
    expect(page.locator(f"[data-om-case='{case.number}']")).to_be_visible()
    assert int(page.locator("[data-om-total]").inner_text()) >= 1


def test_a_floor_is_picked_and_lit(house: House) -> None:
    building = town.spot(3)
    page = house.person(town.LEADER)
    _open(page, f"/map/?show=buildings+solid+ground#map=18.50/{building.lat:.6f}/{building.lon:.6f}/0/50")
    frame = page.locator(".om-map").bounding_box()
    assert frame is not None
    page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    card = page.locator("[data-om-card]")
    expect(card.locator("[data-floor]").first).to_be_visible()
    card.locator("[data-floor='1']").click()
    expect(card.locator("[data-floor='1']")).to_have_attribute("aria-pressed", "true")


def test_a_length_is_measured_and_the_map_printed(house: House) -> None:
    page = house.person(town.LEADER)
    _open(page, "/map/")
    page.get_by_role("button", name="测距").click()
    frame = page.locator(".om-map").bounding_box()
    assert frame is not None
    for part in (0.4, 0.6):
        page.mouse.click(frame["x"] + frame["width"] * part, frame["y"] + frame["height"] / 2)
    expect(page.locator("[data-om-measured]")).to_have_text(re.compile("[0-9.,]+ (米|公里)"))
    page.keyboard.press("Escape")
    expect(page.locator("[data-om-measured]")).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    picture = page.locator("[data-om-paper-map]").get_attribute("src") or ""
    assert len(picture) > 20_000, "the picture of the map is empty"
    paper = page.pdf(prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")


def test_the_wall_shows_the_map_and_the_numbers_of_the_overview(house: House) -> None:
    page = house.person(town.LEADER, WALL)
    page.goto("/overview/")
    number = page.locator(".in-figure[href*='what=open'] .in-number").first.inner_text()
    _open(page, "/map/wall/")
    expect(page.locator(".ow-figures [href*='what=open']").first).to_contain_text(number.strip())
    shot(page, "map-wall")


# -- Ten thousand grids -------------------------------------------------------------------------------------


@pytest.fixture
def many_grids(
    browser: Browser, empty_site: str, empty_database: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[House]:
    """The town in which nothing has happened, cut into 10,338 micro-grids for the length of one story."""
    with django_db_blocker.unblock(), using(empty_database):
        county = Area.objects.get(code=town.COUNTY)
        shapes = tessellation(np.random.default_rng(1))
        shapes = shapely.transform(shapes, lambda place: (place - (116.0, 39.0)) * 0.12 + (118.87, 32.85))
        more = shapely.transform(shapes[: MANY - len(shapes)], lambda place: place + np.array([0.13, 0]))
        Area.objects.bulk_create(
            Area(
                code=f"M{number:06}", name=f"{number}", level=Level.MICRO, parent=county, path=f"{county.path}M{number}/",
                kind="micro", boundary=to_wkb(shape),
            )
            for number, shape in enumerate(np.concatenate([shapes, more]))
        )  # fmt: skip
        lookup.changed()
        try:
            with open_house(browser, empty_site, empty_database) as opened:
                yield opened
        finally:
            Area.objects.filter(code__startswith="M").delete()
            lookup.changed()


def test_ten_thousand_grids_are_drawn_from_cold(
    many_grids: House, record_property: Callable[[str, object], None]
) -> None:
    page = many_grids.person(town.LEADER, DESK)
    heard: list[Response] = []
    page.on("response", lambda answer: heard.append(answer) if TILES in answer.url else None)
    seconds = _drawn_after(page, "micro")
    answers = {answer.url: answer for answer in heard}
    assert _on(many_grids, answers.values()) == MANY
    # All of them were asked for ahead, while the browser still read the map's program: the map waited for no tile.
    assert set(page.evaluate(ASKED_AHEAD, TILES)) == set(answers)
    # Boundaries in their colour, all over the map: more than a plain ground would have.
    assert len(page.locator(".om-map").screenshot()) > 100_000
    # The same map without them, after it: what both need of the server is warm then, which is not in favour of the grids.
    bare = _drawn_after(many_grids.person(town.LEADER, DESK), "none")
    record_property("grids_drawn_seconds", round(seconds, 2))
    record_property("bare_map_drawn_seconds", round(bare, 2))
    record_property("grids_to_bare_map", round(seconds / bare, 2))
    print(f"{MANY} grids drawn {seconds:.2f} s after the page was asked for, without any {bare:.2f} s")


def _on(house: House, answers: Iterable[Response]) -> int:
    """How many of the many grids the tiles hold."""
    with using(house.database):
        known = set(Area.objects.filter(code__startswith="M").values_list("pk", flat=True))
    layers = [mapbox_vector_tile.decode(answer.body()).get("area", {"features": []}) for answer in answers]
    return len(known & {one["id"] for layer in layers for one in layer["features"]})


def _drawn_after(page: Page, boundaries: str) -> float:
    """Seconds from asking for the page to a map with everything in view."""
    began = time.perf_counter()
    _open(page, f"/map/?show=ground&boundaries={boundaries}#map=12.20/32.91000/118.93500")
    return time.perf_counter() - began
