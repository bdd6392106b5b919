"""HTTP as the channels speak it: JSON back, a short patience, no redirects, and every failure in words."""

import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from wangge.notifications.channels.base import Again, NoAnswer

PATIENCE = 10  # seconds
LONGEST_ANSWER = 64 * 1024


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would carry keys and messages to an address nobody configured."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


opener = build_opener(_NoRedirects)


def get(url: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """Ask with fields in the address and return the JSON object answered; raises `Again` or `NoAnswer`."""
    return _ask(_request(f"{url}?{urlencode(fields)}"))


def post_form(url: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """Send fields as a form and return the JSON object answered."""
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return _ask(_request(url, urlencode(fields).encode(), kind))


def post_json(url: str, data: Mapping[str, Any], fields: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Send a JSON object (with fields in the address) and return the JSON object answered."""
    address = f"{url}?{urlencode(fields)}" if fields else url
    body = json.dumps(data, ensure_ascii=False).encode()
    return _ask(_request(address, body, {"Content-Type": "application/json"}))


def address_fault(name: str, url: str) -> list[str]:
    """Say what is wrong with an endpoint: secrets go there, so it is https unless it is this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost"}):
        return []
    return [f"{name} must begin with https://."]


def _request(url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Request:
    return Request(url, body, dict(headers or {}))  # noqa: S310  # `address_fault` has seen to the scheme


def _ask(request: Request) -> dict[str, Any]:
    """Whatever came back as JSON, errors of the provider included: they carry its own code."""
    host = urlsplit(request.full_url).hostname
    try:
        with opener.open(request, timeout=PATIENCE) as answer:
            return _read(answer.read(LONGEST_ANSWER))
    except HTTPError as error:
        with error:
            if error.code >= 500 or error.code == 429:
                raise Again(f"{host} answered {error.code}.", everybody=True) from None
            return _read(error.read(LONGEST_ANSWER))
    except URLError as error:
        raise Again(f"{host} cannot be reached: {error.reason}.", everybody=True) from None
    except (TimeoutError, ConnectionError, http.client.HTTPException) as error:
        raise NoAnswer(f"{host} did not answer: {type(error).__name__}.") from None


def _read(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise NoAnswer("The provider's answer cannot be read.")
    return data
