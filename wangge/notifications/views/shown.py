"""The messages of a demo that would have gone out."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wangge.notifications.channels.shown import shown


@never_cache
@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """Show what reporters were told, with the links that work only for them; there is no such page outside a demo."""
    if not settings.SHOW_MESSAGES:
        raise Http404
    return render(request, "notifications/shown.html", {"shown": list(shown())})
