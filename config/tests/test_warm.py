"""A web process has read its first pages before anybody asks for them."""

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application

from config.warm import PAGES, warm


@pytest.fixture(autouse=True)
def _thaw() -> Iterator[None]:
    yield
    gc.unfreeze()


class Heard:
    """An application that notes what it is asked, and stumbles or refuses where it is told to."""

    def __init__(self, *, broken: str = "", status: str = "200 OK") -> None:
        self.broken = broken
        self.status = status
        self.asked: list[tuple[str, str]] = []
        self.closed = 0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> "Heard":
        self.asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        if environ["PATH_INFO"] == self.broken:
            raise RuntimeError("on purpose")
        start_response(self.status, [])
        return self

    def __iter__(self) -> Iterator[bytes]:
        return iter([b""])

    def close(self) -> None:
        self.closed += 1


def test_every_first_page_is_asked_for_and_left_behind_in_order() -> None:
    heard = Heard()
    warm(heard)
    assert heard.asked == [("GET", path) for path in PAGES]
    assert heard.closed == len(PAGES)
    assert gc.get_freeze_count() > 0


@pytest.mark.parametrize("how", [{"broken": PAGES[0]}, {"status": "500 Internal Server Error"}])
def test_a_page_that_fails_keeps_no_process_from_starting(how: dict[str, str]) -> None:
    heard = Heard(**how)
    warm(heard)
    assert [path for _method, path in heard.asked] == [PAGES[0]]  # the next would wait for the same in vain


@pytest.mark.django_db(transaction=True)  # each page gives its connection back
@pytest.mark.parametrize("hosts", [["*"], ["net.example", "*"], [".example"]])
def test_the_pages_are_really_drawn(settings: Any, hosts: list[str]) -> None:
    settings.ALLOWED_HOSTS = hosts
    application: Any = get_wsgi_application()
    said: list[str] = []

    def listening(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        def start(status: str, *rest: Any) -> Any:
            said.append(status)
            return start_response(status, *rest)

        return application(environ, start)

    warm(listening)
    assert said == ["200 OK"] * len(PAGES)
