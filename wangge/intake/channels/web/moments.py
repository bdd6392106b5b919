"""Due moments as one says them to a neighbour."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def due_words(due_at: datetime, now: datetime) -> str:
    """Say a moment as today, tomorrow, or a day of the week with its date, in local time."""
    local, today = timezone.localtime(due_at), timezone.localtime(now).date()
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return _("today %(time)s") % {"time": clock}
    if local.date() == today + timedelta(days=1):
        return _("tomorrow %(time)s") % {"time": clock}
    day = date_format(local, "l")
    return _("%(day)s %(date)s at %(time)s") % {"day": day, "date": f"{local:%m-%d}", "time": clock}
