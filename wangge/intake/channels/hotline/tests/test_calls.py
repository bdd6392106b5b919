"""Somebody calls and a seat writes it down."""

import pytest
from django.test import Client
from django.utils import timezone

from wangge.cases.models import Case, MatterClass, Report
from wangge.cases.tests.cast import Cast
from wangge.cases.tests.screens import at_desk, words_of
from wangge.cases.workflow import Stage
from wangge.registry.tests.houses import build

pytestmark = pytest.mark.django_db

CALL = "/desk/new/"


def call(cast: Cast, **more: object) -> dict[str, object]:
    return {
        "token": "call-1", "text": "路灯不亮", "address": "人民路12号", "lon": "118.905", "lat": "32.905",
        "matter": cast.lamp.pk, "kind": "problem", "name": "李四", "phone": "13900001111", **more,
    }  # fmt: skip


def test_a_call_becomes_a_report_of_the_hotline_and_the_seat_hears_the_code(cast: Cast) -> None:
    client = at_desk(cast.acceptor)
    response = client.post(CALL, call(cast))
    report = Report.objects.get()
    assert (report.channel, report.received_by, report.matter, report.grid) == (
        Report.Channel.HOTLINE, cast.acceptor, cast.lamp, cast.place.grid_a,
    )  # fmt: skip
    assert report.contact.phone == "13900001111"
    assert not report.contact.share_with_unit
    assert response.headers["Location"] == f"/desk/?open=report/{report.number}"
    assert str(report.number) in words_of(client.get(response.headers["Location"]))


def test_a_call_of_a_confidential_class_leads_back_to_the_desk(cast: Cast) -> None:
    MatterClass.objects.filter(pk=cast.lamp.pk).update(confidential=True)
    response = at_desk(cast.acceptor).post(CALL, call(cast))
    assert Report.objects.get().confidential
    assert response.headers["Location"] == "/desk/", "it would not open for this seat"


def test_the_second_click_is_the_same_report(cast: Cast) -> None:
    client = at_desk(cast.acceptor)
    first, second = (client.post(CALL, call(cast)) for _click in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Report.objects.count() == 1


def test_a_masked_number_is_never_stored_and_what_was_typed_stays(cast: Cast) -> None:
    response = at_desk(cast.acceptor).post(CALL, call(cast, phone="139****1111"))
    assert response.status_code == 422
    assert response.context["form"].errors["phone"]
    assert response.context["form"]["text"].value() == "路灯不亮"
    assert not Report.objects.exists()


def test_nothing_said_and_no_place_is_refused_in_words(cast: Cast) -> None:
    response = at_desk(cast.acceptor).post(CALL, {"token": "call-2", "kind": "problem"})
    assert response.status_code == 422
    assert response.context["form"].errors


def test_open_cases_close_by_are_shown_while_the_caller_speaks(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    Case.objects.filter(pk=case.pk).update(filed_at=timezone.now())
    client = at_desk(cast.acceptor)
    assert case.number in client.get(f"{CALL}near/", {"lon": "118.9052", "lat": "32.905"}).content.decode()
    assert case.number not in client.get(f"{CALL}near/", {"lon": "118.925", "lat": "32.905"}).content.decode()
    assert client.get(f"{CALL}near/").status_code == 200
    assert client.get(f"{CALL}places/", {"address": "人民路"}).status_code == 200


def test_calls_are_for_the_seats(cast: Cast) -> None:
    assert at_desk(cast.dispatcher).get(CALL).status_code == 200
    for who in ("clerk", "grid_worker", "overseer"):
        assert at_desk(getattr(cast, who)).get(CALL).status_code == 403
    assert Client().get(CALL).status_code == 302


def test_a_caller_may_ask_that_only_the_street_is_shown(cast: Cast) -> None:
    at_desk(cast.acceptor).post(CALL, call(cast, street_only="on"))
    assert Report.objects.get().street_only


def test_an_address_without_a_point_is_guessed_and_the_seat_chooses(cast: Cast) -> None:
    build(cast.place)
    client, written = at_desk(cast.acceptor), call(cast, lon="", lat="", address="仁民路12号")
    asked = client.post(CALL, written)
    assert not Report.objects.exists()
    assert [place.label for place in asked.context["places"]] == ["人民路12号"]
    assert "读音相同" in words_of(asked)
    client.post(CALL, {**written, "in_words": "on"})
    assert (Report.objects.get().address, Report.objects.get().lon) == ("仁民路12号", None)


def test_the_desk_sees_the_guess_and_confirms_it_by_a_correction(cast: Cast) -> None:
    build(cast.place)
    client = at_desk(cast.acceptor)
    client.post(CALL, call(cast, lon="", lat="", address="人民路12号", in_words="on"))
    report = Report.objects.get()
    shown = client.get(f"/reports/{report.number}/")
    [guess] = shown.context["page"].guesses
    assert (guess.place.text, report.locating) == ("人民路12号", "none")
    form = client.get(guess.url)
    assert form.context["form"]["lon"].value() == "118.901200"
    client.post(
        guess.url.partition("?")[0],
        {"seen": report.event_seq, "matter": cast.lamp.pk, "address": "人民路12号", "lon": "118.9012", "lat": "32.905", "note": "来电确认"},
    )  # fmt: skip
    report.refresh_from_db()
    assert report.current_grid == cast.place.grid_a
    assert not client.get(f"/reports/{report.number}/").context["page"].guesses
