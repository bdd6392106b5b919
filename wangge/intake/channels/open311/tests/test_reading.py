"""What other systems may read: the list's rules, one request, and never what the public must not see."""

from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from wangge.attachments import actions as attachments
from wangge.cases import actions
from wangge.cases.models import Report
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.workflow import Stage
from wangge.intake.channels.open311 import catalogue, reading
from wangge.intake.channels.open311.tests.conftest import Caller
from wangge.intake.models import ServiceListChange

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


def wire(moment: datetime | None) -> str:
    assert moment is not None
    return timezone.localtime(moment).isoformat(timespec="seconds")


@pytest.fixture(autouse=True)
def in_june(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a week after the cast's stories."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + WEEK)


def shown(caller: Caller, report: Report, **arguments: Any) -> Any:
    [request] = caller.get(f"requests/{report.number}.json", **arguments)
    return request


# -- The list ------------------------------------------------------------------------------------------


def test_the_newest_comes_first_and_an_empty_list_is_an_answer(caller: Caller, cast: Cast) -> None:
    assert caller.get("requests.json") == []
    assert ElementTree.fromstring(caller.get("requests.xml")).tag == "service_requests"
    older, newer = cast.report(at=NOON - WEEK), cast.report(at=NOON)
    assert caller.numbers() == [str(newer.number), str(older.number)]


def test_without_dates_the_last_ninety_days_are_told(caller: Caller, cast: Cast) -> None:
    cast.report(at=NOON + WEEK - timedelta(days=91))
    report = cast.report(at=NOON + WEEK - timedelta(days=89))
    assert caller.numbers() == [str(report.number)]


def test_both_bounds_are_inclusive(caller: Caller, cast: Cast) -> None:
    report = cast.report(at=NOON.replace(microsecond=700_000))
    exact = {"start_date": wire(NOON), "end_date": wire(NOON)}
    assert caller.numbers(**exact) == [str(report.number)]
    assert caller.numbers(end_date=wire(NOON - timedelta(seconds=1))) == []
    assert caller.numbers(start_date=wire(NOON + timedelta(seconds=1))) == []


def test_one_bound_reaches_ninety_days_from_there(caller: Caller, cast: Cast) -> None:
    early, late = cast.report(at=NOON - timedelta(days=95)), cast.report(at=NOON)
    assert caller.numbers(start_date=wire(NOON - timedelta(days=96))) == [str(early.number)]
    assert caller.numbers(end_date=wire(NOON)) == [str(late.number)]


@pytest.mark.parametrize(
    "arguments",
    [
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"},  # 91 days
        {"start_date": "2026-06-02T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"},
        {"start_date": "yesterday"},
        {"end_date": "2026-02-30T00:00:00Z"},
        {"start_date": "0001-01-01T00:00:00+14:00"},
        {"start_date": "9999-12-31T00:00:00Z"},
        {"status": "lost"},
        {"page": "first"},
        {"page": "-1"},
        {"page": "99999999", "page_size": "1000"},
        {"page": "202", "page_size": "50"},  # 10,050 rows to skip
        {"page_size": "1e3"},
    ],
)
def test_an_argument_that_makes_no_sense_is_refused_by_name(
    caller: Caller, arguments: dict[str, str]
) -> None:
    [error] = caller.get("requests.json", expect=400, **arguments)
    assert error["code"] == 400
    assert any(name in error["description"] for name in arguments) or "calendar" in error["description"]


def test_ninety_days_to_the_second_are_not_too_many(caller: Caller) -> None:
    assert (
        caller.get("requests.json", start_date="2026-01-01T00:00:00Z", end_date="2026-04-01T00:00:00Z") == []
    )


@pytest.mark.parametrize(
    "moment",
    ["2026-06-10T02:00:00Z", "2026-06-10T10:00:00+08:00", "2026-06-10T10:00:00 08:00", "2026-06-10T10:00:00.598659+08:00",
     "2026-06-10T10:00:00", "2026-06-10", "2026-06-10T10:00:00+0800"],
)  # fmt: skip
def test_moments_are_understood_in_every_spelling_in_use(caller: Caller, cast: Cast, moment: str) -> None:
    report = cast.report(at=NOON)
    assert caller.numbers(end_date=moment) == [str(report.number)]


def test_status_and_service_codes_may_be_lists(caller: Caller, cast: Cast) -> None:
    open_one, closed_one = cast.report_at(Stage.RECEIVED), cast.case_at(Stage.CLOSED).reports.get()
    answered, declined = cast.report_at(Stage.ANSWERED), cast.report_at(Stage.DECLINED)
    assert caller.numbers(status="open") == [str(open_one.number)]
    assert set(caller.numbers(status="closed")) == {str(r.number) for r in (closed_one, answered, declined)}
    assert len(caller.numbers(status="open,closed")) == 4
    assert len(caller.numbers(service_code="01037,99999")) == 4
    assert caller.numbers(service_code="99999") == []


def test_numbers_override_every_other_argument(caller: Caller, cast: Cast) -> None:
    old = cast.report(at=NOON - timedelta(days=400))
    wanted = f"{old.number}, 77,abc,{'9' * 40}, -1"
    assert caller.numbers(service_request_id=wanted, status="lost", start_date="never") == [str(old.number)]


def test_what_was_touched_before_is_passed_over_by_an_index(cast: Cast) -> None:
    told = rows_wanted_sql(updated_after=NOON)
    assert "UNION" in told
    assert '"updated_at" >= ' in told.split("UNION")[1]
    assert "UNION" not in rows_wanted_sql(start=NOON)


def rows_wanted_sql(**asked: Any) -> str:
    with CaptureQueriesContext(connection) as done:
        reading.rows_wanted(reading.Wanted(**asked))
    return done.captured_queries[-1]["sql"]


def test_pages_are_counted_from_one_and_zero_means_one(caller: Caller, cast: Cast) -> None:
    numbers = [str(cast.report(at=NOON + timedelta(minutes=n)).number) for n in range(5)][::-1]
    assert caller.numbers(page="1", page_size="2") == caller.numbers(page="0", page_size="2") == numbers[:2]
    assert caller.numbers(page="3", page_size="2") == numbers[4:]
    assert caller.numbers(page="4", page_size="2") == []
    assert caller.numbers(page_size="5000") == numbers


def test_what_changed_is_told_however_old_it_is(caller: Caller, cast: Cast) -> None:
    report = cast.report(at=NOON - timedelta(days=200))
    actions.answer_report(report, answer="已解释", by=cast.acceptor, at=NOON)
    assert caller.numbers(updated_after=wire(NOON)) == [str(report.number)]
    assert caller.numbers(updated_before=wire(NOON)) == [str(report.number)]
    assert caller.numbers(updated_after=wire(NOON + timedelta(seconds=1))) == []
    assert caller.numbers() == []


def test_a_thousand_take_two_statements(caller: Caller, cast: Cast, django_assert_num_queries) -> None:
    for minutes in range(5):
        cast.report(at=NOON + timedelta(minutes=minutes))
    caller.get("services.json")  # what is kept in memory
    with django_assert_num_queries(2):
        assert len(caller.numbers()) == 5


# -- One request ---------------------------------------------------------------------------------------


def test_a_closed_case_tells_its_unit_its_answer_and_its_closing_time(caller: Caller, cast: Cast) -> None:
    case = cast.case_at(Stage.CLOSED)
    report = case.reports.get()
    actions.rate_report(report, solved=True, result=3, attitude=3, at=NOON + timedelta(days=1))
    request = shown(caller, report)
    assert request["status"] == "closed"
    assert request["updated_datetime"] == wire(case.closed_at)
    assert request["expected_datetime"] == wire(case.whole_due_at)
    assert request["agency_responsible"] == cast.lamps.name
    assert "路灯已修好" in request["status_notes"]
    assert request["address_id"] == cast.place.grid_a.code


@pytest.mark.parametrize(
    "stage", [Stage.FILED, Stage.DISPATCHED, Stage.HANDLING, Stage.CHECKING, Stage.PASSED]
)
def test_what_is_under_way_is_open_with_the_fine_stage_in_words(
    caller: Caller, cast: Cast, stage: Stage
) -> None:
    request = shown(caller, cast.case_at(stage).reports.get())
    assert request["status"] == "open"
    with translation.override("en"):
        assert request["status_notes"] == str(stage.label)


def test_an_unknown_request_is_not_found(caller: Caller) -> None:
    for path in ("requests/77.json", "requests/abc.json", f"requests/{'9' * 30}.json", "tokens/abc.json"):
        assert caller.get(path, expect=404)[0]["code"] == 404
    assert "<code>404</code>" in caller.get("requests/77.xml", expect=404)


def test_a_report_without_a_class_still_has_a_code(caller: Caller, cast: Cast) -> None:
    request = shown(caller, cast.report(matter=None))
    assert request["service_code"] == "unclassified"
    assert request["service_name"]


def test_no_field_is_null_or_empty_but_the_description(caller: Caller, cast: Cast) -> None:
    request = shown(caller, cast.report(point=None))
    assert [name for name, value in request.items() if value in (None, "")] == ["description"]
    assert "lat" not in request


# -- Trust ---------------------------------------------------------------------------------------------


def test_words_and_photos_are_told_only_after_a_person_has_looked(caller: Caller, cast: Cast) -> None:
    report = cast.report()
    photo = cast.after_photo(cast.case_at(Stage.HANDLING), NOON)
    photo.subject_kind, photo.subject_id = "report", report.pk
    photo.save()
    before = shown(caller, report)
    assert (before["description"], "media_url" in before, "address" in before) == ("", False, False)

    actions.publish_report(report, text="路灯不亮", by=cast.acceptor, at=NOON)
    attachments.publish(photo, by=cast.acceptor, at=NOON)
    after = shown(caller, report)
    assert after["description"] == "路灯不亮"
    assert after["media_url"] == f"http://testserver{photo.full_url}"
    assert after["address"] == "人民路12号"


def test_street_only_tells_neither_the_house_nor_the_exact_point(caller: Caller, cast: Cast) -> None:
    report = cast.report(point=(118.904567, 32.905678), street_only=True)
    actions.publish_report(report, text="路灯不亮", by=cast.acceptor, at=NOON)
    request = shown(caller, report)
    assert (request["long"], request["lat"]) == (118.905, 32.906)
    assert request["address"] == "人民路"
    assert "address_id" not in request, "a grid can be one house"


def test_a_call_for_help_is_nobody_elses_business(caller: Caller, cast: Cast) -> None:
    report = cast.report(kind=Report.Kind.HELP)
    assert caller.numbers() == []
    assert caller.get(f"requests/{report.number}.json", expect=404)


def test_extensions_tell_the_public_steps_and_the_answers_without_free_text(
    caller: Caller, cast: Cast
) -> None:
    report = cast.report(attributes={"lamp_extent": "one", "lamp_number": "张三家门口"})
    case = cast.file(report)
    actions.comment_case(case, note="内部意见", by=cast.duty_chief, at=NOON + timedelta(hours=1))
    request = shown(caller, report, extensions="true")
    assert [a["code"] for a in request["extended_attributes"]["attributes"]] == ["lamp_extent"]
    assert [note["datetime"] for note in request["notes"]] == [wire(NOON), wire(NOON + timedelta(minutes=10))]
    assert "张三" not in str(request)
    assert "内部意见" not in str(request)
    assert "notes" not in shown(caller, report)


# -- Services and discovery ----------------------------------------------------------------------------


def test_every_class_in_force_is_a_service_in_the_readers_language(caller: Caller, cast: Cast) -> None:
    services = {s["service_code"]: s for s in caller.get("services.json")}
    assert len(services) > 250
    lamp = services["01037"]
    assert lamp["metadata"] is True
    assert lamp["type"] == "realtime"
    assert lamp["service_name"] == cast.lamp.name_en
    chinese = caller.client.get(
        "/open311/v2/services.json", headers={"Accept-Language": "zh-CN,zh;q=0.9"}
    ).json()
    assert cast.lamp.name in [s["service_name"] for s in chinese]


def test_a_definition_numbers_its_questions_and_offers_the_values(caller: Caller) -> None:
    definition = caller.get("services/01001.json")
    first = definition["attributes"][0]
    assert [a["order"] for a in definition["attributes"]] == [1, 2, 3]
    assert (first["code"], first["datatype"], first["required"], first["variable"]) == (
        "cover_problem", "multivaluelist", True, True,
    )  # fmt: skip
    assert {"key": "sunk", "name": "Sunk or raised"} in first["values"]
    without = caller.get("services/01013.json")
    assert without == {"service_code": "01013", "attributes": []}
    assert caller.get("services/99999.json", expect=404)
    xml = ElementTree.fromstring(caller.get("services/01001.xml"))
    assert xml.findtext("attributes/attribute/values/value/key") == "missing"


def test_discovery_names_the_endpoint_and_a_changeset_that_moves_with_the_services(
    caller: Caller, cast: Cast
) -> None:
    def changeset() -> str:
        catalogue.look_again()
        told = caller.client.get("/open311/discovery.json").json()
        [endpoint] = told["endpoints"]
        assert endpoint["url"] == "http://testserver/open311/v2"
        assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
        assert endpoint["formats"] == ["text/xml", "application/json"]
        return str(told["changeset"])

    first = changeset()
    assert first == changeset()
    type(cast.lamp).objects.filter(pk=cast.lamp.pk).update(name="路灯")
    assert datetime.fromisoformat(changeset()) >= datetime.fromisoformat(first)
    assert ServiceListChange.objects.count() == 2
    xml = ElementTree.fromstring(caller.client.get("/open311/discovery.xml").content)
    assert xml.findtext("endpoints/endpoint/formats/format") == "text/xml"


# -- Addresses and methods -----------------------------------------------------------------------------


def test_an_address_we_do_not_have_is_told_in_the_form_it_asks_for(caller: Caller) -> None:
    assert caller.get("nothing.json", expect=404)[0]["code"] == 404
    for path in ("services", "services.csv", "requests", ""):
        assert ElementTree.fromstring(caller.get(path, expect=404)).findtext("error/code") == "404"


def test_another_method_is_told_which_are_taken(caller: Caller) -> None:
    response = caller.client.delete("/open311/v2/requests.json")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST")
    assert response.json()[0]["code"] == 405


def test_any_page_in_a_browser_may_read_it(caller: Caller) -> None:
    assert caller.client.get("/open311/v2/services.json")["Access-Control-Allow-Origin"] == "*"


def test_another_citys_jurisdiction_is_not_found(caller: Caller, settings) -> None:
    settings.OPEN311_JURISDICTION = "wangge.example"
    assert caller.get("services.json", expect=404, jurisdiction_id="chicago.example")
    assert caller.get("services.json", jurisdiction_id="wangge.example")
