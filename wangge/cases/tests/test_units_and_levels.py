"""Units that forward, help and dispute; levels that hand up and down; rulings that are final."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from wangge.accounts.models import Account, Role, Unit
from wangge.cases import actions, clocks
from wangge.cases.models import Arbitration, Case, Clock, ClockKind
from wangge.cases.permissions import may_see_case, refusal
from wangge.cases.queries import public
from wangge.cases.tests.cast import NOON, Cast
from wangge.cases.tests.screens import at_desk, take, words_of
from wangge.cases.workflow import BY_VERB, Stage
from wangge.common.refusals import Refused
from wangge.territory.models import UnitArea

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=4)


def street_desk(cast: Cast) -> tuple[Account, Account]:
    """The duty chief and the dispatcher of the street, one level below the county's desk."""
    assert cast.duty_chief
    return (
        cast.person("street_chief", "街道值班长", Role.DUTY_CHIEF, cast.place.street),
        cast.person("street_dispatcher", "街道派遣员", Role.DISPATCHER, cast.place.street),
    )


def send_back(cast: Cast, case: Case, by: Account, hours: int) -> None:
    at = NOON + timedelta(hours=hours)
    actions.send_back_case(case, reason=cast.send_back_reason, note="不归我们", by=by, at=at)


# -- Forwarding -------------------------------------------------------------------------------------------


def test_a_sub_unit_takes_over_and_the_clock_goes_on(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    team = Unit.objects.create(code="LAMPS-1", name="路灯一班", kind="department", parent=cast.lamps)
    due = case.due_at
    actions.forward_case(case, to=team, by=cast.clerk, at=LATER)
    assert (case.stage, case.unit, case.handler, case.due_at) == (Stage.DISPATCHED, team, None, due)
    assert Clock.objects.filter(case=case, kind=ClockKind.SIGN_OFF, stopped_at=None).count() == 1
    worker = cast.person("team", "路灯一班小钱", Role.CLERK, cast.place.county, team)
    actions.accept_case(case, by=worker, at=LATER)
    assert not may_see_case(cast.clerk, case), "whoever forwarded it has nothing to do with it any more"


def test_by_the_pages_a_lead_forwards_and_the_sub_units_clerk_signs_and_finishes(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    team = Unit.objects.create(code="LAMPS-1", name="路灯一班", kind="department", parent=cast.lamps)
    lead = cast.person("lead", "路灯所负责人", Role.UNIT_LEAD, cast.place.county, cast.lamps)
    worker = cast.person("team", "路灯一班小钱", Role.CLERK, cast.place.county, team)
    forgotten = take(lead, case, "forward", note="灯杆归你们管")
    assert forgotten.status_code == 422
    assert "灯杆归你们管" in forgotten.content.decode(), "what was typed is still there"
    assert take(lead, case, "forward", unit=team.pk, note="灯杆归你们管").status_code == 302
    assert at_desk(lead).get(f"/cases/{case.number}/").status_code == 404
    assert case.number in words_of(at_desk(worker).get("/unit/"))
    assert "灯杆归你们管" in words_of(at_desk(worker).get(f"/cases/{case.number}/"))
    case.refresh_from_db()
    assert take(worker, case, "accept").status_code == 302
    case.refresh_from_db()
    cast.after_photo(case, timezone.now())
    assert take(worker, case, "finish", result="已更换灯泡").status_code == 302
    case.refresh_from_db()
    assert (case.unit, case.handler) == (team, worker)
    assert case.stage not in (Stage.DISPATCHED, Stage.HANDLING)


def test_the_station_of_the_place_may_get_it_and_nobody_else(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    station = Unit.objects.create(code="STATION", name="一社区工作站", kind="station")
    UnitArea.objects.create(unit=station, area=cast.place.community)
    with pytest.raises(Refused, match="自来水公司"):
        actions.forward_case(case, to=cast.water, by=cast.clerk, at=LATER)
    actions.forward_case(case, to=station, by=cast.clerk, at=LATER)
    assert case.unit == station


# -- Helping ----------------------------------------------------------------------------------------------


def test_a_case_is_finished_when_every_helper_has_done_its_part(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    assert not may_see_case(cast.other_clerk, case)
    actions.ask_help(case, units=[cast.water], words="关阀", by=cast.dispatcher, at=LATER)
    assert may_see_case(cast.other_clerk, case)
    cast.after_photo(case, LATER)
    with pytest.raises(Refused, match="自来水公司"):
        actions.finish_case(case, result="已更换", by=cast.clerk, at=LATER)
    assert refusal(BY_VERB["finish"], case, cast.other_clerk), "a helper does not finish"
    actions.give_help(case, result="已关阀", by=cast.other_clerk, at=LATER)
    assert refusal(BY_VERB["give_help"], case, cast.other_clerk) == "贵单位的协办部分已经完成。"
    actions.finish_case(case, result="已更换", by=cast.clerk, at=LATER)
    assert case.stage == Stage.CHECKING


def test_nobody_helps_twice_or_itself(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    actions.ask_help(case, units=[cast.water], words="关阀", by=cast.clerk, at=LATER)
    for unit in (cast.water, cast.lamps):
        with pytest.raises(Refused):
            actions.ask_help(case, units=[unit], words="再来", by=cast.clerk, at=LATER)


def test_helpers_are_named_with_the_dispatch(cast: Cast) -> None:
    case = cast.case_at(Stage.FILED)
    response = take(
        cast.dispatcher, case, "dispatch", unit=cast.lamps.pk, helpers=[cast.water.pk], note="一起去"
    )
    assert response.status_code == 302
    assert [help.unit for help in case.helps.all()] == [cast.water]
    assert refusal(BY_VERB["give_help"], Case.objects.get(), cast.clerk), "the lead unit is no helper"


# -- Sending back and arbitration -------------------------------------------------------------------------


def test_the_second_send_back_opens_arbitration_one_level_up(cast: Cast) -> None:
    chief, dispatcher = street_desk(cast)
    report = cast.report()
    case = actions.file_report(report, condition=cast.condition, by=chief, at=NOON)
    assert case.held_path == cast.place.street.path
    for hours in (1, 3):
        at = NOON + timedelta(hours=hours)
        actions.dispatch_case(case, to=cast.lamps, by=dispatcher, at=at, note="按清单归你们")
        send_back(cast, case, cast.clerk, hours + 1)
    assert (case.stage, case.unit, case.held_path) == (Stage.ARBITRATING, None, cast.place.county.path)
    assert Clock.objects.get(case=case, kind=ClockKind.ARBITRATE).due_at == case.due_at
    assert "上级" in str(refusal(BY_VERB["arbitrate"], case, chief))
    assert refusal(BY_VERB["dispatch"], case, dispatcher)

    actions.arbitrate(
        case, to=cast.lamps, reason="三定方案第 5 条", by=cast.duty_chief, at=NOON + timedelta(hours=6)
    )
    assert (case.stage, case.unit, case.held_path) == (Stage.DISPATCHED, cast.lamps, cast.place.street.path)
    assert not Clock.objects.filter(case=case, kind=ClockKind.ARBITRATE, stopped_at=None).exists()
    ruling = Arbitration.objects.get()
    assert (ruling.unit, ruling.ruled_by, ruling.reason) == (cast.lamps, cast.duty_chief, "三定方案第 5 条")
    assert refusal(BY_VERB["send_back"], case, cast.clerk) == "仲裁已裁定由贵单位负责，裁定为最终决定。"
    outside = public.moments(report.pk, case.pk, report.received_at)
    assert [one.verb for one in outside] == ["receive", "file", *["dispatch"] * 3], (
        "nobody outside reads of a dispute"
    )


def test_at_the_top_the_same_desk_rules(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    send_back(cast, case, cast.clerk, 2)
    assert case.stage == Stage.FILED
    actions.dispatch_case(case, to=cast.water, by=cast.dispatcher, at=NOON + timedelta(hours=3))
    send_back(cast, case, cast.other_clerk, 4)
    assert refusal(BY_VERB["arbitrate"], case, cast.duty_chief) is None
    page = take(cast.duty_chief, case, "arbitrate", unit=cast.lamps.pk, note="路灯归路灯所")
    assert page.status_code == 302


def test_reopening_forgets_the_ruling(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    send_back(cast, case, cast.clerk, 2)
    actions.dispatch_case(case, to=cast.water, by=cast.dispatcher, at=NOON + timedelta(hours=3))
    send_back(cast, case, cast.other_clerk, 4)
    actions.arbitrate(
        case, to=cast.lamps, reason="归路灯所", by=cast.duty_chief, at=NOON + timedelta(hours=5)
    )
    actions.accept_case(case, by=cast.clerk, at=NOON + timedelta(hours=6))
    cast.finish(case, NOON + timedelta(hours=7))
    actions.pass_check(case, note="好了", by=cast.grid_worker, at=NOON + timedelta(hours=8))
    actions.close_case(case, answer="好了", by=cast.duty_chief, at=NOON + timedelta(hours=9))
    actions.reopen_case(case, note="又坏了", by=cast.duty_chief, at=NOON + timedelta(hours=10))
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=NOON + timedelta(hours=11))
    send_back(cast, case, cast.clerk, 12)
    assert case.stage == Stage.FILED, "the count begins anew"


def disputed(cast: Cast) -> Case:
    """A case that two units sent back; the street's desk held it, and the county's has to rule."""
    chief, dispatcher = street_desk(cast)
    case = actions.file_report(cast.report(), condition=cast.condition, by=chief, at=NOON)
    for hours in (1, 3):
        at = NOON + timedelta(hours=hours)
        actions.dispatch_case(case, to=cast.lamps, by=dispatcher, at=at, note="按清单归你们")
        send_back(cast, case, cast.clerk, hours + 1)
    assert case.stage == Stage.ARBITRATING
    return case


def test_a_case_handed_up_in_dispute_stays_there_after_the_ruling(cast: Cast) -> None:
    case = disputed(cast)
    city = cast.place.county.parent
    assert city is not None
    city_chief = cast.person("city_chief", "市值班长", Role.DUTY_CHIEF, city)
    actions.hand_up(case, note="跨区", by=cast.duty_chief, at=NOON + timedelta(hours=5))
    assert refusal(BY_VERB["arbitrate"], case, cast.duty_chief), "the level above rules"
    actions.arbitrate(case, to=cast.lamps, reason="归路灯所", by=city_chief, at=NOON + timedelta(hours=6))
    assert (case.stage, case.held_path) == (Stage.DISPATCHED, city.path)


def test_nobody_hands_a_dispute_down_to_those_who_are_in_it(cast: Cast) -> None:
    case = disputed(cast)
    sentence = refusal(BY_VERB["hand_down"], case, cast.duty_chief)
    assert sentence is not None
    assert "裁定" in sentence
    with pytest.raises(Refused):
        actions.hand_down(case, note="街道定", by=cast.duty_chief, at=NOON + timedelta(hours=5))
    actions.arbitrate(
        case, to=cast.lamps, reason="归路灯所", by=cast.duty_chief, at=NOON + timedelta(hours=6)
    )
    assert case.held_path == cast.place.street.path, "the ruling brings it back"


def test_a_dispute_ends_with_its_case_and_says_why(cast: Cast) -> None:
    void, merged = disputed(cast), cast.case_at(Stage.DISPATCHED)
    actions.void_case(void, reason="重复的案卷", by=cast.duty_chief, at=NOON + timedelta(hours=5))
    send_back(cast, merged, cast.clerk, 5)
    actions.dispatch_case(merged, to=cast.water, by=cast.dispatcher, at=NOON + timedelta(hours=6))
    send_back(cast, merged, cast.other_clerk, 7)
    into = cast.case_at(Stage.FILED)
    actions.merge_case(merged, into=into, by=cast.duty_chief, at=NOON + timedelta(hours=8))
    assert not Arbitration.objects.filter(ruled_at=None, ended_at=None).exists()
    told = {dispute.case_id: dispute for dispute in Arbitration.objects.all()}
    assert (told[void.pk].reason, told[void.pk].unit) == ("重复的案卷", None)
    assert into.number in told[merged.pk].reason
    assert "未作裁定" in words_of(at_desk(cast.duty_chief).get(f"/cases/{void.number}/"))


def test_one_dispute_is_open_at_a_time_and_none_ends_without_a_word(cast: Cast) -> None:
    case = disputed(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Arbitration.objects.filter(case=case).update(ended_at=LATER)  # without a word why
    with pytest.raises(IntegrityError), transaction.atomic():
        Arbitration.objects.create(case=case, opened_at=LATER, held_path=case.held_path)
    Arbitration.objects.filter(case=case).update(ended_at=LATER, reason="作废")
    assert Arbitration.objects.create(case=case, opened_at=LATER, held_path=case.held_path).pk


# -- Up and down ------------------------------------------------------------------------------------------


def test_a_case_goes_up_and_down_between_the_levels_that_have_a_desk(cast: Cast) -> None:
    chief, dispatcher = street_desk(cast)
    case = actions.file_report(cast.report(), condition=cast.condition, by=chief, at=NOON)
    whole = case.whole_due_at
    actions.hand_up(case, note="街道办不了", by=chief, at=LATER)
    assert (case.held_path, case.whole_due_at) == (cast.place.county.path, whole)
    assert "上级" in str(refusal(BY_VERB["dispatch"], case, dispatcher))
    assert may_see_case(dispatcher, case), "the level below looks on"
    assert refusal(BY_VERB["hand_up"], case, cast.duty_chief) == "上级没有设置受理席。"
    actions.hand_down(case, note="街道能办", by=cast.duty_chief, at=LATER)
    assert case.held_path == cast.place.street.path
    assert refusal(BY_VERB["dispatch"], case, dispatcher) is None
    assert refusal(BY_VERB["dispatch"], case, cast.dispatcher) is None, "the level above may always"
    assert refusal(BY_VERB["hand_down"], case, cast.duty_chief) == "案卷所在地的下级没有设置受理席。"


def test_a_place_corrected_out_of_the_holders_area_is_any_desks(cast: Cast) -> None:
    chief, _dispatcher = street_desk(cast)
    case = actions.file_report(cast.report(), condition=cast.condition, by=chief, at=NOON)
    west = cast.place.grid("990102001001001", "西区网格", cast.place.elsewhere, 119.90)
    from wangge.territory import lookup

    lookup.changed()
    lookup.forget()
    actions.correct_case(case, point=(119.905, 32.905), by=chief, at=LATER)
    assert case.held_path == case.area_path == west.path
    assert refusal(BY_VERB["dispatch"], case, cast.dispatcher), "not its county any more"


# -- What belongs to a unit's turn ends with it -------------------------------------------------------------


def test_what_a_unit_asked_for_ends_when_it_sends_the_case_back(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    limit = clocks.LimitOf("working_days", Decimal(1))
    actions.ask_extension(case, limit=limit, reason="等配件", by=cast.clerk, at=NOON + timedelta(hours=2))
    actions.ask_help(case, units=[cast.water], words="关阀", by=cast.clerk, at=NOON + timedelta(hours=2))
    send_back(cast, case, cast.clerk, 3)
    assert case.requests.get().granted is False
    assert not case.helps.exists()
    actions.dispatch_case(case, to=cast.water, by=cast.dispatcher, at=NOON + timedelta(hours=4))
    assert refusal(BY_VERB["ask_extension"], case, cast.other_clerk) is None, (
        "the next unit may ask for itself"
    )


def test_a_recalled_ruling_binds_nobody(cast: Cast) -> None:
    case = cast.case_at(Stage.DISPATCHED)
    send_back(cast, case, cast.clerk, 2)
    actions.dispatch_case(case, to=cast.water, by=cast.dispatcher, at=NOON + timedelta(hours=3))
    send_back(cast, case, cast.other_clerk, 4)
    actions.arbitrate(
        case, to=cast.lamps, reason="归路灯所", by=cast.duty_chief, at=NOON + timedelta(hours=5)
    )
    actions.recall_case(case, note="看错了", by=cast.dispatcher, at=NOON + timedelta(hours=6))
    actions.dispatch_case(
        case, to=cast.water, by=cast.dispatcher, at=NOON + timedelta(hours=7), note="重新裁量"
    )
    assert refusal(BY_VERB["send_back"], case, cast.other_clerk) is None
