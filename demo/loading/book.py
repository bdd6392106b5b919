"""What the codes in a story stand for, looked up once."""

from __future__ import annotations

from collections import defaultdict

from demo.texts.answers import ANSWERS, answer
from wangge.accounts.models import Account, Unit
from wangge.cases.duty import Proposal, areas_around, propose_unit
from wangge.cases.models import Case, DutyRow, Exclusion, FilingCondition, MatterClass, Question, Reason


class Book:
    """Rows by the codes that stories use; accounts are the same objects throughout, so that scopes load once."""

    def __init__(self) -> None:
        self.matters = {row.code: row for row in MatterClass.objects.all()}
        self.conditions = {
            (row.matter.code, row.ordinal): row for row in FilingCondition.objects.select_related("matter")
        }
        self.exclusions = {row.code: row for row in Exclusion.objects.all()}
        self.reasons = {row.code: row for row in Reason.objects.all()}
        self.units = {row.code: row for row in Unit.objects.all()}
        self.accounts = {row.username: row for row in Account.objects.select_related("unit")}
        self._questions: dict[str, list[Question]] = defaultdict(list)
        for question in Question.objects.filter(code__in=ANSWERS).prefetch_related("matters"):
            for matter in question.matters.all():
                self._questions[matter.code].append(question)
        self._roles = {row.pk: row.unit_role for row in self.conditions.values()}
        self._duty_areas = set(DutyRow.objects.values_list("area_id", flat=True))
        self._proposals: dict[tuple[int, str, tuple[int, ...]], Proposal | None] = {}

    def person(self, username: str) -> Account | None:
        """The account of this name; None for the system and for reporters."""
        return self.accounts[username] if username else None

    def answers(self, matter_code: str, text: str) -> dict[str, str | list[str]]:
        """What somebody who wrote this text answers to the questions of the class."""
        given = {question: answer(question.code, text) for question in self._questions[matter_code]}
        return {
            question.code: [key] if question.datatype == Question.Datatype.MULTI else key
            for question, key in given.items()
        }

    def why(self, case: Case, unit: Unit) -> str:
        """The sentence of the duty list that names this unit for a case, empty where it names another."""
        role = self._roles.get(case.condition_id or 0, "")
        around = tuple(area for area in areas_around(case.area_path) if area in self._duty_areas)
        key = (case.matter_id, role, around)  # all that the duty list asks for
        if key not in self._proposals:
            self._proposals[key] = propose_unit(case)
        proposal = self._proposals[key]
        return proposal.why if proposal is not None and proposal.unit.pk == unit.pk else ""
