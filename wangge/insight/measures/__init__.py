"""What is counted: one file for each indicator, and this list of all of them."""

from wangge.insight.measures.closed import CLOSED_LATELY, CLOSED_ON
from wangge.insight.measures.escalated import COULD_NOT, COULD_NOT_REPORTS, ESCALATED
from wangge.insight.measures.filed import FILED, FILED_LATELY
from wangge.insight.measures.in_time import (
    CLOSED_IN_TIME,
    CLOSED_OF_LIMITED,
    DUE_AND_OPEN,
    IN_TIME,
    SHOULD_CLOSE,
)
from wangge.insight.measures.lights import AMBER, OVERDUE, OVERDUE_REPORTS
from wangge.insight.measures.measure import DAYS, Look, Measure, Rate, share
from wangge.insight.measures.received import RECEIVED
from wangge.insight.measures.waiting import AT_STAGE, OPEN_CASES, REWORK

MEASURES: tuple[Measure, ...] = (
    RECEIVED, FILED, CLOSED_ON, OPEN_CASES, *AT_STAGE.values(), OVERDUE, AMBER, OVERDUE_REPORTS,
    ESCALATED, COULD_NOT, COULD_NOT_REPORTS, REWORK,
    FILED_LATELY, CLOSED_LATELY, CLOSED_IN_TIME, CLOSED_OF_LIMITED, DUE_AND_OPEN, SHOULD_CLOSE,
)  # fmt: skip
BY_CODE = {measure.code: measure for measure in MEASURES}

__all__ = [
    "AMBER",
    "AT_STAGE",
    "BY_CODE",
    "CLOSED_IN_TIME",
    "CLOSED_LATELY",
    "CLOSED_OF_LIMITED",
    "CLOSED_ON",
    "COULD_NOT",
    "COULD_NOT_REPORTS",
    "DAYS",
    "DUE_AND_OPEN",
    "ESCALATED",
    "FILED",
    "FILED_LATELY",
    "IN_TIME",
    "MEASURES",
    "OPEN_CASES",
    "OVERDUE",
    "OVERDUE_REPORTS",
    "RECEIVED",
    "REWORK",
    "SHOULD_CLOSE",
    "Look",
    "Measure",
    "Rate",
    "share",
]
