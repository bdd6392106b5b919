"""What open pages ask every few seconds: who else is here, and whether somebody moved the matter."""

import json
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from wangge.accounts.models import Account
from wangge.cases.actions import presence as coming
from wangge.cases.models import Case, Report
from wangge.cases.queries import presence
from wangge.common.digits import whole_number


@csrf_protect
@require_http_methods(["GET", "POST"])
def present(request: HttpRequest) -> HttpResponse:
    """GET: say that the page is open and hear what is new, 304 while nothing is. POST: the page was left."""
    if not isinstance(request.user, Account):
        return HttpResponse(status=401)
    person = request.user
    given = request.POST if request.method == "POST" else request.GET
    kind, _slash, number = given.get("matter", "").partition("/")
    subject = presence.seen_by(person, kind, number) if number else None
    if request.method == "POST":
        if subject is not None:
            coming.leave(subject, by=person)
        return HttpResponse(status=204)
    return _conditional(request, _told(request, person, subject, asked=bool(number)))


def _told(
    request: HttpRequest, person: Account, subject: Report | Case | None, *, asked: bool
) -> dict[str, Any]:
    now, told = timezone.now(), dict[str, Any]()
    if subject is not None:
        coming.come(subject, by=person, at=now)
        told["looking"] = presence.looking(presence.others_at(subject, person, now))
        told["moved"] = _moved(subject, request.GET.get("seen", ""))
    elif asked:
        told["gone"] = _("This matter is no longer yours to see: it was sent on, or taken back.")
    if "rows" in request.GET:
        told["rows"] = presence.at_rows(person, now)
    return told


def _moved(subject: Report | Case, seen: str) -> dict[str, Any] | None:
    number = whole_number(seen)
    news = None if number is None else presence.news_of(subject, number)
    return None if news is None else {"lines": list(news.lines), "stage": news.stage}


def _conditional(request: HttpRequest, told: dict[str, Any]) -> HttpResponse:
    body = json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
    etag = f'"{sha256(body).hexdigest()[:24]}"'
    headers = {"ETag": etag, "Cache-Control": "no-store"}
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(body, content_type="application/json", headers=headers)
