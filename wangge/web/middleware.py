"""The reader's language, what a page may load, and what is refused as pages in plain words."""

from collections.abc import Callable

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from wangge.common.limits import TooMany
from wangge.common.refusals import Refused
from wangge.web.views import errors


class Language:
    """Speaks the language the reader chose, else the installation's own.

    The browser's wish is not asked: offices and phones in China are full of browsers that ask for English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ContentPolicy(CSPMiddleware):
    """What a page may load; an answer for programs brings the strictest policy itself, and none is reckoned for it."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return response if HEADER in response else super().process_response(request, response)


class RefusalPages:
    """Shows a `Refused` as a sentence with status 409 instead of an error page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if isinstance(exception, TooMany):
            response = errors.too_many(request, str(exception))
            response.headers["Retry-After"] = str(exception.wait)
            return response
        return errors.refused(request, str(exception))


class NoNul:
    """Answers 400 in words where an address or a form holds a NUL character: no database keeps it, nobody types it.

    Other systems are answered by their own interfaces, in their own form. What residents write is taken without it.
    """

    SPEAK_FOR_THEMSELVES = ("/api/", "/open311/")
    TAKE_IT_OUT = ("/report/", "/m/")
    FORM, WITH_FILES = "application/x-www-form-urlencoded", "multipart/form-data"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(self.SPEAK_FOR_THEMSELVES) or not self._has_nul(request):
            return self.get_response(request)
        return errors.bad_request(request)

    def _has_nul(self, request: HttpRequest) -> bool:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "%00" in query or "\0" in query:
            return True
        if request.method != "POST":
            return False
        if request.content_type == self.WITH_FILES:  # what is in the files is for their readers to judge
            return not request.path.startswith(self.TAKE_IT_OUT) and any(
                "\0" in value for name, values in request.POST.lists() for value in (name, *values)
            )
        typed = request.body if request.content_type == self.FORM else b""
        return b"%00" in typed or b"\0" in typed
