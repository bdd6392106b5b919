"""Moments on the wire: the W3C profile of ISO 8601; kind to what real clients send."""

import re
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.intake.channels.open311.faults import bad

SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?( ?[+-]\d{2}:?\d{2}|Z)?)?")
LOST_PLUS = re.compile(r" (\d{2}:?\d{2})$")
SECOND = timedelta(seconds=1)


def told(moment: datetime) -> str:
    """Write a moment with seconds and the installation's own offset."""
    return timezone.localtime(moment).isoformat(timespec="seconds")


def parsed(text: str, name: str, *, ends: bool = False) -> datetime:
    """Read a moment; without an offset it is the installation's time. A bare day begins, or (`ends`) is over, there.

    An upper bound without fractions includes its whole second, since that is all that we show of a moment.
    """
    text = text.strip()
    if len(text) > 10 and (lost := LOST_PLUS.search(text, 16)):
        text = f"{text[: lost.start()]}+{lost[1]}"  # an unescaped + arrives as a space
    try:
        if not SHAPE.fullmatch(text):
            raise ValueError(text)
        moment = datetime.fromisoformat(text)
        if len(text) == 10 and ends:
            moment = datetime.combine(moment, time.max)
        elif ends and not moment.microsecond:
            moment += SECOND - datetime.resolution
        # An offset at the ends of the calendar leads out of it.
        return (moment if moment.tzinfo else timezone.make_aware(moment)).astimezone(
            timezone.get_current_timezone()
        )
    except (ValueError, OverflowError):
        raise bad(
            _("%(name)s: “%(text)s” is not a moment. Write it like 2026-06-10T08:00:00+08:00.")
            % {"name": name, "text": text[:40]}
        ) from None
