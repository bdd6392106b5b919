"""What every part of the HTTP API shares: how it reads, how it refuses, who may call."""

from typing import Annotated, Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.parser import Parser
from ninja.security.base import AuthBase
from ninja.utils import check_csrf
from pydantic import Field

from wangge.common.unkept import json_of

Words = Annotated[str, Field(max_length=4000)]
Name = Annotated[str, Field(max_length=100)]
Code = Annotated[str, Field(max_length=40, pattern="^[0-9A-Za-z_.-]+$")]
Longitude = Annotated[float, Field(ge=-180, le=180, description="degrees", allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, description="degrees", allow_inf_nan=False)]


class ProblemOut(Schema):
    """Why a call was refused: a code for programs, a sentence for people in their language, the field it concerns."""

    code: str
    message: str
    field: str | None = None


class Problem(Exception):
    """A call that is refused with a status of HTTP."""

    def __init__(self, status: int, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.out = ProblemOut(code=code, message=message, field=field)


class Body(Parser):
    """Reads the JSON of a call, without what no database keeps."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json_of(request)


def forbidden(message: str) -> Problem:
    """Whoever calls is known and may not."""
    return Problem(403, "forbidden", message)


def not_found(message: str) -> Problem:
    """It does not exist, or is not for the caller to know of."""
    return Problem(404, "not_found", message)


def invalid(message: str, field: str | None = None) -> Problem:
    """What was sent cannot be used."""
    return Problem(422, "invalid", message, field)


class SignedIn(AuthBase):
    """A person signed in on the pages; a call that changes something carries the CSRF token as a page would."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = "sessionid"

    def __call__(self, request: HttpRequest) -> Any:
        if not request.user.is_authenticated:
            return None
        if not _carries_token(request):
            raise forbidden(_("The CSRF token is missing or wrong: send it as X-CSRFToken."))
        return request.user


def _carries_token(request: HttpRequest) -> bool:
    try:
        return check_csrf(request) is None
    except (MultiPartParserError, SuspiciousOperation):  # a body that only claims to be a form carries none
        return False


def no_such_address(request: HttpRequest, **names: str) -> HttpResponse:
    """Tell in the API's own form that there is nothing here."""
    problem = not_found(_("There is nothing at this address. See openapi.json."))
    return HttpResponse(
        problem.out.model_dump_json(), content_type="application/json; charset=utf-8", status=404
    )


PROBLEMS = dict.fromkeys((401, 403, 404, 409, 422, 429), ProblemOut)


def problems(*statuses: int) -> dict[int, type[ProblemOut]]:
    """The refusals that an operation documents."""
    return {status: PROBLEMS[status] for status in statuses}
