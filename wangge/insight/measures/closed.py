"""Cases closed on a day, and in the window."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.cases.models import Case
from wangge.insight.measures.measure import CLOSED, Measure

CLOSED_ON = Measure(
    code="closed",
    label=pgettext_lazy("figures", "Closed"),
    says=_("Cases closed on the day."),
    model=Case,
    where=lambda look: CLOSED & look.on_the_day("closed_at"),
    order="-closed_at",
)

CLOSED_LATELY = Measure(
    code="closed_lately",
    label=pgettext_lazy("figures", "Closed in 30 days"),
    says=_("Cases closed today or in the 29 days before."),
    model=Case,
    where=lambda look: CLOSED & Q(closed_at__gte=look.window),
    order="-closed_at",
)
