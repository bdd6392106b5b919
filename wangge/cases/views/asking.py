"""Who asks, and for how much of a page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from wangge.accounts.models import Account


def person_of(request: HttpRequest) -> Account:
    """Return the signed-in person; only for views behind `login_required`."""
    assert isinstance(request.user, Account)
    return request.user


def asks_for_part(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of a page; going back in history asks for the whole."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def answer(
    request: HttpRequest, template: str, context: Mapping[str, Any], headers: Mapping[str, str]
) -> HttpResponse:
    """Draw a template and say something in the headers, too."""
    return HttpResponse(render_to_string(template, dict(context), request), headers=dict(headers))
