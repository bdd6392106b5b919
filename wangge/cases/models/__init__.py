from wangge.cases.models.calendar import Calendar, CalendarDay, CalendarYear
from wangge.cases.models.classes import (
    DutyRow,
    Exclusion,
    FilingCondition,
    MatterClass,
    MatterGroup,
    Question,
    Reason,
    StageLimit,
)
from wangge.cases.models.clock import Clock, ClockKind
from wangge.cases.models.matter import Case, Rating, Report, ReporterContact

__all__ = [
    "Calendar",
    "CalendarDay",
    "CalendarYear",
    "Case",
    "Clock",
    "ClockKind",
    "DutyRow",
    "Exclusion",
    "FilingCondition",
    "MatterClass",
    "MatterGroup",
    "Question",
    "Rating",
    "Reason",
    "Report",
    "ReporterContact",
    "StageLimit",
]
