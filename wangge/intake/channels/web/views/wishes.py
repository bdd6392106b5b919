"""What a reporter wishes of an open matter: that it goes faster, or that it is dropped."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wangge.cases.actions import urge_report, withdraw_report
from wangge.cases.models import Report
from wangge.common import limits
from wangge.common.forms import one_break
from wangge.common.refusals import Refused
from wangge.intake.channels.web.views.follow import page_of, with_report


def _words(request: HttpRequest) -> str:
    return one_break(request.POST.get("words", "")).strip()


@require_POST
@with_report
def urge(request: HttpRequest, report: Report, code: str) -> HttpResponse:
    """Tell the handlers that the reporter waits; once a day."""
    try:
        limits.count(request, "addition", report.pk.hex)
        urge_report(report, words=_words(request), at=timezone.now())
    except Refused as refused:
        status = 429 if isinstance(refused, limits.TooMany) else 422
        return page_of(request, report, code, urged=_words(request), urge_error=str(refused), status=status)
    messages.success(request, _("Whoever works on it now sees that you are waiting."))
    return redirect("intake:follow", code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@with_report
def withdraw(request: HttpRequest, report: Report, code: str) -> HttpResponse:
    """Ask once more, then take the report back."""
    error = ""
    if request.method == "POST":
        try:
            withdraw_report(report, words=_words(request), at=timezone.now())
        except Refused as refused:
            error = str(refused)
        else:
            messages.success(request, _("Your report is withdrawn."))
            return redirect("intake:follow", code=code)
    context = {"report": report, "code": code, "words": _words(request), "error": error}
    return render(request, "intake/withdrawal.html", context, status=422 if error else 200)
