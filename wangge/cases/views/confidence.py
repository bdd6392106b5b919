"""Colleagues to choose from, for the form that names the handlers of a confidential matter."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from wangge.audit.actions import record_access
from wangge.cases.models import Case, Report
from wangge.cases.permissions import refusal
from wangge.cases.queries import matter
from wangge.cases.queries.colleagues import Colleague
from wangge.cases.views.asking import person_of
from wangge.cases.workflow import HIDE_CASE, HIDE_REPORT, NAME_HANDLERS
from wangge.common.requests import client_address

NAMING = (HIDE_REPORT, HIDE_CASE, NAME_HANDLERS)
NAMED_HANDLER = "named handler"


@login_required
@require_safe
def colleagues(request: HttpRequest, kind: str, number: str | int) -> HttpResponse:
    """Answer a search with a part of the form; for those who may name handlers of this matter."""
    subject = matter.find(person_of(request), kind, number)
    steps = [step for step in NAMING if step.subject == kind]
    if all(refusal(step, subject, person_of(request)) for step in steps):
        raise Http404
    ticked = set(request.GET.getlist("handlers"))
    found = Colleague.list(subject, request.GET.get("q", "").strip()[:60], ticked)
    return render(request, "cases/steps/_colleagues.html", {"colleagues": found})


def log_look(request: HttpRequest, subject: Report | Case) -> None:
    """Write into the access log that somebody opened a confidential matter; nothing for any other."""
    if not subject.confidential:
        return
    record_access(
        "see_confidential",
        by=person_of(request),
        at=timezone.now(),
        subject_kind="case" if isinstance(subject, Case) else "report",
        subject_id=subject.pk,
        purpose=NAMED_HANDLER,
        address=client_address(request),
        detail={"number": subject.number},
    )
