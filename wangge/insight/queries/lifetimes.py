"""What areas are called in tables of a stretch of days, when they did not hold for all of it."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from wangge.territory.models import Area


def name_in(area: Area, first: date) -> str:
    """The name of an area in a table that begins on a day; with its last or first day where it ended or began since."""
    if area.valid_to is not None:
        last = area.valid_to - timedelta(days=1)
        return _("%(name)s, until %(day)s") % {"name": area.name, "day": last.isoformat()}
    if area.valid_from > first:
        return _("%(name)s, since %(day)s") % {"name": area.name, "day": area.valid_from.isoformat()}
    return area.name
