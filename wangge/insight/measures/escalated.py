"""What went up its ladder, and what reached nobody there."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.cases.models import Case, Report
from wangge.cases.queries.standing import standing_cases, standing_reports
from wangge.cases.workflow import OPEN_REPORT
from wangge.insight.measures.measure import OPEN, Measure

ESCALATED = Measure(
    code="escalated",
    label=pgettext_lazy("figures", "Escalated"),
    says=_("Open cases that went up their escalation ladder and have not been moved on since."),
    model=Case,
    where=lambda look: OPEN & standing_cases(),
    order="whole_due_at",
)

COULD_NOT = Measure(
    code="could_not_escalate",
    label=pgettext_lazy("figures", "Could not be escalated"),
    says=_("Overdue cases whose ladder found nobody: no holder of a post, no fallback."),
    model=Case,
    where=lambda look: OPEN & standing_cases(could_not=True),
    order="whole_due_at",
)

COULD_NOT_REPORTS = Measure(
    code="could_not_escalate_reports",
    label=pgettext_lazy("figures", "Reports that could not be escalated"),
    says=_("Overdue reports whose ladder found nobody: no holder of a post, no fallback."),
    model=Report,
    where=lambda look: Q(stage__in=OPEN_REPORT) & standing_reports(could_not=True),
    order="due_at",
)
