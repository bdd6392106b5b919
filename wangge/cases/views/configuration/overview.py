"""What is in force: the version, its tables, its history, and the drafts that are open."""

from django.contrib.messages import error, success
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.accounts.access import only, signed_in
from wangge.accounts.models import AdminRole
from wangge.audit.actions import record_access
from wangge.cases.configuration import drafts, spreadsheet, versions
from wangge.cases.configuration.content import differences, published
from wangge.cases.configuration.facts import Facts
from wangge.cases.configuration.forms import DraftForm
from wangge.cases.configuration.linter import lint
from wangge.cases.configuration.table import Table
from wangge.cases.configuration.tables import TABLES
from wangge.cases.models import ConfigVersion
from wangge.cases.queries import configuration as queries
from wangge.common.requests import client_address

PER_PAGE = 100
MOST_DIFFERENCES = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_of(name: str) -> Table:
    """Return the table of this name; Http404 when there is none."""
    if name not in TABLES:
        raise Http404
    return TABLES[name]


@only(AdminRole.SYSTEM)
def overview(request: HttpRequest) -> HttpResponse:
    """Show what is in force and the open drafts; a form begins another."""
    form = DraftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        draft = drafts.open_draft(
            form.cleaned_data["title"],
            by=signed_in(request),
            at=timezone.now(),
            address=client_address(request),
        )
        return redirect("cases:config_draft", draft.pk)
    content, facts = published(), Facts()
    page = {
        "form": form,
        "version": versions.latest(),
        "tables": [(table, len(content[table.name])) for table in TABLES.values()],
        "drafts": drafts.open_drafts(),
        "findings": queries.told_findings(lint(content, facts), (), content, facts),
        "history": ConfigVersion.objects.defer("content").select_related("published_by")[:20],
    }
    return render(request, "cases/configuration/overview.html", page, status=422 if form.errors else 200)


@only(AdminRole.SYSTEM)
@require_safe
def table(request: HttpRequest, name: str) -> HttpResponse:
    """List the published rows of a table; the search is in the address."""
    found, facts, words = table_of(name), Facts(), request.GET.get("q", "")
    rows = found.load()
    lines = queries.lines_of(found, rows, rows, facts, words)
    page = {
        "table": found,
        "tables": TABLES.values(),
        "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        "words": words,
        "total": len(rows),
    }
    return render(request, "cases/configuration/table.html", page)


@only(AdminRole.SYSTEM)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Give the published configuration as a spreadsheet."""
    return send_workbook(request, published(), "configuration")


def send_workbook(
    request: HttpRequest, content: dict[str, dict[str, dict[str, object]]], name: str
) -> HttpResponse:
    """Answer with all tables as XLSX, or with one as CSV when the form names it; written in the access log."""
    only_table, facts = TABLES.get(request.POST.get("table", "")), Facts()
    record_access(
        "configuration_exported",
        by=signed_in(request),
        at=timezone.now(),
        subject_kind="configuration",
        subject_id=only_table.name if only_table else "",
        address=client_address(request),
        detail={"rows": sum(len(content[t.name]) for t in ([only_table] if only_table else TABLES.values()))},
    )
    if only_table:
        data, kind, ending = (
            spreadsheet.comma_separated(content, facts, only_table),
            "text/csv; charset=utf-8",
            "csv",
        )
        name = only_table.name
    else:
        data, kind, ending = spreadsheet.workbook(content, facts), XLSX, "xlsx"
    response = HttpResponse(data, content_type=kind)
    day = timezone.localdate().strftime("%Y%m%d")
    response["Content-Disposition"] = f'attachment; filename="{name}-{day}.{ending}"'
    return response


@only(AdminRole.SYSTEM)
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Show what a version changed, against the one before or another; a form begins a draft that goes back to it."""
    found = get_object_or_404(ConfigVersion.objects.select_related("published_by"), pk=number)
    if request.method == "POST":
        return _go_back(request, found)
    against = request.GET.get("against", "")
    other = ConfigVersion.objects.filter(
        pk=int(against) if against.isdecimal() and len(against) < 9 else number - 1
    ).first()
    rows = list(differences(versions.content_of(other), versions.content_of(found))) if other else []
    page = {
        "version": found,
        "other": other,
        "changes": queries.told_differences(rows[:MOST_DIFFERENCES], Facts()),
        "more": max(len(rows) - MOST_DIFFERENCES, 0),
        "number": len(rows),
        "versions": ConfigVersion.objects.exclude(pk=number).values_list("number", flat=True),
        "is_latest": not ConfigVersion.objects.filter(number__gt=number).exists(),
    }
    return render(request, "cases/configuration/version.html", page)


def _go_back(request: HttpRequest, found: ConfigVersion) -> HttpResponse:
    draft = drafts.open_draft(
        _("Back to version %(number)d") % {"number": found.number},
        by=signed_in(request),
        at=timezone.now(),
        address=client_address(request),
        like=found,
    )
    if draft.changes.exists():
        success(request, _("This draft says what version %(number)d said.") % {"number": found.number})
    else:
        error(request, _("Nothing differs from version %(number)d.") % {"number": found.number})
    return redirect("cases:config_draft", draft.pk)
