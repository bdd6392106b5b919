"""The short way in for what is sent most: creating a report from a form, straight from WSGI.

Sessions, cookies and pages have no part in it, so it goes past the middleware: the same work, a third of the cost.
"""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.db import connection
from django.utils import timezone, translation

from wangge.common.languages import language_of
from wangge.intake.channels.open311.answering import Answer, answer
from wangge.intake.channels.open311.fields import MOST_BYTES, form_fields, too_large
from wangge.intake.channels.open311.submission import acknowledged, draft_of
from wangge.intake.group import receive_together

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

FORMS = {"/open311/v2/requests.json": "json", "/open311/v2/requests.xml": "xml"}
CONTENT_TYPE = "application/x-www-form-urlencoded"
STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


def before(pages: Application) -> Application:
    """Return an application that answers the posting of forms to Open311 itself and leaves the rest to `pages`."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        form = FORMS.get(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] == "POST" else None
        if form and environ.get("CONTENT_TYPE", "").startswith(CONTENT_TYPE):
            return _respond(_created(environ, form), start_response)
        return pages(environ, start_response)

    return application


def _created(environ: Environ, form: str) -> Answer:
    try:
        with translation.override(language_of(environ.get("HTTP_ACCEPT_LANGUAGE", ""))):
            return answer(form, "service_requests", lambda: _create(environ))
    finally:
        # Nobody signals the end of this request to Django: give the connection back to the pool.
        if connection.connection is not None and not connection.in_atomic_block:
            connection.close()


def _create(environ: Environ) -> Any:
    fields = form_fields(_body(environ))
    if query := environ.get("QUERY_STRING"):
        fields = {**form_fields(query.encode("latin-1")), **fields}
    return acknowledged(receive_together(draft_of(fields, at=timezone.now())))


def _body(environ: Environ) -> bytes:
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isdigit() and int(length) > MOST_BYTES:
        raise too_large()
    body: bytes = environ["wsgi.input"].read(int(length) if length.isdigit() else MOST_BYTES + 1)
    return body


def _respond(outcome: Answer, start_response: StartResponse) -> Iterable[bytes]:
    headers = [
        ("Content-Type", outcome.content_type),
        ("Content-Length", str(len(outcome.body))),
        ("Access-Control-Allow-Origin", "*"),
        ("Vary", "Accept-Language"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    start_response(STATUS_LINES[outcome.status], headers)
    return [outcome.body]
