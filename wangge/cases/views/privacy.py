"""What concerns the reporter and the public: seeing a contact for a reason, publishing words and photos."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wangge.attachments.marking import Grid
from wangge.attachments.models import Attachment
from wangge.audit.actions import record_access
from wangge.cases import actions, permissions
from wangge.cases.models import Case, Report, ReporterContact
from wangge.cases.queries import matter
from wangge.cases.queries.rows import matter_url
from wangge.cases.views.asking import answer, asks_for_part, person_of
from wangge.common.digits import whole_number
from wangge.common.forms import one_break
from wangge.common.refusals import Refused
from wangge.common.requests import client_address


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, number: int) -> HttpResponse:
    """Show how to reach a reporter, for a reason that is written into the access log."""
    report = _report(request, number)
    if not permissions.may_see_contact(person_of(request), report):
        raise PermissionDenied(_("The reporter has not agreed that your unit sees the contact."))
    purpose = request.POST.get("purpose", "").strip()[:200]
    context = {"report": report, "matter_url": matter_url(report), "purpose": purpose}
    context["asked"] = request.method == "POST"
    context["contact"] = _seen(request, report, purpose) if purpose else None
    template = "cases/_contact.html" if asks_for_part(request) else "cases/contact.html"
    return answer(request, template, context, {"Cache-Control": "no-store"})


@transaction.atomic
def _seen(request: HttpRequest, report: Report, purpose: str) -> ReporterContact | None:
    """Log the look first: a value that is shown has its entry."""
    record_access(
        "see_contact",
        by=person_of(request),
        at=timezone.now(),
        subject_kind="report",
        subject_id=report.pk,
        purpose=purpose,
        address=client_address(request),
        detail={"number": report.number},
    )
    return getattr(report, "contact", None)


@login_required
@require_POST
def publication(request: HttpRequest, number: int) -> HttpResponse:
    """Decide what the public may read of a report's words."""
    report = _report(request, number)
    words = one_break(request.POST.get("text", ""))
    text = words if request.POST.get("decision") == "publish" else ""
    actions.publish_report(report, text=text, by=person_of(request), at=timezone.now())
    return _back(request, report)


@login_required
@require_POST
def photo(request: HttpRequest, kind: str, number: str | int, pk: UUID) -> HttpResponse:
    """Publish a photo that the desk has looked at, or take it back."""
    subject, found = _photo_of(request, kind, number, pk)
    wanted = request.POST.get("decision") == "publish"
    actions.publish_photo(subject, found, public=wanted, by=person_of(request), at=timezone.now())
    return _back(request, subject)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def blur(request: HttpRequest, kind: str, number: str | int, pk: UUID) -> HttpResponse:
    """Let the desk mark faces and number plates; the copy waits for its publication, the original is sealed."""
    subject, found = _photo_of(request, kind, number, pk)
    if not found.is_photo or found.sealed:
        raise Http404
    grid, refused = Grid(found.width or 1, found.height or 1), ""
    marked = {n for n in map(whole_number, request.POST.getlist("square")) if n is not None}
    if request.method == "POST":
        try:
            actions.blur_photo(
                subject, found, boxes=grid.boxes(marked), by=person_of(request), at=timezone.now()
            )
        except Refused as refusal:
            refused = str(refusal)
        else:
            messages.success(
                request, _("The marked parts can no longer be recognised. Look at the copy, then publish it.")
            )
            return redirect(_shown_on(request, subject))
    context = {"photo": found, "grid": grid, "marked": marked, "refused": refused}
    context |= {
        "back": request.GET.get("case", ""),
        "matter_url": _shown_on(request, subject),
        "number": number,
    }
    page = render(request, "cases/blur.html", context, status=422 if refused else 200)
    page["Cache-Control"] = "no-store"
    return page


def _photo_of(
    request: HttpRequest, kind: str, number: str | int, pk: UUID
) -> tuple[Report | Case, Attachment]:
    """The photo about whose publication this person decides, and the matter it shows."""
    subject = matter.find(person_of(request), kind, number)
    if not permissions.may_publish(person_of(request), subject):
        raise PermissionDenied(_("Only the desk decides what the public may see."))
    return subject, get_object_or_404(Attachment, pk=pk, subject_kind=kind, subject_id=subject.pk)


def _shown_on(request: HttpRequest, subject: Report | Case) -> str:
    """The address of the page one came from: a report's photos may stand on its case's page."""
    back = request.GET.get("case", "")
    return matter_url(matter.find(person_of(request), "case", back) if back else subject)


def _report(request: HttpRequest, number: int) -> Report:
    report = matter.find(person_of(request), "report", number)
    if not isinstance(report, Report):
        raise Http404
    return report


def _back(request: HttpRequest, subject: Report | Case) -> HttpResponse:
    """Show the page the decision was taken on: a report's words and photos may stand on its case's page."""
    back = request.POST.get("case", "")
    kind = "case" if back or isinstance(subject, Case) else "report"
    shown = matter.find(person_of(request), kind, back or subject.number)
    if not asks_for_part(request):
        messages.success(request, _("Noted."))
        return redirect(matter_url(shown))
    page = matter.page_of(shown, person_of(request), timezone.now())
    headers = {"HX-Retarget": "#matter", "HX-Reswap": "outerHTML"}
    return answer(request, "cases/_matter.html", {"page": page}, headers)
