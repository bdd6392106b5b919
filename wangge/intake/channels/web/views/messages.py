"""Asking to be left alone: the page behind the link in each message, and behind the follow page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from wangge.cases.models import Report
from wangge.intake.channels.web.messages import outsider, ways_of
from wangge.intake.channels.web.views.follow import with_report
from wangge.notifications import actions
from wangge.notifications.actions.outside import wish_of

ONE_CLICK = "List-Unsubscribe"


# A mail program's own button (RFC 8058) sends no cookie; whoever holds the link may end messages, and no more.
@csrf_exempt
def messages_about(request: HttpRequest, code: str) -> HttpResponse:
    """End messages about a report at one click of a mail program; show the page and take its forms for everybody else."""
    if request.method == "POST" and request.POST.get(ONE_CLICK) == "One-Click":
        return _one_click(request, code)
    return _page(request, code)


@with_report
def _one_click(request: HttpRequest, report: Report, code: str) -> HttpResponse:
    actions.leave_alone(outsider(report), way="mail", at=timezone.now())
    return HttpResponse(status=204)


@csrf_protect
@with_report
def _page(request: HttpRequest, report: Report, code: str) -> HttpResponse:
    """Show which messages go out about a report, and end or resume them; opening the page changes nothing."""
    reporter = outsider(report)
    if request.method != "POST":
        page = {"report": report, "code": code, "ways": ways_of(report), "wish": wish_of(reporter)}
        return render(request, "intake/messages.html", page)
    everywhere = "everywhere" in request.POST
    if "again" in request.POST:
        actions.hear_again(reporter, everywhere=everywhere)
        messages.success(request, _("You will be told again."))
    else:
        actions.leave_alone(reporter, everywhere=everywhere, at=timezone.now())
        messages.success(request, _("Noted. You get no more of these messages."))
    return redirect("intake:messages", code=code)
