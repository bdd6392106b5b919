"""The hotline's three rates 三率: responded, solved, satisfied (Beijing practice).

The sources count over valid calls and do not say what becomes of a call nobody rated. Here solved and satisfied are
counted over the valid reports that were rated, so that silence is neither praise nor blame. Worked example: of ten
valid reports nine were looked at in time, four rated, three of them solved, two with both marks above 1: 90 %, 75 %, 50 %.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.insight.facts.ends import DONE
from wangge.insight.measures.evaluation.counted import Counted, Ratio, ended
from wangge.insight.measures.evaluation.period import Span
from wangge.insight.measures.evaluation.reports import WORKER
from wangge.insight.models import FactKind


def _valid(span: Span) -> Q:
    """Somebody other than a worker said it, and has been told the end."""
    answered = [verb for verb in DONE[FactKind.REPLY] if verb != "decline"]
    return ended(span) & Q(outcome__in=answered) & ~Q(channel__in=[WORKER, "import"])


VALID = Counted(
    "valid_calls",
    pgettext_lazy("scorecard", "Valid reports"),
    _("Reports by residents, not declined, whose reporters were told the end in the period."),
    (FactKind.REPLY,),
    _valid,
)
RESPONDED = Counted(
    "responded",
    pgettext_lazy("scorecard", "Responded in time"),
    _("Of those, the ones that the desk looked at within the limit for admitting."),
    (FactKind.REPLY,),
    lambda span: _valid(span) & Q(in_time=True),
)
RATED = Counted(
    "rated",
    pgettext_lazy("scorecard", "Rated"),
    _("Of the valid reports, the ones that were rated."),
    (FactKind.REPLY,),
    lambda span: _valid(span) & Q(solved__isnull=False),
)
SOLVED = Counted(
    "solved",
    pgettext_lazy("scorecard", "Solved"),
    _("Of the rated ones, those whose reporters say that it is solved."),
    (FactKind.REPLY,),
    lambda span: _valid(span) & Q(solved=True),
)
SATISFIED = Counted(
    "satisfied",
    pgettext_lazy("scorecard", "Satisfied"),
    _("Of the rated ones, those with neither result nor attitude called bad."),
    (FactKind.REPLY,),
    lambda span: _valid(span) & Q(solved__isnull=False, result__gt=1, attitude__gt=1),
)

RESPONSE_RATE = Ratio(
    "response_rate", _("Response"), _("Responded in time / valid reports."), RESPONDED, VALID
)
SOLVING_RATE = Ratio("solving_rate", _("Solved"), _("Solved / rated valid reports."), SOLVED, RATED)
SATISFACTION_RATE = Ratio(
    "satisfaction_rate", _("Satisfied"), _("Satisfied / rated valid reports."), SATISFIED, RATED
)
