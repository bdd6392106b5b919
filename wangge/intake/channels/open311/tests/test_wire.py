"""What arrives as bytes: both ways in answer alike, and no body whatever brings anything but an error in the asked form."""

import io
import json
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import DatabaseError

from wangge.cases.models import Report
from wangge.intake import group
from wangge.intake.channels.open311 import fast
from wangge.intake.channels.open311.fields import MOST_BYTES, MOST_FIELDS
from wangge.intake.channels.open311.notation import written
from wangge.intake.channels.open311.tests.conftest import FORM, PLAIN, Caller

pytestmark = pytest.mark.django_db


class ShortWay:
    """Posts bytes to the WSGI application, past Django's middleware."""

    def __init__(self, key: str) -> None:
        self.good = f"api_key={key}&service_code={PLAIN}&lat=32.905&long=118.905".encode()

    def post(self, body: bytes, form: str = "json", **environ: Any) -> tuple[int, bytes]:
        def start_response(status: str, headers: list[tuple[str, str]]) -> None:
            self.status, self.headers = int(status[:3]), dict(headers)

        def pages(environ: dict[str, Any], start_response: Any) -> list[bytes]:
            raise AssertionError("the short way was not taken")

        given = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"/open311/v2/requests.{form}",
            "CONTENT_TYPE": f"{FORM}; charset=utf-8",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_ACCEPT_LANGUAGE": "en",
            "wsgi.input": io.BytesIO(body),
            **environ,
        }
        answer = b"".join(fast.before(pages)(given, start_response))
        assert self.headers["Content-Length"] == str(len(answer))
        return self.status, answer


@pytest.fixture
def short(caller: Caller) -> ShortWay:
    return ShortWay(caller.key)


@pytest.fixture(params=["short", "long"])
def post(request: pytest.FixtureRequest, caller: Caller, short: ShortWay) -> Any:
    """Either way in: body -> (status, bytes)."""
    if request.param == "short":
        return short.post

    def by_django(body: bytes, form: str = "json") -> tuple[int, bytes]:
        response = caller.client.post(f"/open311/v2/requests.{form}", body, content_type=FORM)
        return response.status_code, response.content

    return by_django


def test_both_ways_take_a_good_report(post: Any, short: ShortWay) -> None:
    status, answer = post(short.good + "&description=路灯".encode() + b"&address_string=%E8%B7%AF+1")
    assert status == 200
    report = Report.objects.get(number=json.loads(answer)[0]["service_request_id"])
    assert (report.text, report.address) == ("路灯", "路 1")


def test_nul_is_taken_out_and_the_rest_is_kept(post: Any, short: ShortWay) -> None:
    status, answer = post(short.good + "&descrip%00tion=路%00灯\0&first_name=%00&phone=%0%000".encode())
    assert status == 200
    assert Report.objects.get(number=json.loads(answer)[0]["service_request_id"]).text == "路灯"


def test_nul_is_taken_out_of_a_form_with_photos_and_of_a_query(caller: Caller) -> None:
    fields = caller.fields(description="路\0灯")
    response = caller.client.post("/open311/v2/requests.json?address_string=%E8%B7%AF%00+1", fields)
    assert response.status_code == 200
    report = Report.objects.get(number=response.json()[0]["service_request_id"])
    assert (report.text, report.address) == ("路灯", "路 1")
    assert caller.numbers(service_request_id=f"{report.number}\0") == [str(report.number)]


@pytest.mark.parametrize(
    "spoiled",
    [
        b"&description=%FF%FE",  # not UTF-8
        b"&description=%ED%A0%80",  # half a surrogate pair
        b"&description=\xff",
        b"&a=1" * (MOST_FIELDS + 1),
        b"&description=" + b"x" * MOST_BYTES,
    ],
    ids=["bad bytes", "surrogate", "raw bytes", "too many fields", "huge"],
)
def test_a_body_that_cannot_be_kept_is_refused_in_the_asked_form(
    post: Any, short: ShortWay, spoiled: bytes
) -> None:
    status, answer = post(short.good + spoiled)
    assert (status, json.loads(answer)[0]["code"]) == (400, 400)
    status, answer = post(short.good + spoiled, "xml")
    assert (status, ElementTree.fromstring(answer).findtext("error/code")) == (400, "400")
    assert not Report.objects.exists()


@pytest.mark.parametrize("body", [b"", b"&&=&", b"%", b"api_key=%", b"\x00", b"api_key"])
def test_an_empty_or_senseless_body_lacks_the_key(post: Any, body: bytes) -> None:
    assert post(body)[0] in (400, 403)


def test_a_body_announced_as_huge_is_not_even_read(short: ShortWay) -> None:
    assert short.post(b"", CONTENT_LENGTH=str(10**12))[0] == 400


def test_another_type_of_body_is_refused_in_words(caller: Caller) -> None:
    for kind in ("application/json", "text/plain"):
        response = caller.client.post("/open311/v2/requests.json", caller.fields(), content_type=kind)
        assert response.status_code == 400
        assert FORM in response.json()[0]["description"]


def test_a_form_in_another_alphabet_is_refused_as_the_callers_fault(caller: Caller) -> None:
    response = caller.client.post(
        "/open311/v2/requests.json",
        b"--x--\r\n",
        content_type="multipart/form-data; boundary=x; charset=ISO-8859-1",
    )
    assert (response.status_code, response.json()[0]["code"]) == (400, 400)


def test_a_broken_multipart_body_is_refused(caller: Caller) -> None:
    broken = caller.client.post(
        "/open311/v2/requests.json", b"--x\r\nnonsense", content_type="multipart/form-data; boundary="
    )
    assert broken.status_code in (400, 403)
    assert broken.json()[0]["code"] == broken.status_code


def test_the_short_way_leaves_everything_else_to_the_pages() -> None:
    seen: list[str] = []

    def pages(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ["PATH_INFO"])
        return []

    application = fast.before(pages)
    for method, path, kind in (
        ("GET", "/open311/v2/requests.json", ""),
        ("POST", "/open311/v2/requests.json", "multipart/form-data; boundary=x"),
        ("POST", "/report/", FORM),
    ):
        application({"REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_TYPE": kind}, lambda *_: None)
    assert len(seen) == 3


def test_what_fails_inside_is_told_in_the_asked_form_without_details(
    post: Any, short: ShortWay, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(prepared: object) -> None:
        raise DatabaseError("relation cases_report is on fire")

    monkeypatch.setattr(group, "store_reports", fail)
    for form in ("json", "xml"):
        status, answer = post(short.good, form)
        assert status == 500
        assert b"fire" not in answer
        assert b"500" in answer


# -- XML and JSON ------------------------------------------------------------------------------------


def test_xml_has_the_wrappers_that_json_drops() -> None:
    data = [{"service_code": "1", "metadata": True, "lat": 32.5, "attributes": [], "values": [{"key": "a"}]}]
    assert json.loads(written("json", "services", data)) == data
    assert written("xml", "services", data).decode().splitlines()[1] == (
        "<services><service><service_code>1</service_code><metadata>true</metadata><lat>32.5</lat>"
        "<attributes></attributes><values><value><key>a</key></value></values></service></services>"
    )


def test_what_xml_cannot_hold_is_left_out_and_the_rest_is_escaped() -> None:
    words = "a<b>&\x0b\x00\ufffe😀"
    root = ElementTree.fromstring(written("xml", "errors", [{"description": words}]))
    assert root.findtext("error/description") == "a<b>&😀"
