"""The loop as a machine: random people take random steps, allowed or not, and what must always hold, holds.

Raise RUNS to walk for longer: each run takes forty steps.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from wangge.accounts.models import Account, Role, Unit
from wangge.audit.models import Event
from wangge.audit.verification import verify_all
from wangge.cases import actions, clocks
from wangge.cases.models import Arbitration, Case, Clock, FilingCondition, Reason, Report, SupervisionOrder
from wangge.cases.permissions import refusal
from wangge.cases.tests.cast import IN_GRID_B, NOON, Cast
from wangge.cases.workflow import BY_VERB, ENDED_CASE, OPEN_CASE, OPEN_REPORT, UNITLESS, Stage
from wangge.common.refusals import Refused

RUNS = 20
Taken = Callable[["Loop", Any, Account | None], Any]


def _note(action: Callable[..., Any], word: str = "note") -> Taken:
    return lambda loop, matter, by: action(matter, by=by, at=loop.now, **{word: "说明"})


def _finish(loop: "Loop", case: Case, by: Account | None) -> None:
    loop.cast.after_photo(case, loop.now)
    actions.finish_case(case, result="修好了", by=by, at=loop.now)


def _fail(loop: "Loop", case: Case, by: Account | None) -> None:
    loop.cast.check_photo(case, loop.now)
    actions.fail_check(case, note="没修好", by=by, at=loop.now)


def _order(case: Case) -> SupervisionOrder:
    return case.orders.filter(ended_at=None).order_by("replied_at", "pk").first() or SupervisionOrder(pk=0)


ON_CASES: dict[str, Taken] = {
    "dispatch": lambda loop, case, by: actions.dispatch_case(
        case, to=loop.unit, note="按清单归你们", by=by, at=loop.now
    ),
    "recall": _note(actions.recall_case),
    "accept": lambda loop, case, by: actions.accept_case(case, by=by, at=loop.now),
    "send_back": lambda loop, case, by: actions.send_back_case(
        case, reason=loop.reason, note="不归我们", by=by, at=loop.now
    ),
    "arbitrate": lambda loop, case, by: actions.arbitrate(
        case, to=loop.unit, reason="依据三定方案", by=loop.some(by), at=loop.now
    ),
    "ask_help": lambda loop, case, by: actions.ask_help(
        case, units=[loop.cast.water], words="关阀", by=loop.some(by), at=loop.now
    ),
    "give_help": _note(actions.give_help, "result"),
    "ask_extension": lambda loop, case, by: actions.ask_extension(
        case, limit=clocks.LimitOf("working_hours", Decimal(4)), reason="等料", by=loop.some(by), at=loop.now
    ),
    "extend": _note(actions.extend_case),
    "refuse_extension": lambda loop, case, by: actions.refuse_request(
        case, kind="extend", note="不行", by=loop.some(by), at=loop.now
    ),
    "ask_suspension": lambda loop, case, by: actions.ask_suspension(
        case, until=loop.now + timedelta(days=3), reason="暴雨", by=loop.some(by), at=loop.now
    ),
    "suspend": lambda loop, case, by: actions.suspend_case(
        case, until=loop.now + timedelta(days=2), by=loop.some(by), at=loop.now
    ),
    "resume": _note(actions.resume_case),
    "finish": _finish,
    "pass_check": _note(actions.pass_check),
    "fail_check": _fail,
    "close": _note(actions.close_case, "answer"),
    "reopen": _note(actions.reopen_case),
    "ask_void": _note(actions.ask_void, "reason"),
    "void": _note(actions.void_case, "reason"),
    "refuse_void": lambda loop, case, by: actions.refuse_request(
        case, kind="void", note="要办", by=loop.some(by), at=loop.now
    ),
    "hand_up": _note(actions.hand_up),
    "hand_down": _note(actions.hand_down),
    "supervise": _note(actions.supervise, "words"),
    "reply_supervision": lambda loop, case, by: actions.reply_to_order(
        case, order=_order(case), reply="在办", by=loop.some(by), at=loop.now
    ),
    "end_supervision": lambda loop, case, by: actions.end_order(
        case, order=_order(case), by=loop.some(by), at=loop.now
    ),
    "comment": _note(actions.comment_case),
}
ON_REPORTS: dict[str, Taken] = {
    "verify": lambda loop, report, by: actions.ask_to_verify(report, by=by, at=loop.now),
    "find": lambda loop, report, by: actions.report_finding(report, confirmed=True, by=by, at=loop.now),
    "answer": _note(actions.answer_report, "answer"),
    "file": lambda loop, report, by: loop.file(report, by),
    "split": _note(actions.split_report),
    "void_report": _note(actions.void_report, "reason"),
    "urge": lambda loop, report, by: actions.urge_report(report, at=loop.now),
    "withdraw": lambda loop, report, by: actions.withdraw_report(report, at=loop.now),
}
# Which clock runs at a stage; what stands at another stage is judged by the whole case's alone.
JUDGED = {stage: kind for stage, kind in clocks.STAGE_CLOCK.items() if stage in OPEN_CASE}


class Loop(RuleBasedStateMachine):
    """A few reports and cases, everyone of the cast, and a clock that only goes forward."""

    cast: Cast
    people: dict[str, Account | None]
    now: datetime
    unit: Unit
    reason: Reason

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.now = NOON + timedelta(minutes=10)  # when the cast files
        self.reports = [self.cast.report(at=NOON), self.cast.report(IN_GRID_B, at=NOON)]
        self.cases = [self.cast.file(self.cast.report(at=NOON))]
        self.unit, self.reason = self.cast.lamps, self.cast.send_back_reason

    def teardown(self) -> None:
        faults = [f"{fault.row}: {fault.what}" for fault in verify_all()]
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)
        assert faults == []

    def some(self, by: Account | None) -> Any:
        return by

    def file(self, report: Report, by: Account | None) -> None:
        condition: FilingCondition = self.cast.condition
        self.cases.append(actions.file_report(report, condition=condition, by=by, at=self.now))

    @rule(minutes=st.sampled_from([1, 30, 60 * 5, 60 * 24, 60 * 24 * 4]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        actions.resume_due(self.now)

    @rule(verb=st.sampled_from(sorted(ON_CASES)), who=st.data(), which=st.integers(0, 9))
    def step_on_a_case(self, verb: str, who: st.DataObject, which: int) -> None:
        case = Case.objects.get(pk=self.cases[which % len(self.cases)].pk)
        self.unit = self.cast.lamps if which % 2 else self.cast.water
        self._try(verb, case, ON_CASES[verb], self._somebody(verb, case, who))

    @rule(verb=st.sampled_from(sorted(ON_REPORTS)), who=st.data(), which=st.integers(0, 9))
    def step_on_a_report(self, verb: str, who: st.DataObject, which: int) -> None:
        report = Report.objects.get(pk=self.reports[which % len(self.reports)].pk)
        by = None if BY_VERB[verb].reporter else self._somebody(verb, report, who)
        self._try(verb, report, ON_REPORTS[verb], by)

    @rule(which=st.integers(0, 9), into=st.integers(0, 9))
    def merge(self, which: int, into: int) -> None:
        one, other = (Case.objects.get(pk=self.cases[n % len(self.cases)].pk) for n in (which, into))
        self._try(
            "merge",
            one,
            lambda loop, case, by: actions.merge_case(case, into=other, by=loop.some(by), at=loop.now),
            self.cast.duty_chief,
        )

    def _somebody(self, verb: str, matter: Case | Report, who: st.DataObject) -> Account | None:
        """Mostly somebody who may, so that stories get somewhere; else anybody."""
        may = [name for name, person in self.people.items() if refusal(BY_VERB[verb], matter, person) is None]
        everyone = sorted(self.people)
        return self.people[who.draw(st.sampled_from(sorted(may) * 3 + everyone if may else everyone))]

    def _try(self, verb: str, matter: Case | Report, take: Taken, by: Account | None) -> None:
        sentence = refusal(BY_VERB[verb], matter, by)
        before = type(matter)._default_manager.filter(pk=matter.pk).values().get()
        events = Event.objects.count()
        refused = self._refused(matter, take, by)
        if refused is not None:
            assert str(refused), "a refusal says why"
            assert type(matter)._default_manager.filter(pk=matter.pk).values().get() == before
            assert Event.objects.count() == events, "what is refused leaves nothing behind"
            return
        assert sentence is None, f"{verb} was taken although: {sentence}"
        assert Event.objects.filter(subject_id=matter.pk, verb=verb, seq__gt=before["event_seq"]).count() == 1

    def _refused(self, matter: Case | Report, take: Taken, by: Account | None) -> Refused | None:
        try:
            with transaction.atomic():
                take(self, matter, by)
        except Refused as refused:
            return refused
        return None

    @invariant()
    def every_open_case_has_an_owner(self) -> None:
        for case in Case.objects.all():
            if case.stage in UNITLESS:
                assert case.unit_id is None
                assert case.held_path
                assert case.area_path.startswith(case.held_path) or case.held_path == case.area_path
            elif case.stage in OPEN_CASE:
                assert case.unit_id is not None

    @invariant()
    def clocks_tell_the_truth(self) -> None:
        for case in Case.objects.all():
            running = clocks.running(case)
            if case.stage in ENDED_CASE:
                assert running == {}
                assert case.due_at is None
                assert case.closed_at is not None
                continue
            assert case.whole_due_at == running["whole"].due_at
            wanted = JUDGED.get(Stage(case.stage))
            assert case.due_at == (running[wanted].due_at if wanted else None)
            assert set(running) <= {"whole", "sign_off", *([wanted] if wanted else [])}
        assert not Clock.objects.filter(stopped_at__lt=F("started_at")).exists()

    @invariant()
    def a_dispute_is_open_exactly_while_the_case_waits_for_a_ruling(self) -> None:
        waiting = Arbitration.objects.filter(ruled_at=None, ended_at=None).values_list("case_id", flat=True)
        disputed = Case.objects.filter(stage=Stage.ARBITRATING).values_list("pk", flat=True)
        assert sorted(waiting) == sorted(disputed)

    @invariant()
    def nobody_is_forgotten(self) -> None:
        for report in Report.objects.select_related("case"):
            if report.stage in OPEN_REPORT:
                assert report.due_at is not None
            elif report.stage == Stage.FILED:
                assert report.case is not None
                assert report.case.merged_into_id is None, "it went along with the merging"
                if report.case.stage in ENDED_CASE:
                    assert report.case.answer, "whoever reported it can read how it ended"
            else:
                assert report.ended_at is not None
                assert report.answer or report.stage == Stage.WITHDRAWN


@pytest.mark.once
@pytest.mark.slow
@pytest.mark.django_db
def test_random_people_take_random_steps(cast: Cast) -> None:
    street = cast.place.street
    Loop.cast = cast
    Loop.people = {
        **cast.everyone,
        "street_chief": cast.person("street_chief", "街道值班长", Role.DUTY_CHIEF, street),
        "street_dispatcher": cast.person("street_dispatcher", "街道派遣员", Role.DISPATCHER, street),
        "the system": None,
    }
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    run_state_machine_as_test(
        Loop,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=40,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
