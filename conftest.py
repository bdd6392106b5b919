"""Rules for every test: the network is off, and time belongs to the test."""

from typing import TYPE_CHECKING

import pytest
from pytest_socket import socket_allow_hosts

if TYPE_CHECKING:
    from wangge.cases.tests.cast import Cast


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave only Unix sockets and this machine reachable; by number, since names would be looked up."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


@pytest.fixture
def cast(db: None) -> "Cast":
    """The fixed cast, the small territory and the shipped configuration."""
    from wangge.cases.tests.cast import assemble

    return assemble()
