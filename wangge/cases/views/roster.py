"""The duty roster of a desk: a week at a look, and the form of one shift."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wangge.accounts.models import Account
from wangge.cases import actions
from wangge.cases.forms.roster import ShiftForm
from wangge.cases.models import DeskShift
from wangge.cases.permissions import AREA_ROLES
from wangge.cases.queries import roster as queries
from wangge.cases.views.asking import person_of
from wangge.common.digits import whole_number
from wangge.common.refusals import Refused
from wangge.territory.models import Area
from wangge.territory.scopes import scope_of


def desk_named(request: HttpRequest, person: Account) -> tuple[Area, list[Area]]:
    """The desk that an address names among those in reach, the person's own unless it names any."""
    if not scope_of(person).has(*AREA_ROLES):
        raise PermissionDenied(
            _("The desk is for acceptors, duty chiefs, dispatchers, overseers and leaders.")
        )
    desks = queries.desks_of(person)
    if not desks:
        raise PermissionDenied(_("There is no desk in your area."))
    wanted = whole_number(request.GET.get("area", ""))
    return next((desk for desk in desks if desk.pk == wanted), desks[0]), desks


def monday_named(request: HttpRequest) -> date:
    """The Monday of the week in which the day of an address lies, this week's unless it names any."""
    try:
        day = date.fromisoformat(request.GET.get("day", ""))
        day = day if 2000 <= day.year < 2200 else timezone.localdate()
    except ValueError:
        day = timezone.localdate()
    return day - timedelta(days=day.weekday())


def _address(area: Area, day: date) -> str:
    return f"{reverse('cases:roster')}?area={area.pk}&day={day.isoformat()}"


@login_required
@require_safe
def roster(request: HttpRequest) -> HttpResponse:
    """Show a week of a desk's roster, with its gaps."""
    person, monday = person_of(request), monday_named(request)
    area, desks = desk_named(request, person)
    context = {
        "area": area,
        "desks": desks,
        "days": queries.week_of(area, monday),
        "monday": monday,
        "today": timezone.localdate(),
        "now": timezone.now(),
        "before": _address(area, monday - timedelta(days=7)),
        "after": _address(area, monday + timedelta(days=7)),
        "may_plan": actions.may_plan(person, area),
    }
    return render(request, "cases/roster.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_shift(request: HttpRequest) -> HttpResponse:
    """Put somebody on duty."""
    area, _desks = desk_named(request, person_of(request))
    initial = {"day": request.GET.get("day") or timezone.localdate()}
    form = ShiftForm(request.POST or None, area=area, initial=initial)
    return _edit(request, area, form, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one shift."""
    found = _shift_in_reach(request, pk)
    return _edit(request, found.area, ShiftForm(request.POST or None, area=found.area, shift=found), found)


def _edit(request: HttpRequest, area: Area, form: ShiftForm, found: DeskShift | None) -> HttpResponse:
    person = person_of(request)
    if not actions.may_plan(person, area):
        raise PermissionDenied(_("The roster of a desk is planned by its duty chief."))
    if request.method == "POST" and form.is_valid() and _save(form, area, found, person):
        messages.success(request, _("Saved."))
        return redirect(_address(area, form.cleaned_data["day"]))
    context = {
        "form": form,
        "area": area,
        "shift": found,
        "back": _address(area, _day_of(form)),
        "now": timezone.now(),
    }
    return render(request, "cases/shift.html", context, status=422 if form.errors else 200)


def _day_of(form: ShiftForm) -> date:
    day: Any = form["day"].value()
    try:
        return day if isinstance(day, date) else date.fromisoformat(str(day))
    except ValueError:
        return timezone.localdate()


def _save(form: ShiftForm, area: Area, found: DeskShift | None, by: Account) -> bool:
    at = timezone.now()
    try:
        if found is None:
            actions.add_shift(area, **form.answers(), by=by, at=at)
        else:
            actions.change_shift(found, **form.answers(), by=by, at=at)
    except Refused as refused:
        field = {"account": "duty"}.get(refused.field or "", refused.field)
        form.add_error(field if field in form.fields else None, str(refused))
        return False
    return True


@login_required
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a shift off the roster."""
    found = _shift_in_reach(request, pk)
    day = timezone.localdate(found.starts_at)
    actions.remove_shift(found, by=person_of(request), at=timezone.now())
    messages.success(request, _("The shift was taken off the roster."))
    return redirect(_address(found.area, day))


@login_required
@require_POST
def copy(request: HttpRequest) -> HttpResponse:
    """Repeat the week before."""
    area, _desks = desk_named(request, person_of(request))
    monday = monday_named(request)
    done = actions.copy_week(area, to=monday, by=person_of(request), at=timezone.now())
    said = ngettext("%(number)d shift was copied.", "%(number)d shifts were copied.", done.shifts)
    messages.success(request, said % {"number": done.shifts})
    for sentence in done.left_out:
        messages.warning(request, sentence)
    return redirect(_address(area, monday))


def _shift_in_reach(request: HttpRequest, pk: int) -> DeskShift:
    found = get_object_or_404(DeskShift.objects.select_related("area", "account"), pk=pk)
    if not scope_of(person_of(request)).covers(found.area.path, AREA_ROLES):
        raise Http404
    return found
