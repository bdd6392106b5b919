"""Stretches of time in the reader's words."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import ngettext, ngettext_lazy

from wangge.cases.deadlines import LimitKind

# A unit beside its number; alone, to be chosen, it is written without a measure word (个).
COUNTED = {
    LimitKind.URGENT_HOURS: ngettext_lazy("%(amount)s urgent hour", "%(amount)s urgent hours", "number"),
    LimitKind.WORKING_HOURS: ngettext_lazy("%(amount)s working hour", "%(amount)s working hours", "number"),
    LimitKind.WORKING_DAYS: ngettext_lazy("%(amount)s working day", "%(amount)s working days", "number"),
    LimitKind.CALENDAR_DAYS: ngettext_lazy("%(amount)s calendar day", "%(amount)s calendar days", "number"),
}
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def words(length: timedelta, *, days: bool = False) -> str:
    """Say how long something is, to the minute; `days` allows days of 24 hours (not for working time)."""
    minutes = max(round(abs(length) / MINUTE), 0)
    parts = []
    if days and minutes >= 24 * 60:
        number, minutes = divmod(minutes, 24 * 60)
        parts.append(ngettext("%(number)d day", "%(number)d days", number) % {"number": number})
        minutes -= minutes % 60  # beside days, minutes only distract
    if minutes >= 60:
        number, minutes = divmod(minutes, 60)
        parts.append(ngettext("%(number)d hour", "%(number)d hours", number) % {"number": number})
    if minutes or not parts:
        parts.append(ngettext("%(number)d minute", "%(number)d minutes", minutes) % {"number": minutes})
    return " ".join(parts)


def age(length: timedelta) -> str:
    """Say how old something is, in its largest unit only: 3 days, 5 hours, 12 minutes."""
    unit = next((unit for unit in (DAY, HOUR) if length >= unit), MINUTE)
    return words(max(length - length % unit, timedelta(0)), days=True)


def limit_words(kind: str, amount: Decimal) -> str:
    """Say a limit: 2 working days."""
    number = f"{amount:f}".rstrip("0").rstrip(".") if amount % 1 else f"{amount:.0f}"
    return COUNTED[LimitKind(kind)] % {"number": 1 if amount == 1 else 2, "amount": number}
