"""What was acknowledged is stored, whatever becomes of the server a moment later."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from wangge.cases.models import Report
from wangge.cases.tests.cast import assemble
from wangge.intake import keys
from wangge.intake.channels.open311.tests.conftest import FORM, PLAIN

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CLIENTS = 8
LOAD_SECONDS = 2.0


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def url_of_the_test_database() -> str:
    known = connection.settings_dict
    address = f"postgresql://{known['USER']}:{known['PASSWORD']}@/{known['NAME']}"
    return f"{address}?host={known['HOST']}&port={known['PORT']}"


@pytest.fixture
def server() -> Iterator[tuple[int, int]]:
    """A production server on the test's database: its port and its process group."""
    assemble()  # before the server reads which classes there are
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "config.cli",
        "serve",
        "--port",
        str(port),
        "--workers",
        "2",
        "--threads",
        "8",
    ]
    environment = {k: v for k, v in os.environ.items() if k != "WANGGE_DATABASE_POOL"}
    environment["DATABASE_URL"] = url_of_the_test_database()
    process = subprocess.Popen(
        command,
        cwd=Path(settings.BASE_DIR),
        env=environment,
        start_new_session=True,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_up(port)
        yield port, process.pid
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_until_up(port: int) -> None:
    for _ in range(300):
        with (
            contextlib.suppress(OSError),
            contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as asking,
        ):
            asking.request("GET", "/open311/discovery.json")
            if asking.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise AssertionError("the server did not come up")


def post_until_it_dies(port: int, body: str, acknowledged: list[int]) -> None:
    """Post over one connection until the server is gone, and note every number that came back."""
    with (
        contextlib.suppress(OSError, http.client.HTTPException),
        contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as client,
    ):
        while True:
            client.request("POST", "/open311/v2/requests.json", body, {"Content-Type": FORM})
            answer = client.getresponse().read()
            acknowledged.append(int(json.loads(answer)[0]["service_request_id"]))


def test_every_number_given_out_is_stored_when_the_server_is_killed_under_load(
    server: tuple[int, int],
) -> None:
    port, group = server
    key = keys.create_key("load", at=timezone.now())
    body = urlencode(
        {"api_key": key, "service_code": PLAIN, "lat": 32.905, "long": 118.905, "description": "垃圾"}
    )
    acknowledged: list[int] = []
    clients = [
        threading.Thread(target=post_until_it_dies, args=(port, body, acknowledged)) for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    time.sleep(LOAD_SECONDS)
    os.killpg(group, signal.SIGKILL)
    for client in clients:
        client.join()
    stored = set(Report.objects.values_list("number", flat=True))
    assert len(acknowledged) > CLIENTS
    assert len(set(acknowledged)) == len(acknowledged)
    assert set(acknowledged) <= stored
