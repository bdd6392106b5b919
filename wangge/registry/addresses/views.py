"""The pages of the register of addresses: look up, add, correct, name, merge, retire."""

from collections.abc import Callable
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
from wangge.common.refusals import Refused
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
        added = _tried(form, lambda: _add(form, None, person))
        if added is not None:
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
def parts(request: HttpRequest, pk: int) -> HttpResponse:
    """Add what lies below."""
    person, one = staff(request), _found(pk)
    form = AddressForm(request.POST, parent=one, auto_id="part_%s")
    return _done(request, person, one, "part", form, lambda: _add(form, one, person))


@login_required
@require_POST
def rooms(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a room."""
    person, one = staff(request), _found(pk)
    form = RoomForm(request.POST, auto_id="room_%s")
    return _done(
        request, person, one, "room", form,
        lambda: actions.add_room(one, **form.cleaned_data, by=person, at=timezone.now()),
    )  # fmt: skip


@login_required
@require_POST
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Mend a name or a point."""
    person, one = staff(request), _found(pk)
    form = CorrectionForm(request.POST, auto_id="correction_%s")
    return _done(request, person, one, "correction", form, lambda: _correct(form, one, person))


@login_required
@require_POST
def naming(request: HttpRequest, pk: int) -> HttpResponse:
    """Add another name."""
    person, one = staff(request), _found(pk)
    form = NameForm(request.POST, auto_id="naming_%s")
    return _done(
        request, person, one, "naming", form,
        lambda: actions.name_address(one, **form.cleaned_data, by=person, at=timezone.now()),
    )  # fmt: skip


@login_required
@require_POST
def merging(request: HttpRequest, pk: int) -> HttpResponse:
    """Make this entry and another one."""
    person, one = staff(request), _found(pk)
    form = MergeForm(request.POST, auto_id="merging_%s")
    return _done(
        request, person, one, "merging", form,
        lambda: actions.merge_addresses(one, into=form.cleaned_data["into"], by=person, at=timezone.now()),
        to=lambda: int(form.cleaned_data["into"].pk),
    )  # fmt: skip


@login_required
@require_POST
def retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an address out of force."""
    person, one = staff(request), _found(pk)
    form = forms.Form(request.POST)
    return _done(
        request, person, one, "retirement", form,
        lambda: actions.retire_address(one, by=person, at=timezone.now()),
    )  # fmt: skip


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


def _correct(form: CorrectionForm, one: Address, person: Account) -> bool:
    given = form.cleaned_data
    actions.correct_address(
        one,
        name=given["name"],
        point=form.point,
        keeps_former=given["keeps_former"],
        by=person,
        at=timezone.now(),
    )
    return True


def _tried(form: forms.Form, act: Callable[[], Any]) -> Any:
    """What an act returns; None after a refusal, which then stands at its field."""
    try:
        return act()
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return None


def _done(
    request: HttpRequest,
    person: Account,
    one: Address,
    name: str,
    form: forms.Form,
    act: Callable[[], Any],
    to: Callable[[], int] | None = None,
) -> HttpResponse:
    if not may_edit(person, path_of(one)):
        raise PermissionDenied(KEPT_BY)
    if form.is_valid():
        _tried(form, act)
    if form.errors:
        return _show(request, person, one, status=422, **{name: form})
    messages.success(request, _("Saved."))
    return redirect("registry:address", to() if to else one.pk)


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
        "part": tried.get("part") or AddressForm(parent=one, auto_id="part_%s"),
        "has_parts": bool(actions.BELOW[one.kind]),
        "room": tried.get("room") or RoomForm(auto_id="room_%s"),
        "correction": tried.get("correction") or _correction_of(one),
        "naming": tried.get("naming") or NameForm(auto_id="naming_%s"),
        "merging": tried.get("merging") or MergeForm(),
        "retirement": tried.get("retirement") or forms.Form(),
        "open": next(iter(tried), ""),
    }
    return render(request, "registry/address.html", context, status=status)


def _correction_of(one: Address) -> CorrectionForm:
    return CorrectionForm(
        initial={"name": one.name, "lon": one.lon, "lat": one.lat, "keeps_former": True},
        auto_id="correction_%s",
    )
