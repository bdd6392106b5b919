"""More time, suspension and voiding: asked by one, decided by another, with the effect on the clocks said beforehand."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from wangge.audit.tests.tampering import by_hand
from wangge.cases import actions, clocks
from wangge.cases.models import Case, Clock, ClockKind, Quota, Request
from wangge.cases.permissions import refusal
from wangge.cases.queries.timeline import timeline
from wangge.cases.tests.cast import NOON, SHANGHAI, Cast
from wangge.cases.tests.screens import at_desk, take, words_of
from wangge.cases.workflow import BY_VERB, Stage
from wangge.common.refusals import Refused

pytestmark = pytest.mark.django_db
DAY = clocks.LimitOf("working_days", Decimal(1))
# The case is dispatched on Wednesday 10 June 2026 at 11:00 with two working days: due on Friday at 11:00.
FRIDAY = datetime(2026, 6, 12, 11, 0, tzinfo=SHANGHAI)
LATER = NOON + timedelta(hours=4)


def clock(case: Case, kind: ClockKind = ClockKind.HANDLE) -> Clock:
    return Clock.objects.get(case=case, kind=kind, stopped_at=None)


def ask_more(cast: Cast, case: Case, at: datetime = LATER) -> Request:
    return actions.ask_extension(case, limit=DAY, reason="等配件", by=cast.clerk, at=at)


# -- More time --------------------------------------------------------------------------------------------


def test_granted_time_moves_both_clocks_by_what_was_granted(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    whole = case.whole_due_at
    assert case.due_at == FRIDAY
    ask_more(cast, case)
    case.refresh_from_db()
    assert case.due_at == FRIDAY, "asking moves nothing"
    actions.extend_case(case, by=cast.dispatcher, at=LATER + timedelta(hours=1))
    assert case.due_at == clock(case).due_at == FRIDAY + timedelta(days=3), "over the weekend to Monday"
    assert case.whole_due_at is not None
    assert whole is not None
    assert case.whole_due_at > whole
    entry = timeline(case, [], {})[-1]
    assert (entry.verb, entry.told[0][1]) == ("extend", "1 个工作日")
    assert {change[0] for change in entry.changes} == {"到期时间（处理）", "到期时间（全程）"}


def test_time_is_asked_for_before_it_runs_out(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    with pytest.raises(Refused, match="时限"):
        ask_more(cast, case, at=FRIDAY)
    ask_more(cast, case, at=FRIDAY - timedelta(seconds=1))
    # What was asked in time may be granted late.
    actions.extend_case(case, by=cast.dispatcher, at=FRIDAY + timedelta(hours=1))
    assert case.due_at is not None
    assert case.due_at > FRIDAY


def test_the_quota_ends_the_asking(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    ask_more(cast, case)
    actions.extend_case(case, by=cast.dispatcher, at=LATER)
    assert "1 次" in str(refusal(BY_VERB["ask_extension"], case, cast.clerk))
    Quota.objects.filter(code=Quota.Code.EXTENSIONS).update(amount=2)
    ask_more(cast, case, at=LATER + timedelta(hours=1))


def test_a_refused_request_moves_nothing_and_may_be_asked_again(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    ask_more(cast, case)
    with pytest.raises(Refused):
        ask_more(cast, case)  # one at a time
    actions.refuse_request(case, kind="extend", note="今天能到货", by=cast.dispatcher, at=LATER)
    assert case.due_at == FRIDAY
    request = Request.objects.get()
    assert (request.granted, request.answer, request.decided_by) == (False, "今天能到货", cast.dispatcher)
    ask_more(cast, case)


def test_nobody_decides_on_what_nobody_asked(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    for verb in ("extend", "refuse_extension"):
        assert refusal(BY_VERB[verb], case, cast.dispatcher) == "没有人提出申请，或已经作出决定。"


def test_a_rework_keeps_what_was_granted_of_its_limit(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    ask_more(cast, case)
    actions.extend_case(case, by=cast.dispatcher, at=LATER)
    cast.finish(case, LATER + timedelta(hours=1))
    cast.fail(case, LATER + timedelta(hours=2))
    assert [Decimal(amount) for _kind, amount in clock(case).limits] == [2, 1]


def test_a_correction_keeps_what_was_granted(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    ask_more(cast, case)
    actions.extend_case(case, by=cast.dispatcher, at=LATER)
    other = cast.lamp.conditions.exclude(pk=cast.condition.pk).first()
    actions.correct_case(case, condition=other, by=cast.duty_chief, at=LATER + timedelta(hours=1))
    assert len(clock(case).limits) == 2
    assert Decimal(clock(case).limits[-1][1]) == 1


# -- Suspension -------------------------------------------------------------------------------------------


def suspended(cast: Cast, until: datetime, at: datetime = LATER) -> Case:
    case = cast.case_at(Stage.HANDLING)
    actions.ask_suspension(case, until=until, reason="连日暴雨", by=cast.clerk, at=at)
    actions.suspend_case(case, by=cast.duty_chief, at=at)
    return case


def test_a_suspension_pauses_in_the_cases_own_calendar(cast: Cast) -> None:
    """Paused from Wednesday 14:00 to Friday 0:00: eight working hours of Thursday and four of Wednesday do not count."""
    case = suspended(cast, datetime(2026, 6, 12, 0, 0, tzinfo=SHANGHAI))
    assert case.stage == Stage.SUSPENDED
    assert case.due_at == datetime(
        2026, 6, 15, 16, 0, tzinfo=SHANGHAI
    )  # Friday 11:00 and twelve working hours
    assert clock(case, ClockKind.WHOLE).pauses == clock(case).pauses


def test_going_on_early_gives_back_the_rest(cast: Cast) -> None:
    case = suspended(cast, datetime(2026, 6, 19, 0, 0, tzinfo=SHANGHAI))
    actions.resume_case(case, by=cast.clerk, at=LATER)
    assert (case.stage, case.due_at, case.resume_at) == (Stage.HANDLING, FRIDAY, None)


def test_on_its_day_a_case_goes_on_by_itself_once(cast: Cast) -> None:
    until = datetime(2026, 6, 12, 0, 0, tzinfo=SHANGHAI)
    case = suspended(cast, until)
    due = case.due_at
    assert actions.resume_due(until - timedelta(minutes=1)) == 0
    assert actions.resume_due(until + timedelta(minutes=7)) == 1
    assert actions.resume_due(until + timedelta(minutes=8)) == 0
    case.refresh_from_db()
    assert (case.stage, case.due_at) == (Stage.HANDLING, due), "a late job takes nothing away"
    assert timeline(case, [], {})[-1].who == "系统"


def test_a_suspension_has_an_end_within_bounds(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    for until in (LATER, LATER + timedelta(days=91)):
        with pytest.raises(Refused) as refused:
            actions.ask_suspension(case, until=until, reason="等", by=cast.clerk, at=LATER)
        assert refused.value.field == "until"


def test_suspended_work_is_not_finished_and_not_sent_back(cast: Cast) -> None:
    case = suspended(cast, LATER + timedelta(days=5))
    for verb in ("finish", "send_back", "accept"):
        assert "挂账中" in str(refusal(BY_VERB[verb], case, cast.clerk))


def test_the_chief_may_shorten_what_was_asked(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    actions.ask_suspension(case, until=LATER + timedelta(days=30), reason="等", by=cast.clerk, at=LATER)
    take(cast.duty_chief, case, "suspend", until=f"{timezone.localdate() + timedelta(days=3):%Y-%m-%d}")
    case.refresh_from_db()
    assert case.resume_at is not None
    assert timezone.localdate(case.resume_at) == timezone.localdate() + timedelta(days=3)


# -- Void -------------------------------------------------------------------------------------------------


def test_a_void_case_has_ended_for_everybody(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    actions.ask_void(case, reason="重复立案", by=cast.dispatcher, at=LATER)
    actions.void_case(case, reason="与其他案卷重复", by=cast.duty_chief, at=LATER)
    assert (case.stage, case.closed_at, case.due_at) == (Stage.VOID, LATER, None)
    assert not clocks.running(case)
    assert Request.objects.get().granted is True
    assert all(refusal(BY_VERB[verb], case, cast.clerk) for verb in ("finish", "accept", "send_back"))


def test_who_asks_to_void_does_not_refuse_it(cast: Cast) -> None:
    case = cast.case_at(Stage.FILED)
    actions.ask_void(case, reason="误立", by=cast.dispatcher, at=LATER)
    actions.refuse_request(case, kind="void", note="应当办理", by=cast.duty_chief, at=LATER)
    assert case.stage == Stage.FILED


# -- On the page ------------------------------------------------------------------------------------------


def test_whoever_decides_sees_what_it_does_to_the_clocks(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    ask_more(cast, case)
    page = at_desk(cast.dispatcher).get(f"/cases/{case.number}/extension/")
    effects = page.context["form"].effects
    assert (effects[0].now, effects[0].then) == (FRIDAY, FRIDAY + timedelta(days=3))
    assert "等配件" in words_of(page)


def test_a_request_goes_through_its_forms(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    case.due_at = timezone.now() + timedelta(days=1)  # the story is older than the page that asks
    with by_hand():
        case.save(update_fields=["due_at"])
    wrong = take(cast.clerk, case, "ask_extension", amount="0", limit_kind="working_days", note="等配件")
    assert wrong.status_code == 422
    assert "等配件" in wrong.content.decode()
    assert (
        take(
            cast.clerk, case, "ask_extension", amount="1", limit_kind="working_days", note="等配件"
        ).status_code
        == 302
    )
    assert case.number in words_of(at_desk(cast.dispatcher).get("/desk/", {"queue": "asked"}))
    assert take(cast.dispatcher, case, "refuse_extension", note="不行").status_code == 302
    assert not Request.objects.filter(decided_at=None).exists()
