from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from wangge.cases.models import Report
from wangge.cases.tests.cast import Cast
from wangge.intake import keys

PLAIN = "06010"  # exposed rubbish: its questions need no answer
FORM = "application/x-www-form-urlencoded"


class Caller:
    """Another system that speaks GeoReport v2, with a key."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.client = Client(headers={"Accept-Language": "en"})

    def fields(self, **more: Any) -> dict[str, Any]:
        """A good report, with these fields changed; None leaves one out."""
        good = {"api_key": self.key, "service_code": PLAIN, "lat": "32.905", "long": "118.905", **more}
        return {name: value for name, value in good.items() if value is not None}

    def post(self, form: str = "json", query: str = "", **more: Any) -> Any:
        body = urlencode(self.fields(**more), doseq=True)
        return self.client.post(f"/open311/v2/requests.{form}{query}", body, content_type=FORM)

    def report(self, **more: Any) -> Report:
        """Send a report that must be taken, and return what was stored."""
        response = self.post(**more)
        assert response.status_code == 200, response.content.decode()
        return Report.objects.get(number=response.json()[0]["service_request_id"])

    def refused(self, status: int = 400, /, **more: Any) -> list[str]:
        """Send a report that must be refused, and return the words."""
        response = self.post(**more)
        assert response.status_code == status, response.content.decode()
        return [error["description"] for error in response.json()]

    def get(self, path: str, *, expect: int = 200, **arguments: Any) -> Any:
        response = self.client.get(f"/open311/v2/{path}", arguments)
        assert response.status_code == expect, response.content.decode()
        return response.json() if path.endswith(".json") else response.content.decode()

    def numbers(self, **arguments: Any) -> list[str]:
        """The numbers a list tells, in its order."""
        return [request["service_request_id"] for request in self.get("requests.json", **arguments)]


@pytest.fixture
def caller(cast: Cast) -> Caller:
    return Caller(keys.create_key("hotline-app", at=timezone.now()))
