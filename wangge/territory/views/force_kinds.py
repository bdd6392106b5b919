"""The kinds of forces, kept by the system administrator."""

from django.contrib.messages import success
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from wangge.accounts.access import only, signed_in
from wangge.accounts.models import AdminRole
from wangge.common.forms import refusals_in
from wangge.territory.forces.kinds import store_kind
from wangge.territory.forms import ForceKindForm
from wangge.territory.models import ForceKind


@only(AdminRole.SYSTEM)
def kinds(request: HttpRequest, code: str = "") -> HttpResponse:
    """List the kinds; a form adds one, or says the one with the code otherwise."""
    shown = get_object_or_404(ForceKind, code=code) if code else None
    form = ForceKindForm(request.POST or None, instance=shown)
    if request.method == "POST" and form.is_valid() and _stored(request, form, code):
        success(request, _("Saved."))
        return redirect("territory:force_kinds")
    every = ForceKind.objects.annotate(held=Count("posts")).order_by("ordinal", "code")
    page = {"kinds": every, "form": form, "code": code}
    return render(request, "territory/forces/kinds.html", page, status=422 if form.errors else 200)


def _stored(request: HttpRequest, form: ForceKindForm, code: str) -> bool:
    said = {"code": code, **form.cleaned_data}
    with refusals_in(form):
        store_kind(**said, is_new=not code, by=signed_in(request), at=timezone.now())
    return not form.errors
