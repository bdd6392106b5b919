"""Sending a report: every rule of GeoReport v2 on POST requests."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from wangge.attachments.models import Attachment
from wangge.attachments.tests.samples import jpeg
from wangge.cases.models import Question, Report
from wangge.cases.tests.cast import Cast
from wangge.cases.workflow import Stage
from wangge.intake import keys
from wangge.intake.channels.open311.tests.conftest import PLAIN, Caller
from wangge.intake.models import ApiKey

pytestmark = pytest.mark.django_db


def test_a_report_is_stored_located_and_told_by_its_number(caller: Caller, cast: Cast) -> None:
    report = caller.report(description="垃圾没人清", address_string="人民路12号")
    assert (report.channel, report.source, report.stage) == ("open311", "hotline-app", Stage.RECEIVED)
    assert (report.text, report.address, report.grid) == ("垃圾没人清", "人民路12号", cast.place.grid_a)
    assert report.matter is not None
    assert report.matter.code == PLAIN


def test_the_sender_is_told_the_code_and_by_when_somebody_looks(caller: Caller) -> None:
    [told] = caller.post().json()
    assert set(told) == {"service_request_id", "service_notice"}
    code = told["service_notice"].split("/m/")[1][:10]
    assert caller.get(f"tokens/{code}.json") == [
        {"service_request_id": told["service_request_id"], "token": code}
    ]


def test_xml_says_the_same_in_its_own_notation(caller: Caller) -> None:
    response = caller.post("xml")
    assert response["Content-Type"] == "text/xml; charset=utf-8"
    words = response.content.decode()
    assert words.startswith('<?xml version="1.0" encoding="utf-8"?>')
    assert (
        f"<service_requests><request><service_request_id>{Report.objects.get().number}</service_request_id>"
        in words
    )


@pytest.mark.parametrize("key", [None, "", "wrong", "x" * 5000])
def test_without_a_key_that_we_know_nothing_is_taken(caller: Caller, key: str | None) -> None:
    assert len(caller.refused(403, api_key=key)) == 1
    assert not Report.objects.exists()


def test_the_key_may_be_in_the_query_and_so_may_the_jurisdiction(caller: Caller) -> None:
    response = caller.post(query=f"?api_key={caller.key}&jurisdiction_id=city.example", api_key=None)
    assert response.status_code == 200


def test_a_revoked_key_is_worthless_and_its_use_was_noted(caller: Caller) -> None:
    caller.report()
    assert ApiKey.objects.get().last_used_on == timezone.localdate()
    keys.revoke_key("hotline-app", at=timezone.now())
    caller.refused(403)


def test_a_known_key_asks_the_database_nothing(caller: Caller, django_assert_num_queries) -> None:
    caller.report()
    with django_assert_num_queries(3):  # the report, and the savepoint that only a test has
        assert caller.post().status_code == 200


def test_another_citys_jurisdiction_is_not_found(caller: Caller, settings) -> None:
    settings.OPEN311_JURISDICTION = "wangge.example"
    caller.refused(404, jurisdiction_id="chicago.example")
    caller.report(jurisdiction_id="wangge.example")
    caller.report()


def test_a_service_must_be_named_and_known(caller: Caller) -> None:
    assert "service_code" in caller.refused(400, service_code=None)[0]
    assert "99999" in caller.refused(404, service_code="99999")[0]


# -- Place -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["lat", "long"])
def test_half_a_coordinate_is_refused(caller: Caller, missing: str) -> None:
    [words] = caller.refused(400, **{missing: None})
    assert words.startswith(f"{missing}:")


@pytest.mark.parametrize(
    ("lat", "long"), [("abc", "118.9"), ("nan", "118.9"), ("118.9", "32.9"), ("0", "0"), ("91", "181")]
)
def test_an_impossible_coordinate_is_refused(caller: Caller, lat: str, long: str) -> None:
    caller.refused(lat=lat, long=long)


def test_an_address_alone_is_enough_and_no_place_is_not(caller: Caller) -> None:
    report = caller.report(lat=None, long=None, address_string="人民路12号")
    assert (report.lon, report.address) == (None, "人民路12号")
    [words] = caller.refused(lat=None, long=None, description="垃圾")
    assert "address_string" in words


def test_a_grid_code_is_an_address_id(caller: Caller, cast: Cast) -> None:
    report = caller.report(lat=None, long=None, address_id=cast.place.grid_b.code)
    assert report.grid == cast.place.grid_b
    assert "nowhere" in caller.refused(lat=None, long=None, address_id="nowhere")[0]


def test_gcj02_and_bd09_are_converted_at_the_border(caller: Caller) -> None:
    shifted = caller.report(lat="32.905", long="118.905", crs="gcj02")
    assert shifted.lon != 118.905
    assert abs((shifted.lon or 0) - 118.905) < 0.01
    assert "mercator" in caller.refused(crs="mercator")[0]


# -- Words -----------------------------------------------------------------------------------------


def test_four_thousand_characters_are_taken_and_one_more_is_not(caller: Caller) -> None:
    assert len(caller.report(description="井" * 4000).text) == 4000
    [words] = caller.refused(description="井" * 4001)
    assert words.startswith("description")
    assert "4001" in words


def test_line_breaks_of_every_kind_become_one_kind(caller: Caller) -> None:
    assert caller.report(description="一\r\n二\r三\n四").text == "一\n二\n三\n四"


def test_the_reporters_contact_is_sealed_and_never_told(caller: Caller) -> None:
    report = caller.report(first_name="三", last_name="张", phone="13800001234", email="zhang@example.com")
    assert (report.contact.name, report.contact.phone, report.contact.email) == (
        "张三", "13800001234", "zhang@example.com",
    )  # fmt: skip
    told = str(caller.get(f"requests/{report.number}.json", extensions="true"))
    assert "张三" not in told
    assert "13800001234" not in told


@pytest.mark.parametrize(
    ("name", "value"),
    [("phone", "1" * 41), ("email", "nobody"), ("media_url", "file:///etc"), ("first_name", "x" * 61)],
)
def test_a_field_that_cannot_be_kept_is_named(caller: Caller, name: str, value: str) -> None:
    [words] = caller.refused(400, **{name: value})
    assert name in words


def test_a_media_url_is_kept_and_neither_fetched_nor_shown(caller: Caller) -> None:
    report = caller.report(media_url="https://photos.example/1.jpg")
    assert report.attributes == {"media_url": ["https://photos.example/1.jpg"]}
    assert "photos.example" not in str(caller.get(f"requests/{report.number}.json", extensions="true"))


def test_several_faults_are_told_at_once(caller: Caller) -> None:
    words = caller.refused(service_code="01001", lat=None, description="x" * 4001, email="nobody")
    named = ("attribute[cover_problem]", "attribute[cover_danger]", "lat", "description", "email")
    assert all(any(name in sentence for sentence in words) for name in named)


# -- Answers to the questions of a service -----------------------------------------------------------


@pytest.mark.parametrize(
    "spelled",
    [
        {"attribute[cover_problem][]": ["cracked", "sunk"]},
        {"attribute[cover_problem]": ["cracked", "sunk"]},
        {"attribute[cover_problem][0]": "cracked", "attribute[cover_problem][1]": "sunk"},
    ],
)
def test_several_values_may_be_spelled_in_three_ways(caller: Caller, spelled: dict[str, object]) -> None:
    more = {**spelled, "attribute[cover_danger]": "no", "attribute[unknown]": "left out"}
    report = caller.report(service_code="01001", **more)
    assert report.attributes == {"cover_problem": ["cracked", "sunk"], "cover_danger": "no"}


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("lamp_extent", "all of them"),
        ("pothole_width", "wide"), ("pothole_width", "NaN"), ("pothole_width", "1_0"),
        ("noise_started", "yesterday"),
        ("lamp_number", "x" * 201),
        ("lamp_extent", ["one", "several"]),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_named(caller: Caller, code: str, given: object) -> None:
    question = Question.objects.get(code=code)
    matter = question.matters.first()
    assert matter is not None
    words = caller.refused(400, service_code=matter.code, **{f"attribute[{code}]": given})
    assert any(f"attribute[{code}]" in sentence for sentence in words)


# -- Files -----------------------------------------------------------------------------------------


def test_photos_come_as_multipart_under_any_name_and_a_bad_file_does_not_spoil_the_report(
    caller: Caller,
) -> None:
    files = {
        "media": SimpleUploadedFile("one.jpg", jpeg()),
        "photo2": SimpleUploadedFile("two.exe", b"MZ nothing to see"),
    }
    response = caller.client.post(
        "/open311/v2/requests.json", {**caller.fields(description="灯坏了"), **files}
    )
    assert response.status_code == 200
    [told] = response.json()
    assert "two.exe" in told["service_notice"]
    report = Report.objects.get(number=told["service_request_id"])
    assert [a.name for a in Attachment.objects.filter(subject_id=report.pk)] == ["one.jpg"]
    # Nobody has looked at it yet.
    [shown] = caller.get(f"requests/{report.number}.json")
    assert "media_url" not in shown


# -- Commits and failures ----------------------------------------------------------------------------


def test_a_request_sent_twice_on_purpose_is_two_reports(caller: Caller) -> None:
    assert caller.report(description="同一盏灯").number != caller.report(description="同一盏灯").number


def test_the_due_time_is_the_expected_time(caller: Caller) -> None:
    report = caller.report()
    [shown] = caller.get(f"requests/{report.number}.json")
    assert shown["expected_datetime"] == timezone.localtime(report.due_at).isoformat(timespec="seconds")
    assert report.due_at is not None
    assert report.due_at - report.received_at > timedelta(0)


def test_a_sender_may_ask_that_only_the_street_is_shown(caller: Caller) -> None:
    assert not caller.report().street_only
    assert caller.report(street_only="true").street_only
    assert len(caller.refused(400, street_only="perhaps")) == 1
