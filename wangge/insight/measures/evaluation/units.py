"""Handling and closing: what units did of what they should have done, and how often it had to be done again.

Published sample: of 972 that should be closed 911 were (93.72 %), 737 in time (75.82 %). Worked example: see `stages`.
"""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.insight.measures.evaluation.counted import Counted, Ratio, began, ended
from wangge.insight.measures.evaluation.reports import REPORTED
from wangge.insight.measures.evaluation.stages import OF
from wangge.insight.models import FactKind

HANDLE, WHOLE = OF[FactKind.HANDLE], OF[FactKind.WHOLE]

RECEIVED_BY_UNIT = Counted(
    "received_by_unit",
    pgettext_lazy("scorecard", "Received"),
    _("Handlings that began in the period; a rework or another dispatch begins one more."),
    (FactKind.HANDLE,),
    began,
)
EXTENDED = Counted(
    "extended",
    pgettext_lazy("scorecard", "Extended"),
    _("Of what should be handled, the handlings whose limit was extended."),
    (FactKind.HANDLE,),
    lambda span: HANDLE.should.where(span) & Q(extensions__gt=0),
)
REWORKED = Counted(
    "reworked",
    pgettext_lazy("scorecard", "Reworked"),
    _("Of what should be closed, the cases whose check failed at least once."),
    (FactKind.WHOLE,),
    lambda span: WHOLE.should.where(span) & Q(reworks__gt=0),
)
SENT_BACK = Counted(
    "sent_back",
    pgettext_lazy("scorecard", "Sent back"),
    _("Handlings that ended in the period because the unit sent the case back."),
    (FactKind.HANDLE,),
    lambda span: ended(span) & Q(outcome="send_back"),
)
SUSPENDED = Counted(
    "suspended",
    pgettext_lazy("scorecard", "Suspended"),
    _("Of what should be closed, the cases that were suspended meanwhile."),
    (FactKind.WHOLE,),
    lambda span: WHOLE.should.where(span) & Q(suspensions__gt=0),
)
URGED = Counted(
    "urged",
    pgettext_lazy("scorecard", "Urged"),
    _("Of what should be closed, the cases whose reporters urged."),
    (FactKind.WHOLE,),
    lambda span: WHOLE.should.where(span) & Q(urgings__gt=0),
)
REOPENED = Counted(
    "reopened",
    pgettext_lazy("scorecard", "Reopened"),
    _("Cases that were reopened in the period."),
    (FactKind.WHOLE,),
    lambda span: Q(started_at__gte=span.start, started_at__lt=span.end, ordinal__gt=1),
    whose="opened_by",
)
VOIDED = Counted(
    "voided",
    pgettext_lazy("scorecard", "Void"),
    _("Cases that were declared void in the period."),
    (FactKind.WHOLE,),
    lambda span: ended(span) & Q(outcome="void"),
)

HANDLED_RATE = Ratio(
    "handled_rate", _("Handling rate"), _("Handled / should be handled."), HANDLE.done, HANDLE.should
)
HANDLED_IN_TIME_RATE = Ratio(
    "handled_in_time_rate",
    _("Handled in time"),
    _("Handled in time / should be handled."),
    HANDLE.in_time,
    HANDLE.should,
)
HANDLED_LATE_RATE = Ratio(
    "handled_late_rate",
    _("Handled late"),
    _("Handled late / should be handled."),
    HANDLE.late,
    HANDLE.should,
    good=False,
)
OPEN_LATE_RATE = Ratio(
    "open_late_rate",
    _("Late and not handled"),
    _("Late and still open / should be handled."),
    HANDLE.open_late,
    HANDLE.should,
    good=False,
)
EXTENSION_RATE = Ratio(
    "extension_rate",
    _("Extended"),
    _("Extended / should be handled."),
    EXTENDED,
    HANDLE.should,
    good=False,
)
CLOSED_RATE = Ratio(
    "closed_rate", _("Closing rate"), _("Closed / should be closed."), WHOLE.done, WHOLE.should
)
CLOSED_IN_TIME_RATE = Ratio(
    "closed_in_time_rate",
    _("Closed in time"),
    _("Closed in time / should be closed."),
    WHOLE.in_time,
    WHOLE.should,
)
CLOSED_LATE_RATE = Ratio(
    "closed_late_rate",
    _("Closed late"),
    _("Closed late / should be closed."),
    WHOLE.late,
    WHOLE.should,
    good=False,
)
NOT_CLOSED_RATE = Ratio(
    "not_closed_rate",
    _("Not closed"),
    _(
        "Cases open at the end of the period / reports received in it; above 100 % it says that much is left over."
    ),
    WHOLE.open,
    REPORTED,
    good=False,
)
REWORK_RATE = Ratio(
    "rework_rate",
    _("Rework"),
    _("Reworked / should be closed."),
    REWORKED,
    WHOLE.should,
    good=False,
)
