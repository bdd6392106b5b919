"""Grounds on which a report is not accepted, and reason codes of steps that must say why."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from wangge.cases.configuration.cells import Cell, Choice, Code, Flag, Whole
from wangge.cases.configuration.table import Column, Table, copied
from wangge.cases.configuration.tables.classes import copy_all
from wangge.cases.models import Exclusion, Reason
from wangge.cases.workflow import steps_of


def _verbs() -> Sequence[tuple[str, str | Promise]]:
    steps = {step.verb: step.label for kind in ("report", "case") for step in steps_of(kind)}
    stored = Reason.objects.values_list("verb", flat=True).distinct()
    return [*steps.items(), *((verb, verb) for verb in stored if verb not in steps)]


class Verb(Choice):
    """A step of the workflow table."""

    def choices(self, facts: object) -> Sequence[tuple[str, str | Promise]]:
        return _verbs()


EXCLUSIONS = Table(
    name="exclusions",
    label=gettext_lazy("Not accepted"),
    about=gettext_lazy(
        "Grounds on which a report is not accepted, and whom to turn to instead. Everybody may read them."
    ),
    key=("code",),
    columns=(
        Column("code", gettext_lazy("Code"), Code(), required=True),
        Column("ordinal", gettext_lazy("Order"), Whole(), required=True),
        Column("text", gettext_lazy("Ground"), Cell(200), required=True),
        Column("text_en", gettext_lazy("Ground in English"), Cell(300), dense=False),
        Column("advice", gettext_lazy("Advice"), Cell(300), required=True),
        Column("advice_en", gettext_lazy("Advice in English"), Cell(400), dense=False),
        Column("in_force", gettext_lazy("In force"), Flag(), default=True),
    ),
    all=Exclusion.objects.all,
    read=copied("code", "ordinal", "text", "text_en", "advice", "advice_en", "in_force"),
    write=copy_all,
)

REASONS = Table(
    name="reasons",
    label=gettext_lazy("Reason codes"),
    about=gettext_lazy("Reasons to choose from where a step must say why."),
    key=("code",),
    columns=(
        Column("code", gettext_lazy("Code"), Code(), required=True),
        Column("verb", gettext_lazy("Step"), Verb(), required=True),
        Column("ordinal", gettext_lazy("Order"), Whole(), required=True),
        Column("text", gettext_lazy("Reason"), Cell(200), required=True),
        Column("text_en", gettext_lazy("Reason in English"), Cell(300), dense=False),
        Column("needs_legal_basis", gettext_lazy("Needs its legal basis"), Flag(), default=False),
        Column("in_force", gettext_lazy("In force"), Flag(), default=True),
    ),
    all=Reason.objects.all,
    read=copied("code", "verb", "ordinal", "text", "text_en", "needs_legal_basis", "in_force"),
    write=copy_all,
)
