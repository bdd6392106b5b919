"""What is never let in, the reader's language, what a page may load, and what is refused as pages in plain words."""

import codecs
from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils import translation

from wangge.common.limits import TooMany
from wangge.common.refusals import Refused
from wangge.common.unkept import query_without_unkept, without_unkept
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


class NoUnkept:
    """Takes what no database keeps out of addresses and forms, before anybody reads them; why so: `wangge.common.unkept`.

    A form is cleaned when it is first asked for: reading it is left to whoever wants it, and so are the errors of that.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.path, request.path_info = without_unkept(request.path), without_unkept(request.path_info)
        request.META["QUERY_STRING"] = query_without_unkept(request.META.get("QUERY_STRING", ""))
        self._clean_when_read(request)
        return self.get_response(request)

    def _clean_when_read(self, request: Any) -> None:
        load, said = request._load_post_and_files, request._encoding
        # An address is UTF-8 whatever the caller says of it: other alphabets know more ways of writing what is taken out.
        request._encoding = None

        def clean() -> None:
            if said is not None and codecs.lookup(said).name not in ("utf-8", "ascii"):
                request._mark_post_parse_error()
                raise BadRequest(f"Forms are read in UTF-8, not in {said}.")
            load()
            request._post = _clean(request._post)

        request._load_post_and_files = clean  # Django has no other place between reading a form and using it


def _clean(sent: QueryDict) -> QueryDict:
    clean = QueryDict(mutable=True, encoding=sent.encoding)
    for name, values in sent.lists():
        for value in values:
            clean.appendlist(without_unkept(name), without_unkept(value))
    clean._mutable = False
    return clean
