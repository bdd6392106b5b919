"""Spreadsheets of a draft: in, with a look before anything is taken over, and out again."""

from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wangge.accounts.access import only, signed_in
from wangge.accounts.models import AdminRole
from wangge.cases.configuration import drafts, spreadsheet
from wangge.cases.configuration.content import Difference
from wangge.cases.configuration.facts import Facts
from wangge.cases.configuration.forms import UploadForm
from wangge.cases.models import ConfigDraft, ConfigImport
from wangge.cases.queries import configuration as queries
from wangge.cases.views.configuration.draft import details, find
from wangge.cases.views.configuration.overview import MOST_DIFFERENCES, send_workbook
from wangge.common.refusals import Refused


@only(AdminRole.SYSTEM)
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a spreadsheet; show what it would change, or every fault, and store nothing of it yet."""
    draft = find(pk)
    form = UploadForm(request.POST or None, request.FILES or None)
    faults: list[spreadsheet.Fault] = []
    if request.method == "POST" and form.is_valid():
        try:
            if (kept := _read(request, draft, form)) is not None:
                return redirect("cases:config_import", pk, kept.pk)
            success(request, _("The sheet says what the draft says already; there is nothing to take over."))
            return redirect("cases:config_draft", pk)
        except spreadsheet.BadSheet as bad:
            form.add_error("file", str(bad))
            faults = list(bad.faults)
        except Refused as refused:
            form.add_error("file", str(refused))
    page = {"draft": draft, "form": form, "faults": faults}
    return render(request, "cases/configuration/upload.html", page, status=422 if form.errors else 200)


def _read(request: HttpRequest, draft: ConfigDraft, form: UploadForm) -> ConfigImport | None:
    file = form.cleaned_data["file"]
    both = drafts.content_with(draft)
    found = spreadsheet.read(str(file.name), file.read(), both.wanted, Facts())
    if not found:
        return None
    return drafts.keep_import(draft, str(file.name), found, by=signed_in(request), at=timezone.now())


@only(AdminRole.SYSTEM)
def preview(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show what a sheet would change; its form takes it over into the draft."""
    draft = find(pk)
    kept = get_object_or_404(ConfigImport, pk=number, draft=draft)
    if request.method == "POST":
        rows = drafts.take_import(kept, **details(request))
        success(request, _("%(number)d rows were taken over into the draft.") % {"number": rows})
        return redirect("cases:config_draft", pk)
    wanted = drafts.content_with(draft).wanted
    found = [
        Difference(row["table"], row["key"], wanted[row["table"]].get(row["key"]), row["after"])
        for row in kept.rows
    ]
    page = {
        "draft": draft,
        "kept": kept,
        "number": len(found),
        "changes": queries.told_differences(found[:MOST_DIFFERENCES], Facts()),
        "more": max(len(found) - MOST_DIFFERENCES, 0),
    }
    return render(request, "cases/configuration/preview.html", page)


@only(AdminRole.SYSTEM)
@require_POST
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the configuration as the draft wants it, as a spreadsheet."""
    draft = find(pk)
    return send_workbook(request, drafts.content_with(draft).wanted, f"draft-{draft.pk}")
