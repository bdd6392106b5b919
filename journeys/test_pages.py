"""Every page, empty and full, in both languages and on every screen: it opens, fits and can be used by everybody."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.plugin import DjangoDbBlocker

from journeys.axe import too_wide, violations
from journeys.browser import DESK, LAID_OUT, House, Screen, new_window, open_house
from journeys.databases import using
from journeys.pages import INTERFACES, NO_PAGES, SHEETS, Samples, Sheet, samples
from journeys.words import chinese_in, english_in

LANGUAGES = ("zh-hans", "en")
# Phone, desk and wall; the narrowest phone; and a desk at 200 %, which is half as many pixels.
NARROW = Screen("narrow phone", 320, 568)
SIZES = (
    DESK,
    Screen("wall", 1920, 1080),
    Screen("desk at 200 %", 720, 450),
    Screen("phone", 390, 844),
    NARROW,
)


@dataclass(frozen=True)
class Look:
    """How closely a page is looked at: at which sizes, and at which of them by axe-core (half a second each)."""

    sizes: tuple[Screen, ...] = (DESK, NARROW)
    by_axe: tuple[str, ...] = ()


# The closest look is at the page as most people see it: in Chinese and with data. What axe judges does not hang on the
# language, and at the wall it is the desk's page with more room; other words and less to show can only break lines.
CLOSE, EMPTY, OTHER_WORDS = Look(SIZES, ("desk", "phone")), Look(by_axe=("desk",)), Look()
# Without a graphics card each new size of a map takes seconds to draw, and a map is only looked at for what lies around it.
LET_MAPS_REST = """() => {
  for (const canvas of document.querySelectorAll("canvas.maplibregl-canvas"))
    canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext();
}"""
STATIC = [sheet for sheet in SHEETS if sheet.arguments is None]


@pytest.fixture(scope="session")
def stock(database: str, django_db_blocker: DjangoDbBlocker) -> Samples:
    """One matter at each stage, for this worker's pages."""
    with django_db_blocker.unblock(), using(database):
        return samples()


@pytest.fixture(scope="session")
def window(browser: Browser, site: str) -> BrowserContext:
    """The window in which every page is looked at."""
    return new_window(browser, site, DESK)


@pytest.fixture(scope="session")
def empty_window(browser: Browser, empty_site: str) -> BrowserContext:
    return new_window(browser, empty_site, DESK)


@pytest.fixture
def full(browser: Browser, site: str, database: str, window: BrowserContext) -> Iterator[House]:
    """The town with its matters."""
    with open_house(browser, site, database, window) as opened:
        yield opened


@pytest.fixture
def empty(
    browser: Browser, empty_site: str, empty_database: str, empty_window: BrowserContext
) -> Iterator[House]:
    """The same town before anything happened."""
    with open_house(browser, empty_site, empty_database, empty_window) as opened:
        yield opened


@pytest.mark.look
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sheet", SHEETS, ids=str)
def test_the_page_is_good_with_data(full: House, stock: Samples, sheet: Sheet, language: str) -> None:
    _examine(full, sheet, sheet.address(stock), language, CLOSE if language == "zh-hans" else OTHER_WORDS)


@pytest.mark.look
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sheet", STATIC, ids=str)
def test_the_page_is_good_without_data(empty: House, sheet: Sheet, language: str) -> None:
    _examine(empty, sheet, sheet.address(), language, EMPTY if language == "zh-hans" else OTHER_WORDS)


def test_every_page_answers(full: House, empty: House, stock: Samples) -> None:
    """On every database, which the looks do not hang on."""
    wrong = [(str(sheet), said) for sheet in SHEETS if (said := _status(full, sheet, stock)) != sheet.status]
    wrong += [(str(sheet), said) for sheet in STATIC if (said := _status(empty, sheet)) != sheet.status]
    assert wrong == []


def _status(house: House, sheet: Sheet, stock: Samples | None = None) -> int:
    page = house.open(sheet.who)
    status = page.request.get(sheet.address(stock)).status
    page.close()
    return status


def _examine(house: House, sheet: Sheet, address: str, language: str, look: Look) -> None:
    page = house.open(sheet.who, DESK, language=language)
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == sheet.status, f"{address}: {answer.status}"
    foreign = english_in(page) if language == "zh-hans" else chinese_in(page)
    page.wait_for_load_state()
    faults = [f"another language: {text}" for text in sorted(foreign)]
    for size in look.sizes:
        faults += _faults(page, size, size.name in look.by_axe)
        page.evaluate(LET_MAPS_REST)
    assert not faults, "\n".join(faults)


def _faults(page: Page, size: Screen, by_axe: bool) -> list[str]:
    page.set_viewport_size({"width": size.width, "height": size.height})
    page.evaluate(LAID_OUT)
    wide = too_wide(page)
    found = violations(page, contrast=size is DESK) if by_axe else []
    return [f"{size.name}: {fault}" for fault in (*found, *([wide] if wide else []))]


def test_no_page_is_missing_from_the_list() -> None:
    listed = {sheet.name for sheet in SHEETS} | set(NO_PAGES)
    named = set(_names(get_resolver(), ""))
    assert named - listed == set()
    assert listed - named == set()


def _names(resolver: URLResolver, space: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            if entry.name:
                yield f"{space}{entry.name}"
        elif entry.namespace not in INTERFACES:
            yield from _names(entry, f"{entry.namespace}:" if entry.namespace else space)
