"""Many hands at the same moment, in real transactions: each matter is moved once, and nobody waits for ever."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from wangge.accounts.models import Account, Role
from wangge.audit.models import Event
from wangge.audit.verification import verify_all
from wangge.cases import actions, api, clocks
from wangge.cases.models import Case, Claim, Clock, ClockKind, Report, Request
from wangge.cases.tests.cast import NOON, Cast, assemble
from wangge.cases.tests.screens import at_desk, take
from wangge.cases.workflow import Stage
from wangge.common.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True)

DAY = clocks.LimitOf("working_days", Decimal(1))
LATER = NOON + timedelta(hours=4)
WORKERS, QUEUE = 50, 10


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return assemble()


def at_once(*acts: Callable[[], object]) -> list[Refused | None]:
    """Let everybody act at the same moment; what each was refused. Anything else that goes wrong is raised."""
    gate = threading.Barrier(len(acts))

    def act(one: Callable[[], object]) -> Refused | None:
        gate.wait()
        try:
            one()
        except Refused as refused:
            return refused
        finally:
            connections.close_all()
        return None

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(act, acts))


def verbs_of(case: Case) -> list[str]:
    return list(Event.objects.filter(subject_id=case.pk).order_by("seq").values_list("verb", flat=True))


def fresh(case: Case) -> Case:
    """A copy of one's own: what two people hold in their hands is not the same object."""
    return Case.objects.get(pk=case.pk)


def test_of_two_dispatchers_one_wins_and_the_other_is_told_who_and_when(cast: Cast) -> None:
    case = cast.case_at(Stage.FILED)
    second = cast.person("dispatcher_2", "派遣员小何", Role.DISPATCHER, cast.place.county, cast.centre)
    people, lamps = [cast.dispatcher, second], cast.lamps

    def dispatch(person: Account) -> Callable[[], None]:
        own, seen = fresh(case), case.event_seq
        return lambda: actions.dispatch_case(own, to=lamps, by=person, at=LATER, seen=seen)

    refused = at_once(*map(dispatch, people))
    [loser] = [one for one in refused if one is not None]
    winner = people[refused.index(None)]
    assert isinstance(loser, actions.Stale)
    assert winner.name in str(loser)
    assert timezone.localtime(LATER).strftime("%m-%d %H:%M") in str(loser)
    assert verbs_of(case) == ["file", "dispatch"]


def test_fifty_workers_on_one_queue_serve_every_case_once(cast: Cast) -> None:
    for _ in range(QUEUE):
        cast.case_at(Stage.DISPATCHED)
    clerks = [
        cast.person(f"clerk_{number}", f"办事员{number}", Role.CLERK, cast.place.county, cast.lamps)
        for number in range(WORKERS)
    ]
    served: list[str] = []

    def work(clerk: Account) -> Callable[[], None]:
        def take_until_nothing_is_left() -> None:
            while case := Case.objects.filter(stage=Stage.DISPATCHED).order_by("due_at", "number").first():
                try:
                    actions.accept_case(case, by=clerk, at=LATER)
                except Refused:
                    continue  # somebody was faster: on to the next
                served.append(case.number)

        return take_until_nothing_is_left

    assert at_once(*map(work, clerks)) == [None] * WORKERS
    assert sorted(served) == sorted(Case.objects.values_list("number", flat=True))
    for case in Case.objects.all():
        assert verbs_of(case).count("accept") == 1
        last = Event.objects.get(subject_id=case.pk, verb="accept")
        assert last.actor_id == case.handler_id
    assert list(verify_all()) == []


def test_two_cases_merged_both_ways_leave_one_and_nobody_waits_for_ever(cast: Cast) -> None:
    one, other = cast.case_at(Stage.FILED), cast.case_at(Stage.FILED)
    reports = [(report.pk, report.number) for report in Report.objects.all()]

    def merge(case: Case, into: Case) -> Callable[[], None]:
        return lambda: actions.merge_case(fresh(case), into=fresh(into), by=cast.duty_chief, at=LATER)

    def urge(key: UUID) -> Callable[[], None]:
        return lambda: actions.urge_report(Report.objects.get(pk=key), at=LATER)

    cast.duty_chief  # noqa: B018  # made before the threads
    refused = at_once(merge(one, other), merge(other, one), *(urge(key) for key, _number in reports))
    assert [one is None for one in refused[:2]].count(True) == 1, refused
    stages = sorted(Case.objects.values_list("stage", flat=True))
    assert stages == [Stage.FILED, Stage.VOID]
    going_on = Case.objects.get(stage=Stage.FILED)
    assert sorted(going_on.reports.values_list("number", flat=True)) == sorted(n for _key, n in reports)
    assert list(verify_all()) == []


def test_two_programs_that_merge_both_ways_leave_one_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = cast.case_at(Stage.FILED), cast.case_at(Stage.FILED)
    met, seen = threading.Barrier(2), api._seen

    def meeting(*given: Any) -> Case:
        met.wait(10)  # both have read theirs and neither has merged
        return seen(*given)

    monkeypatch.setattr(api, "_seen", meeting)
    programs = [at_desk(cast.duty_chief) for _program in range(2)]
    answers: list[int] = []

    def merge(client: Client, case: Case, into: Case) -> Callable[[], None]:
        address, given = (
            f"/api/v1/cases/{case.number}/steps/merge",
            {"case_number": into.number, "note": "同一件事"},
        )
        return lambda: answers.append(
            client.post(address, given, content_type="application/json").status_code
        )

    assert at_once(merge(programs[0], one, other), merge(programs[1], other, one)) == [None, None]
    won, lost = sorted(answers)
    assert won == 200
    assert lost in (409, 422), "told that it has ended, not that the server failed"
    assert sorted(Case.objects.values_list("stage", flat=True)) == [Stage.FILED, Stage.VOID]


@pytest.mark.parametrize("by_form", [True, False])
def test_a_report_is_split_off_with_its_case_locked_first_as_merging_does(cast: Cast, by_form: bool) -> None:
    case = cast.case_at(Stage.FILED)
    actions.join_report(second := cast.report(), case=case, by=cast.acceptor)
    with CaptureQueriesContext(connection) as asked:
        if by_form:
            assert take(cast.duty_chief, second, "split", note="另一件事").status_code == 302
        else:
            address = f"/api/v1/reports/{second.number}/steps/split"
            given = {"note": "另一件事"}
            answer = at_desk(cast.duty_chief).post(address, given, content_type="application/json")
            assert answer.status_code == 200
    locks = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]
    assert "cases_case" in locks[0].partition("FROM")[2].partition("WHERE")[0]
    assert any("cases_report" in sql for sql in locks[1:])


def test_more_time_granted_while_the_unit_finishes_leaves_no_half_decision(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    actions.ask_extension(case, limit=DAY, reason="等配件", by=cast.clerk, at=LATER)
    cast.after_photo(case, LATER)
    dispatcher, clerk = cast.dispatcher, cast.clerk
    granting, finishing = fresh(case), fresh(case)
    refused = at_once(
        lambda: actions.extend_case(granting, by=dispatcher, at=LATER),
        lambda: actions.finish_case(finishing, result="已更换灯泡", by=clerk, at=LATER),
    )
    granted = refused[0] is None
    assert refused[1] is None, "the unit's result stands whoever came first"
    handled = Clock.objects.get(case=case, kind=ClockKind.HANDLE)
    assert handled.stopped_at == LATER
    assert len(handled.limits) == (2 if granted else 1)
    assert verbs_of(case).count("extend") == int(granted)
    assert Request.objects.get().granted is granted, "what came too late ends with the work"
    assert fresh(case).stage == Stage.CHECKING
    assert list(verify_all()) == []


def test_a_suspended_case_goes_on_once_whether_by_hand_or_by_the_clock(cast: Cast) -> None:
    case = cast.case_at(Stage.HANDLING)
    until = LATER + timedelta(days=2)
    actions.ask_suspension(case, until=until, reason="下雨", by=cast.clerk, at=LATER)
    actions.suspend_case(case, by=cast.duty_chief, at=LATER)
    suspended, clerk = fresh(case), cast.clerk
    resumed: list[int] = []
    refused = at_once(
        lambda: resumed.append(actions.resume_due(until)),
        lambda: actions.resume_case(suspended, by=clerk, at=until),
    )
    assert resumed == [0 if refused[1] is None else 1]
    assert verbs_of(case).count("resume") == 1
    assert fresh(case).stage == Stage.HANDLING
    handle = Clock.objects.get(case=case, kind=ClockKind.HANDLE)
    assert len(handle.pauses) == 1
    assert list(verify_all()) == []


def test_fifty_operators_who_take_the_next_at_once_never_get_the_same(cast: Cast) -> None:
    for number in range(QUEUE):
        cast.report(at=NOON + timedelta(minutes=number))
        cast.report_at(Stage.FILED)
    dispatchers = [
        cast.person(f"operator_{number}", f"席位{number}", Role.ACCEPTOR, cast.place.county, cast.centre)
        for number in range(WORKERS)
    ]
    for person in dispatchers[::2]:
        person.posts.update(role=Role.DISPATCHER)
    taken: list[UUID] = []
    refused = at_once(
        *(
            lambda person=person: taken.append(actions.take_next(by=person, at=LATER).pk)
            for person in dispatchers
        )
    )
    assert len(set(taken)) == len(taken) == 2 * QUEUE, "each matter is somebody's, none is two people's"
    assert refused.count(None) == 2 * QUEUE
    assert Claim.objects.count() == 2 * QUEUE
    assert list(verify_all()) == []
