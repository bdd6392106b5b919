"""Every page, empty and full, in both languages and on every screen: it opens, fits and can be used by everybody."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Browser
from pytest_django.plugin import DjangoDbBlocker

from journeys.axe import too_wide, violations
from journeys.browser import DESK, PHONE, WALL, Screen, open_house
from journeys.databases import using
from journeys.looking import Caller, Window
from journeys.pages import INTERFACES, NO_PAGES, SHEETS, Samples, Sheet, samples
from journeys.words import chinese_in, english_in

LANGUAGES = ("zh-hans", "en")
# Phone, desk and wall; the narrowest phone; and a desk at 200 %, which is half as many pixels.
NARROW = Screen("narrow phone", 320, 568)
SIZES = (
    DESK,
    WALL,
    Screen("desk at 200 %", 720, 450),
    PHONE,
    NARROW,
)


@dataclass(frozen=True)
class Look:
    """How closely a page is looked at: at which sizes, and at which of them by axe-core."""

    sizes: tuple[Screen, ...]
    by_axe: tuple[Screen, ...] = ()


# The closest look is at the page as most people see it: in Chinese and with data. What axe judges does not hang on the
# language, and at the wall it is the desk's page with more room; other words and less to show can only break lines.
CLOSE, EMPTY, OTHER_WORDS = Look(SIZES, (DESK, PHONE)), Look((DESK, NARROW), (DESK,)), Look((NARROW, DESK))
STATIC = [sheet for sheet in SHEETS if sheet.arguments is None]


@pytest.fixture(scope="session")
def stock(database: str, django_db_blocker: DjangoDbBlocker) -> Samples:
    """One matter at each stage, for this worker's pages."""
    with django_db_blocker.unblock(), using(database):
        return samples()


@pytest.fixture(scope="session")
def full_window(browser: Browser, site: str, database: str) -> Iterator[Window]:
    """The window in which every page is looked at."""
    with open_house(browser, site, database) as house:
        yield Window(house)


@pytest.fixture(scope="session")
def empty_window(browser: Browser, empty_site: str, empty_database: str) -> Iterator[Window]:
    """The same in the town before anything happened."""
    with open_house(browser, empty_site, empty_database) as house:
        yield Window(house)


@pytest.mark.look
@pytest.mark.parametrize("sheet", SHEETS, ids=str)
def test_the_page_is_good_with_data(full_window: Window, stock: Samples, sheet: Sheet) -> None:
    _examine(full_window, sheet, sheet.address(stock), CLOSE)


@pytest.mark.look
@pytest.mark.parametrize("sheet", STATIC, ids=str)
def test_the_page_is_good_without_data(empty_window: Window, sheet: Sheet) -> None:
    _examine(empty_window, sheet, sheet.address(), EMPTY)


def _examine(window: Window, sheet: Sheet, address: str, look: Look) -> None:
    """Both languages one after the other: beginning at the size at which the one before ended."""
    faults = [f"zh-hans: {fault}" for fault in _faults(window, sheet, address, "zh-hans", look)]
    faults += [f"en: {fault}" for fault in _faults(window, sheet, address, "en", OTHER_WORDS)]
    window.house.answer_for_faults()
    assert not faults, "\n".join(faults)


def _faults(window: Window, sheet: Sheet, address: str, language: str, look: Look) -> Iterator[str]:
    window.resize(look.sizes[0])
    status = window.open(address, sheet.who, language).status
    if status != sheet.status:
        yield f"{address}: {status}"
    foreign = english_in if language == "zh-hans" else chinese_in
    yield from (f"another language: {text}" for text in sorted(foreign(window.page)))
    for size in look.sizes:
        window.resize(size)
        if wide := too_wide(window.page):
            yield f"{size.name}: {wide}"
        if size in look.by_axe:
            found = violations(window.page, contrast=size is DESK)
            yield from (f"{size.name}: {fault}" for fault in found)


def test_every_page_answers(
    site: str, database: str, empty_site: str, empty_database: str, stock: Samples
) -> None:
    """On every database, which the looks do not hang on."""
    full, empty = Caller(site, database), Caller(empty_site, empty_database)
    calls = [(full, sheet, sheet.address(stock)) for sheet in SHEETS]
    calls += [(empty, sheet, sheet.address()) for sheet in STATIC]
    said = [(sheet, caller.status(address, sheet.who)) for caller, sheet, address in calls]
    assert [(str(sheet), status) for sheet, status in said if status != sheet.status] == []


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
