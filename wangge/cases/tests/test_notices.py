"""Who is told what when a matter moves, and who is not."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from config.listeners import LISTENERS
from wangge.accounts.models import Account, Role, Unit
from wangge.audit.models import Event
from wangge.audit.relay import relay_all
from wangge.cases import actions
from wangge.cases.clocks import LimitOf
from wangge.cases.models import Case, Report
from wangge.cases.notices import COLLEAGUES, REPORTERS, tell_at
from wangge.cases.tests.cast import NOON, Cast, assemble
from wangge.cases.wordings import WORDINGS
from wangge.cases.workflow import Stage
from wangge.notifications.models import Notice
from wangge.notifications.wordings import all_wordings
from wangge.territory.models import UnitArea


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def tell_last(subject: Report | Case) -> list[tuple[str, str]]:
    """Let the listener hear the last event of a matter; returns whom it told what."""
    event = Event.objects.filter(subject_id=subject.pk).order_by("-seq").first()
    assert event is not None
    Notice.objects.all().delete()
    tell_at(event, event.at)
    tell_at(event, event.at)  # harmless twice
    return sorted(Notice.objects.values_list("recipient__username", "wording"))


def test_a_dispatch_tells_the_clerks_of_the_unit_and_nobody_else(cast: Cast) -> None:
    assert len(cast.everyone) == 10  # all of them could have been told
    case = cast.case_at(Stage.DISPATCHED)
    assert tell_last(case) == [("clerk", "dispatched")]
    notice = Notice.objects.get()
    assert notice.link == f"/cases/{case.number}/"
    assert set(notice.words) == {"number", "kind", "place", "due"}


def test_a_notice_says_neither_what_the_reporter_said_nor_where_exactly(cast: Cast) -> None:
    cast.clerk  # noqa: B018
    case = cast.case_at(Stage.DISPATCHED)
    tell_last(case)
    said = str(Notice.objects.get().words)
    assert "路灯不亮了" not in said
    assert "人民路" not in said


def test_a_recalled_unit_is_told_and_led_nowhere(cast: Cast) -> None:
    cast.clerk  # noqa: B018
    case = cast.case_at(Stage.DISPATCHED)
    actions.recall_case(case, note="派错了", by=cast.dispatcher, at=NOON + timedelta(hours=2))
    assert tell_last(case) == [("clerk", "recalled")]
    assert Notice.objects.get().link == ""


def test_a_send_back_tells_the_dispatchers_of_the_nearest_desk(cast: Cast) -> None:
    cast.dispatcher, cast.stranger  # noqa: B018
    city = cast.place.county.parent
    assert city is not None
    cast.person("city_dispatcher", "市派遣员", Role.DISPATCHER, city)
    case = cast.case_at(Stage.HANDLING)
    actions.send_back_case(
        case, reason=cast.send_back_reason, note="不归我们", by=cast.clerk, at=NOON + timedelta(hours=3)
    )
    assert tell_last(case) == [("dispatcher", "sent_back")]


def test_a_failed_check_tells_the_unit_and_a_passed_one_the_duty_chief(cast: Cast) -> None:
    cast.duty_chief, cast.clerk  # noqa: B018
    case = cast.case_at(Stage.CHECKING)
    cast.fail(case, NOON + timedelta(hours=4))
    assert tell_last(case) == [("clerk", "rework")]
    passed = cast.case_at(Stage.PASSED)
    assert tell_last(passed) == [("duty_chief", "passed")]


def test_nobody_is_told_what_they_did_themselves(cast: Cast) -> None:
    case = cast.case_at(Stage.CLOSED)
    actions.reopen_case(case, note="没修好", by=cast.duty_chief, at=NOON + timedelta(hours=9))
    assert ("duty_chief", "reopened") not in tell_last(case)


def test_only_a_rating_of_not_solved_is_told(cast: Cast) -> None:
    cast.duty_chief  # noqa: B018
    for solved, told in ((True, []), (False, [("duty_chief", "not_solved")])):
        case = cast.case_at(Stage.CLOSED)
        report = case.reports.get()
        actions.rate_report(
            report, solved=solved, result=2, attitude=2, words="", at=NOON + timedelta(hours=7)
        )
        assert tell_last(report) == told


def test_an_urgent_limit_makes_urgent_notices(cast: Cast) -> None:
    cast.clerk  # noqa: B018
    case = cast.case_at(Stage.DISPATCHED)
    tell_last(case)
    assert not Notice.objects.get().urgent
    Case.objects.filter(pk=case.pk).update(limit_kind="urgent_hours")
    tell_last(case)
    assert Notice.objects.get().urgent


def test_what_an_import_brings_is_no_news(cast: Cast) -> None:
    cast.clerk  # noqa: B018
    case = cast.case_at(Stage.DISPATCHED)
    event = Event.objects.filter(subject_id=case.pk).order_by("-seq")[0]
    tell_at(event, event.at + timedelta(days=3))
    assert Notice.objects.count() == 0


def test_the_relay_tells_the_unit_and_the_worker(cast: Cast) -> None:
    cast.clerk, cast.grid_worker, cast.neighbour  # noqa: B018
    now = timezone.now()
    report = cast.report(at=now)
    actions.ask_to_verify(report, by=cast.acceptor, at=now)
    relay_all(LISTENERS)
    assert list(Notice.objects.values_list("recipient__username", "wording")) == [
        ("grid_worker", "to_verify")
    ]
    assert Notice.objects.get().link.startswith("/tasks/")


def test_the_relay_may_hand_over_twice(cast: Cast) -> None:
    cast.clerk  # noqa: B018
    now = timezone.now()
    report = cast.report(at=now)
    case = actions.file_report(report, condition=cast.condition, by=cast.duty_chief, at=now)
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=now)
    event = Event.objects.get(subject_id=case.pk, verb="dispatch")
    for name in LISTENERS["dispatch"] * 2:
        from django.utils.module_loading import import_string

        import_string(name)(event)
    assert Notice.objects.filter(recipient=cast.clerk).count() == 1


def test_every_wording_of_the_tables_exists_and_every_wording_is_used() -> None:
    rules = [rule for rules in COLLEAGUES.values() for rule in rules]
    named = {rule.wording for rule in rules} | {told for _kind, told in REPORTERS.values()}
    named |= {rule.many[0] for rule in rules if rule.many}
    by_others = {"to_verify", "to_check", "to_recheck", "reminder", "reporter_news"}
    assert named <= set(all_wordings())
    assert {wording.name for wording in WORDINGS} == named | by_others


def test_an_account_without_a_post_is_no_clerk(cast: Cast) -> None:
    cast.clerk  # noqa: B018
    Account.objects.create(username="cleaner", name="保洁", unit=cast.lamps, password="!")
    assert tell_last(cast.case_at(Stage.DISPATCHED)) == [("clerk", "dispatched")]


# -- The rest of the loop -----------------------------------------------------------------------------------


def test_a_unit_asks_for_more_time_and_hears_the_decision(cast: Cast) -> None:
    cast.dispatcher, cast.clerk  # noqa: B018
    case = cast.case_at(Stage.HANDLING)
    day = LimitOf("working_days", Decimal(1))
    actions.ask_extension(case, limit=day, reason="等配件", by=cast.clerk, at=NOON + timedelta(hours=3))
    assert tell_last(case) == [("dispatcher", "extension_wanted")]
    actions.extend_case(case, note="同意", by=cast.dispatcher, at=NOON + timedelta(hours=4))
    assert tell_last(case) == [("clerk", "extended")]


def test_the_second_send_back_tells_the_desk_one_level_up(cast: Cast) -> None:
    cast.dispatcher, cast.duty_chief  # noqa: B018
    city = cast.place.county.parent
    assert city is not None
    above = cast.person("city_chief", "市值班长", Role.DUTY_CHIEF, city)
    centre = Unit.objects.create(code="CITY", name="市中心", kind="centre")
    UnitArea.objects.create(unit=centre, area=city)
    case, at = cast.case_at(Stage.HANDLING), NOON + timedelta(hours=3)
    actions.send_back_case(case, reason=cast.send_back_reason, note="不归我们", by=cast.clerk, at=at)
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=at, note="按清单归你们")
    actions.send_back_case(case, reason=cast.send_back_reason, note="还是不归", by=cast.clerk, at=at)
    assert case.stage == Stage.ARBITRATING
    assert tell_last(case) == [(above.username, "to_arbitrate")]


def test_an_order_is_told_to_the_unit_and_the_desk_and_its_reply_to_the_overseer(cast: Cast) -> None:
    cast.duty_chief, cast.clerk  # noqa: B018
    case, at = cast.case_at(Stage.HANDLING), NOON + timedelta(hours=3)
    order = actions.supervise(case, words="请抓紧", by=cast.overseer, at=at)
    assert tell_last(case) == [("clerk", "supervised"), ("duty_chief", "supervised")]
    actions.reply_to_order(case, order=order, reply="正在办", by=cast.clerk, at=at)
    assert tell_last(case) == [("overseer", "supervision_replied")]


def test_a_unit_that_is_asked_to_help_is_told(cast: Cast) -> None:
    cast.clerk, cast.other_clerk  # noqa: B018
    case = cast.case_at(Stage.HANDLING)
    actions.ask_help(case, units=[cast.water], words="先关水", by=cast.clerk, at=NOON + timedelta(hours=3))
    assert tell_last(case) == [("other_clerk", "help_wanted")]


def test_a_confidential_matter_is_told_to_its_handlers_alone_and_without_a_word(cast: Cast) -> None:
    cast.everyone  # noqa: B018
    case = cast.case_at(Stage.HANDLING)
    actions.hide_case(
        case, handlers=[cast.clerk, cast.duty_chief], by=cast.acceptor, at=NOON + timedelta(hours=3)
    )
    told = tell_last(case)
    assert told == [("clerk", "confidential"), ("duty_chief", "confidential")]
    assert set(map(str, Notice.objects.values_list("words", flat=True))) == {"{}"}


def test_what_was_told_before_is_hushed_by_the_relay(cast: Cast) -> None:
    cast.clerk  # noqa: B018
    now = timezone.now()
    report = cast.report(at=now)
    case = actions.file_report(report, condition=cast.condition, by=cast.duty_chief, at=now)
    actions.dispatch_case(case, to=cast.lamps, by=cast.dispatcher, at=now)
    relay_all(LISTENERS)
    assert Notice.objects.get(recipient=cast.clerk).wording == "dispatched"
    actions.hide_case(case, handlers=[cast.duty_chief], by=cast.acceptor, at=now)
    relay_all(LISTENERS)
    left = Notice.objects.get(recipient=cast.clerk)
    assert (left.wording, left.words) == ("confidential", {})
