"""Evaluation tells nothing of a confidential matter: no count, no list, no file, and no frozen list that names it later."""

from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from wangge.audit.relay import relay_all
from wangge.cases import actions as steps
from wangge.cases.models import Case
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.workflow import Stage
from wangge.insight import actions
from wangge.insight.facts import rebuild_all
from wangge.insight.measures.cards import DEPARTMENT
from wangge.insight.measures.evaluation import read_period
from wangge.insight.models import StageFact
from wangge.insight.tests.conftest import SignIn
from wangge.territory.models import Level

pytestmark = pytest.mark.django_db

JUNE = "?period=2026-06"
JULY = NOON + timedelta(days=25)
LIST = f"/scorecards/department/list/{JUNE}&what=handle_done&unit="


def hide(cast: Cast, case: Case) -> None:
    steps.hide_case(
        case, handlers=[cast.duty_chief, cast.clerk], by=cast.duty_chief, at=NOON + timedelta(hours=8)
    )
    relay_all()


def test_its_facts_its_lists_and_files_are_without_it(cast: Cast, signed_in: SignIn) -> None:
    hidden, other = cast.case_at(Stage.CHECKING), cast.case_at(Stage.CHECKING)
    hide(cast, hidden)
    rebuild_all()
    assert not StageFact.objects.filter(case=hidden).exists()
    for person in (cast.overseer, cast.duty_chief):
        listed = signed_in(person).get(f"{LIST}{cast.lamps.pk}")
        assert [line.subject for line in listed.context["lines"]] == [other], person
        answer = signed_in(person).get(f"/scorecards/department/{JUNE}&as=xlsx")
        sheet = load_workbook(BytesIO(answer.content)).active
        row = next(line for line in sheet.values if line[0] == "市政路灯所")
        assert row[4] == 1, "handled"
        pdf = signed_in(person).get(f"/scorecards/department/{JUNE}&as=pdf")
        assert pdf.content.startswith(b"%PDF-")
    own = signed_in(cast.clerk).get(f"/scorecards/mine/{JUNE}").context["own"]
    assert {one.number.number for one in own if one.number.count.code == "handle_done"} == {1}


def test_a_list_frozen_before_names_it_only_to_those_who_are_let_in(cast: Cast, signed_in: SignIn) -> None:
    case = cast.case_at(Stage.CHECKING)
    relay_all()
    rebuild_all()
    kept = actions.freeze(
        DEPARTMENT, read_period("2026-06"), cast.place.county, level=Level.STREET, by=cast.overseer, at=JULY
    )
    hide(cast, case)
    row = kept.rows.get(unit=cast.lamps)
    address = f"/scorecards/frozen/{kept.pk}/{row.pk}/list/?what=handle_done"
    page = signed_in(cast.overseer).get(address)
    assert [line.subject for line in page.context["lines"]] == [None]
    assert case.number not in page.content.decode()
    let_in = signed_in(cast.duty_chief).get(address)
    assert [line.subject for line in let_in.context["lines"]] == [case]
