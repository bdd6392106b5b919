"""A draft: its changes, what the linter says, the dry run, and the decision."""

from collections.abc import Callable
from typing import Any

from django.contrib.messages import success
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wangge.accounts.access import only, signed_in
from wangge.accounts.models import AdminRole
from wangge.cases.configuration import drafts, dry_run, publishing
from wangge.cases.configuration.facts import Facts
from wangge.cases.configuration.forms import PublicationForm
from wangge.cases.configuration.linter import blocking, lint
from wangge.cases.configuration.tables import TABLES
from wangge.cases.models import ConfigDraft, DryRun
from wangge.cases.queries import configuration as queries
from wangge.common.forms import refusals_in
from wangge.common.requests import client_address

PER_PAGE = 50


def find(pk: int) -> ConfigDraft:
    """Return a draft, open or not; Http404 when there is none."""
    return get_object_or_404(ConfigDraft.objects.select_related("made_by", "decided_by", "version"), pk=pk)


def details(request: HttpRequest) -> dict[str, Any]:
    """Who does it, when, and from where."""
    return {"by": signed_in(request), "at": timezone.now(), "address": client_address(request)}


@only(AdminRole.SYSTEM)
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a draft; its form publishes it, at once or on a day."""
    found = find(pk)
    form = PublicationForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _publish(request, found, form):
        return redirect("cases:config_draft", pk)
    return _show(request, found, form)


def _publish(request: HttpRequest, found: ConfigDraft, form: PublicationForm) -> bool:
    note, due_at = form.cleaned_data["note"], form.cleaned_data["due_at"]
    with refusals_in(form):
        if due_at:
            publishing.publish_later(found, note=note, due_at=due_at, **details(request))
            success(request, _("Decided. It takes effect by itself on that day."))
        else:
            version = publishing.publish(found, note=note, **details(request))
            success(request, _("Published as version %(number)d.") % {"number": version.number})
    return not form.errors


def _show(request: HttpRequest, found: ConfigDraft, form: PublicationForm) -> HttpResponse:
    facts, both = Facts(), drafts.content_with(found)
    stopping = blocking(both.published, both.wanted, facts) if found.is_open else []
    late = drafts.overtaken(found, both.published) if found.is_open else []
    changes = queries.changes_of(found, facts, late)
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.table.name] = counts.get(change.table.name, 0) + 1
    run = DryRun.objects.select_related("by").filter(draft=found).first()
    page = {
        "draft": found,
        "form": form,
        "changes": changes,
        "tables": [(table, counts.get(table.name, 0)) for table in TABLES.values()],
        "findings": queries.told_findings(lint(both.wanted, facts), stopping, both.wanted, facts)
        if found.is_open
        else [],
        "blocking": len(stopping),
        "overtaken": len(late),
        "run": run,
        "fresh": publishing.has_fresh_dry_run(found),
        "numbers": _numbers(run),
        "days": dry_run.DAYS,
        "stage_limits_change": bool(counts.get("limits")),
    }
    return render(request, "cases/configuration/draft.html", page, status=422 if form.errors else 200)


LABELS: dict[str, Callable[[], str]] = {
    "elsewhere": lambda: _("would have gone elsewhere"),
    "other_limit": lambda: _("would have had another due time"),
    "nowhere": lambda: _("would have had no unit any more"),
    "refiled": lambda: _("would have needed another class or condition"),
}


def _numbers(run: DryRun | None) -> list[tuple[str, int, str]]:
    if run is None:
        return []
    numbers = queries.numbers_of(run)
    return [(what, numbers[what], label()) for what, label in LABELS.items()]


@only(AdminRole.SYSTEM)
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a dry run; or show the cases behind one of its numbers."""
    found = find(pk)
    if request.method == "POST":
        run = dry_run.try_out(found, by=signed_in(request), at=timezone.now())
        success(
            request,
            _("Tried on %(number)d cases of the last %(days)d days.")
            % {"number": run.cases, "days": dry_run.DAYS},
        )
        return redirect("cases:config_draft", pk)
    shown = get_object_or_404(DryRun, draft=found)
    what = request.GET.get("what", "elsewhere")
    if what not in LABELS:
        raise Http404
    page = Paginator(queries.lines_behind(shown, what), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "draft": found,
        "run": shown,
        "what": what,
        "label": LABELS[what](),
        "numbers": _numbers(shown),
        "page": page,
        "rows": queries.tried_cases(list(page.object_list), Facts()),
    }
    return render(request, "cases/configuration/trial.html", context)


@only(AdminRole.SYSTEM)
@require_POST
def indecision(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the decision about a day back."""
    publishing.take_decision_back(find(pk), **details(request))
    success(request, _("The draft is open again."))
    return redirect("cases:config_draft", pk)


@only(AdminRole.SYSTEM)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a draft up."""
    drafts.discard(find(pk), **details(request))
    success(request, _("The draft is given up; nothing was changed."))
    return redirect("cases:configuration")
