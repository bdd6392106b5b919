"""Taking a step: one view for every row of the workflow table."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from wangge.cases.actions import Stale
from wangge.cases.forms import FORMS, StepForm
from wangge.cases.models import Case, Report
from wangge.cases.permissions import refusal
from wangge.cases.queries import matter
from wangge.cases.queries.buttons import label_of
from wangge.cases.queries.rows import matter_url
from wangge.cases.queries.timeline import Entry, since, timeline
from wangge.cases.views.asking import answer, asks_for_part, person_of
from wangge.cases.views.confidence import log_look
from wangge.cases.views.keeping import signed_in, take_back
from wangge.cases.workflow import Step, steps_of
from wangge.common.refusals import Refused


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, kind: str, number: str | int, noun: str) -> HttpResponse:
    """Show the form of a step of a matter, or take the step."""
    subject = matter.find(person_of(request), kind, number)
    row = next((row for row in steps_of(kind) if row.noun == noun and row.verb in FORMS), None)
    if row is None:
        raise Http404
    if request.method == "POST":
        return _take(request, subject, row)
    log_look(request, subject)  # the form may show what was reported
    if (kept := take_back(request)) is not None:
        again = FORMS[row.verb](kept, subject=subject, by=person_of(request))
        return _show(request, subject, row, again, kept=True)
    form = FORMS[row.verb](subject=subject, by=person_of(request), given=request.GET)
    return _show(request, subject, row, form)


def _take(request: HttpRequest, subject: Report | Case, row: Step) -> HttpResponse:
    form = FORMS[row.verb](request.POST, request.FILES, subject=subject, by=person_of(request))
    if not form.is_valid():
        return _show(request, subject, row, form)
    form.prepare()
    try:
        after = _once(form, timezone.now())
    except Stale as stale:
        return _show_again(request, form, row, stale)
    except Refused as refused:
        form.refuse(refused)
        return _show(request, subject, row, form)
    for name, sentence in form.received.refused:
        messages.warning(request, f"{name}: {sentence}")
    return _moved(request, after, row)


@transaction.atomic
def _once(form: StepForm, at: datetime) -> Report | Case:
    """Take the step unless the first of two clicks has taken it; the row's lock lets the second one see that."""
    form.lock()
    return form.outcome() if form.was_taken() else form.take(at)


def _show(
    request: HttpRequest, subject: Report | Case, row: Step, form: StepForm, **more: Any
) -> HttpResponse:
    context = {
        "subject": subject,
        "kind": "case" if isinstance(subject, Case) else "report",
        "matter_url": matter_url(subject),
        "step": row,
        "label": label_of(row, subject),
        "form": form,
        "sentence": refusal(row, subject, person_of(request)),
        **more,
    }
    part = asks_for_part(request)
    status = 200  # htmx shows only what succeeded
    if form.is_bound and not part and "kept" not in more:
        status = 409 if "stale" in more else 422
    return render(request, "cases/_step.html" if part else "cases/step.html", context, status=status)


def _show_again(request: HttpRequest, form: StepForm, row: Step, stale: Stale) -> HttpResponse:
    """Somebody was faster: say who and when and what changed, and keep every word that was typed."""
    old = form.subject
    seen = form.seen_seq
    kind = "case" if isinstance(old, Case) else "report"
    fresh = matter.find(person_of(request), kind, old.number)
    form.draw_again(fresh)
    return _show(request, fresh, row, form, stale=str(stale), news=_news(fresh, seen))


def _news(subject: Report | Case, seen: int) -> list[Entry]:
    reports = [subject] if isinstance(subject, Report) else []
    return since(timeline(subject, reports, {}), seen, of_case=isinstance(subject, Case))


def _moved(request: HttpRequest, subject: Report | Case, row: Step) -> HttpResponse:
    """Show the matter as it is after the step."""
    kind = "case" if isinstance(subject, Case) else "report"
    url = matter_url(subject)
    fresh: Report | Case | None
    try:
        fresh = matter.find(person_of(request), kind, subject.number)
    except Http404:  # sent back, recalled or made confidential: the matter is no longer this person's
        fresh, url = None, reverse("web:start")
    if not asks_for_part(request):
        messages.success(request, f"{row.past} ✓")
        return redirect(_back_to(request) or url)
    if fresh is None:
        # Beside a list there is no way back to be shown.
        list_url = url if _on_a_page_of_its_own(request) else ""
        return answer(
            request, "cases/_gone.html", {"step": row, "list_url": list_url}, _elsewhere(request, "")
        )
    page = matter.page_of(fresh, person_of(request), timezone.now())
    return answer(request, "cases/_matter.html", {"page": page, "just_taken": row}, _elsewhere(request, url))


def _back_to(request: HttpRequest) -> str:
    """The unit's list, where the step was taken in it; narrowed as it was."""
    lists = {"unit": "", "rework": "?rework=1"}
    wanted = request.POST.get("next", "")
    return reverse("cases:unit") + lists[wanted] if wanted in lists else ""


def _elsewhere(request: HttpRequest, url: str) -> dict[str, str]:
    """Put the answer in place of the whole matter, whatever part asked; lists hear that something moved."""
    headers = {"HX-Retarget": "#matter", "HX-Reswap": "outerHTML", "HX-Trigger-After-Settle": "matter-moved"}
    if url and _on_a_page_of_its_own(request):
        headers["HX-Push-Url"] = url
    return headers


def _on_a_page_of_its_own(request: HttpRequest) -> bool:
    current = request.headers.get("HX-Current-URL", "")
    return "/cases/" in current or "/reports/" in current
