"""Extra questions of classes: one definition for the web form, the API and the Open311 attributes."""

from collections.abc import Mapping

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.cases.configuration.cells import Answers, Cell, Choice, Code, Flag, Pieces, Whole
from wangge.cases.configuration.table import Column, Row, Rows, Table
from wangge.cases.configuration.tables.classes import class_ids
from wangge.cases.models import Question
from wangge.common.refusals import Refused

COPIED = (
    "code", "ordinal", "datatype", "required", "text", "text_en", "hint", "hint_en", "values", "only_if_answers",
    "in_force",
)  # fmt: skip


def read_question(row: Question) -> Row:
    told: Row = {name: getattr(row, name) for name in COPIED}
    return {
        **told,
        "only_if": row.only_if.code if row.only_if else "",
        "matters": sorted(matter.code for matter in row.matters.all()),
    }


def write_question(instance: Question, row: Row, ids: Mapping[str, Mapping[str, int]]) -> None:
    for name in COPIED:
        setattr(instance, name, row[name])


def bind(stored: Mapping[str, Model], wanted: Rows) -> None:
    """Once all questions are there: which classes ask them, and on which other question they hang."""
    ids = class_ids()
    for code, row in wanted.items():
        question = stored[code]
        assert isinstance(question, Question)
        question.matters.set([ids[matter] for matter in row["matters"]])
        leader = stored[row["only_if"]].pk if row["only_if"] else None
        Question.objects.filter(pk=question.pk).update(only_if_id=leader)


def check_question(row: Row) -> None:
    if bool(row["values"]) != row["datatype"].endswith("list"):
        raise Refused(_("A list needs answers to choose from; other questions have none."), field="values")
    if bool(row["only_if"]) != bool(row["only_if_answers"]):
        raise Refused(
            _("A condition needs both: the other question and its answers."), field="only_if_answers"
        )


QUESTIONS = Table(
    name="questions",
    label=gettext_lazy("Extra questions"),
    about=gettext_lazy("What a class asks beside place and words, on the web form and over the interfaces."),
    key=("code",),
    columns=(
        Column("code", gettext_lazy("Code"), Code(most=40), required=True),
        Column("ordinal", gettext_lazy("Order"), Whole(), required=True),
        Column("text", gettext_lazy("Question"), Cell(200), required=True),
        Column("text_en", gettext_lazy("Question in English"), Cell(300), dense=False),
        Column("datatype", gettext_lazy("Kind of answer"), Choice(options=Question.Datatype.choices), required=True),
        Column("required", gettext_lazy("Must be answered"), Flag(), default=False),
        Column(
            "values", gettext_lazy("Answers"), Answers(), default=(), dense=False,
            help=gettext_lazy("key:Chinese:English, between semicolons."),
        ),
        Column("hint", gettext_lazy("Hint"), Cell(200), dense=False),
        Column("hint_en", gettext_lazy("Hint in English"), Cell(300), dense=False),
        Column(
            "only_if", gettext_lazy("Only if this question"), Code(most=40), refers_to="questions",
            help=gettext_lazy("The code of another question. Leave it empty and this one is always asked."),
        ),
        Column(
            "only_if_answers", gettext_lazy("was answered with"), Pieces(), default=(),
            help=gettext_lazy("Keys of its answers, between semicolons; one of them is enough."),
        ),
        Column(
            "matters", gettext_lazy("Classes that ask it"), Pieces(), required=True, default=(), refers_to="classes",
            dense=False, help=gettext_lazy("Codes between semicolons."),
        ),
        Column("in_force", gettext_lazy("In force"), Flag(), default=True),
    ),
    all=lambda: Question.objects.select_related("only_if").prefetch_related("matters"),
    read=read_question,
    write=write_question,
    check=check_question,
    after=bind,
)  # fmt: skip
