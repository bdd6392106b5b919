"""The calls of GeoReport v2 as Django views; creating without files has a shorter way in, see fast.py."""

from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from wangge.attachments import actions as attachments
from wangge.attachments.models import Purpose
from wangge.attachments.receiving import receive
from wangge.cases.actions import Draft, Received, receive_reports
from wangge.common.languages import language_of
from wangge.intake.channels.open311 import listing, reading, services
from wangge.intake.channels.open311.answering import Answer, answer, refusal
from wangge.intake.channels.open311.catalogue import catalogue
from wangge.intake.channels.open311.faults import Fault, Faulty, bad, not_found
from wangge.intake.channels.open311.fields import Fields, collected, comma_list, form_fields, last
from wangge.intake.channels.open311.submission import acknowledged, check_jurisdiction, draft_of
from wangge.intake.group import receive_together

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
BASE = "/open311/v2"

Work = Callable[..., Any]


def call(root: str, *, posts: Work | None = None) -> Callable[[Work], Callable[..., HttpResponse]]:
    """Make a view of the work behind a GET (and `posts` behind a POST), answered under `root` in the asked form."""

    def make(gets: Work) -> Callable[..., HttpResponse]:
        @csrf_exempt
        def view(request: HttpRequest, form: str, **names: str) -> HttpResponse:
            works = {"GET": gets, "HEAD": gets} | ({"POST": posts} if posts else {})
            work = works.get(request.method or "")
            if work is None:
                return _not_allowed(form, ", ".join(works))
            with translation.override(language_of(request.headers.get("Accept-Language", ""))):
                return _response(answer(form, root, lambda: work(request, **names)))

        return view

    return make


def _response(outcome: Answer) -> HttpResponse:
    headers = {
        "Access-Control-Allow-Origin": "*",  # what is public may be read by any page in any browser
        "Content-Language": translation.get_language() or settings.LANGUAGE_CODE,
        "Vary": "Accept-Language",
    }
    return HttpResponse(
        outcome.body, content_type=outcome.content_type, status=outcome.status, headers=headers
    )


def _not_allowed(form: str, methods: str) -> HttpResponse:
    outcome = refusal(
        form, Faulty(Fault(_("This address takes only %(methods)s.") % {"methods": methods}, code=405))
    )
    response = _response(outcome)
    response["Allow"] = methods
    return response


def _query(request: HttpRequest) -> Fields:
    fields = form_fields(request.META.get("QUERY_STRING", "").encode("latin-1"))
    check_jurisdiction(last(fields, "jurisdiction_id"))
    return fields


def _site(request: HttpRequest) -> str:
    return settings.PUBLIC_URL or f"{request.scheme}://{request.get_host()}"


@call("discovery")
def discovery(request: HttpRequest) -> Any:
    return services.discovery(catalogue(), _site(request) + BASE)


@call("services")
def service_list(request: HttpRequest) -> Any:
    _query(request)
    return services.service_list(catalogue())


@call("service_definition")
def definition(request: HttpRequest, code: str) -> Any:
    _query(request)
    return services.definition(services.service_of(catalogue(), code))


@call("service_requests")
def one(request: HttpRequest, number: str) -> Any:
    fields = _query(request)
    rows = reading.rows_numbered([number])
    if not rows:
        raise not_found(_("There is no request with the number “%(number)s”.") % {"number": number[:40]})
    return _told(request, fields, rows)


def _told(request: HttpRequest, fields: Fields, rows: list[reading.Row]) -> Any:
    extensions = last(fields, "extensions").lower() in {"true", "1"}
    return reading.service_requests(rows, catalogue(), site=_site(request), extensions=extensions)


@call("service_requests")
def token(request: HttpRequest, token: str) -> Any:
    """Our services are all realtime; the code a reporter follows a matter with serves as its token."""
    _query(request)
    number = reading.number_of_token(token)
    if number is None:
        raise not_found(_("There is no request with this token."))
    return [{"service_request_id": number, "token": token}]


def create(request: HttpRequest) -> Any:
    """Store a report, with photos when it is sent as multipart."""
    now = timezone.now()
    fields, files = _posted(request)
    draft = draft_of(fields, at=now)
    if not files:
        return acknowledged(receive_together(draft))
    return acknowledged(*_with_files(draft, files))


def _posted(request: HttpRequest) -> tuple[Fields, list[UploadedFile]]:
    query = form_fields(request.META.get("QUERY_STRING", "").encode("latin-1"))
    if request.content_type in {FORM, ""}:
        return {**query, **form_fields(request.body)}, []
    if request.content_type != MULTIPART:
        raise bad(_("Send the fields as %(form)s or %(multipart)s.") % {"form": FORM, "multipart": MULTIPART})
    return {**query, **collected(_pairs(request))}, list(_files(request))


def _pairs(request: HttpRequest) -> Iterator[tuple[str, str]]:
    for name, values in request.POST.lists():
        for value in values:
            if "\ufffd" in str(value):
                raise bad(_("The text is not UTF-8."))
            yield name, str(value)


def _files(request: HttpRequest) -> Iterator[UploadedFile]:
    """The files under whatever name: media, media[], photo1 … are all in use."""
    for name in request.FILES:
        yield from request.FILES.getlist(name)


def _with_files(draft: Draft, files: list[UploadedFile]) -> tuple[Received, list[tuple[str, str]]]:
    kept = receive(files)  # slow, and before the transaction
    with transaction.atomic():
        [received] = receive_reports([draft])
        attachments.record(
            kept, subject_kind="report", subject_id=received.id, purpose=Purpose.REPORT, by=None, at=draft.at
        )
    return received, list(kept.refused)


@call("service_requests", posts=create)
def requests(request: HttpRequest) -> Any:
    fields = _query(request)
    if numbers := comma_list(fields, "service_request_id"):
        if len(numbers) > listing.MOST:
            raise bad(_("service_request_id: more than %(most)d at once.") % {"most": listing.MOST})
        return _told(request, fields, reading.rows_numbered(numbers))
    return _told(request, fields, reading.rows_wanted(listing.wanted_of(fields, now=timezone.now())))


@csrf_exempt
def unknown(request: HttpRequest, path: str) -> HttpResponse:
    """An address we do not have is told in the form it asks for: XML unless it ends in .json."""
    form = "json" if path.endswith(".json") else "xml"
    with translation.override(language_of(request.headers.get("Accept-Language", ""))):
        words = _("There is nothing at this address. Addresses end in .json or .xml.")
        return _response(refusal(form, not_found(words)))
