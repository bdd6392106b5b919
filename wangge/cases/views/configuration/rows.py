"""The rows of a draft: searched, edited, added, taken away."""

from collections.abc import Callable

from django.contrib.messages import success
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.accounts.access import only, signed_in
from wangge.accounts.models import AdminRole
from wangge.cases.configuration import drafts
from wangge.cases.configuration.facts import Facts
from wangge.cases.configuration.forms import RowForm
from wangge.cases.configuration.spreadsheet import texts
from wangge.cases.configuration.table import Row, Table
from wangge.cases.configuration.tables import TABLES
from wangge.cases.models import ConfigDraft
from wangge.cases.queries import configuration as queries
from wangge.cases.views.configuration.draft import find
from wangge.cases.views.configuration.overview import PER_PAGE, table_of
from wangge.common.digits import whole_number
from wangge.common.forms import refusals_in


@only(AdminRole.SYSTEM)
@require_safe
def table(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """List the rows of a table as the draft wants them; search and filter are in the address."""
    draft, found, facts = find(pk), table_of(name), Facts()
    words, changed = request.GET.get("q", ""), request.GET.get("changed") == "1"
    rows = found.load()
    wanted = _wanted(draft, found, rows)
    lines = queries.lines_of(found, rows, wanted, facts, words, only_changed=changed)
    page = {
        "draft": draft,
        "table": found,
        "tables": TABLES.values(),
        "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        "words": words,
        "changed": changed,
        "total": len(wanted),
    }
    return render(request, "cases/configuration/table.html", page)


def _wanted(draft: ConfigDraft, table: Table, rows: dict[str, Row]) -> dict[str, Row]:
    wanted = dict(rows)
    for key, after in draft.changes.filter(table=table.name).values_list("key", "after"):
        if after is None:
            wanted.pop(key, None)
        else:
            wanted[key] = after
    return wanted


@only(AdminRole.SYSTEM)
def row(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Edit a row (`key` in the address), or add one; what was typed stays when it is refused."""
    draft, found, facts = find(pk), table_of(name), Facts()
    key = request.GET.get("key", "")
    change = draft.changes.select_related("by").filter(table=name, key=key).first() if key else None
    now = found.load().get(key)
    told = change.after if change and change.after else now
    if key and told is None:
        raise Http404
    shown = told or _blank(found, request.GET.get("like", ""))
    form = RowForm(found, facts, texts(found, shown, facts), request.POST or None, new=not key)
    if request.method == "POST" and form.is_valid() and _save(request, draft, found, form, key):
        success(request, _("The draft has it. Nothing is in force before it is published."))
        return redirect(_list(draft, found))
    page = {
        "draft": draft, "table": found, "form": form, "key": key, "change": change, "published": now,
        "title": found.title(told, facts) if told else _("New row"),
        "before": [(column.label, column.cell.write(now[column.name], facts)) for column in found.columns] if now else [],
        "seen": change.revision if change else 0,
    }  # fmt: skip
    return render(request, "cases/configuration/row.html", page, status=422 if form.errors else 200)


def _blank(table: Table, like: str) -> Row:
    """What a new row begins with: the defaults, or a copy of another row."""
    empty: Row = {
        column.name: list(column.default) if isinstance(column.default, tuple) else column.default
        for column in table.columns
    }
    return {**empty, **(table.load().get(like, {}) if like else {})}


def _save(request: HttpRequest, draft: ConfigDraft, table: Table, form: RowForm, key: str) -> bool:
    seen = whole_number(request.POST.get("seen", "")) or 0
    with refusals_in(form):
        drafts.change_row(
            draft, table, form.row, key=key, seen=seen, by=signed_in(request), at=timezone.now()
        )
    return not form.errors


def _list(draft: ConfigDraft, table: Table) -> str:
    return (
        reverse("cases:config_draft_table", args=[draft.pk, table.name]) + "?" + urlencode({"changed": "1"})
    )


DEEDS: dict[str, tuple[Callable[..., None], Callable[[], str]]] = {
    "removal": (drafts.remove_row, lambda: _("The draft does without this row.")),
    "return": (drafts.take_back, lambda: _("The row stays as it is published.")),
    "keeping": (drafts.keep_anyway, lambda: _("The draft's row holds, whatever was published meanwhile.")),
}


@only(AdminRole.SYSTEM)
@require_POST
def deed(request: HttpRequest, pk: int, name: str, noun: str) -> HttpResponse:
    """Take a row away, leave it as published, or keep the draft's although another was published."""
    if noun not in DEEDS:
        raise Http404
    act, said = DEEDS[noun]
    act(find(pk), table_of(name), request.POST.get("key", ""), by=signed_in(request), at=timezone.now())
    success(request, said())
    return redirect("cases:config_draft", pk)
