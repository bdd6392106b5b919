"""What came with a report beside its words: answers to the questions of its class, and what channels note."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from wangge.accounts.models import Account
from wangge.cases.models import Case, MatterGroup, Question, Report
from wangge.cases.permissions import visible_cases, visible_reports
from wangge.cases.queries.rows import matter_url
from wangge.cases.workflow import OPEN_CASE


@dataclass(frozen=True)
class Answer:
    """One line; `url` leads to another report."""

    label: str
    value: str
    url: str = ""


def answers_of(report: Report, person: Account) -> list[Answer]:
    """Return what came with a report, in the reader's language."""
    given = report.attributes
    if not given:
        return []
    questions = {q.code: q for q in Question.objects.filter(code__in=given)}
    return [_answer(code, value, questions, person) for code, value in given.items()]


def _answer(code: str, value: Any, questions: Mapping[str, Question], person: Account) -> Answer:
    if code in questions:
        return Answer(str(questions[code]), _value(questions[code], value))
    if code == "group":
        group = MatterGroup.objects.filter(code=value).first()
        return Answer(_("Kind of matter"), str(group or value))
    if code == "same_as":
        known = Report.objects.filter(visible_reports(person), number=value).first()
        return Answer(_("The reporter says: the same as"), str(value), matter_url(known) if known else "")
    label = _("Pictures elsewhere") if code == "media_url" else code
    return Answer(label, _value(None, value))


def _value(question: Question | None, value: Any) -> str:
    labels = dict(question.choices) if question else {}
    values = value if isinstance(value, list) else [value]
    return "、".join(labels.get(str(one), str(one)) for one in values)


def same_case(report: Report, person: Account) -> Case | None:
    """Return the open case of the report that this one is said to be the same as, if this person may see it."""
    number = report.attributes.get("same_as")
    if not isinstance(number, int):
        return None
    cases = Case.objects.filter(visible_cases(person), stage__in=OPEN_CASE)
    return cases.filter(reports__number=number).first()
