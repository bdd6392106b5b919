"""What was reported, by whom it was found, and what came of it: filing, valid reports, missed, public supervision.

Worked example: of ten reports received eight are decided on, six filed, one answered, one declined: filing rate
6 / 10 = 60 %, valid reports 7 / 8 = 87.5 %.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.cases.models import Report
from wangge.insight.measures.evaluation.counted import Counted, Ratio, began, ended
from wangge.insight.models import FactKind

WORKER = Report.Channel.WORKER
FOUND_BY_PUBLIC = (Report.Channel.WEB, Report.Channel.HOTLINE, Report.Channel.OPEN311)
FILED_AS = ("file", "join", "settle")
VALID_AS = (*FILED_AS, "answer")
DECIDED_AS = (*VALID_AS, "decline", "withdraw", "void_report", "void")
FIRST_FILED = Q(ordinal=1)  # a case that was reopened was filed once

REPORTED = Counted(
    "reported",
    pgettext_lazy("scorecard", "Reported"),
    _("Reports received in the period, by any channel."),
    (FactKind.REPORT,),
    began,
    whose="opened_by",
)
REPORTED_FILED = Counted(
    "reported_filed",
    pgettext_lazy("scorecard", "Reported and filed"),
    _("Reports received in the period that were filed, or joined to a case, by its end."),
    (FactKind.REPORT,),
    lambda span: began(span) & Q(outcome__in=FILED_AS, ended_at__lt=span.end),
    whose="opened_by",
)
WORKER_DECIDED = Counted(
    "worker_decided",
    pgettext_lazy("scorecard", "Reports of grid workers"),
    _("Reports by grid workers on which the desk decided in the period."),
    (FactKind.REPORT,),
    lambda span: ended(span) & Q(channel=WORKER, outcome__in=DECIDED_AS),
    whose="opened_by",
)
WORKER_VALID = Counted(
    "worker_valid",
    pgettext_lazy("scorecard", "Valid reports of grid workers"),
    _("Of those, the ones that were filed, joined to a case or answered."),
    (FactKind.REPORT,),
    lambda span: ended(span) & Q(channel=WORKER, outcome__in=VALID_AS),
    whose="opened_by",
)
FILED = Counted(
    "filed",
    pgettext_lazy("scorecard", "Filed"),
    _("Cases filed in the period."),
    (FactKind.WHOLE,),
    lambda span: began(span) & FIRST_FILED,
    whose="opened_by",
)
MISSED = Counted(
    "missed",
    pgettext_lazy("scorecard", "Found by others"),
    _("Cases filed in the period that somebody other than a grid worker had reported."),
    (FactKind.WHOLE,),
    lambda span: began(span) & FIRST_FILED & ~Q(channel=WORKER),
    whose="opened_by",
)
PUBLIC = Counted(
    "public",
    pgettext_lazy("scorecard", "Verified public reports"),
    _("Cases filed in the period that the public had reported and a worker had confirmed on the spot."),
    (FactKind.WHOLE,),
    lambda span: began(span) & FIRST_FILED & Q(channel__in=FOUND_BY_PUBLIC, confirmed=True),
    whose="opened_by",
)

FILING_RATE = Ratio(
    "filing_rate",
    _("Filing rate"),
    _("Filed / reported."),
    REPORTED_FILED,
    REPORTED,
)
VALID_RATE = Ratio(
    "valid_rate",
    _("Valid reports"),
    _("Valid reports of grid workers / their reports that were decided on."),
    WORKER_VALID,
    WORKER_DECIDED,
)
MISSED_RATE = Ratio(
    "missed_rate",
    _("Missed"),
    _("Found by others / filed."),
    MISSED,
    FILED,
    good=False,
)
PUBLIC_RATE = Ratio(
    "public_rate",
    _("Public supervision"),
    _("Verified public reports / filed; much of it means that patrols found little."),
    PUBLIC,
    FILED,
    good=False,
)
