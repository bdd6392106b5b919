"""Reports in the staff half of /api/v1/: every step on a report, from the first look to its case."""

from typing import Any

import pytest

from wangge.accounts.models import Account
from wangge.cases.api_reports import TAKEN
from wangge.cases.models import Case, Exclusion, Report
from wangge.cases.tests.cast import IN_GRID_B, Cast
from wangge.cases.tests.test_api import get, signed_in
from wangge.cases.workflow import Stage, steps_of

pytestmark = pytest.mark.django_db


def take(person: Account, report: Report, verb: str, status: int = 200, **given: object) -> Any:
    address = f"/api/v1/reports/{report.number}/steps/{verb}"
    response = signed_in(person).post(address, given, content_type="application/json")
    assert response.status_code == status, response.content.decode()
    return response.json()


def test_every_step_on_a_report_that_is_not_the_reporters_can_be_taken_here() -> None:
    assert set(TAKEN) == {step.verb for step in steps_of("report") if step.everyone}


def test_a_report_is_verified_found_and_filed(cast: Cast) -> None:
    report = cast.report()
    moved = take(cast.acceptor, report, "verify", note="请看一下", seen=report.event_seq)
    assert (moved["stage"], moved["case_number"]) == ("verifying", None)
    assert take(cast.grid_worker, report, "find", status=422)["field"] == "confirmed"
    assert take(cast.grid_worker, report, "find", status=422, confirmed=False)["field"] == "note"
    assert take(cast.grid_worker, report, "find", confirmed=True)["stage"] == "received"
    assert take(cast.duty_chief, report, "file", status=422)["field"] == "condition"
    filed = take(cast.duty_chief, report, "file", condition=cast.condition.ordinal)
    case = Case.objects.get(number=filed["case_number"])
    assert (filed["stage"], case.condition, case.reports.get()) == ("filed", cast.condition, report)


def test_a_report_is_joined_to_a_case_in_scope_and_split_off_again(cast: Cast) -> None:
    case, report = cast.case_at(Stage.FILED), cast.report()
    assert (
        take(cast.acceptor, report, "join", status=422, case_number="2026-9999999")["field"] == "case_number"
    )
    assert take(cast.acceptor, report, "join", case_number=case.number)["case_number"] == case.number
    assert take(cast.acceptor, report, "split", note="另一盏灯")["stage"] == "received"


def test_a_report_is_answered_declined_or_void(cast: Cast) -> None:
    assert take(cast.acceptor, cast.report(), "answer", answer="已解释")["stage"] == "answered"
    declined, ground = cast.report(), Exclusion.objects.filter(in_force=True)[0]
    assert take(cast.acceptor, declined, "decline", status=422)["field"] == "reason_code"
    assert take(cast.acceptor, declined, "decline", reason_code=ground.code)["stage"] == "declined"
    assert take(cast.duty_chief, cast.report(), "void_report", note="测试")["stage"] == "void"


def test_class_and_place_are_corrected(cast: Cast) -> None:
    report = cast.report()
    lon, lat = IN_GRID_B
    assert take(cast.acceptor, report, "correct_report", status=422, lon=lon)["field"] == "lon"
    assert take(cast.acceptor, report, "correct_report", status=422, class_code="x")["field"] == "class_code"
    take(cast.acceptor, report, "correct_report", lon=lon, lat=lat, class_code="01038")
    report.refresh_from_db()
    assert report.matter is not None
    assert (report.matter.code, report.grid) == ("01038", cast.place.grid_b)


def test_not_yours_not_now_too_late_and_unknown_are_told_apart(cast: Cast) -> None:
    report = cast.report()
    assert take(cast.acceptor, report, "file", status=403, condition=1)["code"] == "forbidden"
    assert take(cast.grid_worker, report, "find", status=409, confirmed=True)["code"] == "refused"
    assert take(cast.acceptor, report, "verify", status=409, seen=0)["code"] == "stale"
    assert take(cast.stranger, report, "verify", status=404)["code"] == "not_found"
    assert take(cast.acceptor, report, "dance", status=404)["code"] == "not_found"


def test_the_detail_names_each_step_with_its_refusal(cast: Cast) -> None:
    report = cast.report()
    told = get(cast.acceptor, f"reports/{report.number}")
    steps = {step["verb"]: step for step in told["steps"]}
    assert (told["text"], told["class_code"], told["seen"]) == (report.text, cast.lamp.code, report.event_seq)
    assert (steps["verify"]["allowed"], steps["file"]["allowed"]) == (True, False)
    assert "Duty chief" in steps["file"]["refusal"]


def test_a_report_is_made_confidential_here_and_only_its_handlers_find_it(cast: Cast) -> None:
    report = cast.report()
    take(cast.acceptor, report, "publish", publish_text="路灯不亮")
    refused = take(cast.acceptor, report, "hide_report", status=422, handlers=["nobody"])
    assert refused["field"] == "handlers"
    take(cast.acceptor, report, "hide_report", handlers=[cast.duty_chief.username])
    report.refresh_from_db()
    assert (report.confidential, report.published_at, report.public_text) == (True, None, "")
    get(cast.acceptor, f"reports/{report.number}", status=404)
    get(cast.duty_chief, f"reports/{report.number}")


def test_what_the_public_reads_is_decided_here(cast: Cast) -> None:
    report = cast.report()
    assert take(cast.duty_chief, report, "publish", status=422)["field"] == "publish_text"
    take(cast.grid_worker, report, "publish", status=403, publish_text="路灯不亮")
    take(cast.duty_chief, report, "publish", publish_text="路灯不亮")
    report.refresh_from_db()
    assert (report.public_text, report.published_at is not None) == ("路灯不亮", True)
    take(cast.duty_chief, report, "publish", publish_text="")
    report.refresh_from_db()
    assert (report.public_text, report.published_at) == ("", None)
