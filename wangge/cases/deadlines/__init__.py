"""Deadlines: from stored facts (started, paused, limit, calendar) to the moment something is due.

Nothing here reads a clock, a database or a setting: the moment is always passed in, and the same
facts always give the same answer. All moments are aware datetimes; answers are in UTC.
"""

from .calendar import Calendar, DayKind, DayMark, Season, Shift
from .clock import (
    Due,
    Light,
    Pause,
    Running,
    after_extension,
    after_rework,
    due,
    in_working_time,
    light,
    moment_after_due,
    moment_at_share,
    remaining,
    reminder_at,
    reminder_at_share,
    total,
    used,
)
from .explanation import Line, Note, explain
from .limits import Limit, LimitKind

__all__ = [
    "Calendar",
    "DayKind",
    "DayMark",
    "Due",
    "Light",
    "Limit",
    "LimitKind",
    "Line",
    "Note",
    "Pause",
    "Running",
    "Season",
    "Shift",
    "after_extension",
    "after_rework",
    "due",
    "explain",
    "in_working_time",
    "light",
    "moment_after_due",
    "moment_at_share",
    "remaining",
    "reminder_at",
    "reminder_at_share",
    "total",
    "used",
]
