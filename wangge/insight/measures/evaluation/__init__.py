"""The measures of evaluation (考核指标): counts of stage facts over a period, and shares of them."""

from wangge.insight.measures.evaluation import desk, hotline, levels, reports, stages, units
from wangge.insight.measures.evaluation.counted import Counted, Ratio
from wangge.insight.measures.evaluation.period import (
    Period,
    Span,
    month_before,
    month_of,
    read_period,
    recent_periods,
)

RATIOS: tuple[Ratio, ...] = (
    reports.FILING_RATE, reports.VALID_RATE, reports.MISSED_RATE, reports.PUBLIC_RATE,
    desk.SENT_IN_TIME_RATE, desk.VERIFIED_IN_TIME_RATE, desk.CHECKED_IN_TIME_RATE, desk.FILED_IN_TIME_RATE,
    desk.FILED_RIGHTLY_RATE, desk.DISPATCHED_IN_TIME_RATE, desk.DISPATCHED_RIGHTLY_RATE,
    units.HANDLED_RATE, units.HANDLED_IN_TIME_RATE, units.HANDLED_LATE_RATE, units.OPEN_LATE_RATE,
    units.EXTENSION_RATE, units.CLOSED_RATE, units.CLOSED_IN_TIME_RATE, units.CLOSED_LATE_RATE,
    units.NOT_CLOSED_RATE, units.REWORK_RATE,
    hotline.RESPONSE_RATE, hotline.SOLVING_RATE, hotline.SATISFACTION_RATE,
    *(ratio for _counted, ratio in levels.AT.values()),
)  # fmt: skip
RATIO_OF = {ratio.code: ratio for ratio in RATIOS}

COUNTS: tuple[Counted, ...] = tuple(
    {
        counted.code: counted
        for counted in (
            *(count for six in stages.OF.values() for count in six.all),
            *(count for ratio in RATIOS for count in (ratio.part, ratio.whole)),
            units.RECEIVED_BY_UNIT, units.SENT_BACK, units.SUSPENDED, units.URGED, units.REOPENED, units.VOIDED,
        )
    }.values()
)  # fmt: skip
COUNT_OF = {counted.code: counted for counted in COUNTS}

__all__ = [
    "COUNTS",
    "COUNT_OF",
    "RATIOS",
    "RATIO_OF",
    "Counted",
    "Period",
    "Ratio",
    "Span",
    "month_before",
    "month_of",
    "read_period",
    "recent_periods",
]
