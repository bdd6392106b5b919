"""Pages of territory changes: what is planned, one change with its effects, and a form for each step."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.messages import error, success
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.accounts.access import signed_in
from wangge.common.digits import whole_number
from wangge.common.forms import put_refusal, refusals_in
from wangge.common.refusals import Refused
from wangge.territory.changes import deciding, drafting, effects, permissions
from wangge.territory.changes.forms import STEPS, NewChangeForm, WordsForm, steps_of
from wangge.territory.changes.plan import lines
from wangge.territory.changes.queries import entries_of, told_of
from wangge.territory.models import Area, Level, TerritoryChange

PER_PAGE = 30
MOST_LINES = 200  # of one list on the page of a change; a draft of a file may have thousands
Stage = TerritoryChange.Stage


def _change(request: HttpRequest, pk: UUID) -> TerritoryChange:
    return get_object_or_404(permissions.changes_in_sight(signed_in(request)), pk=pk)


def _own(request: HttpRequest, pk: UUID) -> TerritoryChange:
    change = _change(request, pk)
    if not permissions.may_plan(signed_in(request), change.within):
        raise PermissionDenied
    return change


@login_required
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """List the changes: what waits first, then what is done."""
    found, stage = permissions.changes_in_sight(signed_in(request)), request.GET.get("stage", "")
    found = found.defer(*drafting.PLANS)  # forty plans of a county are more than a list can carry
    if stage in Stage.values:
        found = found.filter(stage=stage)
    page = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "stage": stage,
        "stages": Stage.choices,
        "may_plan": permissions.plans_somewhere(signed_in(request)),
    }
    return render(request, "territory/changes/changes.html", page)


def _offered(request: HttpRequest) -> dict[str, str]:
    """What a link to the form says already."""
    return {name: request.GET[name] for name in ("within", "about") if name in request.GET}


@login_required
def new_change(request: HttpRequest) -> HttpResponse:
    """Begin a draft in an area of one's own."""
    person = signed_in(request)
    if not permissions.plans_somewhere(person):
        raise PermissionDenied
    coarse = Area.objects.exclude(level__in=[Level.GRID, Level.MICRO]).defer("boundary")
    areas = coarse.filter(permissions.areas_of(person), valid_to=None).order_by("code")
    form = NewChangeForm(request.POST or None, areas=areas, initial=_offered(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with refusals_in(form):
            change = drafting.begin(
                given["within"], title=given["title"], reason=given["reason"], document=given["document"],
                on=given["in_force_on"], about=given["about"], by=person, at=timezone.now(),
            )  # fmt: skip
            return redirect("territory:change", change.pk)
    page = {"form": form, "title": _("New change of the territory"), "change": None}
    return render(request, "territory/changes/words.html", page, status=422 if form.errors else 200)


@login_required
def words(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct title, reason, document and day of a draft."""
    change = _own(request, pk)
    form = WordsForm(request.POST or None, instance=change, initial={"seen": change.revision})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            drafting.correct(
                TerritoryChange.objects.get(pk=pk), title=given["title"], reason=given["reason"],
                document=given["document"], on=given["in_force_on"], by=signed_in(request), at=timezone.now(),
                seen=given["seen"],
            )  # fmt: skip
            return redirect("territory:change", pk)
        except Refused as refused:
            put_refusal(form, refused)
            form.data = _as_looked_at_now(request, pk)
    page = {"form": form, "title": _("Words and day"), "change": change}
    return render(request, "territory/changes/words.html", page, status=422 if form.errors else 200)


@login_required
@require_safe
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one change: what it does, what stands against it, what it touches, and who did what."""
    return _show(request, _change(request, pk))


def _show(
    request: HttpRequest, change: TerritoryChange, *, refusal: str = "", remark: str = "", status: int = 200
) -> HttpResponse:
    person = signed_in(request)
    page: dict[str, Any] = {
        "change": change,
        "refusal": refusal,
        "remark": remark,
        "may_plan": permissions.may_plan(person, change.within),
        "may_decide": permissions.may_decide(person, change),
        "entries": entries_of(change),
        "steps": [(word, label) for word, (label, _form) in steps_of(change).items()],
        "most": MOST_LINES,
        "most_remark": drafting.MOST_REMARK,
        "most_slice": f":{MOST_LINES}",
        **(_as_planned(change) if change.stage not in (Stage.IN_FORCE, Stage.DROPPED) else _as_done(change)),
    }
    return render(request, "territory/changes/change.html", page, status=status)


def _as_planned(change: TerritoryChange) -> dict[str, Any]:
    draft = drafting.open_draft(change)
    return {
        "lines": lines(draft.plan, draft.before),
        "faults": draft.faults(),
        "effects": effects.effects_of(draft.plan, draft.before),
    }


def _as_done(change: TerritoryChange) -> dict[str, Any]:
    return {"lines": told_of(change), "faults": [], "effects": change.effects}


@login_required
def step(request: HttpRequest, pk: UUID, act: str) -> HttpResponse:
    """Take one step on a draft by a form; everything the map does can be done here."""
    change = _own(request, pk)
    if act not in steps_of(change):
        raise Http404
    label, form_class = STEPS[act]
    initial = {"area": request.GET.get("area", "")}
    form = form_class(request.POST or None, draft=drafting.open_draft(change), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            drafting.take(
                change,
                form.take,
                by=signed_in(request),
                at=timezone.now(),
                seen=form.cleaned_data["seen"],
            )
            return redirect("territory:change", pk)
        except Refused as refused:
            put_refusal(form, refused)
            form.data = _as_looked_at_now(request, pk)
    page = {"change": change, "form": form, "title": label, "offered": form.offered()}
    return render(request, "territory/changes/step.html", page, status=422 if form.errors else 200)


def _as_looked_at_now(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    """What was typed, on top of the draft as the refusal has just shown it."""
    revision = TerritoryChange.objects.values_list("revision", flat=True).get(pk=pk)
    return {**request.POST.dict(), "seen": revision}


Move = Callable[[HttpRequest, TerritoryChange, dict[str, Any], str], None]


def _undo(request: HttpRequest, change: TerritoryChange, who: dict[str, Any], remark: str) -> None:
    drafting.undo(change, **who)


def _redo(request: HttpRequest, change: TerritoryChange, who: dict[str, Any], remark: str) -> None:
    drafting.redo(change, **who)


def _propose(request: HttpRequest, change: TerritoryChange, who: dict[str, Any], remark: str) -> None:
    drafting.propose(change, **who)
    success(request, _("It waits for somebody else's approval."))


def _withdraw(request: HttpRequest, change: TerritoryChange, who: dict[str, Any], remark: str) -> None:
    drafting.withdraw(change, **who)


def _drop(request: HttpRequest, change: TerritoryChange, who: dict[str, Any], remark: str) -> None:
    drafting.drop(change, remark=remark, **who)


def _approve(request: HttpRequest, change: TerritoryChange, who: dict[str, Any], remark: str) -> None:
    deciding.approve(change, remark=remark, **who)
    if change.stage == Stage.IN_FORCE:
        success(request, _("Approved. It is in force."))
    else:
        success(request, _("Approved. It takes effect on its day."))


def _send_back(request: HttpRequest, change: TerritoryChange, who: dict[str, Any], remark: str) -> None:
    deciding.send_back(change, remark=remark, **who)


MOVES: dict[str, Move] = {
    "undo": _undo, "redo": _redo, "proposal": _propose, "withdrawal": _withdraw, "end": _drop, "approval": _approve,
    "return": _send_back,
}  # fmt: skip


@login_required
@require_POST
def move(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """Move a whole change: back and forth, to the approver, into force."""
    if what not in MOVES:
        raise Http404
    change, remark = _own(request, pk), request.POST.get("remark", "")
    # Whoever does not say what they looked at has looked at nothing.
    seen = whole_number(request.POST.get("seen", ""))
    who = {"by": signed_in(request), "at": timezone.now(), "seen": -1 if seen is None else seen}
    try:
        MOVES[what](request, change, who, remark)
    except Refused as refused:
        error(request, str(refused))
        return _show(request, _change(request, pk), refusal=str(refused), remark=remark, status=422)
    return redirect("territory:change", pk)
