"""The register of facilities, and the files by which it is brought in line."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
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
from wangge.common.refusals import Refused
from wangge.registry.facilities import bringing, columns, permissions, queries
from wangge.registry.facilities.forms import FacilityFileForm
from wangge.registry.models import Facility, FacilityFile

PER_PAGE = 60
SHOWN = 20  # files
LONGEST = 100


def _keeper(request: HttpRequest) -> Account:
    person = signed_in(request)
    if not permissions.is_keeper(person):
        raise PermissionDenied(permissions.KEPT_BY)
    return person


def _file(request: HttpRequest, pk: UUID) -> FacilityFile:
    return get_object_or_404(permissions.files_in_sight(_keeper(request)), pk=pk)


@login_required
@require_safe
def facilities(request: HttpRequest) -> HttpResponse:
    """Look facilities up, or go through those in sight."""
    person = signed_in(request)
    if not permissions.may_look(person):
        raise PermissionDenied(_("The register is for people with a post."))
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    state = request.GET.get("state", "")
    rows = Paginator(queries.found(person, words, state), PER_PAGE).get_page(request.GET.get("page"))
    page = {
        "page": rows,
        "words": words,
        "state": state,
        "states": Facility.State.choices,
        "may_bring": permissions.is_keeper(person),
    }
    return render(request, "registry/facilities/facilities.html", page)


@login_required
def files(request: HttpRequest) -> HttpResponse:
    """Bring a file; the last ones are listed."""
    person = _keeper(request)
    form = FacilityFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            file = bringing.bring(given, given.name, form.reading, by=person, at=timezone.now())
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            return redirect("registry:facility_file", file.pk)
    page = {"form": form, "files": permissions.files_in_sight(person)[:SHOWN]}
    return render(request, "registry/facilities/files.html", page, status=422 if form.errors else 200)


@login_required
@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what was found in a file, or how far reading has come."""
    shown = _file(request, pk)
    found = shown.found or {}
    read = found.get("columns", {})
    page = {
        "file": shown,
        "found": found,
        "columns": [(columns.LABELS[name], read[name]) for name in columns.WAYS if name in read],
        "is_bringer": shown.made_by_id == signed_in(request).pk,
    }
    part = "HX-Request" in request.headers
    return render(request, f"registry/facilities/{'_file' if part else 'file'}.html", page)


@login_required
@require_POST
def confirmation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take over what was found."""
    try:
        bringing.confirm(_file(request, pk), by=signed_in(request), at=timezone.now())
    except Refused as refused:
        error(request, str(refused))
    return redirect("registry:facility_file", pk)


@login_required
@require_POST
def looking(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Compare the file with the register as it is now."""
    bringing.look_again(_file(request, pk), by=signed_in(request), at=timezone.now())
    return redirect("registry:facility_file", pk)


@login_required
@require_POST
def dropping(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Forget the file."""
    bringing.drop(_file(request, pk), by=signed_in(request))
    success(request, _("The file is dropped. Nothing was stored."))
    return redirect("registry:facility_files")
