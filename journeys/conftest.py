"""The stage of the journeys: browser, servers and district once for each worker, a house for each story."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from journeys import town
from journeys.browser import House, launch, open_house
from journeys.databases import created, using
from journeys.serving import served

# Playwright's driver runs an event loop beside our ordinary code, and Django would refuse to work near one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a journey."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser of this worker."""
    with sync_playwright() as playwright:
        chromium = launch(playwright)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def empty_database(django_db_blocker: DjangoDbBlocker, worker_id: str) -> Iterator[str]:
    """The territory and its people; nothing has happened yet."""
    with django_db_blocker.unblock(), created(f"journeys_{worker_id}_empty") as name:
        with using(name):
            call_command("migrate", verbosity=0)
            town.build()
        yield name


@pytest.fixture(scope="session")
def database(empty_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The same with some days of matters."""
    with (
        django_db_blocker.unblock(),
        created(empty_database.replace("_empty", "_full"), empty_database) as name,
    ):
        with using(name):
            town.live()
        yield name


@pytest.fixture(scope="session")
def site(database: str) -> Iterator[str]:
    """The address of the district with its matters."""
    with served(database) as address:
        yield address


@pytest.fixture(scope="session")
def empty_site(database: str, empty_database: str) -> Iterator[str]:
    """The address of the district in which nothing has happened (made after the copy was taken from it)."""
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
