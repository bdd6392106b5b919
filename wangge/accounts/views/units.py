"""The system administrator's pages about units."""

from collections.abc import Callable

from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wangge.accounts import actions, queries
from wangge.accounts.access import only, signed_in
from wangge.accounts.forms import UnitForm
from wangge.accounts.models import AdminRole, Unit
from wangge.common.forms import refusals_in
from wangge.common.requests import client_address


@only(AdminRole.SYSTEM)
def units(request: HttpRequest) -> HttpResponse:
    """Show all units as a tree."""
    return render(request, "accounts/units.html", {"lines": queries.unit_tree()})


@only(AdminRole.SYSTEM)
def new_unit(request: HttpRequest) -> HttpResponse:
    """Make a unit, below another one when the address names it."""
    return _edit(request, Unit(), _("New unit"), initial={"parent": request.GET.get("below")})


@only(AdminRole.SYSTEM)
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and correct one unit."""
    subject = get_object_or_404(Unit, pk=pk)
    return _edit(request, subject, subject.name)


def _edit(
    request: HttpRequest, subject: Unit, title: str, initial: dict[str, str | None] | None = None
) -> HttpResponse:
    form = UnitForm(request.POST or None, instance=subject, initial=initial)
    if request.method == "POST" and form.is_valid() and _save(request, form):
        success(request, _("Saved."))
        return redirect("accounts:units")
    page = {"form": form, "title": title, "subject": subject}
    return render(request, "accounts/unit.html", page, status=422 if form.errors else 200)


def _save(request: HttpRequest, form: UnitForm) -> bool:
    with refusals_in(form):
        actions.save_unit(
            form.instance, by=signed_in(request), at=timezone.now(), address=client_address(request)
        )
    return not form.errors


@only(AdminRole.SYSTEM)
@require_POST
def closure(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a unit."""
    return _act(request, pk, actions.close_unit, _("The unit is closed."))


@only(AdminRole.SYSTEM)
@require_POST
def reopening(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed unit again."""
    return _act(request, pk, actions.reopen_unit, _("The unit is open again."))


def _act(request: HttpRequest, pk: int, action: Callable[..., None], done: str) -> HttpResponse:
    action(
        get_object_or_404(Unit, pk=pk),
        by=signed_in(request),
        at=timezone.now(),
        address=client_address(request),
    )
    success(request, done)
    return redirect("accounts:units")
