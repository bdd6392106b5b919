"""The desk's own way in: somebody calls, and a seat writes it down."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wangge.accounts.models import Account
from wangge.cases.actions import receive_report
from wangge.cases.queries.classes import find_classes
from wangge.cases.queries.nearby import open_cases_near
from wangge.cases.workflow import DESK_ROLES
from wangge.common.refusals import Refused
from wangge.intake.channels.hotline.forms import CallForm
from wangge.intake.channels.web.places import FoundPlace, find_places
from wangge.territory.coordinates import parse_pair
from wangge.territory.scopes import scope_of


def seat(request: HttpRequest) -> Account:
    """Return the person at the desk; PermissionDenied for everybody else."""
    person = request.user
    if not isinstance(person, Account) or not scope_of(person).has(*DESK_ROLES):
        raise PermissionDenied(_("Calls are written down by acceptors, duty chiefs and dispatchers."))
    return person


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest) -> HttpResponse:
    """Show the form of a call, or receive the report."""
    person = seat(request)
    form = CallForm(request.POST or None, initial={"phone": request.GET.get("phone", "")[:40]})
    guesses: list[FoundPlace] = []
    if request.method == "POST" and form.is_valid():
        guesses = form.guesses()
        if not guesses and (answer := _received(request, form, person)):
            return answer
    chosen = form["matter"].value()
    classes = find_classes(form["text"].value() or "", most=6)
    context = {
        "form": form,
        "classes": classes,
        "chosen": str(chosen or ""),
        "searched": False,
        "places": guesses,
    }
    return render(request, "intake/hotline/call.html", context, status=422 if form.is_bound else 200)


def _received(request: HttpRequest, form: CallForm, person: Account) -> HttpResponse | None:
    """Receive the report and go on; None after a refusal, which the form then shows."""
    draft = form.draft(by=person, at=timezone.now())
    try:
        received = receive_report(draft)
    except Refused as refused:
        form.refuse(refused)
        return None
    messages.success(
        request,
        _("Received as %(number)s. Code for the caller: %(code)s")
        % {"number": received.number, "code": received.code},
    )
    desk = reverse("cases:desk")
    # What is confidential does not open even for the seat that wrote it down.
    return redirect(desk if draft.is_confidential else f"{desk}?open=report/{received.number}")


@login_required
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Answer a search for a place with what is called so."""
    seat(request)
    found = find_places(request.GET.get("address", ""))
    return render(request, "intake/hotline/_places.html", {"places": found})


@login_required
@require_safe
def near(request: HttpRequest) -> HttpResponse:
    """Show open cases close to the point: it may be known already."""
    person = seat(request)
    point = parse_pair(request.GET.get("lon"), request.GET.get("lat"))
    found = open_cases_near(person, *point, timezone.now()) if point else None
    return render(request, "intake/hotline/_near.html", {"near": found})
