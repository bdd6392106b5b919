from wangge.cases.models.beside import Arbitration, Help, NamedHandler, Recheck, Request, SupervisionOrder
from wangge.cases.models.calendar import Calendar, CalendarChange, CalendarDay, CalendarYear
from wangge.cases.models.classes import (
    Crossing,
    DutyRow,
    Exclusion,
    FilingCondition,
    MatterClass,
    MatterGroup,
    Question,
    Quota,
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
from wangge.cases.models.escalation import Escalation, Reminder, ReminderRule, Watch
from wangge.cases.models.ladder import Ladder, Rung
from wangge.cases.models.matter import Case, Rating, Report, ReporterContact
from wangge.cases.models.on_map import MapChange, MapTally
from wangge.cases.models.presence import Claim, Presence
from wangge.cases.models.roster import DeskShift, Handover, HandoverPin

__all__ = [
    "Arbitration",
    "Calendar",
    "CalendarChange",
    "CalendarDay",
    "CalendarYear",
    "Case",
    "Claim",
    "Clock",
    "ClockKind",
    "ConfigChange",
    "ConfigDraft",
    "ConfigImport",
    "ConfigVersion",
    "Crossing",
    "DeskShift",
    "DryRun",
    "DryRunLine",
    "DutyRow",
    "Escalation",
    "Exclusion",
    "FilingCondition",
    "Handover",
    "HandoverPin",
    "Help",
    "Ladder",
    "MapChange",
    "MapTally",
    "MatterClass",
    "MatterGroup",
    "NamedHandler",
    "Presence",
    "Question",
    "Quota",
    "Rating",
    "Reason",
    "Recheck",
    "Reminder",
    "ReminderRule",
    "Report",
    "ReporterContact",
    "Request",
    "Rung",
    "StageLimit",
    "SupervisionOrder",
    "Watch",
]
