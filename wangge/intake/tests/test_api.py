"""The public half of /api/v1/: reporting with a key or a session, and reading what anybody may read."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from wangge.accounts.models import Role
from wangge.cases import actions
from wangge.cases.models import Report
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.workflow import Stage
from wangge.intake import keys

pytestmark = pytest.mark.django_db

LAMP_OUT = {"text": "路灯不亮了", "lon": 118.905, "lat": 32.905}


@pytest.fixture
def anybody() -> Client:
    return Client(headers={"Accept-Language": "en"})


@pytest.fixture
def system(cast: Cast) -> Client:
    """Another system with a key."""
    key = keys.create_key("neighbour-city", at=timezone.now())
    return Client(headers={"Accept-Language": "en", "Authorization": f"Bearer {key}"})


def post(client: Client, status: int = 201, **given: Any) -> Any:
    response = client.post("/api/v1/reports", {**LAMP_OUT, **given}, content_type="application/json")
    assert response.status_code == status, response.content.decode()
    return response.json()


def get(client: Client, path: str, status: int = 200, **arguments: Any) -> Any:
    response = client.get(f"/api/v1/{path}", arguments)
    assert response.status_code == status, response.content.decode()
    return response.json()


def test_a_key_sends_a_report_with_class_answers_and_contact(system: Client, cast: Cast) -> None:
    told = post(
        system,
        class_code="01037",
        answers={"lamp_extent": "one"},
        contact={"name": "张三", "phone": "13800001234"},
    )
    report = Report.objects.get(number=told["number"])
    assert (report.source, report.matter, report.grid) == ("neighbour-city", cast.lamp, cast.place.grid_a)
    assert report.attributes == {"lamp_extent": "one"}
    assert report.contact.name == "张三"
    assert told["url"].endswith(f"/m/{told['code']}/")


def test_the_same_submission_is_the_same_report(system: Client) -> None:
    first = post(system, submission="form-1")
    assert post(system, status=200, submission="form-1") == first
    assert post(system)["number"] != first["number"]


def test_a_person_signed_in_reports_with_a_csrf_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
    client.force_login(cast.acceptor)
    assert post(client, status=403)["code"] == "forbidden"
    client.cookies["csrftoken"] = "a" * 32
    sent = client.post(
        "/api/v1/reports", LAMP_OUT, content_type="application/json", headers={"X-CSRFToken": "a" * 32}
    )
    assert sent.status_code == 201
    report = Report.objects.get()
    assert (report.channel, report.received_by) == ("desk", cast.acceptor)


@pytest.mark.parametrize("name", ["clerk", "grid_worker", "leader"])
def test_whoever_has_no_seat_at_the_desk_reports_as_residents_do(cast: Cast, name: str) -> None:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(cast.person(name, "某人", Role(name), cast.place.county))
    first = post(client, submission="one")
    assert post(client, status=200, submission="one") == first
    report = Report.objects.get()
    assert (report.channel, report.received_by) == ("web", None)


def test_nobody_and_a_wrong_key_are_told_to_sign_in(anybody: Client, cast: Cast) -> None:
    assert post(anybody, status=401)["code"] == "not_signed_in"
    anybody.defaults["HTTP_AUTHORIZATION"] = "Bearer wrong"
    assert post(anybody, status=401)["code"] == "not_signed_in"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"text": ""}, "description"),
        ({"text": "x" * 4001}, "text"),
        ({"lat": None}, "lat"),
        ({"lon": 32.905, "lat": 118.905}, "lon"),
        ({"lon": None, "lat": None}, "place"),
        ({"crs": "mercator"}, "crs"),
        ({"kind": "song"}, "kind"),
        ({"class_code": "01037"}, "answers"),
        ({"contact": {"phone": "1" * 41}}, "contact.phone"),
    ],
)
def test_what_cannot_be_used_is_named(system: Client, given: dict[str, Any], field: str) -> None:
    told = post(system, status=422, **given)
    assert (told["code"], told["field"]) == ("invalid", field)
    assert told["message"]


def test_what_no_database_keeps_is_taken_out_and_the_rest_is_kept(system: Client) -> None:
    told = post(system, text="路\x00灯\ud83d不亮💡")
    assert Report.objects.get(number=told["number"]).text == "路灯不亮💡"


def test_words_come_in_the_language_asked_for(system: Client) -> None:
    english = post(system, status=404, class_code="nothing")["message"]
    system.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-CN"
    assert post(system, status=404, class_code="nothing")["message"] != english


def test_the_public_reads_matters_without_a_key(anybody: Client, cast: Cast) -> None:
    report = cast.case_at(Stage.CLOSED).reports.get()
    hidden = cast.report(kind=Report.Kind.HELP)
    [told] = get(anybody, "matters", is_open="false", area=cast.place.county.code, group="lamps")
    assert (told["number"], told["stage"], told["answer"]) == (report.number, "closed", "路灯已修好")
    assert told["text"] == ""
    actions.publish_report(report, text="路灯不亮", by=cast.acceptor, at=NOON)
    detail = get(anybody, f"matters/{report.number}")
    assert detail["text"] == "路灯不亮"
    assert [step["verb"] for step in detail["steps"]][:2] == ["receive", "file"]
    assert get(anybody, f"matters/{hidden.number}", status=404)["code"] == "not_found"
    assert get(anybody, "matters", area="nowhere", status=404)["code"] == "not_found"


def test_areas_are_walked_from_the_top(anybody: Client, cast: Cast) -> None:
    [province] = get(anybody, "areas")
    assert province["level"] == "province"
    assert [a["name"] for a in get(anybody, "areas", parent=cast.place.community.code)] == [
        "甲网格",
        "乙网格",
    ]
    assert get(anybody, "areas", parent="nowhere", status=404)["code"] == "not_found"


def test_a_point_is_located_in_any_coordinate_system(anybody: Client, cast: Cast) -> None:
    told = get(anybody, "locate", lon=118.905, lat=32.905)
    assert (told["grid"]["code"], told["unit_grid"], told["how"]) == (
        cast.place.grid_a.code, "990101001001901", "inside",
    )  # fmt: skip
    assert [area["level"] for area in told["areas"]][:3] == ["province", "city", "county"]
    shifted = get(anybody, "locate", lon=118.91, lat=32.903, crs="gcj02")
    assert 118.90 < shifted["lon"] < 118.91
    assert get(anybody, "locate", lon=181, lat=0, status=422)["field"] == "lon"


def test_classes_are_told_with_their_questions(anybody: Client, cast: Cast) -> None:
    lamp = next(row for row in get(anybody, "classes") if row["code"] == "01037")
    assert [question["code"] for question in lamp["questions"]] == ["lamp_extent", "lamp_number"]


def test_an_unknown_address_and_a_broken_body_are_told_in_the_same_form(system: Client) -> None:
    assert get(system, "nothing", status=404)["code"] == "not_found"
    broken = system.post("/api/v1/reports", "{", content_type="application/json")
    assert (broken.status_code, broken.json()["code"]) == (422, "invalid")
