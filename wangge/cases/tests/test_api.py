"""The staff half of /api/v1/: cases in scope, and every step of the table with its refusals."""

from typing import Any

import pytest
from django.test import Client

from wangge.accounts.models import Account
from wangge.cases.api_steps import TAKEN
from wangge.cases.models import Case
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.workflow import Stage, steps_of

pytestmark = pytest.mark.django_db


def signed_in(person: Account) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    return client


def take(person: Account, case: Case, verb: str, status: int = 200, **given: object) -> Any:
    address = f"/api/v1/cases/{case.number}/steps/{verb}"
    response = signed_in(person).post(address, given, content_type="application/json")
    assert response.status_code == status, response.content.decode()
    return response.json()


def get(person: Account, path: str, status: int = 200, **arguments: Any) -> Any:
    response = signed_in(person).get(f"/api/v1/{path}", arguments)
    assert response.status_code == status, response.content.decode()
    return response.json()


def test_every_step_on_a_case_can_be_taken_here() -> None:
    # Photos are decided one by one on the page that shows them.
    assert set(TAKEN) <= {step.verb for step in steps_of("case")} - {"publish_photo"}


def test_a_case_goes_its_way_from_dispatch_to_closing(cast: Cast) -> None:
    case = cast.case_at(Stage.FILED)
    moved = take(cast.dispatcher, case, "dispatch", unit_code=cast.lamps.code, seen=case.event_seq)
    assert moved["stage"] == "dispatched"
    take(cast.clerk, case, "accept", seen=moved["seen"])
    assert take(cast.clerk, case, "finish", result="已更换", status=422)["field"] == "photos"
    case.refresh_from_db()
    cast.after_photo(case, NOON.replace(year=2099))
    assert take(cast.clerk, case, "finish", result="已更换灯泡")["stage"] == "checking"
    assert take(cast.grid_worker, case, "fail_check", note="没亮", status=422)["field"] == "photos"
    assert take(cast.grid_worker, case, "pass_check", status=422)["field"] == "note"
    assert take(cast.grid_worker, case, "pass_check", note="亮了")["stage"] == "passed"
    assert take(cast.duty_chief, case, "close", answer="路灯已修好")["stage"] == "closed"
    assert take(cast.duty_chief, case, "reopen", note="又不亮了")["stage"] == "filed"


def test_what_is_not_yours_is_forbidden_and_what_is_not_now_conflicts(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    assert take(cast.acceptor, case, "dispatch", status=403, unit_code="LAMPS")["code"] == "forbidden"
    assert take(cast.dispatcher, case, "dispatch", status=409, unit_code="LAMPS")["code"] == "refused"
    assert take(cast.stranger, case, "close", status=404, answer="x")["code"] == "not_found"
    assert take(cast.duty_chief, case, "dance", status=404)["code"] == "not_found"


def test_who_comes_second_is_told_who_was_faster(cast: Cast) -> None:
    case = cast.case_at(Stage.FILED)
    stale = take(cast.dispatcher, case, "dispatch", status=409, unit_code=cast.lamps.code, seen=0)
    assert (stale["code"], stale["field"]) == ("stale", "seen")
    case.refresh_from_db()
    assert case.stage == Stage.FILED


def test_what_a_step_needs_is_named(cast: Cast) -> None:
    case = cast.case_at(Stage.FILED)
    assert take(cast.dispatcher, case, "dispatch", status=422, unit_code="NOBODY")["field"] == "unit_code"
    handled = cast.case_at(Stage.HANDLING)
    assert take(cast.clerk, handled, "finish", status=422)["field"] == "note"
    assert take(cast.clerk, handled, "send_back", status=422, note="x")["field"] == "reason_code"
    assert take(cast.duty_chief, handled, "correct", status=422, lon=118.9)["field"] == "lon"
    assert take(cast.duty_chief, handled, "correct", status=422, class_code="x")["field"] == "condition"


def test_a_unit_sends_back_with_a_reason_and_its_legal_basis(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    reason = cast.send_back_reason
    given = {"note": "不属于我们", "reason_code": reason.code, "legal_basis": "权责清单第3条"}
    assert take(cast.clerk, case, "send_back", 200, **given)["stage"] == "filed"


def test_the_detail_tells_the_timeline_and_each_step_with_its_refusal(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    told = get(cast.clerk, f"cases/{case.number}")
    assert [entry["verb"] for entry in told["timeline"]] == ["receive", "file", "dispatch"]
    steps = {step["verb"]: step for step in told["steps"]}
    assert (steps["accept"]["allowed"], steps["accept"]["refusal"]) == (True, None)
    assert steps["close"]["allowed"] is False
    assert steps["close"]["refusal"]
    assert told["reports"] == [case.reports.get().number]


def test_the_list_holds_what_is_in_scope_page_by_page(cast: Cast) -> None:
    first, second = cast.case_at(Stage.DISPATCHED), cast.case_at(Stage.FILED)
    assert [c["number"] for c in get(cast.duty_chief, "cases")] == [second.number, first.number]
    assert [c["number"] for c in get(cast.duty_chief, "cases", before=second.number)] == [first.number]
    assert [c["number"] for c in get(cast.duty_chief, "cases", stage="filed")] == [second.number]
    assert [c["number"] for c in get(cast.clerk, "cases")] == [first.number]
    assert get(cast.stranger, "cases") == []
    assert get(cast.stranger, f"cases/{first.number}", status=404)["code"] == "not_found"
    assert get(cast.duty_chief, "cases", size=0, status=422)["field"] == "size"


def test_nobody_is_asked_to_sign_in(cast: Cast) -> None:
    response = Client().get("/api/v1/cases")
    assert (response.status_code, response.json()["code"]) == (401, "not_signed_in")
