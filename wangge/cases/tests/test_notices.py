"""Who is told what when a matter moves, and who is not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.listeners import LISTENERS
from wangge.accounts.models import Account
from wangge.audit.models import Event
from wangge.audit.relay import relay_all
from wangge.cases import actions
from wangge.cases.models import Case, Report
from wangge.cases.notices import COLLEAGUES, REPORTERS, tell_at
from wangge.cases.tests.cast import NOON, Cast, assemble
from wangge.cases.wordings import WORDINGS
from wangge.cases.workflow import Stage
from wangge.notifications.models import Notice
from wangge.notifications.wordings import all_wordings


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
    from wangge.accounts.models import Role

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
    named = {rule.wording for rules in COLLEAGUES.values() for rule in rules} | {
        told for _kind, told in REPORTERS.values()
    }
    by_others = {"to_verify", "to_check", "reporter_news"}
    assert named <= set(all_wordings())
    assert {wording.name for wording in WORDINGS} == named | by_others


def test_an_account_without_a_post_is_no_clerk(cast: Cast) -> None:
    cast.clerk  # noqa: B018
    Account.objects.create(username="cleaner", name="保洁", unit=cast.lamps, password="!")
    assert tell_last(cast.case_at(Stage.DISPATCHED)) == [("clerk", "dispatched")]
