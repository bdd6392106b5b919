"""Signs people out who have left their desk, and asks for a new password when the old one is due."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.messages import info
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

SEEN = "seen_at"
GRAIN = 60  # seconds; the moment is written once a minute, not at every request


class IdleSignOut:
    """Ends a session in which nothing happened for settings.IDLE_SIGN_OUT; polling does not count as work."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            self._look(request)
        return self.get_response(request)

    def _look(self, request: HttpRequest) -> None:
        now = timezone.now().timestamp()
        seen = request.session.get(SEEN, now)
        if now - seen > settings.IDLE_SIGN_OUT.total_seconds():
            logout(request)
            info(
                request, _("You were signed out because nothing happened for a while. Please sign in again.")
            )
        elif request.headers.get("X-Polling") is None and (now - seen > GRAIN or SEEN not in request.session):
            request.session[SEEN] = now


class FreshPassword:
    """Lets a person whose password is issued or too old do nothing but choose a new one."""

    ALLOWED = ("accounts:password", "accounts:sign_out", "web:language", "web:display")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return redirect("accounts:password") if self._is_due(request) else self.get_response(request)

    def _is_due(self, request: HttpRequest) -> bool:
        if not request.user.is_authenticated or not request.user.must_renew_password(timezone.now()):
            return False
        return request.path not in {reverse(name) for name in self.ALLOWED}
