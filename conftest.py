"""Rules for every test: the network is off, and time belongs to the test."""

import pytest
from pytest_socket import disable_socket, socket_allow_hosts


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave only Unix sockets and this machine reachable; by number, since names would be looked up."""
    disable_socket(allow_unix_socket=True)
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)
