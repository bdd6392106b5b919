"""In-time closing rate 按期结案率: closed in time / should be closed (GB/T 30428.4-2016 practice).

Should be closed: closed in the window, or due in it and still open. Example: of 5 cases due, 3 were closed in time,
1 late, 1 is still open: 3 / 5 = 60 %. Cases without a due moment (imported without one) count in neither.
"""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.cases.models import Case
from wangge.insight.measures.closed import CLOSED_LATELY
from wangge.insight.measures.measure import OPEN, Look, Measure, Rate


def _closed_with_due(look: Look) -> Q:
    return CLOSED_LATELY.where(look) & Q(whole_due_at__isnull=False)


def _due_and_open(look: Look) -> Q:
    return OPEN & Q(whole_due_at__gte=look.window, whole_due_at__lt=look.now)


CLOSED_IN_TIME = Measure(
    code="closed_in_time",
    label=pgettext_lazy("figures", "Closed in time"),
    says=_("Closed in 30 days, not after the due moment of the whole case."),
    model=Case,
    where=lambda look: _closed_with_due(look) & Q(closed_at__lte=F("whole_due_at")),
    order="-closed_at",
)

CLOSED_OF_LIMITED = Measure(
    code="closed_of_limited",
    label=pgettext_lazy("figures", "Closed, with a due moment"),
    says=_("Closed in 30 days, of the cases that had a due moment."),
    model=Case,
    where=_closed_with_due,
    order="-closed_at",
)

DUE_AND_OPEN = Measure(
    code="due_and_open",
    label=pgettext_lazy("figures", "Due and not closed"),
    says=_("Open cases whose due moment passed in the 30 days."),
    model=Case,
    where=_due_and_open,
    order="whole_due_at",
)

SHOULD_CLOSE = Measure(
    code="should_close",
    label=pgettext_lazy("figures", "Should be closed"),
    says=_("Closed in 30 days, or due in them and still open."),
    model=Case,
    where=lambda look: _closed_with_due(look) | _due_and_open(look),
    order="whole_due_at",
)

IN_TIME = Rate(
    code="in_time",
    label=pgettext_lazy("figures", "In-time closing rate"),
    says=_("Closed in time / should be closed, in 30 days."),
    part=CLOSED_IN_TIME,
    whole=SHOULD_CLOSE,
)
