"""A report from the street by a grid worker."""

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wangge.attachments import actions as attachments
from wangge.attachments.models import Purpose
from wangge.attachments.queries import attachments_of
from wangge.attachments.receiving import receive
from wangge.cases.actions import Draft, receive_report
from wangge.cases.models import MatterClass, Report
from wangge.cases.queries.classes import find_classes
from wangge.common.refusals import Refused
from wangge.fieldwork.queries import may_settle, own_ground
from wangge.fieldwork.views.settlement import CHOICES, HERE, matter_of, settle, spot_conditions
from wangge.fieldwork.views.worker import account_of, onward, point_of, workers_only

TYPED = ("lon", "lat", "address", "what", "text", "matter", "condition", "result", "settle")


@workers_only
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Photo, place, class, words; a form sent twice (slow network, two taps) is one report."""
    if request.method != "POST":
        return _form(request)
    try:
        return settle(request, _draft) if "settle" in request.POST else _receive(request)
    except Refused as refused:
        return _form(request, refused, status=409)


def _receive(request: HttpRequest) -> HttpResponse:
    matter = matter_of(request.POST)
    photos = receive(request.FILES.getlist("photos"))
    person, now = account_of(request), timezone.now()
    with transaction.atomic():
        received = receive_report(_draft(request, matter, now))
        # A retry gives its photos to a report that has none yet, and never a second time.
        if received.new or not attachments_of("report", [received.id])[received.id]:
            attachments.record(
                photos,
                subject_kind="report",
                subject_id=received.id,
                purpose=Purpose.REPORT,
                by=person,
                at=now,
            )
    for name, sentence in photos.refused:
        messages.warning(request, f"{name}: {sentence}")
    messages.success(request, _("Received: report %(number)d") % {"number": received.number})
    return onward(request, "fieldwork:tasks")


def _draft(request: HttpRequest, matter: MatterClass | None, now: datetime) -> Draft:
    person = account_of(request)
    lon, lat = point_of(request.POST) or point_of(request.POST, HERE) or (None, None)
    return Draft(
        channel=Report.Channel.WORKER,
        text=request.POST.get("text", ""),
        at=now,
        lon=lon,
        lat=lat,
        address=request.POST.get("address", "").strip()[:256],
        matter=matter,
        source=f"account {person.pk}",
        source_key=_key(request),
        by=person,
    )


def _key(request: HttpRequest) -> str:
    """The key this form was drawn with; a form without one is a new submission each time."""
    try:
        return str(UUID(request.POST.get("key", "")))
    except ValueError:
        return str(uuid4())


def _form(request: HttpRequest, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    typed = {name: request.POST.get(name, "") for name in TYPED}
    return render(
        request,
        "fieldwork/report.html",
        {
            "typed": typed,
            "key": _key(request),
            "refused": refused,
            "choices": find_classes(typed["what"], most=CHOICES) if typed["what"] else [],
            "ground": own_ground(account_of(request)),
            "classes": MatterClass.objects.filter(in_force=True),
            "spot_conditions": spot_conditions() if may_settle(account_of(request)) else [],
        },
        status=status,
    )
