"""The pages of the register of addresses: look up, add, correct, name, merge, retire."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wangge.accounts.access import signed_in
from wangge.accounts.models import Account
from wangge.common.forms import refusals_in
from wangge.registry.addresses import actions, queries
from wangge.registry.addresses.forms import AddressForm, CorrectionForm, MergeForm, NameForm, RoomForm
from wangge.registry.addresses.permissions import KEPT_BY, is_editor, is_staff, may_edit, path_of
from wangge.registry.models import Address
from wangge.territory.models import Area
from wangge.territory.scopes import scope_of

PER_PAGE = 60
LONGEST = 100


def staff(request: HttpRequest) -> Account:
    """Return who asks; PermissionDenied for whoever has no post."""
    person = signed_in(request)
    if not is_staff(person):
        raise PermissionDenied(_("The register is for people with a post."))
    return person


@login_required
@require_safe
def addresses(request: HttpRequest) -> HttpResponse:
    """Look an address up, or go through the streets and estates."""
    person, words = staff(request), request.GET.get("q", "").strip()[:LONGEST]
    context = {
        "words": words,
        "rows": queries.found(words) if words else None,
        "page": None
        if words
        else Paginator(queries.tops(scope_of(person)), PER_PAGE).get_page(request.GET.get("page")),
        "may_add": is_editor(person),
    }
    return render(request, "registry/addresses.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a street or an estate."""
    person = staff(request)
    if not is_editor(person):
        raise PermissionDenied(KEPT_BY)
    given = request.POST if request.method == "POST" else None
    form = AddressForm(given, initial={"name": request.GET.get("name", "")[:LONGEST]})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            added = _add(form, None, person)
            messages.success(request, _("%(text)s is in the register.") % {"text": added.text})
            return redirect("registry:address", added.pk)
    return render(request, "registry/new_address.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def address(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one address with what lies below it."""
    return _show(request, staff(request), _found(pk))


@login_required
@require_POST
def change(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Change an address, or what lies below it, by one of the forms on its page."""
    person, one, way = staff(request), _found(pk), CHANGES[name]
    if not may_edit(person, path_of(one)):
        raise PermissionDenied(KEPT_BY)
    form = way.form(one, request.POST)
    if form.is_valid():
        with refusals_in(form):
            way.act(form, one, person)
    if form.errors:
        return _show(request, person, one, status=422, **{name: form})
    messages.success(request, _("Saved."))
    return redirect("registry:address", way.to(form, one).pk)


# -- Parts of the views ---------------------------------------------------------------------------------------


def _found(pk: int) -> Address:
    rows = Address.objects.select_related("area", "parent__parent__parent__parent", "merged_into")
    return get_object_or_404(rows.defer("area__boundary"), pk=pk)


def _add(form: AddressForm, parent: Address | None, person: Account) -> Address:
    given = form.cleaned_data
    return actions.add_address(
        parent=parent,
        kind=given["kind"],
        name=given["name"],
        point=form.point,
        source=given["source"],
        by=person,
        at=timezone.now(),
    )


def _correct(form: CorrectionForm, one: Address, person: Account) -> None:
    given = form.cleaned_data
    actions.correct_address(
        one,
        name=given["name"],
        point=form.point,
        keeps_former=given["keeps_former"],
        by=person,
        at=timezone.now(),
    )


@dataclass(frozen=True)
class Change:
    """One form on the page of an address: how it is begun, what it does, and which address is shown then."""

    form: Callable[..., Any]  # of the address and what was sent, if anything
    act: Callable[[Any, Address, Account], Any]
    to: Callable[[Any, Address], Address] = lambda form, one: one


CHANGES: Mapping[str, Change] = {
    "part": Change(
        lambda one, sent=None: AddressForm(sent, parent=one, auto_id="part_%s"),
        _add,
    ),
    "room": Change(
        lambda one, sent=None: RoomForm(sent, auto_id="room_%s"),
        lambda form, one, by: actions.add_room(one, **form.cleaned_data, by=by, at=timezone.now()),
    ),
    "correction": Change(
        lambda one, sent=None: CorrectionForm(
            sent,
            initial={"name": one.name, "lon": one.lon, "lat": one.lat, "keeps_former": True},
            auto_id="correction_%s",
        ),
        _correct,
    ),
    "naming": Change(
        lambda one, sent=None: NameForm(sent, auto_id="naming_%s"),
        lambda form, one, by: actions.name_address(one, **form.cleaned_data, by=by, at=timezone.now()),
    ),
    "merging": Change(
        lambda one, sent=None: MergeForm(sent, auto_id="merging_%s"),
        lambda form, one, by: actions.merge_addresses(one, **form.cleaned_data, by=by, at=timezone.now()),
        to=lambda form, one: form.cleaned_data["into"],
    ),
    "retirement": Change(
        lambda one, sent=None: forms.Form(sent),
        lambda form, one, by: actions.retire_address(one, by=by, at=timezone.now()),
    ),
}


def _show(
    request: HttpRequest, person: Account, one: Address, *, status: int = 200, **tried: forms.Form
) -> HttpResponse:
    path = path_of(one)
    may = may_edit(person, path) and one.valid_to is None
    context = {
        "address": one,
        "chain": queries.chain_of(one)[:-1],
        "names": one.names.order_by("kind", "name"),
        "page": Paginator(queries.parts_of(one), PER_PAGE).get_page(request.GET.get("page")),
        "rooms": queries.rooms_of(one, person),
        "has_rooms": one.kind in actions.WITH_ROOMS,
        "grid": Area.objects.filter(pk=int(path.strip("/").rpartition("/")[2])).defer("boundary").first(),
        "alike": queries.alike(one) if may else [],
        "may_edit": may,
        "has_parts": bool(actions.BELOW[one.kind]),
        **{name: tried.get(name) or way.form(one) for name, way in CHANGES.items()},
        "open": next(iter(tried), ""),
    }
    return render(request, "registry/address.html", context, status=status)
