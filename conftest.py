"""Rules for every test: the network is off, and time belongs to the test."""

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker
from pytest_socket import socket_allow_hosts

from wangge.common import spare_databases, testing

if TYPE_CHECKING:
    from wangge.cases.tests.cast import Cast


def pytest_configure() -> None:
    """Look for a static file when it is asked for: hundreds of test clients would each list them all first."""
    settings.WHITENOISE_AUTOREFRESH = True


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
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, tables: str) -> None:
    """The database of each worker begins as a copy."""
    connection.settings_dict["TEST"]["TEMPLATE"] = tables


@pytest.fixture
def cast(db: None) -> "Cast":
    """The fixed cast, the small territory and the shipped configuration."""
    from wangge.cases.tests.cast import assemble

    return assemble()
