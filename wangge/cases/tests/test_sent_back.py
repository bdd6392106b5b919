"""After a send-back the duty list proposes whoever comes next, and says who sent it back and why."""

from datetime import timedelta

import pytest
from django.urls import reverse

from wangge.accounts.models import Account, Role, Unit
from wangge.audit.relay import relay_all
from wangge.cases import actions
from wangge.cases.duty import propose_unit
from wangge.cases.models import Case, DutyRow
from wangge.cases.queries.together import Choice, plan
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.tests.screens import PART, at_desk, take, words_of
from wangge.cases.workflow import Stage
from wangge.common.refusals import Refused

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=3)
DISPATCH = "/cases/{}/dispatch/"


def sent_back(case: Case, cast: Cast, by: Account | None = None) -> None:
    actions.send_back_case(
        case, reason=cast.send_back_reason, note="灯杆属于供电公司", by=by or cast.clerk, at=LATER
    )


@pytest.fixture
def case(cast: Cast) -> Case:
    """The lamp that its department sent back."""
    case = cast.case_at(Stage.DISPATCHED)
    sent_back(case, cast)
    return case


def next_in_the_list(cast: Cast, unit: Unit) -> None:
    """A row that names another unit for the same work, farther around."""
    county = cast.place.county
    assert county.parent is not None
    DutyRow.objects.create(area=county.parent, unit_role=cast.condition.unit_role, unit=unit)


def test_the_next_of_the_duty_list_is_proposed_and_who_sent_it_back_is_said(cast: Cast, case: Case) -> None:
    next_in_the_list(cast, cast.water)
    page = at_desk(cast.dispatcher).get(DISPATCH.format(case.number))
    assert page.context["form"]["unit"].value() == cast.water.pk
    words = words_of(page)
    assert "市政路灯所 06-10 13:00 退回" in words
    assert str(cast.send_back_reason) in words
    assert "灯杆属于供电公司" in words
    assert "在权责清单中排在退回单位之后" in words
    proposal = propose_unit(case)
    assert proposal is not None
    assert not proposal.again


def test_where_the_list_names_no_other_nobody_is_chosen_already(cast: Cast, case: Case) -> None:
    page = at_desk(cast.dispatcher).get(DISPATCH.format(case.number))
    assert page.context["form"]["unit"].value() is None
    assert "权责清单只列出了市政路灯所" in words_of(page)
    assert take(cast.dispatcher, case, "dispatch", unit="").status_code == 422
    silent = take(cast.dispatcher, case, "dispatch", unit=cast.lamps.pk)
    assert silent.status_code == 422
    assert "市政路灯所已退回本案：请说明为什么再次派往该单位。" in words_of(silent)
    assert (
        take(cast.dispatcher, case, "dispatch", unit=cast.lamps.pk, note="依据清单第3条").status_code == 302
    )


def test_it_goes_there_again_by_no_way_without_a_word(cast: Cast, case: Case) -> None:
    with pytest.raises(Refused, match="请说明为什么再次派往该单位") as refused:
        actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=LATER, note="  ")
    assert refused.value.field == "note"
    marked = Choice(case.number, case.event_seq, cast.lamps.code)
    page = at_desk(cast.dispatcher).post("/desk/dispatches/", {"case": [str(marked)]})
    assert "市政路灯所已退回本案" in words_of(page)
    case.refresh_from_db()
    assert (case.stage, case.unit) == (Stage.FILED, None)
    actions.dispatch_case(case, to=cast.water, by=cast.dispatcher, at=LATER)
    assert case.unit == cast.water, "of another unit nothing is asked"


def test_a_program_is_asked_for_the_word_too_and_reads_so_before(cast: Cast, case: Case) -> None:
    browser = at_desk(cast.dispatcher)
    told = browser.get("/api/v1/openapi.json").json()["components"]["schemas"]["StepIn"]["properties"]["note"]
    assert "required for one that has sent the case back" in told["description"]
    address, given = f"/api/v1/cases/{case.number}/steps/dispatch", {"unit_code": cast.lamps.code}
    silent = browser.post(address, given, content_type="application/json")
    assert (silent.status_code, silent.json()["field"]) == (422, "note")
    assert "市政路灯所已退回本案" in silent.json()["message"]
    said = browser.post(address, {**given, "note": "依据清单第3条"}, content_type="application/json")
    assert said.json()["stage"] == "dispatched"


def test_a_case_that_nobody_sent_back_is_proposed_as_ever(cast: Cast) -> None:
    case = cast.case_at(Stage.FILED)
    cast.lamps  # noqa: B018  # the duty list must exist
    page = at_desk(cast.dispatcher).get(DISPATCH.format(case.number))
    assert page.context["form"]["unit"].value() == cast.lamps.pk
    assert "退回" not in words_of(page)


def test_a_forwarded_case_that_comes_back_counts_for_both_units(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    crew = Unit.objects.create(code="CREW", name="一班", kind="department", parent=cast.lamps)
    foreman = cast.person("foreman", "班长", Role.CLERK, cast.place.county, crew)
    actions.forward_case(case, to=crew, by=cast.clerk, at=NOON + timedelta(hours=2))
    sent_back(case, cast, foreman)
    proposal = propose_unit(case)
    assert proposal is not None
    assert (proposal.unit, proposal.again) == (cast.lamps, True)
    assert "一班 06-10 13:00 退回" in words_of(at_desk(cast.dispatcher).get(DISPATCH.format(case.number)))


def test_reopening_begins_anew(cast: Cast, case: Case) -> None:
    actions.dispatch_case(case, to=cast.water, by=cast.dispatcher, at=LATER)
    actions.accept_case(case, by=cast.other_clerk, at=LATER)
    cast.after_photo(case, LATER)
    actions.finish_case(case, result="已修", by=cast.other_clerk, at=LATER)
    actions.pass_check(case, note="亮了", by=cast.grid_worker, at=LATER)
    actions.close_case(case, answer="已修好", by=cast.duty_chief, at=LATER)
    actions.reopen_case(case, note="又灭了", by=cast.duty_chief, at=LATER + timedelta(days=1))
    proposal = propose_unit(case)
    assert proposal is not None
    assert (proposal.unit, proposal.again) == (cast.lamps, False)


def test_among_several_it_is_not_marked_and_says_why(cast: Cast, case: Case) -> None:
    other = cast.case_at(Stage.FILED)
    planned = {one.case.number: one for one in plan(cast.dispatcher, LATER)}
    assert [one.reason for one in planned[case.number].sent_back] == [str(cast.send_back_reason)]
    assert not planned[other.number].sent_back
    page = at_desk(cast.dispatcher).get("/desk/dispatches/")
    assert "灯杆属于供电公司" in words_of(page)
    assert page.content.decode().count(" checked ") == 1, "the other one"
    assert "权责清单只列出已退回的单位，请手工选择" in words_of(page)
    next_in_the_list(cast, cast.water)
    proposals = {one.case.number: one.proposal for one in plan(cast.dispatcher, LATER)}
    assert [getattr(proposals[one.number], "unit", None) for one in (case, other)] == [cast.water, cast.lamps]


def test_whoever_rules_reads_the_same_of_both_units(cast: Cast, case: Case) -> None:
    actions.dispatch_case(case, to=cast.water, by=cast.dispatcher, at=LATER)
    sent_back(case, cast, cast.other_clerk)
    case.refresh_from_db()
    assert case.stage == Stage.ARBITRATING
    words = words_of(at_desk(cast.dispatcher).get(f"/cases/{case.number}/ruling/"))
    for unit in (cast.lamps, cast.water):
        assert f"{unit.name} 06-10 13:00 退回 {cast.send_back_reason} 灯杆属于供电公司" in words


@pytest.mark.parametrize(("page", "leads_back"), [("/cases/7/return/", True), ("/desk/", False)])
def test_what_is_no_longer_with_somebody_leads_back_to_their_list(
    cast: Cast, page: str, leads_back: bool
) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    sent = {
        "reason": cast.send_back_reason.code,
        "legal_basis": "清单第3条",
        "note": "不归我们管",
        "seen": case.event_seq,
    }
    answer = at_desk(cast.clerk).post(
        f"/cases/{case.number}/return/", sent, headers={**PART, "HX-Current-URL": f"http://testserver{page}"}
    )
    assert "它已不在您这里" in words_of(answer)
    assert (f'href="{reverse("web:start")}"' in answer.content.decode()) is leads_back


def test_it_never_goes_by_itself_to_who_sent_it_back(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    sent_back(case, cast)
    case.condition.auto_dispatch = True  # type: ignore[union-attr]
    case.condition.save()  # type: ignore[union-attr]
    relay_all()
    assert Case.objects.get(pk=case.pk).stage == Stage.FILED
