"""Who looks, and whether anything has happened since they looked last."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control

from wangge.audit.models import Event
from wangge.insight.measures import Look
from wangge.insight.permissions import may_look

View = Callable[[HttpRequest, Look], HttpResponse]


def lookers_only(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """Let in whoever answers for an area; everybody else finds nothing here."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not may_look(request.user):
            raise Http404
        return view(request, Look(request.user, timezone.now()))

    return guarded


def unless_known(view: View) -> View:
    """Answer 304 to a reader who has this page of this minute and after whom nothing happened."""

    @wraps(view)
    def conditional(request: HttpRequest, look: Look) -> HttpResponse:
        etag = _etag(request, look)
        response = get_conditional_response(request, etag=etag) or view(request, look)
        response["ETag"] = etag
        patch_cache_control(response, private=True, no_cache=True)
        return response

    return conditional


def _etag(request: HttpRequest, look: Look) -> str:
    """The last event, the minute (lights turn by themselves), the page, and whoever reads it in which language."""
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    minute = look.now.replace(second=0, microsecond=0)
    cookies = sorted(request.COOKIES.items())
    seen = repr((last, minute, request.get_full_path(), look.person.pk, cookies))
    return f'"{sha256(seen.encode()).hexdigest()[:24]}"'
