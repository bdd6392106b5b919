"""Rules that name an area go on where it ended: rows of the duty list and working calendars, in the areas that follow."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from wangge.audit.actions import record_access
from wangge.cases.configuration import versions
from wangge.cases.models import Calendar, CalendarDay, CalendarYear, DutyRow

Ended = Mapping[int, Sequence[int]]  # an area's key → the keys of those that follow it

_KEY = ("unit_role", "matter_id", "season_from", "season_to", "hours", "valid_from", "valid_to")


def follow(ended: Ended, *, at: datetime) -> None:
    """Let rules follow; harmless the second time. Where nobody follows they stay, and hold no longer."""
    inherited = {area: then for area, then in ended.items() if then}
    if _follow_duty(inherited):
        versions.note_outside_changes(
            at=at, note=_("Areas were changed; the duty list goes on in those that follow.")
        )
    for calendar in list(Calendar.objects.filter(area_id__in=inherited, in_force=True).order_by("pk")):
        _follow_calendar(calendar, inherited[calendar.area_id or 0], at)


def _follow_duty(ended: Ended) -> int:
    """Give each row to every area that follows, unless that has such a row of its own; returns how many there were."""
    rows = list(DutyRow.objects.filter(area_id__in=ended).order_by("pk"))
    for row in rows:
        for area_id in ended[row.area_id]:
            same = {name: getattr(row, name) for name in _KEY}
            DutyRow.objects.get_or_create(area_id=area_id, **same, defaults={"unit_id": row.unit_id})
        row.delete()
    return len(rows)


def _follow_calendar(calendar: Calendar, areas: Sequence[int], at: datetime) -> None:
    """The first area that has no calendar of its own takes it over, each other one a calendar like it."""
    taken = set(Calendar.objects.filter(area_id__in=areas, in_force=True).values_list("area_id", flat=True))
    free = [area for area in areas if area not in taken]
    for area in free[1:]:
        _copy(calendar, area)
    if free:
        Calendar.objects.filter(pk=calendar.pk).update(area_id=free[0])
        record_access(
            "calendar_followed", by=None, at=at, subject_kind="calendar", subject_id=calendar.pk,
            detail={"code": calendar.code, "areas": free},
        )  # fmt: skip


def _copy(calendar: Calendar, area: int) -> None:
    told: dict[str, Any] = {
        name: getattr(calendar, name) for name in ("name", "time_zone", "shifts", "weekly_rest", "base_id")
    }
    made = Calendar.objects.create(code=f"{calendar.code[:20]}-{area}", area_id=area, **told)
    CalendarDay.objects.bulk_create(
        CalendarDay(
            calendar=made,
            day=day.day,
            kind=day.kind,
            name=day.name,
            emergency=day.emergency,
            reason=day.reason,
        )
        for day in calendar.days.all()
    )
    CalendarYear.objects.bulk_create(
        CalendarYear(calendar=made, year=year.year, published_at=year.published_at)
        for year in calendar.years.all()
    )
