"""Following one's own report by its secret code: no account, and nobody else finds it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from wangge.attachments.models import Attachment, Purpose, Size
from wangge.attachments.queries import attachments_of, public_of
from wangge.attachments.receiving import receive
from wangge.attachments.views import serve
from wangge.audit.models import Event
from wangge.cases import clocks
from wangge.cases.actions import add_to_report, rate_report
from wangge.cases.actions.reports import RATING_DAYS
from wangge.cases.actions.tracing import ERASED
from wangge.cases.follow_links import report_of
from wangge.cases.models import Clock, ClockKind, Rating, Report
from wangge.cases.queries import public, ratings
from wangge.cases.queries.clocks import Explanation, explanation
from wangge.cases.workflow import ADD, DECLINE, OPEN_REPORT, RATE, REFUSE_REOPEN, URGE, Stage
from wangge.common import limits
from wangge.common.forms import CleanText, one_break
from wangge.common.refusals import Refused
from wangge.common.sealing import fingerprint
from wangge.intake.channels.web.messages import ways_of
from wangge.intake.channels.web.moments import due_words

P = ParamSpec("P")
OWN = (Purpose.REPORT, Purpose.COMMENT)
SATISFIED = list(ratings.SATISFIED.items())


class RatingForm(forms.Form):
    """What the reporter thinks of the result and of the way."""

    solved = forms.TypedChoiceField(
        label=gettext_lazy("Is it solved?"),
        choices=[("yes", gettext_lazy("Yes, it is solved")), ("no", gettext_lazy("No, it is not solved"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    result = forms.TypedChoiceField(
        label=gettext_lazy("The result"), choices=SATISFIED, coerce=int, widget=forms.RadioSelect
    )
    attitude = forms.TypedChoiceField(
        label=gettext_lazy("How you were treated"), choices=SATISFIED, coerce=int, widget=forms.RadioSelect
    )
    words = CleanText(
        label=gettext_lazy("Anything else?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


# -- The code opens the page --------------------------------------------------------------------------------


def with_report(
    view: Callable[Concatenate[HttpRequest, Report, str, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Let a view be opened by the code of a report; nothing of it is kept in caches or told to other sites."""

    @wraps(view)
    def opened(request: HttpRequest, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        report = _by_code(code)
        if report is None:
            response = render(request, "intake/no_such_code.html", {"code": code[:40]}, status=404)
        else:
            response = view(request, report, code, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        # Not "no-referrer": with it browsers send the page's own forms as from nowhere, and they are refused.
        response["Referrer-Policy"] = "same-origin"
        return response

    return opened


def _by_code(code: str) -> Report | None:
    """Whose code it is; a link from a message has a signed token in its place."""
    known = Report.objects.select_related("matter__group", "case__unit", "current_grid__parent", "rating")
    if linked := report_of(code, at=timezone.now()):
        return known.filter(pk=linked).first()
    return known.filter(code_hash=fingerprint(code.strip().upper())).first()


@require_safe
@with_report
def received(request: HttpRequest, report: Report, code: str) -> HttpResponse:
    """Tell that it was received: the code, the way to follow, and by when somebody looks."""
    now = timezone.now()
    link = _link(request, code)
    return render(
        request,
        "intake/received.html",
        {
            "report": report,
            "code": code,
            "spaced": f"{code[:5]} {code[5:]}",
            "link": link,
            "qr": _qr(link),
            "due": due_words(report.due_at, now) if report.due_at and report.due_at > now else "",
            "photos": len(attachments_of("report", [report.pk])[report.pk]),
            "is_public": report.kind in public.PUBLIC_KINDS and not report.confidential,
        },
    )


def _link(request: HttpRequest, code: str) -> str:
    path = reverse("intake:follow", args=[code])
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)


def _qr(link: str) -> SafeString:
    """The address as a QR code in SVG; made of numbers only, so it is safe as it stands."""
    drawn: str = segno.make(link, error="m", micro=False).svg_inline(
        scale=5, border=2, dark="#000", light="#fff", omitsize=True
    )
    return mark_safe(drawn)


@require_safe
@with_report
def follow(request: HttpRequest, report: Report, code: str) -> HttpResponse:
    """Show the reporter where the matter stands, what was said, and what they can do."""
    return page_of(request, report, code)


@require_POST
@with_report
def add(request: HttpRequest, report: Report, code: str) -> HttpResponse:
    """Take words and photos that the reporter adds; the good photos are kept, the others named."""
    words = one_break(request.POST.get("words", ""))
    try:
        limits.count(request, "addition", report.pk.hex)
    except limits.TooMany as too_many:
        return page_of(request, report, code, added=words, add_error=str(too_many), status=429)
    files = receive(request.FILES.getlist("photos"))
    try:
        add_to_report(report, words=words, photos=files, at=timezone.now())
    except Refused as refusal:
        return page_of(
            request, report, code, added=words, add_error=str(refusal), refused=files.refused, status=422
        )
    for name, why in files.refused:
        messages.warning(request, _("The file “%(name)s” was not kept: %(why)s") % {"name": name, "why": why})
    messages.success(request, _("Added. Whoever works on it will see it."))
    return redirect("intake:follow", code=code)


@require_POST
@with_report
def rate(request: HttpRequest, report: Report, code: str) -> HttpResponse:
    """Take the reporter's rating; "not solved" is looked at by a person."""
    form = RatingForm(request.POST)
    if not form.is_valid():
        return page_of(request, report, code, rating_form=form, status=422)
    try:
        rate_report(report, **form.cleaned_data, at=timezone.now())
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return page_of(request, report, code, rating_form=form, status=422)
    messages.success(request, _("Thank you. Your rating was kept."))
    return redirect("intake:follow", code=code)


@require_safe
@with_report
def photo(request: HttpRequest, report: Report, code: str, photo_id: UUID, size: str) -> HttpResponse:
    """Show the holder of the code a photo of their own."""
    attachment = get_object_or_404(
        Attachment,
        pk=photo_id,
        subject_kind="report",
        subject_id=report.pk,
        uploaded_by=None,
        purpose__in=OWN,
    )
    if attachment.sealed or size not in Size.values:
        raise Http404
    return serve(request, attachment, Size(size))


# -- What the page shows -------------------------------------------------------------------------------------


def page_of(
    request: HttpRequest,
    report: Report,
    code: str,
    *,
    rating_form: RatingForm | None = None,
    added: str = "",
    add_error: str = "",
    urged: str = "",
    urge_error: str = "",
    refused: Any = (),
    status: int = 200,
) -> HttpResponse:
    """Draw the page with what the last attempt left: words that were typed, and why they were not taken."""
    now = timezone.now()
    case = report.case
    is_open = report.stage in OPEN_REPORT or (case is not None and case.closed_at is None)
    context = {
        "report": report,
        "code": code,
        "stage": public.stage_of(report),
        "is_open": is_open,
        "marks": public.marks(public.stage_of(report)),
        "moments": public.moments(report.pk, report.case_id, report.received_at),
        "photos": _own_photos(report, code),
        "result_photos": _result_photos(report),
        "additions": _additions(report),
        "erased_at": _erased_at(report),
        "answer": "" if is_open else (case.answer if case else report.answer),
        "further": _further_words(report),
        "due": _due(report, now) if is_open else None,
        "may_rate": _may_rate(report, now),
        "rating": getattr(report, "rating", None),
        "rated": _rated(getattr(report, "rating", None)),
        "rated_before": not is_open and case is not None and not _has_rated(report, case.closed_at),
        "rating_form": rating_form or RatingForm(),
        "rating_days": RATING_DAYS,
        "added": added,
        "add_error": add_error,
        "urgings": Event.objects.filter(subject_id=report.pk, verb=URGE.verb).count(),
        "may_urge": report.urged_at is None or timezone.localdate(report.urged_at) < timezone.localdate(now),
        "urged": urged,
        "urge_error": urge_error,
        "looked_again": _looked_again(report),
        "refused": refused,
        "is_public": report.kind in public.PUBLIC_KINDS and not report.confidential,
        "messages_go": bool(ways_of(report)),
    }
    return render(request, "intake/follow.html", context, status=status)


def _own_photos(report: Report, code: str) -> list[dict[str, Any]]:
    own = [
        a
        for a in attachments_of("report", [report.pk])[report.pk]
        if a.purpose in OWN and a.uploaded_by_id is None
    ]
    return [
        {
            "is_photo": a.is_photo,
            "name": a.name,
            "thumb": reverse("intake:own_photo", args=[code, a.pk, Size.THUMB]),
            "full": reverse("intake:own_photo", args=[code, a.pk, Size.FULL]),
        }
        for a in own
        if not a.sealed
    ]


def _result_photos(report: Report) -> list[Attachment]:
    if report.case_id is None:
        return []
    return [a for a in public_of("case", [report.case_id])[report.case_id] if a.purpose == Purpose.AFTER]


def _additions(report: Report) -> list[tuple[datetime, str]]:
    """What the reporter added later, oldest first; nothing of it once the report has been erased."""
    added = Event.objects.filter(subject_id=report.pk, verb=ADD.verb, payload__isnull=False)
    events = added.select_related("payload").order_by("seq")
    return [(event.at, str(event.payload.data.get("note", ""))) for event in events]


def _erased_at(report: Report) -> datetime | None:
    """Since when what the reporter said is gone, at their wish; asked only where nothing of it is left."""
    if report.text:
        return None
    return Event.objects.filter(subject_id=report.pk, verb=ERASED).values_list("at", flat=True).last()


def _further_words(report: Report) -> str:
    """What the desk told this reporter alone when it declined the report."""
    if report.stage != Stage.DECLINED:
        return ""
    event = (
        Event.objects.filter(subject_id=report.pk, verb=DECLINE.verb)
        .select_related("payload")
        .order_by("seq")
        .last()
    )
    payload = getattr(event, "payload", None)  # words may have been deleted; the event stays
    return str(payload.data.get("note", "")) if payload else ""


def _rated(rating: Rating | None) -> dict[str, Promise]:
    """What was chosen, in the words it was chosen by."""
    if rating is None:
        return {}
    return {
        "solved": ratings.SOLVED[rating.solved],
        "result": ratings.SATISFIED[rating.result],
        "attitude": ratings.SATISFIED[rating.attitude],
    }


def _looked_again(report: Report) -> str:
    """Why the case stays closed, in the words of the person who looked at this reporter's “not solved”."""
    rating = getattr(report, "rating", None)
    if rating is None or rating.reviewed_at is None or report.case_id is None:
        return ""
    events = Event.objects.filter(
        subject_id=report.case_id, verb=REFUSE_REOPEN.verb, at=rating.reviewed_at
    ).select_related("payload")
    payload = getattr(events.first(), "payload", None)  # words may have been deleted; the event stays
    return str(payload.data.get("note", "")) if payload else ""


def _due(report: Report, now: datetime) -> dict[str, Any] | None:
    """By when something is to happen, in words, whether that has passed, and how it was counted."""
    clock = _clock(report)
    if clock is None:
        return None
    return {
        "words": due_words(clock.due_at, now),
        "late": clock.due_at < now,
        "solved": clock.kind == ClockKind.WHOLE,
        "provisional": clock.provisional,
        "explanation": _explained(clock),
    }


def _explained(clock: Clock) -> Explanation | None:
    return None if clock.given else explanation(clock)


def _clock(report: Report) -> Clock | None:
    """The clock a reporter cares for: until somebody looks, then until the whole matter is solved."""
    if report.case is not None:
        return clocks.running(report.case).get(ClockKind.WHOLE)
    running = clocks.running(report)
    return next(
        (running[kind] for kind in (ClockKind.VERIFY, ClockKind.FILE, ClockKind.ACCEPT) if kind in running),
        None,
    )


def _has_rated(report: Report, ended: datetime | None) -> bool:
    """Tell whether the result that ended it is rated; one before a reopening was another result."""
    rating: Rating | None = getattr(report, "rating", None)
    return rating is not None and ended is not None and rating.at >= ended


def _may_rate(report: Report, now: datetime) -> bool:
    ended = report.case.closed_at if report.case else report.ended_at
    if ended is None or report.stage not in RATE.sources or _has_rated(report, ended):
        return False
    return now <= ended + timedelta(days=RATING_DAYS)
