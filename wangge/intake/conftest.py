import threading
from collections.abc import Iterator
from dataclasses import dataclass
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.db import connection, connections
from django.utils import timezone

from wangge.cases.tests.cast import Cast, assemble
from wangge.intake import keys


@dataclass
class Endpoint:
    """A running server: its address, and a key."""

    site: str
    key: str
    cast: Cast

    @property
    def url(self) -> str:
        return f"{self.site}/open311/v2"


class _Quiet(WSGIRequestHandler):
    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def endpoint(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Endpoint]:
    """The whole application on a port of this machine, the short way in included; it serves one after another."""
    from config.wsgi import application

    cast = assemble()
    key = keys.create_key("client", at=timezone.now())
    # One thread with one connection: hundreds of calls would each make their own, which takes longer than to answer.
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", None)
    server = make_server("127.0.0.1", 0, application, handler_class=_Quiet)

    def serve() -> None:
        try:
            server.serve_forever()
        finally:
            connections.close_all()  # or the thread would keep the test's database open

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield Endpoint(f"http://127.0.0.1:{server.server_port}", key, cast)
    server.shutdown()
    thread.join()
    server.server_close()
