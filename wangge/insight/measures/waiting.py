"""What is open now, altogether and at each stage."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.cases.models import Case, Report
from wangge.cases.workflow import CASE_STAGES, OPEN_CASE, OPEN_REPORT, REPORT_STAGES, Stage
from wangge.insight.measures.measure import OPEN, Measure

SAYS = _("Reports and cases that are at this stage now.")

OPEN_CASES = Measure(
    code="open",
    label=pgettext_lazy("figures", "Open cases"),
    says=_("Cases that are filed and not closed."),
    model=Case,
    where=lambda look: OPEN,
    order="due_at",
)
REWORK = Measure(
    code="rework",
    label=pgettext_lazy("figures", "In rework"),
    says=_("Open cases that failed a check on the spot or were opened again."),
    model=Case,
    where=lambda look: OPEN & Q(reworked_at__isnull=False),
    order="due_at",
)


def _at(stage: Stage, model: type[Case] | type[Report]) -> Measure:
    return Measure(
        code=f"at_{stage}",
        label=stage.label,
        says=SAYS,
        model=model,
        where=lambda look: Q(stage=stage),
        order="due_at",
    )


# In the order of the loop: a report on its way to a case, then the case on its way to its closing.
AT_STAGE: dict[Stage, Measure] = {
    **{stage: _at(stage, Report) for stage in REPORT_STAGES if stage in OPEN_REPORT},
    **{stage: _at(stage, Case) for stage in CASE_STAGES if stage in OPEN_CASE},
}
