"""The HTTP API at /api/v1/: each domain brings its own part; here they are put together and refusals get their form."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from csp.constants import HEADER
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from wangge.cases.actions import Stale
from wangge.cases.api import router as cases
from wangge.cases.api_reports import router as reports
from wangge.common.api import Body, Problem, forbidden, invalid, not_found
from wangge.common.languages import language_of
from wangge.common.refusals import Refused
from wangge.intake import keys
from wangge.intake.api import router as intake
from wangge.registry.api import router as registry
from wangge.territory.api import router as territory

log = logging.getLogger(__name__)

# An answer for programs is nothing to show, and loads nothing.
NOTHING = "default-src 'none'; frame-ancestors 'none'"

api = NinjaAPI(
    title="Wangge",
    version="1",
    description=(
        "Matters, places and cases. Other systems send a key as `Authorization: Bearer …` "
        "(`wangge apikey create NAME`); people use the session of the pages with `X-CSRFToken`. "
        "Words come in the language of Accept-Language."
    ),
    docs_url=None,  # the usual page loads its scripts from elsewhere, which our pages never do
    urls_namespace="api",
    parser=Body(),
)


def in_the_asked_language(call: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer in the language of Accept-Language; without one, in the language chosen on the pages."""

    @wraps(call)
    def speaking(request: HttpRequest, *words: Any, **more: Any) -> HttpResponse:
        asked = request.headers.get("Accept-Language")
        language = language_of(asked) if asked else translation.get_language() or settings.LANGUAGE_CODE
        with translation.override(language):
            response = call(request, *words, **more)
        response["Content-Language"] = language
        response[HEADER] = NOTHING
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return speaking


api.add_decorator(in_the_asked_language, mode="view")
for router in (intake, territory, registry, cases, reports):
    api.add_router("", router)


def _answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    return api.create_response(request, problem.out, status=problem.status)


@api.exception_handler(Problem)
def on_problem(request: HttpRequest, problem: Any) -> HttpResponse:
    return _answer(request, problem)


@api.exception_handler(Stale)
def on_stale(request: HttpRequest, stale: Any) -> HttpResponse:
    return _answer(request, Problem(409, "stale", str(stale), "seen"))


@api.exception_handler(Refused)
def on_refused(request: HttpRequest, refused: Any) -> HttpResponse:
    """A refusal that names a field is about what was sent; any other about how things stand."""
    if refused.field:
        return _answer(request, invalid(str(refused), refused.field))
    return _answer(request, Problem(409, "refused", str(refused)))


@api.exception_handler(ValidationError)
def on_validation(request: HttpRequest, error: Any) -> HttpResponse:
    """Name the first field that does not fit; the sentence is pydantic's, for whoever writes the caller."""
    first = error.errors[0] if error.errors else {"loc": (), "msg": ""}
    place = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path", "given"))
    return _answer(request, invalid(str(first["msg"]), place or None))


@api.exception_handler(AuthenticationError)
def on_nobody(request: HttpRequest, error: Any) -> HttpResponse:
    """A good key on an address for people is told apart from nobody at all."""
    if request.headers.get("Authorization", "").lower().startswith("bearer ") and _is_known(request):
        return _answer(
            request, forbidden(_("A key may send reports and read what is public; this needs a person."))
        )
    return _answer(
        request, Problem(401, "not_signed_in", _("Please sign in, or send a key that is known here."))
    )


def _is_known(request: HttpRequest) -> bool:
    return keys.holder_of(request.headers["Authorization"][len("bearer ") :].strip()) is not None


@api.exception_handler(Http404)
def on_not_found(request: HttpRequest, error: Any) -> HttpResponse:
    return _answer(request, not_found(_("This does not exist, or is not for you to see.")))


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: Any) -> HttpResponse:
    """What ninja itself refuses: a body that is no JSON."""
    return _answer(request, invalid(str(error)))


@api.exception_handler(Exception)
def on_failure(request: HttpRequest, error: Any) -> HttpResponse:
    log.exception("An API call failed", exc_info=error)
    words = _("Something failed on our side. Please try again later.")
    return _answer(request, Problem(500, "failed", words))
