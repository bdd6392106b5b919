"""Cases filed on a day, and in the window."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.cases.models import Case
from wangge.insight.measures.measure import Measure

FILED = Measure(
    code="filed",
    label=pgettext_lazy("figures", "Filed"),
    says=_("Cases filed on the day."),
    model=Case,
    where=lambda look: look.on_the_day("filed_at"),
    order="-filed_at",
)

FILED_LATELY = Measure(
    code="filed_lately",
    label=pgettext_lazy("figures", "Filed in 30 days"),
    says=_("Cases filed today or in the 29 days before."),
    model=Case,
    where=lambda look: Q(filed_at__gte=look.window),
    order="-filed_at",
)
