"""Reporting in three steps without an account; one page that works without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wangge.attachments.models import Attachment
from wangge.cases.actions import check_draft
from wangge.cases.models import MatterClass, MatterGroup
from wangge.cases.queries import public
from wangge.cases.queries.classes import find_classes
from wangge.common import limits
from wangge.common.refusals import Refused
from wangge.intake.channels.web import drafts
from wangge.intake.channels.web.forms import ReportForm
from wangge.intake.channels.web.places import (
    IN_WORDS,
    FoundPlace,
    count_search,
    find_places,
    guess_places,
    kept_place,
    well_known,
)
from wangge.intake.channels.web.questions import QuestionsForm
from wangge.intake.group import receive_together

# Which step a mistake is mended in.
STEP_OF = {
    **dict.fromkeys(("address", "lon", "lat", "crs", "found", "street_only"), "where"),
    **dict.fromkeys(("group", "matter", "kind"), "what"),
}
NOT_CARRIED = {"csrfmiddlewaretoken", "same_as", "drop", "find", "q"}
SUGGESTED = 6


@dataclass
class Attempt:
    """One sending of the form: what was said, and what is still to be asked."""

    data: QueryDict
    token: str
    at: datetime
    refused: Sequence[tuple[str, str]] = ()
    places: Sequence[FoundPlace] = ()
    photos: Sequence[Attachment] = ()
    is_sent: bool = True  # not: a new form, or one that only asks for places or takes a photo out
    form: ReportForm = field(init=False)
    questions: QuestionsForm = field(init=False)

    def __post_init__(self) -> None:
        located = next(((p.taken_lon, p.taken_lat) for p in self.photos if p.taken_lon is not None), None)
        self.form = ReportForm(
            self.data if self.is_sent else None,
            initial=self.data.dict(),
            photo_place=located,  # type: ignore[arg-type]  # a place has both coordinates or neither
            has_photos=bool(self.photos),
        )
        self.form.is_valid()
        self.questions = QuestionsForm(self.matter, self.data if self.were_asked else None)

    @property
    def matter(self) -> MatterClass | None:
        return self.form.cleaned_data.get("matter") if self.is_sent else None

    @property
    def were_asked(self) -> bool:
        """Whether the page that was sent had the questions of the chosen class on it."""
        return self.matter is not None and self.data.get("asked") == self.matter.code

    @property
    def has_open_questions(self) -> bool:
        return bool(self.questions.fields) and (not self.were_asked or not self.questions.is_valid())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Ask where, what and how; then receive the report and show its code."""
    now = timezone.now()
    if request.method != "POST":
        return _page(request, _beginning(request, now), first=request.GET.get("start", ""))
    attempt = _attempt(request, now)
    if "find" in request.POST:
        count_search(request)
        attempt.places = find_places(request.POST.get("q", ""))
        return _page(request, attempt, step="where", searched=True)
    if "drop" in request.POST:
        return _page(request, attempt, step="how")
    if not attempt.form.is_valid():
        attempt.places = _guesses(attempt)
        return _page(request, attempt, status=422)
    if places := _guesses(attempt):
        attempt.places = places
        return _page(request, attempt, step="where")
    if attempt.has_open_questions:
        asked = attempt.were_asked
        return _page(request, attempt, step="how", asks_more=not asked, status=422 if asked else 200)
    if "same_as" not in request.POST and (similar := _similar(attempt)):
        return _similar_page(request, attempt, similar)
    return _receive(request, attempt)


def _beginning(request: HttpRequest, now: datetime) -> Attempt:
    """An empty form, with what a link may have said already."""
    data = QueryDict(mutable=True)
    for name in ("lon", "lat", "group", "matter", "text", "address"):
        if value := request.GET.get(name, ""):
            data[name] = value
    token = drafts.new_token()
    data["token"] = token
    return Attempt(data, token, now, is_sent=False)


def _attempt(request: HttpRequest, now: datetime) -> Attempt:
    token = drafts.token_from(request.POST.get("token", ""))
    if names := request.POST.getlist("drop"):
        drafts.drop(token, names, now)
    refused = drafts.keep(token, request.FILES.getlist("photos"), now)
    data = request.POST.copy()
    data["token"] = token
    only_asks = "find" in data or "drop" in data
    return Attempt(data, token, now, refused, photos=drafts.photos_of(token), is_sent=not only_asks)


def _guesses(attempt: Attempt) -> list[FoundPlace]:
    """Where the words say it is, when nothing else does; asked once, since an address may be known to nobody."""
    data = attempt.form.cleaned_data
    if data.get("point") is not None or data.get("found"):
        return []
    return guess_places(data.get("address") or data.get("text") or "")


def _similar(attempt: Attempt) -> list[public.PublicMatter]:
    """Open matters of the same group close by: perhaps somebody said it already; a tip-off is not pointed at them."""
    data = attempt.form.cleaned_data
    matter, group = data["matter"], data["group"]
    if data["confidential"] or (matter and matter.confidential):
        return []
    code = matter.group.code if matter and matter.group else group.code if group else ""
    if data["point"] is None or not code:
        return []
    lon, lat = data["point"]
    return public.similar(lon, lat, code, attempt.at)


def _receive(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    answers = attempt.questions.answers() if attempt.were_asked and attempt.questions.is_valid() else {}
    draft = attempt.form.draft(answers=answers, same_as=attempt.data.get("same_as", ""), at=attempt.at)
    try:
        limits.count(request, "report")
        check_draft(draft)
    except Refused as refusal:
        too_many = isinstance(refusal, limits.TooMany)
        attempt.form.add_error("text", str(refusal))
        return _page(request, attempt, status=429 if too_many else 422)
    received = receive_together(draft)
    drafts.hand_over(attempt.token, received.id, attempt.at)
    for name, why in attempt.refused:
        messages.warning(request, _("The file “%(name)s” was not kept: %(why)s") % {"name": name, "why": why})
    return redirect("intake:received", code=received.code)


# -- Pages --------------------------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    attempt: Attempt,
    *,
    step: str = "",
    first: str = "",
    searched: bool = False,
    asks_more: bool = False,
    status: int = 200,
) -> HttpResponse:
    is_new = request.method != "POST"
    context = {
        "form": attempt.form,
        "data": attempt.data,
        "questions": attempt.questions,
        "asks_more": asks_more,
        "matter": attempt.matter,
        "refused": attempt.refused,
        "photos": attempt.photos,
        "places": _places(attempt, searched=searched),
        "searched": searched,
        "is_guess": bool(attempt.places) and not searched,
        "in_words": IN_WORDS,
        "looked_for": attempt.data.get("q", ""),
        "groups": groups_by_use(attempt.at),
        "classes": _classes(),
        "step": step or _step_to_mend(attempt.form, is_new),
        "first": first if first in ("photo", "words") else "",
        "is_new": is_new,
        "has_contact": any(attempt.data.get(name) for name in ("name", "phone", "email")),
    }
    return render(request, "intake/report.html", context, status=status)


def _places(attempt: Attempt, *, searched: bool) -> list[FoundPlace]:
    """Return the places to choose from; the one that was chosen before stays in the list."""
    shown = list(attempt.places) or ([] if searched else well_known())
    chosen = kept_place(attempt.data.get("found", ""))
    if chosen is None or chosen.value in {place.value for place in shown}:
        return shown
    return [chosen, *shown]


def _step_to_mend(form: ReportForm, is_new: bool) -> str:
    if is_new:
        return "where"
    steps = [STEP_OF.get(name, "how") for name in form.errors]
    return next((step for step in ("where", "what", "how") if step in steps), "how")


def _similar_page(
    request: HttpRequest, attempt: Attempt, similar: Sequence[public.PublicMatter]
) -> HttpResponse:
    carried = [
        (name, value) for name, values in attempt.data.lists() if name not in NOT_CARRIED for value in values
    ]
    return render(
        request,
        "intake/similar.html",
        {"similar": similar, "carried": carried, "photos": attempt.photos, "refused": attempt.refused},
    )


def groups_by_use(at: datetime) -> list[MatterGroup]:
    """Return the big choices, the most common ones of the last 90 days first, "other" always last."""
    common = public.common_groups(at)
    return sorted(
        MatterGroup.objects.all(),
        key=lambda group: (group.code == "other", -common.get(group.code, 0), group.ordinal),
    )


def _classes() -> list[tuple[str, str, list[MatterClass]]]:
    """All classes in force under the name and code of their group, for the list that works without scripts."""
    rows = (
        MatterClass.objects.filter(in_force=True).select_related("group").order_by("group__ordinal", "code")
    )
    return [
        (str(group or ""), group.code if group else "", list(members))
        for group, members in groupby(rows, key=lambda row: row.group)
    ]


# -- Parts for the island -------------------------------------------------------------------------------------


@require_POST
def places(request: HttpRequest) -> JsonResponse:
    """Places called so, for choosing while typing; sent as a form, so that no address of a resident gets into a log."""
    count_search(request)
    found = find_places(request.POST.get("q", ""))
    return JsonResponse(
        {
            "places": [
                {"label": p.label, "note": p.note, "lon": p.lon, "lat": p.lat, "value": p.value}
                for p in found
            ]
        }
    )


@require_safe
def classes(request: HttpRequest) -> JsonResponse:
    """Classes that fit the words, best first."""
    words = request.GET.get("q", "")[:200]
    return JsonResponse({"classes": [_said(row) for row in find_classes(words, most=SUGGESTED)]})


def _said(row: MatterClass) -> dict[str, Any]:
    return {
        "code": row.code,
        "label": row.label,
        "group": row.group.code if row.group else "",
        "major": str(row.group or ""),
    }


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """The extra questions of a class, as a part of the form."""
    code = request.GET.get("matter", "")[:20]
    matter = MatterClass.objects.filter(code=code, in_force=True).first()
    return render(request, "intake/_questions.html", {"questions": QuestionsForm(matter), "matter": matter})
