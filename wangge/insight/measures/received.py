"""Reports received on a day."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wangge.cases.models import Report
from wangge.insight.measures.measure import Measure

RECEIVED = Measure(
    code="received",
    label=pgettext_lazy("figures", "Received"),
    says=_("Reports that came in on the day, by any channel."),
    model=Report,
    where=lambda look: look.on_the_day("received_at"),
    order="-received_at",
)
