"""What is done with calendars: plan a change, confirm it, drop it; make, correct and end a calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from wangge.accounts.access import demand_role
from wangge.accounts.models import Account, AdminRole
from wangge.audit.actions import record_access
from wangge.cases import clocks
from wangge.cases.calendars import impact, recompute
from wangge.cases.calendars.plan import Day, Plan
from wangge.cases.models import Calendar, CalendarChange, CalendarDay
from wangge.common.refusals import Refused

# So many clocks are counted, and follow, while the page is waited for; more of them are the worker's.
AT_ONCE = 2000
MOST_DAYS_KEPT = 50  # days an entry of the access log names one by one


class Outdated(Refused):
    """Somebody else changed the calendar after this change was counted."""


@dataclass(frozen=True)
class Changed:
    """What a change of a calendar did: days added or changed, years published, reports and cases recomputed."""

    days: int
    years: int
    recomputed: int


# -- Planning --------------------------------------------------------------------------------------------


@transaction.atomic
def plan_change(calendar: Calendar, plan: Plan, *, by: Account, at: datetime) -> CalendarChange:
    """Add a plan to what this person plans for the calendar already, and count what it would move.

    Raises Refused when nothing would change, when nobody would work any more, or for anybody but the system administrator.
    """
    demand_role(by, AdminRole.SYSTEM)
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    change = CalendarChange.objects.filter(calendar=calendar, made_by=by, confirmed_at=None).first()
    joined = Plan.read(change.plan).joined(plan) if change else plan
    if plan.news_for(calendar).says_nothing and change is None:
        raise Refused(_("The calendar says this already; nothing would change."))
    news = joined.news_for(calendar)
    if change is None:
        change = CalendarChange(calendar=calendar, made_by=by)
    change.plan, change.made_at = news.data(), at
    _look_anew(change, calendar, at)
    return change


@transaction.atomic
def decide_unsure(
    change: CalendarChange, answers: Mapping[str, str], *, by: Account, at: datetime
) -> CalendarChange:
    """Say what the days are that a file did not tell: by name, work, rest, or "" to leave them out."""
    demand_role(by, AdminRole.SYSTEM)
    plan = Plan.read(change.plan)
    told = tuple(
        Day(day, answers[name], name)
        for day, name in plan.unsure
        if answers.get(name) in CalendarDay.Kind.values
    )
    left = tuple((day, name) for day, name in plan.unsure if name not in answers)
    change.plan = replace(plan, unsure=left).joined(Plan(told)).data()
    _look_anew(change, change.calendar, at)
    return change


@transaction.atomic
def count_anew(change: CalendarChange, *, by: Account, at: datetime) -> None:
    """Look at the calendar as it is now, and count once more what the plan would move."""
    demand_role(by, AdminRole.SYSTEM)
    calendar = Calendar.objects.select_for_update().get(pk=change.calendar_id)
    change.plan = Plan.read(change.plan).news_for(calendar).data()
    _look_anew(change, calendar, at)


def _look_anew(change: CalendarChange, calendar: Calendar, at: datetime) -> None:
    plan = Plan.read(change.plan)
    change.seen_version, change.impact = calendar.version, {}
    change.save()
    if plan.says_nothing or plan.unsure:
        return
    _demand_work(calendar, plan, at)
    if _waits_for_few(calendar, plan, at):
        count(change, at=at)
    else:
        task = app.configure_task("config.jobs.count_calendar_change", queue="upkeep")
        task.defer(change_id=change.pk)


def _waits_for_few(calendar: Calendar, plan: Plan, at: datetime) -> bool:
    return impact.candidates(impact.in_force(calendar), plan).count() <= AT_ONCE


def _demand_work(calendar: Calendar, plan: Plan, at: datetime) -> None:
    """Refuse a calendar in which nobody would work: no due moment could be computed."""
    try:
        for planned in impact.as_planned(calendar, plan, at).values():
            # The longest search there is: from the last day of what is planned.
            last = max([at.date(), *(day.date for day in plan.days)]) + timedelta(days=1)
            planned.working_time.close_of_business(last.toordinal(), working_days=1)
    except ValueError:
        raise Refused(
            _("Nobody would work any more, so nothing could ever be due. Leave some work.")
        ) from None


def count(change: CalendarChange, *, at: datetime) -> None:
    """Count what a planned change would move, for the page that asks for a yes; harmless twice."""
    counted = impact.impact_of(change, at).data()
    planned = CalendarChange.objects.filter(
        pk=change.pk, plan=change.plan, seen_version=change.seen_version, confirmed_at=None
    )
    planned.update(impact=counted)
    change.impact = counted


def drop_change(change: CalendarChange, *, by: Account) -> None:
    """Forget a change that was only planned."""
    demand_role(by, AdminRole.SYSTEM)
    CalendarChange.objects.filter(pk=change.pk, confirmed_at=None).delete()


# -- Confirming ------------------------------------------------------------------------------------------


@transaction.atomic
def confirm_change(
    change: CalendarChange, *, by: Account, at: datetime, address: str | None = None
) -> CalendarChange:
    """Put a planned change into force; running clocks follow, each with an event of old and new due moment.

    A given (imported) due moment stays. Few clocks follow at once, many in batches by the worker. Harmless twice.
    Raises Outdated when somebody else changed the calendar since it was counted.
    """
    demand_role(by, AdminRole.SYSTEM)
    calendar = Calendar.objects.select_for_update().get(pk=change.calendar_id)
    change = CalendarChange.objects.select_for_update().get(pk=change.pk)
    if change.confirmed_at is not None:
        return change
    _demand_counted(change, calendar)
    _put_into_force(change, calendar, by, at, address)
    if change.clocks <= AT_ONCE:
        change = recompute.recompute(change.pk, clock=lambda: at, until=at + timedelta(days=1), passes=1)
        recompute.recompute_soon(change, seconds=2 * recompute.SETTLES_AFTER.seconds)
    else:
        recompute.recompute_soon(change)
    return change


def _demand_counted(change: CalendarChange, calendar: Calendar) -> None:
    plan = Plan.read(change.plan)
    if plan.unsure:
        raise Refused(_("Some days of the file do not say what they are. Please decide first."))
    if plan.says_nothing:
        raise Refused(_("The calendar says this already; nothing would change."))
    if change.seen_version != calendar.version:
        raise Outdated(_who_was_faster(calendar))
    if not change.impact:
        raise Refused(_("It is still being counted what would move. Please wait a moment."))


def _who_was_faster(calendar: Calendar) -> str:
    last = calendar.changes.exclude(confirmed_at=None).order_by("-confirmed_at").first()
    who = last.confirmed_by.name if last and last.confirmed_by else _("Somebody")
    return _(
        "%(who)s changed this calendar after you looked at it. Nothing was changed by you: count anew, then decide again."
    ) % {"who": who}


def _put_into_force(
    change: CalendarChange, calendar: Calendar, by: Account | None, at: datetime, address: str | None
) -> None:
    plan = Plan.read(change.plan)
    plan.store(calendar, at)
    change.confirmed_by, change.confirmed_at = by, at
    change.clocks = recompute.clocks_to_follow(calendar)
    change.save()
    record_access(
        "calendar_changed",
        by=by,
        at=at,
        subject_kind="calendar",
        subject_id=calendar.code,
        address=address,
        detail=_detail(plan, change),
    )
    transaction.on_commit(clocks.look_again)


def _detail(plan: Plan, change: CalendarChange) -> dict[str, Any]:
    return {
        "change": change.pk,
        "days": len(plan.days),
        "marked": [f"{day.date} {day.kind or 'normal'}" for day in plan.days[:MOST_DAYS_KEPT]],
        "years": [f"{year}{'' if published else ' –'}" for year, published in sorted(plan.years.items())],
        "hours": plan.changes_hours,
        "expected": change.counted("matters"),
    }


# -- By command ------------------------------------------------------------------------------------------


def calendar_of_code(code: str) -> Calendar:
    """Return the calendar with this code; raises Refused."""
    calendar = Calendar.objects.filter(code=code).first()
    if calendar is None:
        raise Refused(_("There is no calendar with the code “%(code)s”.") % {"code": code}, field="calendar")
    return calendar


def count_plan(code: str, plan: Plan, *, at: datetime) -> tuple[Plan, impact.Impact]:
    """Return what of a plan is new for a calendar, and what it would move; nothing is stored."""
    calendar = calendar_of_code(code)
    news = plan.news_for(calendar)
    if news.says_nothing:
        return news, impact.Impact(0, 0, 0, 0, 0, 0)
    _demand_work(calendar, news, at)
    tried = CalendarChange(calendar=calendar, plan=news.data(), seen_version=calendar.version, made_at=at)
    return news, impact.impact_of(tried, at)


def change_calendar(
    code: str,
    plan: Plan,
    *,
    clock: Callable[[], datetime],
    on_progress: Callable[[CalendarChange], None] = lambda change: None,
) -> Changed:
    """Add or change marked days and publish years by command; every running clock follows before it returns.

    Killed halfway, the calendar is changed and the worker lets the other clocks follow. Raises Refused.
    """
    at = clock()
    with transaction.atomic():
        calendar = Calendar.objects.select_for_update().get(pk=calendar_of_code(code).pk)
        news = plan.news_for(calendar)
        if news.says_nothing:
            return Changed(0, 0, 0)
        _demand_work(calendar, news, at)
        change = CalendarChange(
            calendar=calendar, plan=news.data(), seen_version=calendar.version, made_at=at
        )
        _put_into_force(change, calendar, None, at, None)
    while change.passes < 1:
        change = recompute.recompute_some(change.pk, at=clock())
        on_progress(change)
    recompute.recompute_soon(change, seconds=2 * recompute.SETTLES_AFTER.seconds)
    return Changed(len(news.days), len(news.years), change.moved)


# -- Calendars themselves --------------------------------------------------------------------------------


@transaction.atomic
def save_calendar(calendar: Calendar, *, by: Account, at: datetime, address: str | None = None) -> None:
    """Store a new calendar or another name, area or unit of one; clocks that run keep the calendar they began with.

    Raises Refused for a calendar that follows one that follows another, an unknown time zone, or a place taken already.
    """
    demand_role(by, AdminRole.SYSTEM)
    new = calendar.pk is None
    _demand_fitting(calendar)
    try:
        with transaction.atomic():
            calendar.save()
    except IntegrityError:
        raise Refused(
            _("Another calendar holds there already. End that one first, or choose another area or unit."),
            field="unit" if calendar.unit_id else "area",
        ) from None
    _write_down("calendar_made" if new else "calendar_corrected", calendar, by, at, address)


def _demand_fitting(calendar: Calendar) -> None:
    if calendar.base is not None and (calendar.base.base_id or calendar.base_id == calendar.pk):
        raise Refused(_("A calendar follows one that stands on its own."), field="base")
    if calendar.base_id and calendar.pk and calendar.followers.exists():
        raise Refused(_("Others follow this calendar, so it stands on its own."), field="base")
    demand_zone(calendar.time_zone)


def demand_zone(name: str) -> ZoneInfo:
    """Return a time zone by its name; raises Refused."""
    if name not in available_timezones():
        raise Refused(
            _("There is no time zone “%(name)s”. Names look like Asia/Shanghai.") % {"name": name[:60]},
            field="time_zone",
        )
    return ZoneInfo(name)


@transaction.atomic
def end_calendar(calendar: Calendar, *, by: Account, at: datetime, address: str | None = None) -> None:
    """Let no more clocks start by a calendar; those that run keep it. Raises Refused for the one that holds everywhere."""
    demand_role(by, AdminRole.SYSTEM)
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    if calendar.area_id is None and calendar.unit_id is None:
        raise Refused(_("This calendar holds wherever no other does; it cannot be ended."))
    if not calendar.in_force:
        raise Refused(_("This calendar has ended already."))
    Calendar.objects.filter(pk=calendar.pk).update(in_force=False)
    _write_down("calendar_ended", calendar, by, at, address)


def _write_down(act: str, calendar: Calendar, by: Account, at: datetime, address: str | None) -> None:
    record_access(
        act, by=by, at=at, subject_kind="calendar", subject_id=calendar.code, address=address,
        detail={"name": calendar.name},
    )  # fmt: skip
    transaction.on_commit(clocks.look_again)


def days_between(
    first: date, last: date, kind: str, name: str, *, emergency: bool = False, reason: str = ""
) -> Plan:
    """A plan for a day or a stretch of days, both ends included."""
    count = (last - first).days + 1
    return Plan(
        tuple(Day(first + timedelta(days=number), kind, name, emergency, reason) for number in range(count))
    )
