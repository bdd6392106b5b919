"""Supervision orders: several at once, each with its own reply deadline, none of which moves a clock of the case."""

import re
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from wangge.accounts.models import Role
from wangge.cases import actions
from wangge.cases.models import SupervisionOrder
from wangge.cases.permissions import refusal
from wangge.cases.queries.buttons import step_url
from wangge.cases.tests.cast import NOON, SHANGHAI, Cast
from wangge.cases.tests.screens import at_desk, take, words_of
from wangge.cases.workflow import BY_VERB, Stage
from wangge.common.refusals import Refused

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=4)


def test_an_order_has_a_deadline_of_its_own_and_moves_no_clock(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    before = (case.due_at, case.whole_due_at)
    order = actions.supervise(case, words="三天了", by=cast.overseer, at=LATER)
    assert order.reply_due_at == datetime(2026, 6, 12, 14, 0, tzinfo=SHANGHAI), "two working days"
    assert (case.due_at, case.whole_due_at) == before
    assert refusal(BY_VERB["reply_supervision"], case, cast.clerk) is None
    actions.reply_to_order(case, order=order, reply="今晚换", by=cast.clerk, at=LATER + timedelta(hours=1))
    order.refresh_from_db()
    assert (order.reply, order.replied_by) == ("今晚换", cast.clerk)
    assert refusal(BY_VERB["reply_supervision"], case, cast.clerk) == "没有待答复的督办单。"
    actions.end_order(case, order=order, by=cast.overseer, at=LATER + timedelta(hours=2))
    assert refusal(BY_VERB["end_supervision"], case, cast.overseer) == "没有进行中的督办。"


def test_two_levels_give_their_own_orders(cast: Cast) -> None:
    case = cast.case_at(Stage.FILED)
    mayor = cast.person("mayor", "分管领导", Role.LEADER, cast.place.county)
    first = actions.supervise(case, words="请抓紧", by=cast.overseer, at=LATER)
    second = actions.supervise(
        case, words="明早报我", by=mayor, at=LATER, reply_due_at=LATER + timedelta(hours=18)
    )
    assert first.reply_due_at != second.reply_due_at
    # Before a unit has it, the desk replies.
    response = take(cast.duty_chief, case, "reply_supervision", order=second.pk, note="已派遣")
    assert response.status_code == 302
    second.refresh_from_db()
    assert second.replied_by == cast.duty_chief
    assert case.number in words_of(at_desk(cast.duty_chief).get("/desk/", {"queue": "supervised"}))


def test_an_order_of_another_case_or_the_past_is_refused(cast: Cast) -> None:
    case, other = cast.case_at(Stage.HANDLING), cast.case_at(Stage.FILED)
    order = actions.supervise(other, words="请抓紧", by=cast.overseer, at=LATER)
    actions.supervise(case, words="请抓紧", by=cast.overseer, at=LATER)
    with pytest.raises(Refused, match="没有这份督办单"):
        actions.reply_to_order(case, order=order, reply="好", by=cast.clerk, at=LATER)
    with pytest.raises(Refused) as refused:
        actions.supervise(case, words="请抓紧", by=cast.overseer, at=LATER, reply_due_at=LATER)
    assert refused.value.field == "reply_due_at"


def test_only_those_above_supervise(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    for name in ("acceptor", "duty_chief", "dispatcher", "clerk", "grid_worker", "stranger"):
        assert refusal(BY_VERB["supervise"], case, getattr(cast, name)), name


def test_an_order_from_above_is_not_ended_below(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    order = actions.supervise(case, words="请抓紧", by=cast.overseer, at=LATER)
    below = cast.person("street_leader", "街道领导", Role.LEADER, cast.place.street)
    with pytest.raises(Refused, match="上级"):
        actions.end_order(case, order=order, by=below, at=LATER)
    own = actions.supervise(case, words="也请报我", by=below, at=LATER)
    actions.end_order(case, order=own, by=cast.overseer, at=LATER)  # who stands above may
    order.refresh_from_db()
    assert order.ended_at is None


def test_a_moment_left_as_drawn_follows_the_calendar_and_one_typed_stays(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    browser, address = at_desk(cast.overseer), f"/cases/{case.number}/supervision/"
    drawn = browser.get(address)
    field = drawn.context["form"]["reply_due_at"]
    said = {"seen": drawn.context["form"]["seen"].value(), "note": "请抓紧"}
    hidden = re.search(rf'name="{field.html_initial_name}"[^>]*value="([^"]+)"', drawn.content.decode())
    assert hidden is not None
    left = {**said, "reply_due_at": hidden[1], field.html_initial_name: hidden[1]}
    assert browser.post(address, left).status_code == 302
    assert SupervisionOrder.objects.get().calendar is not None

    said["seen"] = browser.get(address).context["form"]["seen"].value()
    typed = {**left, **said, "reply_due_at": (timezone.now() + timedelta(days=9)).strftime("%Y-%m-%dT%H:%M")}
    assert browser.post(address, typed).status_code == 302
    assert SupervisionOrder.objects.latest("pk").calendar is None


def test_whoever_ends_an_order_reads_what_was_replied_to_it(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    first = actions.supervise(case, words="三天了", by=cast.overseer, at=LATER)
    actions.supervise(case, words="请报进度", by=cast.overseer, at=LATER)
    late = first.reply_due_at + timedelta(hours=1)
    actions.reply_to_order(case, order=first, reply="灯杆已换，\n<今晚>通电", by=cast.clerk, at=late)
    form = at_desk(cast.overseer).get(step_url(case, BY_VERB["end_supervision"]))
    words = words_of(form)
    assert "路灯所小周 06-12 15:00 答复 逾期 灯杆已换， <今晚>通电" in words
    assert words.count("尚未答复") == 1, "the other order"
    assert "尚未答复" not in words_of(at_desk(cast.clerk).get(step_url(case, BY_VERB["reply_supervision"])))
