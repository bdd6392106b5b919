"""The notices of the person signed in."""

from datetime import datetime
from hashlib import sha256

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from wangge.accounts.access import signed_in
from wangge.notifications import actions, queries

PER_PAGE = 50


@login_required
@require_safe
def centre(request: HttpRequest) -> HttpResponse:
    """Show what is new first, then the rest, each day under its name."""
    account, now = signed_in(request), timezone.now()
    notices = queries.shown(account, now)
    unread = queries.by_day(notices.filter(read_at=None)[: queries.MOST_COUNTED])
    page = Paginator(notices.filter(read_at__isnull=False), PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "notifications/centre.html",
        {"unread": unread, "page": page, "read": queries.by_day(page.object_list), "now": now},
    )


@login_required
@require_safe
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the matter of a notice, and note that it was read."""
    notice = actions.mark_read(signed_in(request), pk, at=timezone.now())
    if notice is None:
        raise Http404
    return redirect(notice.link or "notifications:centre")


@login_required
@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    """Note that all notices on the page were read; those that came since stay new."""
    now = timezone.now()
    actions.mark_all_read(signed_in(request), until=_moment(request.POST.get("until", ""), now), at=now)
    return redirect("notifications:centre")


def _moment(text: str, now: datetime) -> datetime:
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        return now
    return given if given.tzinfo else now


@require_safe
def unread(request: HttpRequest) -> HttpResponse:
    """The bell in the frame of every page; unchanged it costs one small count and no body."""
    if not request.user.is_authenticated:
        return HttpResponse(status=204)  # signed out meanwhile: the next page says so
    count = queries.unread_count(signed_in(request), timezone.now())
    etag = f'"{sha256(repr((request.user.pk, count, get_language())).encode()).hexdigest()[:24]}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    response = render(request, "notifications/_bell.html", {"unread_notices": count})
    # The browser keeps it and asks whether it still holds.
    response["ETag"], response["Cache-Control"] = etag, "private, no-cache"
    return response
