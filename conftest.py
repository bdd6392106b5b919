"""Rules for every test: the network is off, and time belongs to the test."""

import gc
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import hypothesis
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker
from pytest_socket import socket_allow_hosts

from wangge.common import spare_databases, testing

if TYPE_CHECKING:
    from wangge.cases.tests.cast import Cast


# Properties promise something of every example, nothing of its speed: on a busy machine one takes what it takes.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")


def pytest_configure() -> None:
    """Look for a static file when it is asked for: hundreds of test clients would each list them all first."""
    settings.WHITENOISE_AUTOREFRESH = True


# Whoever asks for one of these, directly or through another fixture, stands on the database.
_LEAD_TO_DATABASE = frozenset(
    {"db", "transactional_db", "live_server", "django_db_setup", "ground", "tables"}
)
NOWHERE = "postgresql://nobody@127.0.0.1:9/none"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tell the tests that stand on the database from the others, which need not be repeated on every database."""
    for item in items:
        asked_for = getattr(item, "fixturenames", ())
        if item.get_closest_marker("django_db") or not _LEAD_TO_DATABASE.isdisjoint(asked_for):
            item.add_marker(pytest.mark.database)


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: looking through it for garbage again and again finds none.

    Nor does looking after every few hundred new objects, as a page makes thousands: that takes a twentieth of all time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.fixture(autouse=True)
def _no_database_but_by_asking(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that did not ask for the database cannot reach it, not by a program it starts either."""
    if not request.node.get_closest_marker("database"):
        monkeypatch.setenv("DATABASE_URL", NOWHERE)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave only Unix sockets and this machine reachable; by number, since names would be looked up."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say beside a lock that was waited for in vain who holds what."""
    report = yield
    if report.failed and "lock timeout" in report.longreprtext:
        report.sections.append(("Connections", spare_databases.who_is_there()))
    return report


@pytest.fixture(scope="session")
def tables(django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a database with all tables and nothing in them, to be copied; the first worker makes it for all."""
    with django_db_blocker.unblock():
        return spare_databases.with_tables(testing.spare("tables"), locks=testing.directory())


@pytest.fixture(scope="session")
def ground(tables: str, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of a database with all tables and the shipped configuration in them; what every test begins with."""
    from wangge.cases.tests.ground import lay

    with django_db_blocker.unblock():
        return spare_databases.made_once(
            testing.spare("ground"), lay, locks=testing.directory(), template=tables
        )


@pytest.fixture(scope="session")
def django_db_setup(ground: str, django_db_blocker: DjangoDbBlocker, worker_id: str) -> Iterator[None]:
    """The database of each worker is a copy; in place of pytest-django's own, which would make and fill its tables."""
    name, before = testing.spare(worker_id), connection.settings_dict["NAME"]

    def renew(test: TransactionTestCase | None = None) -> None:
        with django_db_blocker.unblock():
            spare_databases.renew(name, ground)

    renew()
    connection.settings_dict["NAME"] = name
    with pytest.MonkeyPatch.context() as patched:
        # Emptying every table would take as long and take away what we began with.
        patched.setattr(TransactionTestCase, "_fixture_teardown", renew)
        yield
    with django_db_blocker.unblock():
        connection.close()
        spare_databases.drop(name)
    connection.settings_dict["NAME"] = before


@pytest.fixture(autouse=True)
def nothing_taken_for_granted() -> None:
    """What a process keeps in memory may be what another test said and took back; so each test looks again."""
    _look_again()


def _look_again() -> None:
    from wangge.cases import clocks
    from wangge.intake import keys
    from wangge.intake.channels.open311 import catalogue
    from wangge.registry.addresses import names
    from wangge.territory import lookup

    lookup.forget()
    names.forget_areas()
    keys.forget()
    clocks.look_again()
    catalogue.look_again()


@pytest.fixture(scope="module")
def standing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What fixtures of a file store after asking for this stands for all its tests; each takes back only its own part."""
    with django_db_blocker.unblock():
        _look_again()
        with transaction.atomic():
            yield
            transaction.set_rollback(True)


@pytest.fixture
def cast(db: None) -> "Cast":
    """The fixed cast and the small territory; the shipped configuration is there already."""
    from wangge.cases.tests.cast import assemble

    return assemble()
