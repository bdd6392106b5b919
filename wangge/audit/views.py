"""The audit administrator's pages: the access log, read-only, and whether the logs are whole."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date

from django.contrib.messages import info
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from wangge.accounts.access import only, signed_in
from wangge.accounts.models import Account, AdminRole
from wangge.audit import anchors, queries
from wangge.audit.actions import record_access
from wangge.audit.forms import LogFilter
from wangge.audit.models import Anchor
from wangge.common.requests import client_address

PER_PAGE = 100
ANCHORS_PER_PAGE = 31


@only(AdminRole.AUDIT)
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """Show who did what when; the filters are in the address."""
    form = LogFilter(request.GET)
    page = Paginator(queries.entries(form.condition()), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request, "audit/log.html", {"form": form, "page": page, "lines": queries.lines(page.object_list)}
    )


@only(AdminRole.AUDIT)
@require_POST
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out what the filters show as CSV, and write down that it was handed out."""
    found = queries.entries(LogFilter(request.POST).condition())
    asked = {name: request.POST[name] for name in LogFilter.base_fields if request.POST.get(name)}
    with transaction.atomic():
        detail = {**asked, "rows": found.count()}
        record_access(
            "log_exported",
            by=signed_in(request),
            at=timezone.now(),
            address=client_address(request),
            detail=detail,
        )
    response = StreamingHttpResponse(_csv(queries.rows(found)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="access-log-{timezone.localdate()}.csv"'
    return response


class _Echo:
    """What a csv writer writes to, so that each row can be sent as it comes."""

    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"  # spreadsheets read Chinese right only with this mark
    yield writer.writerow(queries.HEADINGS)
    for row in rows:
        yield writer.writerow([_harmless(str(value)) for value in row])


def _harmless(value: str) -> str:
    """Keep a spreadsheet from taking a value for a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t")) else value


@only(AdminRole.AUDIT)
def verification(request: HttpRequest) -> HttpResponse:
    """Show the last verifications; a press starts another in the background, for the log may be long."""
    if request.method == "POST":
        _verify_soon(signed_in(request))
        info(request, _("The logs are being verified. The result will appear here."))
        return redirect("audit:verification")
    page = Paginator(Anchor.objects.order_by("-day"), ANCHORS_PER_PAGE).get_page(request.GET.get("page"))
    known = {"results": queries.verifications(), "page": page, "running": queries.is_verifying()}
    return render(request, "audit/verification.html", known)


def _verify_soon(by: Account) -> None:
    task = app.configure_task(queries.VERIFY_JOB, queue="upkeep", queueing_lock="verify_log")
    with suppress(AlreadyEnqueued), transaction.atomic():
        task.defer(account_id=by.pk)


@only(AdminRole.AUDIT)
@require_POST
def anchor(request: HttpRequest) -> StreamingHttpResponse:
    """Hand out the anchors of all days, or of one with the ends of its chains, to be kept elsewhere; written down."""
    day = _day(request.POST.get("day", ""))
    wanted = [get_object_or_404(Anchor, day=day)] if day else Anchor.objects.order_by("day")
    with transaction.atomic():
        record_access(
            "anchor_exported",
            by=signed_in(request),
            at=timezone.now(),
            address=client_address(request),
            detail={"day": day.isoformat()} if day else {},
        )
    lines = (line for one in wanted for line in anchors.copy_of(one, heads=day is not None))
    response = StreamingHttpResponse(lines, content_type="text/plain; charset=utf-8")
    name = f"anchor-{day}" if day else f"anchors-{timezone.localdate()}"
    response["Content-Disposition"] = f'attachment; filename="{name}.txt"'
    return response


def _day(words: str) -> date | None:
    if not words:
        return None
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise Http404 from None
