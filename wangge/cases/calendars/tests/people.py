"""Who changes calendars in these stories, and the case whose due moments follow."""

from datetime import datetime
from zoneinfo import ZoneInfo

from wangge.cases import actions, clocks
from wangge.cases.models import Calendar, Case, Clock, ClockKind, Report
from wangge.cases.tests.cast import Cast

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Friday; the Monday after it is an ordinary day, 2027 is not published.
FRIDAY = datetime(2026, 12, 18, 10, 0, tzinfo=SHANGHAI)


def general() -> Calendar:
    return Calendar.objects.get(code="default")


def dispatched(cast: Cast, days: int = 10, *, at: datetime = FRIDAY, to: str = "lamps") -> Case:
    """A lamp, dispatched with so many working days; in a district where the cast works."""
    cast.lamps  # noqa: B018  # the duty list must exist
    condition = cast.condition if days == 2 else cast.lamp.conditions.first()
    assert condition is not None
    condition.limit_kind, condition.limit_amount = "working_days", days
    condition.save()
    case = actions.file_report(cast.report(at=at), condition=condition, by=cast.duty_chief, at=at)
    actions.dispatch_case(case, to=getattr(cast, to), by=cast.dispatcher, at=at)
    return case


def clock(matter: Case | Report, kind: ClockKind = ClockKind.HANDLE) -> Clock:
    return Clock.objects.get(clocks.of(matter), kind=kind, stopped_at=None)


def moments() -> dict[int, tuple[datetime, datetime, bool]]:
    """What every running clock says."""
    rows = Clock.objects.filter(stopped_at=None)
    return {row.pk: (row.due_at, row.amber_at, row.provisional) for row in rows}
