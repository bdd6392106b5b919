"""Extracts of OpenStreetMap by the page: brought, followed while they are read, and stored when somebody has seen the summary."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.messages import error, success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.accounts.access import only, signed_in
from wangge.accounts.models import AdminRole
from wangge.common.refusals import Refused
from wangge.registry.models import Extract
from wangge.registry.osm import bringing, telling

SHOWN = 20


class ExtractForm(forms.Form):
    """An extract."""

    file = forms.FileField(
        label=gettext_lazy("Extract of OpenStreetMap"),
        help_text=gettext_lazy(".osm.pbf or .osm, at most 300 MB: a county or a city, not a country."),
        widget=forms.FileInput(attrs={"accept": ".pbf,.osm"}),
    )


@only(AdminRole.SYSTEM)
def extracts(request: HttpRequest) -> HttpResponse:
    """Bring an extract; the last ones are listed."""
    form = ExtractForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            brought = bringing.bring(given, given.name, by=signed_in(request), at=timezone.now())
        except Refused as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("registry:extract", brought.pk)
    page = {"form": form, "extracts": Extract.objects.select_related("made_by")[:SHOWN]}
    return render(request, "registry/extracts/extracts.html", page, status=422 if form.errors else 200)


@only(AdminRole.SYSTEM)
@require_safe
def extract(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what is in an extract, or how far reading has come."""
    shown = get_object_or_404(Extract.objects.select_related("made_by", "stored_by"), pk=pk)
    page: dict[str, Any] = {"extract": shown}
    if "ground" in shown.found:
        page |= {
            "taken": telling.taken(shown.found),
            "repaired": telling.repaired(shown.found),
            "left": telling.left(shown.found),
            "is_elsewhere": 0 < shown.found["buildings"] == shown.found["outside"],
        }
    part = "HX-Request" in request.headers
    return render(request, f"registry/extracts/{'_extract' if part else 'extract'}.html", page)


@only(AdminRole.SYSTEM)
@require_POST
def confirmation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Store what was found."""
    try:
        bringing.confirm(get_object_or_404(Extract, pk=pk), by=signed_in(request), at=timezone.now())
    except Refused as refused:
        error(request, str(refused))
    return redirect("registry:extract", pk)


@only(AdminRole.SYSTEM)
@require_POST
def looking(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read an extract anew whose reading stopped in the middle."""
    bringing.look_again(get_object_or_404(Extract, pk=pk), by=signed_in(request), at=timezone.now())
    return redirect("registry:extract", pk)


@only(AdminRole.SYSTEM)
@require_POST
def dropping(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Forget the extract."""
    bringing.drop(get_object_or_404(Extract, pk=pk), by=signed_in(request))
    success(request, _("The file is dropped. Nothing was stored."))
    return redirect("registry:extracts")
