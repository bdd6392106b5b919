"""Files of boundaries in, as drafts that somebody else approves; and out, for everybody in post."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from wangge.accounts.access import signed_in
from wangge.accounts.models import Account, AdminRole, Role
from wangge.common.forms import refusals_in
from wangge.common.refusals import Refused
from wangge.territory import bringing, codes, systems
from wangge.territory.brought.pages import Facts, Pages, Remarks, Shown, Words, errors_in, news_in
from wangge.territory.changes import permissions
from wangge.territory.exports import Wanted, sheet_of
from wangge.territory.file_forms import BoundaryFileForm, ExportForm
from wangge.territory.formats.writing import MEDIA_TYPES, file_name, write
from wangge.territory.models import Area, BoundaryFile
from wangge.territory.scopes import scope_of


def _form(request: HttpRequest, person: Account) -> BoundaryFileForm:
    areas = None if bringing.is_first() else permissions.areas_to_bring_into(person)
    initial = {"within": request.GET.get("within", "")}
    return BoundaryFileForm(request.POST or None, request.FILES or None, areas=areas, initial=initial)


def _bring(form: BoundaryFileForm, person: Account, at: datetime) -> BoundaryFile:
    given, within = form.cleaned_data["file"], form.cleaned_data.get("within")
    return bringing.bring(given, given.name, form.reading, within=within, by=person, at=at)


def _shown(file: BoundaryFile, person: Account) -> Shown:
    found, change = file.found, file.change
    draft = change if change is not None and permissions.may_plan(person, change.within) else None
    return Shown(
        _facts(file),
        remarks=_remarks(found),
        hint=found["hint"],
        onward=(reverse("territory:change", args=[draft.pk]), _("To the draft")) if draft else None,
        outlook=_outlook(change.within) if change is not None else "",
        confirm=_("Make a draft of it") if file.within else _("Store these boundaries"),
    )


def _facts(file: BoundaryFile) -> Facts:
    found = file.found
    within = [(_("Within"), f"{file.within.name} ({file.within.code})")] if file.within else []
    late = [(_("Rows before their parent"), _("%(count)s (no fault)") % {"count": found["late_parents"]})]
    return [
        *within,
        *((codes.in_words(level), count) for level, count in found["counts"].items()),
        (_("Coordinate system"), found["system"]),
        *news_in(found, (pgettext("boundaries", "New"), pgettext("boundaries", "Changed"))),
        *(late if found["late_parents"] else ()),
    ]


def _remarks(found: dict[str, Any]) -> list[Remarks]:
    titles = {
        "beyond": _("Outside the parent, or in no known area"),
        "repairs": _("Repaired while reading"),
        "overlaps": _("Overlaps"),
    }
    remarks = [
        Remarks(name, title, found[name]["rows"], found[name]["count"]) for name, title in titles.items()
    ]
    return [*errors_in(found), *(each for each in remarks if each.count)]


def _outlook(within: Area) -> str:
    return _("The territory administrators of %(area)s go on with it, and one of them approves it.") % {
        "area": within.name
    }


PAGES = Pages(
    bringing.WAY,
    app="territory",
    noun="file",
    templates="territory",
    tabs="territory/_files_tabs.html",
    tab="files",
    words=Words(
        file=gettext_lazy("File of boundaries"),
        files=gettext_lazy("Boundary files"),
        bring=gettext_lazy("Bring boundaries in"),
        back=gettext_lazy("To the files"),
        none=gettext_lazy("No file yet"),
    ),
    may=permissions.brings_somewhere,
    only_for=lambda: _("This is for territory administrators."),
    in_sight=permissions.files_in_sight,
    form=_form,
    bring=_bring,
    shown=_shown,
)


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Hand out the boundaries that the reader's posts cover, as a file."""
    seen = _seen(signed_in(request))
    form = ExportForm(request.GET if "format" in request.GET else None)
    if form.is_bound and form.is_valid():
        with refusals_in(form):
            return _download(form, seen)
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
