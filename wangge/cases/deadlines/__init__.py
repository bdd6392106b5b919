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
    light,
    remaining,
    total,
    used,
)
from .course import Course
from .explanation import Line, Note, explain
from .limits import Limit, LimitKind

__all__ = [
    "Calendar",
    "Course",
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
    "light",
    "remaining",
    "total",
    "used",
]
