"""The handover of a shift: the record, the form of the outgoing duty chief, and the sheet that the incoming one confirms."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wangge.accounts.models import Account
from wangge.cases import actions
from wangge.cases.actions.handover import is_chief
from wangge.cases.forms.roster import ConfirmForm, HandoverForm
from wangge.cases.models import Handover
from wangge.cases.queries import handover as queries
from wangge.cases.queries.roster import on_duty_for
from wangge.cases.views.asking import person_of
from wangge.cases.views.roster import desk_named
from wangge.common.forms import put_refusal, refusals_in
from wangge.common.refusals import Refused
from wangge.territory.models import Area

PAGE = 30


@login_required
@require_safe
def handovers(request: HttpRequest) -> HttpResponse:
    """Show the record of handovers; what waits for its confirmation comes first."""
    person = person_of(request)
    area, _desks = desk_named(request, person)
    record = queries.handovers_for(person)
    context = {
        "area": area,
        "waiting": record.filter(confirmed_at=None),
        "page": Paginator(record.exclude(confirmed_at=None), PAGE).get_page(request.GET.get("page")),
        "may_write": is_chief(person, area),
    }
    return render(request, "cases/handovers.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_handover(request: HttpRequest) -> HttpResponse:
    """Hand a shift over."""
    person, now = person_of(request), timezone.now()
    area, _desks = desk_named(request, person)
    if not is_chief(person, area):
        raise PermissionDenied(_("A shift is handed over by the duty chief of the desk."))
    form = HandoverForm(request.POST or None, by=person)
    if request.method == "POST" and form.is_valid() and (written := _write(form, area, person)):
        messages.success(request, _("Handed over; the next duty chief confirms it."))
        return redirect("cases:handover", written.pk)
    context = {
        "form": form,
        "area": area,
        "numbers": queries.in_words(queries.numbers_for(person, queries.tally_of(area, now))),
        "proposed": queries.worth_watching(area, person, now),
        "on_duty": on_duty_for(person, now),
        "now": now,
    }
    return render(request, "cases/new_handover.html", context, status=422 if form.errors else 200)


def _write(form: HandoverForm, area: Area, by: Account) -> Handover | None:
    said = form.cleaned_data
    try:
        return actions.write_handover(
            area, watch=said["watch"], words=said["words"], pinned=form.pinned, by=by, at=timezone.now()
        )
    except Refused as refused:
        put_refusal(form, refused)
        return None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one handover, printable; the incoming duty chief confirms it by name."""
    person, now = person_of(request), timezone.now()
    found = get_object_or_404(queries.handovers_for(person), pk=pk)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _confirm(form, found, person):
        messages.success(request, _("You have taken the shift over."))
        return redirect("cases:handover", pk)
    context = {
        "handover": found,
        "numbers": queries.in_words(
            queries.numbers_for(person, queries.Tally(found.numbers, found.confidential))
        ),
        "pinned": queries.pinned_in(found, person, now),
        "form": form,
        "may_confirm": found.confirmed_at is None
        and found.written_by_id != person.pk
        and is_chief(person, found.area),
    }
    return render(request, "cases/handover.html", context, status=422 if form.errors else 200)


def _confirm(form: ConfirmForm, found: Handover, by: Account) -> bool:
    with refusals_in(form):
        actions.confirm_handover(found, by=by, at=timezone.now(), remark=form.cleaned_data["remark"])
    return not form.errors
