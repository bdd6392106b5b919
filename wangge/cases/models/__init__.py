from wangge.cases.models.calendar import Calendar, CalendarDay, CalendarYear
from wangge.cases.models.classes import (
    Crossing,
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
from wangge.cases.models.configuration import (
    ConfigChange,
    ConfigDraft,
    ConfigImport,
    ConfigVersion,
    DryRun,
    DryRunLine,
)
from wangge.cases.models.ladder import Ladder, Rung
from wangge.cases.models.matter import Case, Rating, Report, ReporterContact

__all__ = [
    "Calendar",
    "CalendarDay",
    "CalendarYear",
    "Case",
    "Clock",
    "ClockKind",
    "ConfigChange",
    "ConfigDraft",
    "ConfigImport",
    "ConfigVersion",
    "Crossing",
    "DryRun",
    "DryRunLine",
    "DutyRow",
    "Exclusion",
    "FilingCondition",
    "Ladder",
    "MatterClass",
    "MatterGroup",
    "Question",
    "Rating",
    "Reason",
    "Report",
    "ReporterContact",
    "Rung",
    "StageLimit",
]
