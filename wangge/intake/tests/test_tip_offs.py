"""A tip-off comes through any channel and is confidential from its first moment."""

from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from wangge.cases.models import Report
from wangge.cases.permissions import may_see_report
from wangge.cases.queries import public
from wangge.cases.tests.cast import IN_GRID_A, Cast
from wangge.cases.tests.screens import at_desk
from wangge.intake import keys
from wangge.intake.channels.open311.tests.conftest import PLAIN

pytestmark = pytest.mark.django_db
SECRET = "有人在三楼夜里卸危险品"
LON, LAT = IN_GRID_A


def the_tip_off(cast: Cast) -> Report:
    """The one report: the duty chief sees it, nobody else does, and the public nothing."""
    report = Report.objects.latest("received_at")
    assert report.confidential
    assert {name for name, person in cast.everyone.items() if may_see_report(person, report)} == {
        "duty_chief"
    }
    assert public.matter(report.number) is None
    return report


def test_a_resident_asks_for_it_on_the_form(cast: Cast) -> None:
    cache.clear()
    resident = Client()
    assert 'name="confidential"' in resident.get("/report/").content.decode()
    cast.report()  # somebody else's lamp close by is not suggested to who tips off
    Report.objects.update(received_at=timezone.now())
    said = {
        "token": uuid4().hex,
        "lon": LON,
        "lat": LAT,
        "group": "lamps",
        "text": SECRET,
        "confidential": "on",
    }
    answer = resident.post("/report/", said)
    assert answer.status_code == 302
    report = the_tip_off(cast)
    page = resident.get(answer["Location"]).content.decode()
    assert f"/matters/{report.number}/" not in page
    followed = resident.get(answer["Location"].replace("received/", "")).content.decode()
    assert SECRET in followed


def test_a_seat_writes_it_down_and_no_longer_finds_it(cast: Cast) -> None:
    said = {
        "token": "call-1", "text": SECRET, "address": "人民路12号", "lon": LON, "lat": LAT, "kind": "complaint",
        "confidential": "on",
    }  # fmt: skip
    desk = at_desk(cast.acceptor)
    answer = desk.post("/desk/new/", said)
    assert answer["Location"] == "/desk/", "there is nothing to open for whoever wrote it down"
    report = the_tip_off(cast)
    assert desk.get(f"/reports/{report.number}/").status_code == 404
    assert SECRET not in desk.get("/desk/").content.decode()


@pytest.mark.parametrize("said", ["true", "1"])
def test_open311_has_an_attribute_for_it(cast: Cast, said: str) -> None:
    key = keys.create_key("tips", at=timezone.now())
    fields = {"api_key": key, "service_code": PLAIN, "lat": LAT, "long": LON, "description": SECRET}
    wrong = Client().post("/open311/v2/requests.json", {**fields, "confidential": "maybe"})
    assert wrong.status_code == 400
    assert Client().post("/open311/v2/requests.json", {**fields, "confidential": said}).status_code == 200
    report = the_tip_off(cast)
    assert Client().get(f"/open311/v2/requests/{report.number}.json").status_code == 404
    assert SECRET not in Client().get("/open311/v2/requests.json").content.decode()


def test_the_api_takes_it(cast: Cast) -> None:
    body = {"text": SECRET, "lon": LON, "lat": LAT, "confidential": True}
    answer = at_desk(cast.acceptor).post("/api/v1/reports", body, content_type="application/json")
    assert answer.status_code == 201, answer.content
    the_tip_off(cast)
