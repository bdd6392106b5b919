"""What views of every domain ask of a request: where it came from, where it may go back to, what to remember."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

YEAR = 365 * 24 * 3600  # seconds


def client_address(request: HttpRequest) -> str | None:
    """Return the address of whoever asks, None when unknown; behind our proxy that is what the proxy added last."""
    given = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        given = request.META.get("HTTP_X_FORWARDED_FOR", given).rpartition(",")[2]
    try:
        return str(ipaddress.ip_address(given.strip()))
    except ValueError:
        return None


def own_page(request: HttpRequest, default: str) -> str:
    """Return the page named by `next` (form or address) when it is one of ours, else the default."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else default


def remember(response: HttpResponse, name: str, value: str) -> None:
    """Keep a choice of the reader in a cookie for a year; an empty one is forgotten."""
    if value:
        response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    else:
        response.delete_cookie(name)
