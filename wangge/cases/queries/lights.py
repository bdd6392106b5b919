"""The light of a report or case, in Python for a row and in SQL for a list; both say the same."""

from datetime import datetime

from django.db.models import Q

from wangge.cases.deadlines import Light, light
from wangge.cases.models import Case, Report
from wangge.cases.workflow import OPEN_CASE, OPEN_REPORT


def is_open(subject: Report | Case) -> bool:
    """Tell whether any clock can still run for this report or case."""
    return subject.stage in (OPEN_REPORT if isinstance(subject, Report) else OPEN_CASE)


def light_of(subject: Report | Case, now: datetime) -> Light | None:
    """Return the worse light of the stage and the whole; what has ended has none."""
    if not is_open(subject):
        return None
    stage = light(subject.due_at, subject.amber_at, now)
    if not isinstance(subject, Case):
        return stage
    return worse(stage, light(subject.whole_due_at, subject.whole_amber_at, now))


_RANK = {shown: rank for rank, shown in enumerate(Light)}


def worse(one: Light, other: Light) -> Light:
    """The worse of two lights."""
    return one if _RANK[one] >= _RANK[other] else other


def deadline_of(subject: Report | Case, now: datetime) -> datetime | None:
    """Return the moment a row shows beside its light: the stage's, or the whole case's where that light is the worse one."""
    if not isinstance(subject, Case) or subject.whole_due_at is None:
        return subject.due_at
    stage = light(subject.due_at, subject.amber_at, now)
    whole = light(subject.whole_due_at, subject.whole_amber_at, now)
    return (
        subject.due_at
        if subject.due_at is not None and worse(stage, whole) == stage
        else subject.whole_due_at
    )


def red(now: datetime, *, case: bool) -> Q:
    """The condition of open matters past a deadline."""
    return _before("due_at", now, case=case)


def amber(now: datetime, *, case: bool) -> Q:
    """The condition of open matters that have used 80 % of a limit, none of it exceeded."""
    return _before("amber_at", now, case=case) & ~red(now, case=case)


def green(now: datetime, *, case: bool) -> Q:
    """The condition of open matters with time in hand."""
    return ~_before("amber_at", now, case=case) & ~red(now, case=case)


def _before(field: str, now: datetime, *, case: bool) -> Q:
    passed = Q(**{f"{field}__lt": now})
    return passed | Q(**{f"whole_{field}__lt": now}) if case else passed


CONDITIONS = {Light.RED: red, Light.AMBER: amber, Light.GREEN: green}
