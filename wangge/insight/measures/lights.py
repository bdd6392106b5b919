"""Open matters past a deadline, and those close to one; the lights are those of the desk."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.cases.models import Case, Report
from wangge.cases.queries import lights
from wangge.cases.workflow import OPEN_REPORT
from wangge.insight.measures.measure import OPEN, Measure

OVERDUE = Measure(
    code="overdue",
    label=pgettext_lazy("figures", "Overdue"),
    says=_("Open cases past the due moment of their stage or of the whole case."),
    model=Case,
    where=lambda look: OPEN & lights.red(look.now, case=True),
    order="whole_due_at",
)

AMBER = Measure(
    code="amber",
    label=pgettext_lazy("figures", "Due soon"),
    says=_("Open cases that have used more than 80 % of a limit and exceeded none."),
    model=Case,
    where=lambda look: OPEN & lights.amber(look.now, case=True),
    order="due_at",
)

OVERDUE_REPORTS = Measure(
    code="overdue_reports",
    label=pgettext_lazy("figures", "Reports waiting too long"),
    says=_("Reports not yet decided on past their due moment."),
    model=Report,
    where=lambda look: Q(stage__in=OPEN_REPORT) & lights.red(look.now, case=False),
    order="due_at",
)
