"""Demo staff at work: whatever came in live is moved on by the people whose posts allow it, after a plausible while."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from demo.loading.book import Book
from demo.loading.key import NAME
from demo.loading.matters import public_words
from demo.loading.photos import Album, keep, show
from demo.paths import NOT_THERE, Cast
from demo.texts import TEMPLATES, Template
from wangge.accounts.models import Account, Unit
from wangge.attachments.models import Attachment, Purpose
from wangge.cases import actions
from wangge.cases.duty import propose_unit
from wangge.cases.models import Case, FilingCondition, Report
from wangge.cases.workflow import BY_VERB, OPEN_REPORT, Stage
from wangge.common.refusals import Refused

# How many minutes something waits at each stage before somebody takes the next step: at least, at most.
WAITS: dict[Stage, tuple[float, float]] = {
    Stage.RECEIVED: (3, 22), Stage.VERIFYING: (18, 90), Stage.FILED: (2, 16), Stage.DISPATCHED: (8, 90),
    Stage.HANDLING: (60, 480), Stage.CHECKING: (25, 200), Stage.PASSED: (6, 60),
}  # fmt: skip
REFUTED, FAILED, SHOWN = 0.06, 0.07, 0.9
# A matter with an urgent limit goes through everything this much faster.
URGENT_PACE = 0.2

Taken = tuple[str, Account | None]  # the step's verb and who took it


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was taken, for the line that tells of it."""

    at: datetime
    who: str
    step: str
    number: str
    what: str


class Staff:
    """Works on what came in live; `speed` 60 lets an hour pass in a minute."""

    def __init__(self, cast: Cast, book: Book, album: Album, *, speed: float, rng: random.Random) -> None:
        self.cast, self.book, self.album, self.speed, self.rng = cast, book, album, speed, rng
        self.templates: dict[str, Template] = {template.code: template for template in TEMPLATES}

    def work(self, now: datetime) -> Iterator[Done]:
        """Take every step whose time has come; what somebody else has moved meanwhile is left alone."""
        waiting: list[Report | Case] = [*self._open_reports(), *self._open_cases()]
        for subject in waiting:
            if now < self._turn(subject):
                continue
            try:
                verb, who = self._move(subject, now)
            except Refused:
                continue
            number = subject.number if isinstance(subject, Case) else f"R{subject.number}"
            name = who.name if who else "系统"
            yield Done(now, name, str(BY_VERB[verb].past), number, self._what(subject))

    def _open_reports(self) -> list[Report]:
        live = Report.objects.filter(channel=Report.Channel.OPEN311, source=NAME, stage__in=OPEN_REPORT)
        return list(live.select_related("matter", "current_grid").order_by("number"))

    def _open_cases(self) -> list[Case]:
        """Cases of which at least the first report came in live."""
        live = Case.objects.filter(
            reports__channel=Report.Channel.OPEN311, reports__source=NAME, stage__in=list(CASE_STEPS)
        )
        found = live.select_related("matter", "condition", "unit", "handler", "current_grid").distinct()
        return list(found.order_by("number"))

    def _turn(self, subject: Report | Case) -> datetime:
        """When this matter is due for its next step; the same each time it is asked."""
        least, most = WAITS[Stage(subject.stage)]
        share = random.Random(f"{subject.pk}-{subject.event_seq}").random()
        pace = URGENT_PACE if isinstance(subject, Case) and subject.limit_kind == "urgent_hours" else 1
        minutes = (least + (most - least) * share) * pace
        return subject.updated_at + timedelta(minutes=minutes / self.speed)

    def _what(self, subject: Report | Case) -> str:
        return subject.matter.label if subject.matter else subject.address

    # -- What comes next -------------------------------------------------------------------------------

    def _move(self, subject: Report | Case, at: datetime) -> Taken:
        if isinstance(subject, Case):
            return CASE_STEPS[Stage(subject.stage)](self, subject, at)
        return self.find(subject, at) if subject.stage == Stage.VERIFYING else self.admit(subject, at)

    def admit(self, report: Report, at: datetime) -> Taken:
        """A fresh report is verified first where its class asks for it, then filed or declined."""
        condition = self._condition(report)
        if report.finding == "refuted":
            by = self._desk("acceptor")
            actions.decline_report(
                report, reason=self.book.exclusions["not_found"], by=by, at=at, note=NOT_THERE
            )
            return "decline", by
        if condition.verify_first and not report.finding:
            by = self._desk("acceptor")
            actions.ask_to_verify(report, by=by, at=at, note="请到现场核实并拍照")
            return "verify", by
        by = self._desk("duty_chief")
        words = public_words(report.text) if self.rng.random() < SHOWN else None
        actions.file_report(report, condition=condition, by=by, at=at, publish_text=words)
        return "file", by

    def find(self, report: Report, at: datetime) -> Taken:
        by, there = self._worker(report), self.rng.random() >= REFUTED
        note = "属实，已拍照" if there else "现场未发现所述情况"
        actions.report_finding(report, confirmed=there, by=by, at=at, note=note, device_at=at)
        return "find", by

    def dispatch(self, case: Case, at: datetime) -> Taken:
        proposal, by = propose_unit(case), self._desk("dispatcher")
        unit: Unit = proposal.unit if proposal else self.book.units["QL-CG"]
        note = "清单只列明贵单位，请再行办理" if proposal and proposal.again else ""
        actions.dispatch_case(case, to=unit, by=by, at=at, why=proposal.why if proposal else "", note=note)
        return "dispatch", by

    def accept(self, case: Case, at: datetime) -> Taken:
        by = self._clerk(case)
        actions.accept_case(case, by=by, at=at)
        return "accept", by

    def finish(self, case: Case, at: datetime) -> Taken:
        by = case.handler or self._clerk(case)
        template = self.templates[case.matter.code]
        self._photograph(case, template, Purpose.AFTER, by, at)
        actions.finish_case(case, result=self.rng.choice(template.results), by=by, at=at)
        return "finish", by

    def check(self, case: Case, at: datetime) -> Taken:
        handler = case.handler.username if case.handler else ""
        by = self._worker(case, other_than=handler)
        self._photograph(case, self.templates[case.matter.code], Purpose.CHECK, by, at)
        if self.rng.random() < FAILED:
            actions.fail_check(case, note="现场仍未处理到位，需返工", by=by, at=at, device_at=at)
            return "fail_check", by
        actions.pass_check(case, note="已处理到位", by=by, at=at, device_at=at)
        return "pass_check", by

    def close(self, case: Case, at: datetime) -> Taken:
        by = self._desk("duty_chief")
        actions.close_case(case, answer=f"您反映的问题已处理：{case.result}。感谢您的关注。", by=by, at=at)
        results = Attachment.objects.filter(subject_kind="case", subject_id=case.pk, purpose=Purpose.AFTER)
        show(list(results), by=by, at=at)
        return "close", by

    # -- Who and what ----------------------------------------------------------------------------------

    def _condition(self, report: Report) -> FilingCondition:
        """The same condition each time it is asked for, by the shares of its template."""
        assert report.matter is not None, "live reports come with their class"
        shares = self.templates[report.matter.code].conditions
        chosen = random.Random(f"{report.pk}").choices([o for o, _ in shares], [s for _, s in shares])[0]
        return self.book.conditions[report.matter.code, chosen]

    def _desk(self, role: str) -> Account:
        return self.book.accounts[self.cast.desk(role)]

    def _clerk(self, case: Case) -> Account:
        assert case.unit is not None, "a dispatched case has its unit"
        return self.book.accounts[self.cast.clerk(case.unit.code)]

    def _worker(self, subject: Report | Case, other_than: str = "") -> Account:
        return self.book.accounts[self.cast.worker(subject.current_grid.code, other_than)]

    def _photograph(
        self, case: Case, template: Template, purpose: Purpose, by: Account, at: datetime
    ) -> None:
        view = int(case.number[-3:])
        photo = self.album.photo(template.scene, view, after=True, at=at, lon=case.lon, lat=case.lat)
        keep(photo, subject_kind="case", subject_id=case.pk, purpose=purpose, by=by, at=at)


CASE_STEPS: dict[Stage, Callable[[Staff, Case, datetime], Taken]] = {
    Stage.FILED: Staff.dispatch,
    Stage.DISPATCHED: Staff.accept,
    Stage.HANDLING: Staff.finish,
    Stage.CHECKING: Staff.check,
    Stage.PASSED: Staff.close,
}


def line(done: Done) -> str:
    """One line about a step, in Chinese."""
    clock = timezone.localtime(done.at).strftime("%H:%M:%S")
    return f"{clock}  {done.step}  {done.number}  {done.what}  {done.who}"
