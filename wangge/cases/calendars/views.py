"""Pages of the working calendars: everybody signed in reads them, the system administrator changes them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.messages import success
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.accounts.access import only, signed_in
from wangge.accounts.models import AdminRole
from wangge.cases.calendars import actions, matters, words, year
from wangge.cases.calendars.files import read_file
from wangge.cases.calendars.forms import AS_WEEKDAY, CalendarForm, DaysForm, FileForm, HoursForm
from wangge.cases.calendars.plan import Plan
from wangge.cases.models import Calendar, CalendarChange
from wangge.cases.seed import OFFICE_HOURS
from wangge.common.digits import whole_number
from wangge.common.refusals import Refused
from wangge.common.requests import client_address

SHOWN_CHANGES = 10


def _calendar(code: str) -> Calendar:
    return get_object_or_404(Calendar.objects.select_related("area", "unit", "base"), code=code)


def _may_change(request: HttpRequest) -> bool:
    return signed_in(request).admin_role == AdminRole.SYSTEM


@login_required
@require_safe
def calendars(request: HttpRequest) -> HttpResponse:
    """List the calendars; whoever only reads goes straight to the one there is."""
    found = list(Calendar.objects.select_related("area", "unit", "base").order_by("-in_force", "pk"))
    if not _may_change(request):
        found = [calendar for calendar in found if calendar.in_force]
        if len(found) == 1:
            return redirect("cases:calendar", found[0].code)
    this = timezone.localdate().year
    lines = [
        {
            "calendar": calendar,
            "holds": words.holds_for(calendar),
            "years": [(number, year.is_published(calendar, number)) for number in (this, this + 1)],
        }
        for calendar in found
    ]
    page = {"lines": lines, "may_change": _may_change(request)}
    return render(request, "cases/calendars/calendars.html", page)


@login_required
@require_safe
def calendar(request: HttpRequest, code: str) -> HttpResponse:
    """Show a year of a calendar, the days ahead and the hours."""
    shown, now, may_change = _calendar(code), timezone.now(), _may_change(request)
    wanted = whole_number(request.GET.get("year", "")) or year.today_in(shown, now).year
    if wanted not in year.years_of(shown, now):
        raise Http404
    planned = year.open_change(shown, signed_in(request)) if may_change else None
    plan = Plan.read(planned.plan) if planned else None
    page = {
        "calendar": shown,
        "page": year.year_page(shown, wanted, now, plan),
        "ahead": list(year.next_days(shown, now)),
        "hours": words.hours_words(shown.shifts),
        "rest": year.rest_words(shown),
        "holds": words.holds_for(shown),
        "may_change": may_change,
        "planned": planned,
        "planned_lines": words.plan_lines(plan) if plan else [],
        "changes": _past_changes(shown) if may_change else [],
        "subscription": request.build_absolute_uri(f"{request.path.rstrip('/')}.ics"),
    }
    return render(request, "cases/calendars/calendar.html", page)


def _past_changes(calendar: Calendar) -> list[dict[str, Any]]:
    done = calendar.changes.exclude(confirmed_at=None).select_related("confirmed_by")[:SHOWN_CHANGES]
    return [{"change": change, "lines": words.plan_lines(Plan.read(change.plan))[:3]} for change in done]


@require_safe
def subscription(request: HttpRequest, code: str) -> HttpResponse:
    """Hand out a calendar for phones; working days are public, and a phone cannot sign in."""
    return year.as_ics(_calendar(code), request.get_host(), timezone.now())


# -- Planning --------------------------------------------------------------------------------------------


@only(AdminRole.SYSTEM)
def days(request: HttpRequest, code: str) -> HttpResponse:
    """Plan a day or a stretch of days."""
    shown = _calendar(code)
    form = DaysForm(request.POST or None, initial=_day_as_it_is(shown, request.GET.get("day", "")))
    return _planning(request, shown, form, form.plan, _("Change days"))


def _day_as_it_is(calendar: Calendar, asked: str) -> dict[str, Any]:
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return {}
    stored = year.stored_day(calendar, day)
    if stored is None:
        return {"first": day, "kind": AS_WEEKDAY}
    told = {name: getattr(stored, name) for name in ("kind", "name", "emergency", "reason")}
    return {"first": day, **told}


@only(AdminRole.SYSTEM)
def hours(request: HttpRequest, code: str) -> HttpResponse:
    """Plan other hours, days of rest in a week, another time zone."""
    shown = _calendar(code)
    form = HoursForm(shown, request.POST or None)
    return _planning(request, shown, form, form.plan, _("Working hours"), "cases/calendars/hours.html")


@only(AdminRole.SYSTEM)
def file(request: HttpRequest, code: str) -> HttpResponse:
    """Plan the days of a file."""
    shown = _calendar(code)
    form = FileForm(request.POST or None, request.FILES or None)

    def plan() -> Plan:
        given, published = form.cleaned_data["file"], form.cleaned_data["publish"]
        told = read_file(given.name, given.read())
        return told.joined(Plan(years={published: True})) if published else told

    return _planning(request, shown, form, plan, _("Days from a file"), "cases/calendars/file.html")


def _planning(
    request: HttpRequest,
    shown: Calendar,
    form: Any,
    plan: Callable[[], Plan],
    title: str,
    template: str = "cases/calendars/days.html",
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            change = actions.plan_change(shown, plan(), by=signed_in(request), at=timezone.now())
        except Refused as refused:
            _tell(form, refused)
        else:
            return redirect("cases:calendar_change", shown.code, change.pk)
    page = {"calendar": shown, "form": form, "title": title, "back": _year_asked(request, form)}
    return render(request, template, page, status=422 if form.errors else 200)


def _tell(form: Any, refused: Refused) -> None:
    for line in str(refused).splitlines():
        form.add_error(refused.field if refused.field in form.fields else None, line)


def _year_asked(request: HttpRequest, form: Any) -> str:
    asked = request.GET.get("day", "")[:4]
    return asked if asked.isascii() and asked.isdigit() else ""


@only(AdminRole.SYSTEM)
@require_POST
def publication(request: HttpRequest, code: str) -> HttpResponse:
    """Plan to publish a year, or to take that back."""
    shown = _calendar(code)
    wanted = whole_number(request.POST.get("year", ""))
    if wanted is None or wanted not in year.years_of(shown, timezone.now()):
        raise Http404
    plan = Plan(years={wanted: request.POST.get("published") == "yes"})
    change = actions.plan_change(shown, plan, by=signed_in(request), at=timezone.now())
    return redirect("cases:calendar_change", code, change.pk)


# -- What it would move; yes or no -----------------------------------------------------------------------


def _change(code: str, pk: int) -> CalendarChange:
    found = CalendarChange.objects.select_related("calendar", "confirmed_by", "made_by")
    return get_object_or_404(found, pk=pk, calendar__code=code)


@only(AdminRole.SYSTEM)
@require_safe
def change(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Show what is planned and what it would move; or how far the clocks have followed."""
    return _show(request, _change(code, pk))


def _show(request: HttpRequest, shown: CalendarChange, refusal: str = "", status: int = 200) -> HttpResponse:
    plan = Plan.read(shown.plan)
    page = {
        "calendar": shown.calendar,
        "change": shown,
        "impact": shown.impact,
        "lines": words.plan_lines(plan),
        "nothing": plan.says_nothing,
        "unsure": _unsure(plan),
        "outdated": shown.confirmed_at is None and shown.seen_version != shown.calendar.version,
        "mine": shown.made_by_id == signed_in(request).pk,
        "refusal": refusal,
        "waits": shown.confirmed_at is None and not shown.impact and not plan.says_nothing,
    }
    part = "HX-Request" in request.headers
    template = "cases/calendars/_change.html" if part else "cases/calendars/change.html"
    return render(request, template, page, status=status)


def _unsure(plan: Plan) -> list[dict[str, Any]]:
    """Days that a file does not tell, by name."""
    found: dict[str, list[date]] = {}
    for day, name in plan.unsure:
        found.setdefault(name, []).append(day)
    return [
        {"name": name, "days": days, "field": f"name-{at}"} for at, (name, days) in enumerate(found.items())
    ]


@only(AdminRole.SYSTEM)
@require_safe
def change_matters(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """List the matters that a planned change would move."""
    shown = _change(code, pk)
    only_kind = request.GET.get("only", "matters")
    if only_kind not in {"matters", "overdue", "relieved"} or shown.confirmed_at is not None:
        raise Http404
    after = whole_number(request.GET.get("after", "")) or 0
    found = matters.page_of(shown, timezone.now(), after=after, only=only_kind)
    page = {
        "calendar": shown.calendar, "change": shown, "only": only_kind, "lines": found.lines, "after": found.next,
    }  # fmt: skip
    return render(request, "cases/calendars/matters.html", page)


@only(AdminRole.SYSTEM)
@require_POST
def decision(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take what the administrator says of days that a file does not tell."""
    shown = _change(code, pk)
    said = {one["name"]: request.POST.get(one["field"]) for one in _unsure(Plan.read(shown.plan))}
    answers = {name: kind for name, kind in said.items() if kind in {"work", "rest", ""}}
    actions.decide_unsure(shown, answers, by=signed_in(request), at=timezone.now())
    return redirect("cases:calendar_change", code, pk)


@only(AdminRole.SYSTEM)
@require_POST
def counting(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Count anew what the plan would move."""
    actions.count_anew(_change(code, pk), by=signed_in(request), at=timezone.now())
    return redirect("cases:calendar_change", code, pk)


@only(AdminRole.SYSTEM)
@require_POST
def confirmation(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Put a planned change into force."""
    shown = _change(code, pk)
    try:
        actions.confirm_change(
            shown, by=signed_in(request), at=timezone.now(), address=client_address(request)
        )
    except Refused as refused:
        return _show(request, _change(code, pk), str(refused), status=409)
    success(request, _("The calendar is changed."))
    return redirect("cases:calendar_change", code, pk)


@only(AdminRole.SYSTEM)
@require_POST
def dropping(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Forget a planned change."""
    actions.drop_change(_change(code, pk), by=signed_in(request))
    success(request, _("The plan is dropped; the calendar is as it was."))
    return redirect("cases:calendar", code)


# -- Calendars themselves --------------------------------------------------------------------------------


@only(AdminRole.SYSTEM)
def new_calendar(request: HttpRequest) -> HttpResponse:
    """Make a calendar for an area or a unit; its hours begin as those of the one it follows."""
    general = Calendar.objects.filter(area=None, unit=None, in_force=True).first()
    form = CalendarForm(request.POST or None, initial={"base": general})
    return _keeping(request, form, _("New calendar"))


@only(AdminRole.SYSTEM)
def settings(request: HttpRequest, code: str) -> HttpResponse:
    """Give a calendar another name, area or unit."""
    shown = _calendar(code)
    return _keeping(request, CalendarForm(request.POST or None, instance=shown), shown.name)


def _keeping(request: HttpRequest, form: CalendarForm, title: str) -> HttpResponse:
    kept = form.instance
    if request.method == "POST" and form.is_valid():
        if kept.pk is None:
            model = kept.base or Calendar(shifts=OFFICE_HOURS)
            kept.shifts, kept.weekly_rest, kept.time_zone = model.shifts, model.weekly_rest, model.time_zone
        try:
            actions.save_calendar(
                kept, by=signed_in(request), at=timezone.now(), address=client_address(request)
            )
        except Refused as refused:
            _tell(form, refused)
        else:
            success(request, _("Saved."))
            return redirect("cases:calendar", kept.code)
    page = {"form": form, "title": title, "calendar": kept if kept.pk else None}
    return render(request, "cases/calendars/settings.html", page, status=422 if form.errors else 200)


@only(AdminRole.SYSTEM)
@require_POST
def ending(request: HttpRequest, code: str) -> HttpResponse:
    """Let no more clocks start by a calendar."""
    actions.end_calendar(
        _calendar(code), by=signed_in(request), at=timezone.now(), address=client_address(request)
    )
    success(request, _("No clock starts by this calendar any more."))
    return redirect("cases:calendars")
