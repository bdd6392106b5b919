"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext

from wangge.accounts.models import Account, AdminRole
from wangge.cases.queries.escalations import unreached
from wangge.notifications.queries import unread_count
from wangge.web.navigation import navigation_of
from wangge.web.views.display import LARGE, THEME, THEMES


def site(request: HttpRequest) -> dict[str, Any]:
    """The installation's name, how the reader wants pages to look, and the bar; read only where a page shows it."""
    return {
        "site_name": settings.INSTALLATION_NAME or gettext("Neighbourhood service grid"),
        "demo": settings.DEMO,
        "theme": theme if (theme := request.COOKIES.get(THEME)) in THEMES else "",
        "large_print": request.COOKIES.get(LARGE) == "1",
        "here": request.get_full_path(),
        "signed_in": SimpleLazyObject(lambda: _is_signed_in(request)),
        "unread_notices": SimpleLazyObject(lambda: unread_count(request.user, timezone.now())),
        "unreached": SimpleLazyObject(lambda: _unreached(request)),
        "navigation": SimpleLazyObject(lambda: navigation_of(request.user, request.path)),
    }


def _is_signed_in(request: HttpRequest) -> bool:
    return hasattr(request, "user") and request.user.is_authenticated


def _unreached(request: HttpRequest) -> int:
    """How much could not be escalated, for the administrator who can fill a post or name a fallback."""
    if getattr(request.user, "admin_role", None) != AdminRole.SYSTEM or not isinstance(request.user, Account):
        return 0
    return unreached(request.user).count()
