import threading
from collections.abc import Iterator
from dataclasses import dataclass
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.db import connections
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


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def endpoint(transactional_db: None) -> Iterator[Endpoint]:
    """The whole application on a port of this machine, the short way in included."""
    from config.wsgi import application

    cast = assemble()
    key = keys.create_key("client", at=timezone.now())

    def closing(environ: Any, start_response: Any) -> Any:
        # A thread of the test's server ends with its request and must not keep the test database open.
        try:
            return application(environ, start_response)
        finally:
            connections.close_all()

    server = make_server("127.0.0.1", 0, closing, server_class=_Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Endpoint(f"http://127.0.0.1:{server.server_port}", key, cast)
    server.shutdown()
    thread.join()
    server.server_close()
