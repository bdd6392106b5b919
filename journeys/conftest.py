"""The stage of the journeys: browser, servers and district once for each worker, a house for each story."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from journeys import town
from journeys.browser import House, launch, open_house
from journeys.databases import forget, using
from journeys.serving import served
from wangge.common import testing
from wangge.common.spare_databases import created, made_once

# Playwright's driver runs an event loop beside our ordinary code, and Django would refuse to work near one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a journey; looks come last, short as they are, so that nobody waits for the end of a long one."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.journey)
    items.sort(key=lambda item: item.get_closest_marker("look") is not None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of this worker."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def empty_database(tables: str, django_db_blocker: DjangoDbBlocker, worker_id: str) -> Iterator[str]:
    """The territory and its people; nothing has happened yet."""
    with django_db_blocker.unblock():
        town_only = _made_once("town", town.build, tables)
        with created(f"journeys_{worker_id}_empty", town_only) as name:
            yield name


@pytest.fixture(scope="session")
def database(tables: str, django_db_blocker: DjangoDbBlocker, worker_id: str) -> Iterator[str]:
    """The same with some days of matters."""
    with django_db_blocker.unblock():
        lively = _made_once("lively", town.live, _made_once("town", town.build, tables))
        with created(f"journeys_{worker_id}_full", lively) as name:
            yield name


def _made_once(name: str, fill: Callable[[], None], template: str) -> str:
    """The databases that all workers copy."""
    try:
        return made_once(testing.spare(name), fill, locks=testing.directory(), template=template)
    finally:
        forget()


@pytest.fixture(scope="session")
def site(database: str) -> Iterator[str]:
    """The address of the district with its matters."""
    with served(database) as address:
        yield address


@pytest.fixture(scope="session")
def empty_site(empty_database: str) -> Iterator[str]:
    """The address of the district in which nothing has happened."""
    with served(empty_database) as address:
        yield address


@pytest.fixture(autouse=True)
def _town(database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A story may read and prepare what it needs in the database that the pages show."""
    with django_db_blocker.unblock(), using(database):
        yield


@pytest.fixture
def house(browser: Browser, site: str, database: str) -> Iterator[House]:
    """The people of one story and their pages."""
    with open_house(browser, site, database) as opened:
        yield opened
