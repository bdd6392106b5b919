"""A calendar changes: counted beforehand, asked, done; every running clock follows, and the log says so."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from wangge.accounts.models import Account
from wangge.accounts.tests.people import administrator
from wangge.audit.models import AccessEntry, Event
from wangge.audit.verification import verify_all
from wangge.cases import actions as steps
from wangge.cases import clocks, deadlines
from wangge.cases.calendars import actions, impact, matters, recompute
from wangge.cases.calendars.plan import NORMAL, Day, Plan
from wangge.cases.calendars.tests.people import FRIDAY, clock, dispatched, general, moments
from wangge.cases.models import CalendarChange, CalendarDay, Case, Clock, ClockKind
from wangge.cases.queries.timeline import timeline
from wangge.cases.tests.cast import Cast
from wangge.common.refusals import Refused

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 12, 21)
REST_MONDAY = Plan((Day(MONDAY, "rest", "停工", True, "寒潮"),))
WORK_SATURDAY = Plan((Day(date(2026, 12, 19), "work", "调休"),))


@pytest.fixture
def admin(db: None) -> Account:
    return administrator()


@pytest.fixture
def case(cast: Cast) -> Case:
    """Two working days from Friday: due on Tuesday at ten."""
    return dispatched(cast, days=2)


def done(plan: Plan, admin: Account, at: object = FRIDAY) -> CalendarChange:
    change = actions.plan_change(general(), plan, by=admin, at=FRIDAY)
    return actions.confirm_change(change, by=admin, at=FRIDAY)


def test_the_dry_run_counts_what_would_move_and_stores_nothing(case: Case, admin: Account) -> None:
    before, days = moments(), CalendarDay.objects.count()
    change = actions.plan_change(general(), REST_MONDAY, by=admin, at=FRIDAY)
    assert change.impact == {
        "matters": 1,
        "overdue": 0,
        "relieved": 0,
        "settled": 0,
        "provisional": 0,
        "orders": 0,
    }
    assert moments() == before
    assert CalendarDay.objects.count() == days
    assert not Event.objects.filter(verb="recompute").exists()


def test_it_names_the_matters_with_the_old_and_the_new_moment(case: Case, admin: Account) -> None:
    change = actions.plan_change(general(), REST_MONDAY, by=admin, at=FRIDAY)
    found = matters.page_of(change, FRIDAY, after=0, only="matters")
    line = next(line for line in found.lines if line.clock == str(ClockKind.HANDLE.label))
    assert line.number == case.number
    assert line.new is not None
    assert line.new - line.old == timedelta(days=1)


def test_it_says_which_matters_become_overdue_and_which_are_so_no_longer(case: Case, admin: Account) -> None:
    late = FRIDAY.replace(day=22, hour=9)  # Tuesday at nine, an hour before it is due
    change = actions.plan_change(general(), WORK_SATURDAY, by=admin, at=late)
    assert change.counted("overdue") == 1
    assert [line.becomes_overdue for line in matters.page_of(change, late, after=0, only="overdue").lines][
        :1
    ] == [True]
    after = FRIDAY.replace(day=22, hour=11)
    actions.drop_change(change, by=admin)
    change = actions.plan_change(general(), REST_MONDAY, by=admin, at=after)
    assert change.counted("relieved") == 1
    assert matters.page_of(change, after, after=0, only="overdue").lines == []


def test_confirmed_the_clocks_follow_with_an_event_each_and_an_entry_in_the_log(
    case: Case, admin: Account
) -> None:
    version = general().version
    change = done(REST_MONDAY, admin)
    assert clock(case).due_at == FRIDAY + timedelta(days=5)
    case.refresh_from_db()
    assert case.due_at == clock(case).due_at
    assert case.whole_due_at == clock(case, ClockKind.WHOLE).due_at
    assert general().version == version + 1
    assert (change.moved, change.passes) == (1, 1)
    event = Event.objects.get(subject_id=case.pk, verb="recompute")
    assert event.actor == admin
    assert set(event.payload.data["changes"]) >= {"due_handle", "due_whole"}
    entry = AccessEntry.objects.get(act="calendar_changed")
    assert (entry.account_id, entry.detail["marked"]) == (admin.pk, ["2026-12-21 rest"])
    assert list(verify_all()) == []


def test_the_handler_reads_in_the_timeline_what_changed(case: Case, admin: Account) -> None:
    done(REST_MONDAY, admin)
    case.refresh_from_db()
    entry = timeline(case, [], {})[-1]
    assert entry.verb == "recompute"
    told = " ".join(words for _label, words in entry.told)
    assert "2026-12-21" in told
    assert "寒潮" in told
    assert general().name in told


def test_confirming_twice_is_harmless(case: Case, admin: Account) -> None:
    change = done(REST_MONDAY, admin)
    actions.confirm_change(change, by=admin, at=FRIDAY)
    assert Event.objects.filter(verb="recompute", subject_id=case.pk).count() == 1
    assert AccessEntry.objects.filter(act="calendar_changed").count() == 1


def test_what_is_planned_piece_by_piece_is_confirmed_as_one(case: Case, admin: Account) -> None:
    first = actions.plan_change(general(), REST_MONDAY, by=admin, at=FRIDAY)
    second = actions.plan_change(general(), WORK_SATURDAY, by=admin, at=FRIDAY)
    assert first.pk == second.pk
    assert [day.date.day for day in Plan.read(second.plan).days] == [19, 21]
    assert second.counted("matters") == 0  # one day more, one day less
    undone = actions.plan_change(general(), Plan((Day(MONDAY, NORMAL),)), by=admin, at=FRIDAY)
    assert [day.date.day for day in Plan.read(undone.plan).days] == [19]


def test_what_the_calendar_says_already_is_nothing_to_plan(case: Case, admin: Account) -> None:
    done(REST_MONDAY, admin)
    with pytest.raises(Refused):
        actions.plan_change(general(), REST_MONDAY, by=admin, at=FRIDAY)
    with pytest.raises(Refused):
        actions.plan_change(general(), Plan((Day(date(2026, 12, 28), NORMAL),)), by=admin, at=FRIDAY)


def test_an_import_of_the_same_day_keeps_that_it_was_an_emergency(case: Case, admin: Account) -> None:
    done(REST_MONDAY, admin)
    with pytest.raises(Refused):
        actions.plan_change(general(), Plan((Day(MONDAY, "rest", "停工"),)), by=admin, at=FRIDAY)
    assert general().days.get(day=MONDAY).emergency


def test_of_two_administrators_the_second_is_told_and_counts_anew(case: Case, admin: Account) -> None:
    other = administrator(username="xitong2", name="系统管理员小钱")
    slow = actions.plan_change(general(), WORK_SATURDAY, by=other, at=FRIDAY)
    done(REST_MONDAY, admin)
    with pytest.raises(actions.Outdated, match=admin.name):
        actions.confirm_change(slow, by=other, at=FRIDAY)
    assert not general().days.filter(day=date(2026, 12, 19)).exists()
    actions.count_anew(slow, by=other, at=FRIDAY)
    actions.confirm_change(slow, by=other, at=FRIDAY)
    assert clock(case).due_at == FRIDAY + timedelta(days=4)


def test_only_the_system_administrator_changes_a_calendar(case: Case, admin: Account, cast: Cast) -> None:
    change = actions.plan_change(general(), REST_MONDAY, by=admin, at=FRIDAY)
    for person in (cast.duty_chief, cast.overseer):
        with pytest.raises(Refused):
            actions.plan_change(general(), REST_MONDAY, by=person, at=FRIDAY)
        with pytest.raises(Refused):
            actions.confirm_change(change, by=person, at=FRIDAY)
        with pytest.raises(Refused):
            actions.drop_change(change, by=person)
    assert CalendarChange.objects.filter(pk=change.pk, confirmed_at=None).exists()


def test_a_calendar_in_which_nobody_works_is_refused(case: Case, admin: Account) -> None:
    with pytest.raises(Refused):
        actions.plan_change(general(), Plan(weekly_rest=[0, 1, 2, 3, 4, 5, 6]), by=admin, at=FRIDAY)
    assert not CalendarChange.objects.exists()


def test_days_a_file_does_not_tell_are_decided_before_anything_is_confirmed(
    case: Case, admin: Account
) -> None:
    plan = Plan(unsure=((MONDAY, "停工"), (date(2026, 12, 22), "别的")))
    change = actions.plan_change(general(), plan, by=admin, at=FRIDAY)
    with pytest.raises(Refused):
        actions.confirm_change(change, by=admin, at=FRIDAY)
    actions.decide_unsure(change, {"停工": "rest", "别的": ""}, by=admin, at=FRIDAY)
    assert Plan.read(change.plan) == Plan((Day(MONDAY, "rest", "停工"),))
    actions.confirm_change(change, by=admin, at=FRIDAY)
    assert clock(case).due_at == FRIDAY + timedelta(days=5)


def test_a_year_published_makes_final_what_was_provisional_and_taken_back_provisional_again(
    cast: Cast, admin: Account
) -> None:
    case = dispatched(cast, days=15)
    assert clock(case).provisional
    change = actions.plan_change(general(), Plan(years={2027: True}), by=admin, at=FRIDAY)
    assert (change.counted("matters"), change.counted("settled")) == (0, 2)
    actions.confirm_change(change, by=admin, at=FRIDAY)
    assert not clock(case).provisional
    done(Plan(years={2027: False}), admin)
    assert clock(case).provisional


def test_a_given_or_stopped_clock_stays(case: Case, admin: Account) -> None:
    Clock.objects.filter(case=case).update(given=True)
    before = moments()
    done(REST_MONDAY, admin)
    assert moments() == before


def test_many_clocks_follow_in_batches_and_a_worker_that_dies_loses_none(
    cast: Cast, admin: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "AT_ONCE", 0)
    cases = [dispatched(cast, days=2) for _number in range(5)]
    change = actions.plan_change(general(), REST_MONDAY, by=admin, at=FRIDAY)
    assert change.impact == {}
    with pytest.raises(Refused):
        actions.confirm_change(change, by=admin, at=FRIDAY)  # nobody knows yet what would move
    actions.count(change, at=FRIDAY)
    assert change.counted("matters") == 5
    change = actions.confirm_change(change, by=admin, at=FRIDAY)
    assert (change.passes, change.moved) == (0, 0)

    change = recompute.recompute_some(change.pk, at=FRIDAY, batch=4)
    assert 0 < change.moved < 5
    assert 0 < change.percent < 100
    monkeypatch.setattr(recompute, "rows", None)  # the process dies within the next batch
    with pytest.raises(AttributeError):
        recompute.recompute_some(change.pk, at=FRIDAY, batch=4)
    monkeypatch.undo()

    later = FRIDAY + timedelta(minutes=2)
    assert [one.pk for one in recompute.unfinished(later)] == [change.pk]
    change = recompute.recompute(change.pk, clock=lambda: later, until=later)
    assert change.finished_at == later
    assert change.moved == 5
    assert {clock(one).due_at for one in cases} == {FRIDAY + timedelta(days=5)}
    assert Event.objects.filter(verb="recompute").count() == 5
    assert recompute.unfinished(later) == []


def test_a_clock_started_by_the_old_calendar_at_the_same_moment_is_found_by_the_second_pass(
    case: Case, cast: Cast, admin: Account
) -> None:
    change = done(REST_MONDAY, admin)
    # Another process remembered the calendar for a second.
    late = dispatched(cast, days=2)
    Clock.objects.filter(case=late, kind=ClockKind.HANDLE).update(due_at=FRIDAY + timedelta(days=4))
    assert recompute.recompute_some(change.pk, at=FRIDAY).passes == 1  # too early
    later = FRIDAY + 2 * recompute.SETTLES_AFTER
    change = recompute.recompute_some(change.pk, at=later)
    assert change.finished_at == later
    assert clock(late).due_at == FRIDAY + timedelta(days=5)


def test_only_clocks_due_after_the_first_changed_day_are_looked_at(case: Case, admin: Account) -> None:
    calendars = impact.in_force(general())
    everything = set(impact.running(calendars).values_list("pk", flat=True))
    far = Plan((Day(date(2027, 6, 1), "rest"),))
    assert set(impact.candidates(calendars, far)) == set()
    assert set(impact.candidates(calendars, Plan(weekly_rest=[6])).values_list("pk", flat=True)) == everything


days = st.lists(
    st.builds(
        lambda after, kind: Day(FRIDAY.date() + timedelta(days=after), kind, "变"),
        st.integers(min_value=-5, max_value=30),
        st.sampled_from(["work", "rest"]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda day: day.date,
)


@pytest.mark.slow
@hypothesis_settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changed=days, hours=st.sampled_from([None, ["08:00-12:00", "14:00-18:00"], ["00:00-24:00"]]))
def test_a_change_taken_back_restores_every_moment_and_the_dry_run_told_the_truth(
    crowd: Cast, admin: Account, changed: Sequence[Day], hours: list[str] | None
) -> None:
    with transaction.atomic():
        clocks.look_again()  # the example before this one is undone
        _there_and_back(admin, changed, hours)
        transaction.set_rollback(True)


@pytest.fixture
def crowd(cast: Cast) -> Cast:
    """Everyone is there before the first example, and a case and a report that wait; each example is undone."""
    _ = cast.everyone
    dispatched(cast, days=3)
    steps.ask_to_verify(cast.report(at=FRIDAY), by=cast.acceptor, at=FRIDAY)
    return cast


def _there_and_back(admin: Account, changed: Sequence[Day], hours: list[str] | None) -> None:
    known = {day.day: Day(day.day, day.kind, day.name) for day in general().days.all()}
    before, shifts = moments(), general().shifts
    other = None if hours is None else [{"from": "01-01", "to": "12-31", "hours": hours}]
    plan = Plan(tuple(changed), shifts=other)
    planned = actions.plan_change(general(), plan, by=admin, at=FRIDAY)
    there = actions.confirm_change(planned, by=admin, at=FRIDAY)
    assert there.moved == planned.counted("matters")
    clocks.look_again()
    for row in Clock.objects.filter(stopped_at=None):  # what is stored is what the facts say
        due = deadlines.due(clocks.calendar_from(row.calendar), clocks.facts_of(row))
        assert (row.due_at, row.amber_at, row.provisional) == (due.at, due.amber_at, due.provisional)

    back = Plan(tuple(known.get(day.date, replace(day, kind=NORMAL, name="")) for day in changed))
    done(replace(back, shifts=shifts), admin)
    assert {pk: told for pk, told in moments().items() if pk in before} == before
    assert list(verify_all()) == []


# -- Replies to supervision orders -----------------------------------------------------------------------


def test_the_reply_to_a_supervision_order_follows_the_calendar(
    case: Case, cast: Cast, admin: Account
) -> None:
    own = steps.supervise(case, words="请抓紧", by=cast.overseer, at=FRIDAY)
    named = steps.supervise(
        case, words="周二报我", by=cast.overseer, at=FRIDAY, reply_due_at=own.reply_due_at
    )
    tuesday = own.reply_due_at
    planned = actions.plan_change(general(), REST_MONDAY, by=admin, at=FRIDAY)
    assert planned.impact["orders"] == 1
    actions.drop_change(planned, by=admin)

    done(REST_MONDAY, admin)
    own.refresh_from_db()
    named.refresh_from_db()
    assert own.reply_due_at == tuesday + timedelta(days=1), "Monday does not count any more"
    assert named.reply_due_at == tuesday, "what the supervisor named stays"
    event = Event.objects.get(verb="recompute", subject_id=case.pk)
    assert event.payload.data["changes"][f"reply_{own.pk}"] == [
        tuesday.isoformat(), own.reply_due_at.isoformat(),
    ]  # fmt: skip
    entry = next(entry for entry in timeline(case, [], {}) if entry.verb == "recompute")
    assert any("督办" in what for what, *_moments in entry.changes)
    assert list(verify_all()) == []


def test_what_was_replied_to_or_ended_keeps_its_moment(case: Case, cast: Cast, admin: Account) -> None:
    replied = steps.supervise(case, words="请抓紧", by=cast.overseer, at=FRIDAY)
    ended = steps.supervise(case, words="请抓紧", by=cast.overseer, at=FRIDAY)
    steps.reply_to_order(case, order=replied, reply="在办", by=cast.clerk, at=FRIDAY)
    steps.end_order(case, order=ended, by=cast.overseer, at=FRIDAY)
    before = replied.reply_due_at
    done(REST_MONDAY, admin)
    for order in (replied, ended):
        order.refresh_from_db()
        assert order.reply_due_at == before
