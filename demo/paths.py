"""The road a matter takes through the closed loop: who does which step when, with everything that may go wrong."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import datetime, timedelta

from wangge.cases.classes_data import Condition

from . import hours, units
from .people import Person
from .story import Said, Step, Story
from .texts import FOLLOW_UPS, RATINGS, SEND_BACKS, Declined, Question, Template

# What goes wrong, and how often.
REFUTED, WRONG_UNIT, SENT_BACK_AFTER_ACCEPTING, RECALLED = 0.06, 0.045, 0.015, 0.012
FAILED, CORRECTED, STUCK, RATED, REOPENED = 0.07, 0.03, 0.02, 0.38, 0.5
FOLLOWED_UP = 0.1
# Units that are slower than the rest, as factors on the time they take.
SLOW = {"QL-SZ": 1.35, "QL-JJ": 1.2, "QL-WY4": 1.6, "QL-ZJ": 1.25, "QL-TX": 1.4, "QL-ZF003": 1.15}
QUICK = {"QL-HW": 0.75, "QL-GS": 0.8, "QL-LD": 0.85}
# Where a fresh story may be left standing, and for how many minutes of office hours it may without looking forgotten;
# what a unit has in hand may stand until its limit.
STAND_STILL = (
    ("received", 26), ("verifying", 110), ("filed", 28), ("dispatched", 160), ("handling", 2400),
    ("checking", 235), ("passed", 300),
)  # fmt: skip
IN_HAND = ("dispatched", "handling")
AT_LEAST = 3
NOT_THERE = "经网格员现场核实，未发现所述问题，如再次出现请随时上报。"
AGAIN = "返工："
FORGOTTEN_DAYS = 25
STAGE_AFTER = {
    "receive": "received", "verify": "verifying", "find": "received", "answer": "answered", "decline": "declined",
    "file": "filed", "dispatch": "dispatched", "recall": "filed", "accept": "handling", "send_back": "filed",
    "finish": "checking", "pass_check": "passed", "fail_check": "handling", "close": "closed", "reopen": "filed",
}  # fmt: skip


class Cast:
    """Who may take which step where."""

    def __init__(self, people: list[Person], rng: random.Random) -> None:
        self.rng = rng
        self.by_role: dict[str, list[str]] = defaultdict(list)
        self.of_unit: dict[str, list[str]] = defaultdict(list)
        self.in_grid: dict[str, list[str]] = defaultdict(list)
        self.in_community: dict[str, list[str]] = defaultdict(list)
        for person in people:
            for post in person.posts:
                if post.area_code == units.COUNTY:
                    self.by_role[post.role].append(person.account)
                if post.role in ("clerk", "unit_lead"):
                    self.of_unit[person.unit_code].append(person.account)
                if post.role in ("grid_worker", "deputy"):
                    self.in_grid[post.area_code].append(person.account)
                    self.in_community[post.area_code[:12]].append(person.account)
        self.leads = {p.area_code[:12]: q.account for q in people for p in q.posts if p.role == "grid_lead"}

    def desk(self, role: str) -> str:
        return self.rng.choice(self.by_role[role])

    def clerk(self, unit: str) -> str:
        return self.rng.choice(self.of_unit[unit])

    def worker(self, grid: str, other_than: str = "") -> str:
        """The grid's worker, else one of a neighbour grid, else the community's grid lead; never the handler."""
        for group in (self.in_grid[grid], self.in_community[grid[:12]], [self.leads[grid[:12]]]):
            able = [account for account in group if account != other_than]
            if able:
                return self.rng.choice(able)
        return self.leads[grid[:12]]


class Path:
    """Writes the steps of one story after another; one story at a time."""

    def __init__(self, cast: Cast, rng: random.Random, until: datetime) -> None:
        self.cast, self.rng, self.until = cast, rng, until
        self.still = 0
        self.wanted = ""  # the stage at which the next story is to stand, if it can
        self.steps: list[Step] = []
        self.late = False
        self.due = until
        self.stood: Counter[str] = Counter()

    def answered(self, said: Said, question: Question) -> Story:
        """A question, a suggestion or thanks: answered at once."""
        self._begin(said)
        at = hours.desk(said.at, self.rng.uniform(6, 150))
        self._add("answer", at, "acceptor", note=question.answer)
        if self.rng.random() < 0.3:
            self._rate(at, (said,), solved_only=True)
        return self._story([said], "", 0, "")

    def declined(self, said: Said, declined: Declined) -> Story:
        """Something that is for others to settle."""
        self._begin(said)
        at = hours.desk(said.at, self.rng.uniform(4, 40))
        self._add("decline", at, "acceptor", note=declined.note, reason=declined.reason)
        return self._story([said], "", 0, "")

    def worked_on(self, said: list[Said], template: Template, condition: Condition) -> Story:
        """A matter that becomes a case, from reception to wherever it stands at `until`."""
        first = said[0]
        self._begin(first)
        unit = units.responsible_unit(condition.unit_role, template.code, first.grid_code[:12])
        at = self._verified(first, condition)
        if at is None:
            self._others_refuted(said)
        else:
            filed = self._filed(first, at, condition)
            said = self._handled(said, filed, unit, template, condition)
            self._joined(said, filed)
        return self._story(said, template.code, condition.ordinal, unit)

    def _begin(self, said: Said) -> None:
        self.late, self.due = False, self.until
        self.steps = [Step("receive", said.at, said.by, extra={"channel": said.channel})]

    def _add(
        self, verb: str, at: datetime, role: str, by: str = "", *, note: str = "", **extra: str | int | bool
    ) -> None:
        account = by or (self.cast.desk(role) if role in ("acceptor", "duty_chief", "dispatcher") else "")
        self.steps.append(Step(verb, at, account, role, note, 0, dict(extra)))

    def _desk(self, at: datetime, low: float, high: float, urgent: bool) -> datetime:
        minutes = self.rng.uniform(low, high)
        return at + timedelta(minutes=min(minutes, 9)) if urgent else hours.desk(at, minutes)

    def _verified(self, said: Said, condition: Condition) -> datetime | None:
        """When the desk may file it; None if it was not there."""
        urgent = condition.priority == "urgent"
        if said.channel == "worker" or not condition.verify_first:
            return said.at
        at = self._desk(said.at, 3, 22, urgent)
        self._add(
            "verify", at, "acceptor", note=self.rng.choice(("", "请到现场核实并拍照", "请核实位置和权属"))
        )
        at = self._desk(at, 18, 105, urgent)
        gone = self.rng.random() < REFUTED
        note = (
            "现场未发现所述情况，走访周边商户也未见"
            if gone
            else self.rng.choice(("情况属实", "属实，已拍照", "核实属实，位置准确"))
        )
        self._add("find", at, "grid_worker", self.cast.worker(said.grid_code), note=note, confirmed=not gone)
        if gone:
            at = self._desk(at, 4, 30, urgent)
            self._add("decline", at, "acceptor", note=NOT_THERE, reason="not_found")
            return None
        return at

    def _filed(self, said: Said, at: datetime, condition: Condition) -> datetime:
        urgent = condition.priority == "urgent"
        at = self._desk(at, 3, 20, urgent)
        if self.rng.random() < CORRECTED and not urgent:
            self._add("correct_report", at, "acceptor", note="地址补充完整", address=f"{said.address}东侧")
            at = self._desk(at, 2, 8, urgent)
        self._add("file", at, "duty_chief", matter=condition.matter_code, condition=condition.ordinal)
        return at

    def _joined(self, said: list[Said], filed: datetime) -> None:
        for number, other in enumerate(said[1:], start=1):
            self.steps.append(
                Step("receive", other.at, other.by, report=number, extra={"channel": other.channel})
            )
            at = max(hours.desk(other.at, self.rng.uniform(4, 25)), filed + timedelta(minutes=2))
            step = Step(
                "join", at, self.cast.desk("acceptor"), "acceptor", "同一地点同一问题，并入办理", number
            )
            self.steps.append(step)

    def _others_refuted(self, said: list[Said]) -> None:
        for number, other in enumerate(said[1:], start=1):
            self.steps.append(
                Step("receive", other.at, other.by, report=number, extra={"channel": other.channel})
            )
            at = max(hours.desk(other.at, self.rng.uniform(4, 25)), self.steps[-2].at)
            extra: dict[str, str | int | bool] = {"reason": "not_found"}
            self.steps.append(
                Step("decline", at, self.cast.desk("acceptor"), "acceptor", NOT_THERE, number, extra)
            )

    def _handled(
        self, said: list[Said], at: datetime, unit: str, template: Template, condition: Condition
    ) -> list[Said]:
        """From filing to closing and rating; returns the reports that came while the case was open."""
        at = self._dispatched(at, unit, condition)
        handler, at, unfinished = self._finished(at, unit, template, condition, said[0].text)
        if unfinished:
            return said
        at = self._checked(said[0], handler, at, template, condition)
        at = self._desk(at, 8, 70, False)
        self._add("close", at, "duty_chief", note=f"您反映的问题已处理：{self._result()}。感谢您的关注。")
        said = [said[0], *(other for other in said[1:] if hours.desk(other.at, 30) < at)]
        if said[0].channel != "worker" and self.rng.random() < RATED:
            self._rate(at, tuple(said), solved_only=False)
            self._reopened(said, unit, template, condition)
        return said

    def _result(self) -> str:
        """The words of the last result."""
        return next(step.note for step in reversed(self.steps) if step.verb == "finish").removeprefix(AGAIN)

    def _dispatched(self, at: datetime, unit: str, condition: Condition) -> datetime:
        urgent = condition.priority == "urgent"
        at = self._desk(at, 2, 16, urgent)
        if self.rng.random() < WRONG_UNIT:
            at = self._returned(at, unit)
        elif self.rng.random() < RECALLED:
            self._add("dispatch", at, "dispatcher", unit=self._other_unit(unit))
            at = self._desk(at, 3, 12, urgent)
            self._add("recall", at, "dispatcher", note="派遣单位有误，重新派遣", reason="wrong_unit")
            at = self._desk(at, 2, 6, urgent)
        automatic = self.rng.random() < 0.4
        self._add("dispatch", at, "" if automatic else "dispatcher", unit=unit)
        return at

    def _returned(self, at: datetime, right: str) -> datetime:
        """First to the wrong unit, which sends it back."""
        wrong = self._other_unit(right)
        self._add("dispatch", at, "dispatcher", unit=wrong)
        clerk = self.cast.clerk(wrong)
        if self.rng.random() < SENT_BACK_AFTER_ACCEPTING / WRONG_UNIT:
            at = hours.office(at, self.rng.uniform(0.3, 1.2))
            self._add("accept", at, "clerk", clerk)
        at = hours.office(at, self.rng.uniform(0.4, 3.5))
        reason, note = self.rng.choice(SEND_BACKS[:2] + SEND_BACKS[3:])
        self._add("send_back", at, "clerk", clerk, note=note, reason=reason)
        return hours.desk(at, self.rng.uniform(5, 40))

    def _other_unit(self, right: str) -> str:
        wrong = [u for u in ("QL-CG", "QL-SZ", "QL-PS", "QL-TX", "QL-DL", "QL-YL", "QL-ZJ") if u != right]
        return self.rng.choice(wrong)

    def _finished(
        self, at: datetime, unit: str, template: Template, condition: Condition, text: str
    ) -> tuple[str, datetime, bool]:
        """Accepted and done: the handler, the moment, and whether the unit has simply left it lying."""
        handler = self.cast.clerk(unit)
        kind, amount = condition.limit_kind.value, float(condition.limit_amount)
        share = self._share(unit)
        self.due = hours.limit(at, kind, amount, 1)
        accepted = hours.limit(at, kind, amount, share * self.rng.uniform(0.08, 0.5))
        if kind != "urgent_hours":
            accepted = min(accepted, hours.office(at, self.rng.uniform(0.1, 1.8)))
        self._add("accept", accepted, "clerk", handler)
        if self.rng.random() < STUCK:
            if self.until - at < timedelta(days=FORGOTTEN_DAYS):
                self.late = True
                return handler, accepted, True
            share = self.rng.uniform(3, 6)
        done = hours.limit(at, kind, amount, share)
        self.late = self.late or share > 1
        if self.rng.random() < FOLLOWED_UP:
            self._add("add", accepted + (done - accepted) * 0.7, "", note=self.rng.choice(FOLLOW_UPS))
        result = self._fitting_result(template, text + condition.condition_zh)
        self._add("finish", done, "clerk", handler, note=result, after_scene=template.scene)
        return handler, done, False

    def _fitting_result(self, template: Template, text: str) -> str:
        """The result that has most two-character words in common with what was said."""
        pairs = {text[i : i + 2] for i in range(len(text) - 1)}
        shared = {r: sum(r[i : i + 2] in pairs for i in range(len(r) - 1)) for r in template.results}
        best = max(shared.values())
        return self.rng.choice([result for result, number in shared.items() if number == best])

    def _share(self, unit: str) -> float:
        """What share of the limit a unit uses: mostly well inside, with a tail."""
        pace = SLOW.get(unit, QUICK.get(unit, 1.0))
        roll = self.rng.random()
        if roll < 0.9:
            return min(self.rng.betavariate(2.2, 3.0) * 1.05 * pace, 1.4)
        return self.rng.uniform(1.03, 2.6)

    def _checked(
        self, said: Said, handler: str, at: datetime, template: Template, condition: Condition
    ) -> datetime:
        checked = hours.desk(at, self.rng.uniform(25, 230))
        checker = self.cast.worker(said.grid_code, other_than=handler)
        if self.rng.random() < FAILED:
            note = self.rng.choice(
                ("现场仍未处理到位，需返工", "只处理了一半，周边还有残留", "照片与现场不符")
            )
            self._add("fail_check", checked, "grid_worker", checker, note=note, reason="partly_solved")
            share = self.rng.uniform(0.1, 0.28)
            again = hours.limit(checked, condition.limit_kind.value, float(condition.limit_amount), share)
            result = AGAIN + self._fitting_result(template, said.text + condition.condition_zh)
            self._add("finish", again, "clerk", handler, note=result, after_scene=template.scene)
            checked = hours.desk(again, self.rng.uniform(25, 160))
        note = self.rng.choice(("已处理到位", "现场已恢复", "处理合格"))
        self._add("pass_check", checked, "grid_worker", checker, note=note)
        return checked

    def _rate(self, closed: datetime, said: tuple[Said, ...], *, solved_only: bool) -> None:
        at = hours.desk(closed, self.rng.uniform(10, 2600))
        for number in range(len(said)):
            if number and self.rng.random() < 0.6:
                continue
            options = [r for r in RATINGS if r[1] or not solved_only]
            _, solved, result, attitude, words = self.rng.choices(options, [r[0] for r in options])[0]
            extra: dict[str, str | int | bool] = {"solved": solved, "result": result, "attitude": attitude}
            self.steps.append(Step("rate", at + timedelta(minutes=7 * number), "", "", words, number, extra))

    def _reopened(self, said: list[Said], unit: str, template: Template, condition: Condition) -> None:
        unsolved = next((s for s in self.steps if s.verb == "rate" and not s.extra["solved"]), None)
        if unsolved is None or self.rng.random() > REOPENED:
            return
        at = hours.desk(max(step.at for step in self.steps), self.rng.uniform(20, 240))
        self._add("reopen", at, "duty_chief", note="上报人反映问题反复，经复核重新办理", reason="came_back")
        at = hours.desk(at, self.rng.uniform(4, 20))
        self._add("dispatch", at, "dispatcher", unit=unit)
        handler, at, unfinished = self._finished(at, unit, template, condition, said[0].text)
        if not unfinished:
            at = self._checked(said[0], handler, at, template, condition)
            at = self._desk(at, 8, 70, False)
            self._add("close", at, "duty_chief", note=f"复核后再次处理完毕：{self._result()}。给您添麻烦了。")

    def _story(self, said: list[Said], matter: str, condition: int, unit: str) -> Story:
        """Cut at `until`, and a few fresh ones a little before, so that every queue has something in it."""
        steps = sorted((step for step in self.steps if step.at <= self.until), key=lambda step: step.at)
        heard = [other for other in said if other.at <= self.until]
        steps = self._stand_still(steps, heard[0]) if matter else steps
        stage = STAGE_AFTER[[s for s in steps if s.report == 0 and s.verb in STAGE_AFTER][-1].verb]
        with_unit = any(step.verb == "accept" for step in steps)
        return Story(
            heard, steps, matter, condition, unit, stage, self.late and with_unit and self.due <= self.until
        )

    def _stand_still(self, steps: list[Step], said: Said) -> list[Step]:
        """Some fresh stories end where fewest others stand."""
        fresh = {
            stage: stop
            for stage, minutes in STAND_STILL
            if (stop := self._stood_at(steps, stage, minutes)) is not None
        }
        stage = self._stage_to_stand_at(list(fresh)) if self.until - said.at < timedelta(days=6) else ""
        if stage not in fresh:
            return steps
        stop = fresh[stage]
        filed = any(step.verb == "file" for step in steps[: stop + 1])
        kept = ("receive", "join") if filed else ("receive",)
        return [s for n, s in enumerate(steps) if n <= stop or (s.report and s.verb in kept)]

    def _stage_to_stand_at(self, fresh: list[str]) -> str:
        """Where fewest others stand, now and then; always where one is wanted."""
        if self.wanted or not fresh:
            return self.wanted
        self.still += 1
        stage = min(fresh, key=lambda stage: self.stood[stage])
        if self.stood[stage] >= AT_LEAST and self.still % 5 > 2:
            return ""
        self.stood[stage] += 1
        return stage

    def _stood_at(self, steps: list[Step], stage: str, minutes: float) -> int | None:
        """The index of a step that led to this stage not too long before `until`."""
        if stage in IN_HAND and self.due <= self.until:
            return None
        for number, step in enumerate(steps):
            leads_there = step.report == 0 and STAGE_AFTER.get(step.verb) == stage
            if leads_there and hours.office(step.at, minutes / 60) > self.until:
                return number
        return None
