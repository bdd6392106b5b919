"""How a reader wants pages to look: language, theme, large print. All three are cookies and work without a script."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from wangge.common.requests import own_page, remember

THEME = "theme"
THEMES = frozenset({"light", "dark"})
LARGE = "large"


@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Remember the theme (light, dark, or the device's) or the print size."""
    response = HttpResponseRedirect(own_page(request, "/"))
    if theme := request.POST.get("theme"):
        remember(response, THEME, theme if theme in THEMES else "")
    if large := request.POST.get("large"):
        remember(response, LARGE, "1" if large == "1" else "")
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language, and remember it with the account of whoever is signed in."""
    response, code = HttpResponseRedirect(own_page(request, "/")), request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        remember(response, settings.LANGUAGE_COOKIE_NAME, code)
        if request.user.is_authenticated:
            request.user.language = code
            request.user.save(update_fields=["language"])
    return response
