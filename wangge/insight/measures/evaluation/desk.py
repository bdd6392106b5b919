"""The desk's work: verifying and checking asked for and done in time, filing and dispatching in time and rightly.

Worked example: of ten dispatches nine are in time, and two cases come back from the unit: in time 9 / 10 = 90 %,
rightly (10 − 2) / 10 = 80 %.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.insight.measures.evaluation.counted import Counted, Ratio, began, done, ended
from wangge.insight.measures.evaluation.reports import FILED, FIRST_FILED
from wangge.insight.measures.evaluation.stages import OF
from wangge.insight.models import FactKind

DISPATCH, VERIFY, CHECK = OF[FactKind.DISPATCH], OF[FactKind.VERIFY], OF[FactKind.CHECK]

SENT_TO_VERIFY = Counted(
    "sent_to_verify",
    pgettext_lazy("scorecard", "Sent to be verified"),
    _("Reports that the desk sent to be verified on the spot in the period."),
    (FactKind.ACCEPT,),
    lambda span: ended(span) & Q(outcome="verify", in_time__isnull=False),
)
SENT_IN_TIME = Counted(
    "sent_in_time",
    pgettext_lazy("scorecard", "Sent in time"),
    _("Of those, the ones within the limit for admitting."),
    (FactKind.ACCEPT,),
    lambda span: ended(span) & Q(outcome="verify", in_time=True),
)
FILED_LIMITED = Counted(
    "filed_limited",
    pgettext_lazy("scorecard", "Filed within a limit"),
    _("Reports filed in the period, of what had a time limit."),
    (FactKind.ACCEPT, FactKind.FILE),
    lambda span: ended(span) & Q(outcome="file", in_time__isnull=False),
)
FILED_IN_TIME = Counted(
    "filed_in_time",
    pgettext_lazy("scorecard", "Filed in time"),
    _("Of those, the ones within the limit for admitting, or for filing after verifying."),
    (FactKind.ACCEPT, FactKind.FILE),
    lambda span: ended(span) & Q(outcome="file", in_time=True),
)
FILED_RIGHTLY = Counted(
    "filed_rightly",
    pgettext_lazy("scorecard", "Filed rightly"),
    _("Cases filed in the period that have not been declared void."),
    (FactKind.WHOLE,),
    lambda span: began(span) & FIRST_FILED & ~Q(outcome="void"),
    whose="opened_by",
)
DISPATCHED_RIGHTLY = Counted(
    "dispatched_rightly",
    pgettext_lazy("scorecard", "Dispatched rightly"),
    _("Dispatches of the period that no unit sent back."),
    (FactKind.DISPATCH,),
    lambda span: done(FactKind.DISPATCH)(span) & Q(returns=0),
)

SENT_IN_TIME_RATE = Ratio(
    "sent_in_time_rate",
    _("Sent to verify in time"),
    _("Sent in time / sent to be verified."),
    SENT_IN_TIME,
    SENT_TO_VERIFY,
)
VERIFIED_IN_TIME_RATE = Ratio(
    "verified_in_time_rate",
    _("Verified in time"),
    _("Verified in time / should be verified."),
    VERIFY.in_time,
    VERIFY.should,
)
CHECKED_IN_TIME_RATE = Ratio(
    "checked_in_time_rate",
    _("Checked in time"),
    _("Checked in time / should be checked."),
    CHECK.in_time,
    CHECK.should,
)
FILED_IN_TIME_RATE = Ratio(
    "filed_in_time_rate",
    _("Filed in time"),
    _("Filed in time / filed."),
    FILED_IN_TIME,
    FILED_LIMITED,
)
FILED_RIGHTLY_RATE = Ratio(
    "filed_rightly_rate",
    _("Filed rightly"),
    _("(Filed − voided) / filed."),
    FILED_RIGHTLY,
    FILED,
)
DISPATCHED_IN_TIME_RATE = Ratio(
    "dispatched_in_time_rate",
    _("Dispatched in time"),
    _("Dispatched in time / should be dispatched."),
    DISPATCH.in_time,
    DISPATCH.should,
)
DISPATCHED_RIGHTLY_RATE = Ratio(
    "dispatched_rightly_rate",
    _("Dispatched rightly"),
    _("(Dispatched − sent back) / should be dispatched."),
    DISPATCHED_RIGHTLY,
    DISPATCH.should,
)
