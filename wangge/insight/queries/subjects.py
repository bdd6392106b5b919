"""The reports and cases behind facts; those that a person may not open are counted and stay unnamed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from wangge.cases.models import Case, Report
from wangge.cases.permissions import visible_cases, visible_reports
from wangge.insight.models import FrozenFact, StageFact
from wangge.territory.scopes import Person

Fact = StageFact | FrozenFact


@dataclass(frozen=True)
class Line:
    """One line of a list: the stretch, and the matter if this person may open it."""

    fact: Fact
    subject: Report | Case | None
    url: str


def lines_of(facts: Sequence[Fact], person: Person) -> list[Line]:
    """Pair facts with their matters; a statement for each kind of matter that is among them."""
    cases = _found(Case, visible_cases, person, (fact.case_id for fact in facts))
    reports = _found(Report, visible_reports, person, (fact.report_id for fact in facts))
    return [_line(fact, cases.get(fact.case_id) or reports.get(fact.report_id)) for fact in facts]


def _found(
    model: type, seen: Callable[[Person], Q], person: Person, ids: Iterable[UUID | None]
) -> dict[UUID | None, Report | Case]:
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = model._default_manager.filter(seen(person), pk__in=wanted)  # type: ignore[attr-defined]
    return {
        row.pk: row for row in rows.select_related("matter", "current_grid").defer("current_grid__boundary")
    }


def _line(fact: Fact, subject: Report | Case | None) -> Line:
    if subject is None:
        return Line(fact, None, "")
    page = "cases:case" if isinstance(subject, Case) else "cases:report"
    return Line(fact, subject, reverse(page, args=[subject.number]))
