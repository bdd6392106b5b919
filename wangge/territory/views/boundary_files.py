"""Files of boundaries in, as drafts that somebody else approves; and out, for everybody in post."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.messages import error, success
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.accounts.access import signed_in
from wangge.accounts.models import Account, AdminRole, Role
from wangge.common.refusals import Refused
from wangge.territory import bringing, codes, systems
from wangge.territory.changes import permissions
from wangge.territory.exports import Wanted, sheet_of
from wangge.territory.file_forms import BoundaryFileForm, ExportForm
from wangge.territory.formats.writing import MEDIA_TYPES, file_name, write
from wangge.territory.models import Area, BoundaryFile
from wangge.territory.scopes import scope_of

SHOWN = 20


def _bringer(request: HttpRequest) -> Account:
    person = signed_in(request)
    if not permissions.brings_somewhere(person):
        raise PermissionDenied(_("This is for territory administrators."))
    return person


def _file(request: HttpRequest, pk: UUID) -> BoundaryFile:
    return get_object_or_404(permissions.files_in_sight(_bringer(request)), pk=pk)


@login_required
def files(request: HttpRequest) -> HttpResponse:
    """Bring a file; the last ones are listed."""
    person, is_first = _bringer(request), bringing.is_first()
    areas = None if is_first else permissions.areas_to_bring_into(person)
    initial = {"within": request.GET.get("within", "")}
    form = BoundaryFileForm(request.POST or None, request.FILES or None, areas=areas, initial=initial)
    if request.method == "POST" and form.is_valid():
        given, within = form.cleaned_data["file"], form.cleaned_data.get("within")
        try:
            file = bringing.bring(
                given, given.name, form.reading, within=within, by=person, at=timezone.now()
            )
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            return redirect("territory:file", file.pk)
    page = {"form": form, "is_first": is_first, "files": permissions.files_in_sight(person)[:SHOWN]}
    return render(request, "territory/files.html", page, status=422 if form.errors else 200)


@login_required
@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what was found in a file, or how far reading has come."""
    shown = _file(request, pk)
    part = "HX-Request" in request.headers
    counts = [
        (codes.in_words(level), count) for level, count in (shown.found or {}).get("counts", {}).items()
    ]
    change = shown.change
    page = {
        "file": shown,
        "found": shown.found,
        "counts": counts,
        "may_plan": change is not None and permissions.may_plan(signed_in(request), change.within),
    }
    return render(request, "territory/_file.html" if part else "territory/file.html", page)


@login_required
@require_POST
def confirmation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a draft of what was found."""
    shown = _file(request, pk)
    try:
        bringing.confirm(shown, by=signed_in(request), at=timezone.now())
    except Refused as refused:
        error(request, str(refused))
    return redirect("territory:file", pk)


@login_required
@require_POST
def looking(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Compare the file with the territory as it is now."""
    bringing.look_again(_file(request, pk), by=signed_in(request), at=timezone.now())
    return redirect("territory:file", pk)


@login_required
@require_POST
def dropping(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Forget the file."""
    bringing.drop(_file(request, pk), by=signed_in(request))
    success(request, _("The file is dropped. Nothing was stored."))
    return redirect("territory:files")


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Hand out the boundaries that the reader's posts cover, as a file."""
    seen = _seen(signed_in(request))
    form = ExportForm(request.GET if "format" in request.GET else None)
    if form.is_bound and form.is_valid():
        try:
            return _download(form, seen)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return render(request, "territory/export.html", {"form": form}, status=422 if form.errors else 200)


def _seen(person: Account) -> Q:
    """The condition of the areas that a person hands out: all for the system administrator, else those of the posts."""
    scope = scope_of(person)
    if person.admin_role == AdminRole.SYSTEM:
        return Q()
    if not scope.has(*Role):
        raise PermissionDenied(_("This is for people with a post in an area."))
    return scope.within("path", Role)


def _download(form: ExportForm, seen: Q) -> HttpResponse:
    said = form.cleaned_data
    within = None
    if said["within"]:
        within = Area.objects.filter(seen, code=said["within"].strip(), valid_to=None).first()
        if within is None:
            raise Refused(_("There is no such area among those you may see."), "within")
    system, sheet = systems.by_name(said["crs"]), sheet_of(Wanted(said["level"], within, seen))
    name = file_name(sheet.name, said["format"], system)
    content = write(sheet, said["format"], system)
    return HttpResponse(
        content,
        content_type=MEDIA_TYPES[said["format"]],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
