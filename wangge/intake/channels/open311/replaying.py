"""Posting the rows of a file to a running server over Open311, at a chosen multiple of their own speed."""

import http.client
import json
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from django.utils.translation import gettext as _

from wangge.common.refusals import Refused

Sleep = Callable[[float], None]


@dataclass(frozen=True)
class Posting:
    """One report to post: its moment in the file, and its form fields as GeoReport v2 names them."""

    at: datetime
    fields: dict[str, str]


@dataclass(frozen=True)
class Answer:
    """What the server said: the report's number, or what was wrong."""

    number: str = ""
    error: str = ""


class Open311Server:
    """A connection to one GeoReport v2 endpoint, kept open between reports."""

    def __init__(self, endpoint: str, api_key: str) -> None:
        parts = urlsplit(endpoint)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Refused(_("%(url)s is no address of a server.") % {"url": endpoint})
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname, parts.port, timeout=30)
        self._path = f"{parts.path.rstrip('/')}/requests.json"
        self._api_key = api_key

    def post(self, fields: dict[str, str]) -> Answer:
        """Post one report; raises Refused when nobody answers there."""
        body = urlencode({**fields, "api_key": self._api_key})
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        try:
            self._connection.request("POST", self._path, body, headers)
            response = self._connection.getresponse()
            return _read(response.status, response.read())
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()
            raise Refused(_("The server does not answer: %(why)s") % {"why": error}) from None


def _read(status: int, body: bytes) -> Answer:
    try:
        first = json.loads(body)[0]
    except (ValueError, LookupError, TypeError):
        return Answer(error=f"HTTP {status}")
    if status >= 300:
        return Answer(error=f"{status} {first.get('description', '')}")
    return Answer(number=str(first.get("service_request_id", "")))


def replay(
    postings: Iterable[Posting],
    post: Callable[[dict[str, str]], Answer],
    *,
    speed: float,
    sleep: Sleep = time.sleep,
) -> Iterator[Answer]:
    """Post each report when its turn comes: `speed` 60 lets an hour of the file pass in a minute.

    The pauses are measured from the start, so a slow answer is made up for afterwards.
    """
    begun, first = time.monotonic(), None
    for posting in postings:
        first = first or posting.at
        due = (posting.at - first).total_seconds() / speed
        ahead = due - (time.monotonic() - begun)
        if ahead > 0:
            sleep(ahead)
        yield post(posting.fields)
