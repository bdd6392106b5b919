"""When something is not there, not allowed or broken: what happened, in words, and a way on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe


def page(
    request: HttpRequest, status: int, *, title: str, sentence: str, icon: str = "alert-circle"
) -> HttpResponse:
    """Answer with a page of the shell the reader knows: what happened, and links to go on with."""
    known = {
        "title": title,
        "sentence": sentence,
        "icon_name": icon,
        "status": status,
        "back": _back(request),
    }
    signed_in = hasattr(request, "user") and request.user.is_authenticated
    known["shell"] = "web/desk.html" if signed_in else "web/public.html"
    return render(request, "web/error.html", known, status=status)


def _back(request: HttpRequest) -> str:
    """Return the page before when it is one of ours and not this one."""
    before = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure())
    return before if ours and before != request.build_absolute_uri() else ""


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    """Say why a step was not taken; a part of a page that asked by htmx gets the bare sentence."""
    if request.headers.get("HX-Request"):
        return HttpResponse(sentence, status=409, content_type="text/plain; charset=utf-8")
    return page(request, 409, title=_("This cannot be done"), sentence=sentence, icon="hand-stop")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(
        request,
        400,
        title=_("This request was not understood"),
        sentence=_("Something in the address or the form was not as expected. Please go back and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(
        request,
        403,
        title=_("This page is not yours to open"),
        sentence=str(exception)
        if exception and str(exception)
        else _(
            "Your posts do not include it. If they should, ask the security administrator of your centre."
        ),
        icon="lock",
    )


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a valid token (CSRF): nearly always a page that stayed open too long."""
    return page(
        request,
        403,
        title=_("This page was open for too long"),
        sentence=_("Nothing was changed. Please go back, load the page again and repeat the step."),
        icon="clock-exclamation",
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(
        request,
        404,
        title=_("There is no such page"),
        sentence=_("The address may be mistyped, or what was here is not open to you."),
        icon="map-pin-off",
    )


def too_many(request: HttpRequest, sentence: str) -> HttpResponse:
    """Ask somebody who sends very much to wait; the sentence says how long."""
    return page(request, 429, title=_("Please wait a moment"), sentence=sentence, icon="hourglass-high")


def broken(request: HttpRequest) -> HttpResponse:
    """Apologise with a page that needs neither database nor session, in both languages."""
    return HttpResponse(render_to_string("web/broken.html"), status=500)


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The page a telephone keeps for moments without network."""
    return HttpResponse(render_to_string("web/offline.html"))
