"""Moments and lights, the same way on every page."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

register = template.Library()


@register.filter
def moment(at: datetime | date | None) -> SafeString | str:
    """Show a moment as ``11-22 14:05`` with the year only when it differs, in full on hover; nothing for None."""
    if at is None:
        return ""
    if not isinstance(at, datetime):
        return _element(at.isoformat(), at.isoformat(), _short_day(at))
    local = timezone.localtime(at)
    return _element(local.isoformat(timespec="seconds"), f"{local:%Y-%m-%d %H:%M:%S}", _short(local))


@register.filter
def due(at: datetime | None) -> SafeString | str:
    """Show a moment somebody plans by, as ``11-27 Friday 18:00``: the day of the week is what people reckon in."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    short = f"{_short_day(local)} {date_format(local, 'D')} {local:%H:%M}"
    return _element(local.isoformat(timespec="seconds"), f"{local:%Y-%m-%d %H:%M:%S}", short)


@register.filter
def moment_text(at: datetime | None) -> str:
    """Show a moment as plain text, where no element may stand (titles, options, files)."""
    return _short(timezone.localtime(at)) if at else ""


def _element(machine: str, full: str, short: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, full, short)


def _short(local: datetime) -> str:
    return f"{_short_day(local)} {local:%H:%M}"


def _short_day(day: date) -> str:
    return f"{day:%m-%d}" if day.year == timezone.localdate().year else f"{day:%Y-%m-%d}"


@register.filter
def light_word(light: str | None) -> str:
    """Say in a word what the light of a clock means."""
    words = {
        "green": pgettext("light", "in time"),
        "amber": pgettext("light", "due soon"),
        "red": pgettext("light", "late"),
        "paused": pgettext("light", "paused"),
        "done": pgettext("light", "done"),
    }
    return words.get(str(light or ""), _("no limit"))
