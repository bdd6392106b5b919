"""A provider on loopback: an HTTP server in a thread, which can also keep silent or break off."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

Answer = tuple[int, Any]


class Asked:
    """One request as a provider sees it."""

    def __init__(self, method: str, path: str, query: dict[str, str], headers: Any, body: bytes) -> None:
        self.method, self.path, self.query, self.headers, self.body = method, path, query, headers, body

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Provider:
    """What every fake has: what it took, and ways to misbehave."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.lose_answers = 0  # take the message, then break the connection off
        self.broken = 0  # answer 503
        self.url = ""

    def answer(self, asked: Asked) -> Answer:
        raise NotImplementedError


@contextmanager
def serving(provider: Provider) -> Iterator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def _any(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), self.headers, body)
            if provider.broken:
                provider.broken -= 1
                self._say(503, {"busy": True})
                return
            status, said = provider.answer(asked)
            if provider.lose_answers and provider.taken:
                provider.lose_answers -= 1
                self.close_connection = True
                return
            self._say(status, said)

        do_GET = do_POST = _any  # noqa: N815  # names of http.server

        def _say(self, status: int, said: Any) -> None:
            body = json.dumps(said).encode()
            self.send_response(status)
            for name, value in getattr(provider, "headers", {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None  # type: ignore[method-assign]  # a lost answer is meant
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


Make = Callable[[], Provider]
