"""Where a person lands after signing in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from wangge.web.navigation import start_of


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Send everybody to where their work is."""
    return redirect(start_of(request.user))
