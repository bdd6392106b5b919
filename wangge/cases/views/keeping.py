"""A form sent after its sender was signed out: its words wait in the session until the same person signs in again."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse

from wangge.cases.models import Case, Report
from wangge.cases.views.asking import asks_for_part

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

TYPED_BY = "typed_by"
SALT = "wangge.cases.typed_by"
KEPT = "kept_words"
LONGEST = 20_000  # characters of all fields together; who types more has sent something else than words
FOR = 24 * 3600  # seconds for which a form remembers who it was drawn for


def signature(request: HttpRequest) -> str:
    """Say unforgeably for whom a form was drawn."""
    return signing.dumps(request.user.pk, salt=SALT)


def signed_in(view: View[P]) -> View[P]:
    """Open a view to people who are signed in; others sign in first, and a form's words wait for them."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST" and not _is_confidential(kwargs.get("kind"), kwargs.get("number")):
            _keep(request)
        return _to_sign_in(request)

    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """A part of a page cannot show the way in; the whole page goes there."""
    part = asks_for_part(request)
    here = request.path
    if part and request.method != "POST":
        here = urlsplit(request.headers.get("HX-Current-URL", "")).path or here
    address = f"{reverse('accounts:sign_in')}?{urlencode({'next': here})}"
    return HttpResponse(headers={"HX-Redirect": address}) if part else HttpResponseRedirect(address)


def _keep(request: HttpRequest) -> None:
    typed = request.POST.copy()
    try:
        person = signing.loads(typed.get(TYPED_BY, ""), salt=SALT, max_age=FOR)
    except signing.BadSignature:
        return  # nobody knows whose words these are
    for name in (TYPED_BY, "csrfmiddlewaretoken"):
        typed.pop(name, None)
    fields = typed.urlencode()
    if len(fields) <= LONGEST:
        request.session[KEPT] = {"path": request.path, "person": person, "fields": fields}


def _is_confidential(kind: object, number: Any) -> bool:
    """Words about a confidential matter wait nowhere."""
    model = Case if kind == "case" else Report
    found = model._default_manager.filter(number=number).first()
    return found is not None and found.confidential


def take_back(request: HttpRequest) -> QueryDict | None:
    """Return the words that wait for this person at this address, once; those of somebody else are thrown away."""
    kept = request.session.get(KEPT)
    if kept is None or (kept["person"] == request.user.pk and kept["path"] != request.path):
        return None
    del request.session[KEPT]
    return QueryDict(kept["fields"]) if kept["person"] == request.user.pk else None
