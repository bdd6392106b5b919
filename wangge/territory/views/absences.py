"""Absences: who is away, who stands in, and saying so."""

from django.contrib.messages import error, success
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.accounts.access import signed_in
from wangge.accounts.models import Account
from wangge.common.forms import refusals_in
from wangge.common.requests import client_address
from wangge.territory.forces import permissions, reading
from wangge.territory.forces.absences import end_absence, record_absence
from wangge.territory.forms import AbsenceForm, EndForm
from wangge.territory.views.forces import for_lookers

PER_PAGE = 50


@for_lookers
@require_safe
def absences(request: HttpRequest) -> HttpResponse:
    """List who is away or will be, and who stands in; those over on demand."""
    person, today, past = signed_in(request), timezone.localdate(), request.GET.get("past") == "1"
    found = Paginator(reading.absences_in_sight(person, today, past=past), PER_PAGE)
    page = {
        "page": found.get_page(request.GET.get("page")),
        "past": past,
        "today": today,
        "may_manage": permissions.may_manage_some(person),
    }
    return render(request, "territory/forces/absences.html", page)


@for_lookers
def new_absence(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that somebody is away, and who stands in."""
    person, by, today = get_object_or_404(Account, pk=pk), signed_in(request), timezone.localdate()
    if not reading.may_arrange(by, person, today):
        raise PermissionDenied(
            _(
                "This is for the grid lead or duty chief of the area; posts at desks and units are the security administrator's."
            )
        )
    words = (request.POST.get("q") or request.GET.get("q", "")).strip()[:60]
    form = AbsenceForm(request.POST or None, initial={"starts_on": today})
    form.fields["stand_in"].queryset = reading.candidates(person, by=by, today=today, words=words)  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid() and _record(request, person, form):
        success(request, _("Recorded. The stand-in has been told."))
        return redirect("territory:absences")
    page = {
        "person": person,
        "form": form,
        "words": words,
        "posts": person.posts.filter(absence=None).select_related("area").order_by("area__path"),
    }
    return render(request, "territory/forces/absence.html", page, status=422 if form.errors else 200)


def _record(request: HttpRequest, person: Account, form: AbsenceForm) -> bool:
    with refusals_in(form):
        record_absence(
            person,
            **form.cleaned_data,
            by=signed_in(request),
            at=timezone.now(),
            address=client_address(request),
        )
    return not form.errors


@for_lookers
@require_POST
def absence_ending(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody is back earlier, or stays after all."""
    today = timezone.localdate()
    absence = get_object_or_404(reading.absences_in_sight(signed_in(request), today), pk=pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        error(request, _("Please give the first day back."))
        return redirect("territory:absences")
    end_absence(
        absence,
        on=form.cleaned_data["on"],
        by=signed_in(request),
        at=timezone.now(),
        address=client_address(request),
    )
    success(request, _("The absence ends on that day."))
    return redirect("territory:absences")
