"""The boundary editor of a draft: its page, and what the map asks for and sends."""

import json
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from wangge.accounts.access import signed_in
from wangge.common.refusals import Refused
from wangge.common.unkept import json_of
from wangge.territory.changes import by_map, drafting, permissions
from wangge.territory.changes.drafting import Draft
from wangge.territory.models import Level, TerritoryChange

MOST_BYTES = 2_000_000


def _own(request: HttpRequest, pk: UUID) -> TerritoryChange:
    person = signed_in(request)
    change = get_object_or_404(permissions.changes_in_sight(person), pk=pk)
    if not permissions.may_plan(person, change.within):
        raise PermissionDenied
    return change


@login_required
@require_safe
def editor(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the map on which the boundaries inside one area are drawn, reshaped, split and merged."""
    change = _own(request, pk)
    draft = drafting.open_draft(change)
    parents = by_map.parents_of(draft)
    page = {
        "change": change,
        "parents": parents,
        "parent": _parent(draft, request.GET.get("in", "")),
        "faults": draft.faults(),
        "words": json.dumps(_words(), ensure_ascii=False),
    }
    return render(request, "territory/changes/boundaries.html", page)


def _parent(draft: Draft, asked: str) -> str:
    """The area that was asked for, else the first community the draft touches, else the first there is."""
    known = {node.code: node for node in by_map.parents_of(draft)}
    touched = sorted(node.parent for node in draft.plan.wanted.values() if node.parent in known)
    communities = [code for code, node in known.items() if node.level == Level.COMMUNITY]
    return next((code for code in (asked, *touched, *communities, *known) if code in known), "")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def boundaries(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell the map how the draft stands, and take a step it sends; whoever saves second is told who was first."""
    change = _own(request, pk)
    parent = request.GET.get("in", "")
    try:
        if request.method == "POST":
            _take(request, change, parent)
        return JsonResponse(by_map.told(drafting.open_draft(TerritoryChange.objects.get(pk=pk)), parent))
    except drafting.Overtaken as refused:
        return JsonResponse({"error": str(refused)}, status=409)
    except Refused as refused:
        return JsonResponse({"error": str(refused)}, status=422)


def _take(request: HttpRequest, change: TerritoryChange, parent: str) -> None:
    given = _given(request)
    seen = given.get("seen")
    details: dict[str, Any] = {
        "by": signed_in(request),
        "at": timezone.now(),
        "seen": seen if isinstance(seen, int) else -1,
    }
    if given.get("act") == "undo":
        drafting.undo(change, **details)
    elif given.get("act") == "redo":
        drafting.redo(change, **details)
    else:
        # Looked at inside, after it is known that nobody was faster: theirs may have ended the area this is about.
        drafting.take(
            change,
            lambda plan, before: by_map.step_of(Draft(change, plan, before), parent, given)(plan, before),
            **details,
        )


def _given(request: HttpRequest) -> dict[str, Any]:
    try:
        if len(request.body) > MOST_BYTES:
            raise ValueError
        given = json_of(request)
        if not isinstance(given, dict):
            raise TypeError
    except (ValueError, TypeError, RecursionError):
        raise Refused(
            _("The editor sent something that cannot be read. Please load the page again.")
        ) from None
    return given


def _words() -> dict[str, str]:
    return {
        "choose": _("Choose an area on the map or in the list."),
        "chosen": _("Chosen: {names}"),
        "reshape": _(
            "Drag the corners; the small points between them make new ones. They snap to neighbours and roads."
        ),
        "rings": _(
            "This area has a hole or several pieces. Change its boundary by the form, or split or merge it here."
        ),
        "split": _(
            "Click where the line begins, where it bends, and twice where it ends. Begin and end outside the area."
        ),
        "draw": _("Click corner by corner around the new area; click the first corner again to close it."),
        "crossing": _("The boundary crosses itself at {place}."),
        "outside": _("A corner lies outside the area around it, at {place}."),
        "small": _("This is less than a square metre."),
        "saved": _("Saved in the draft."),
        "sound": _("Nothing stands against it: no gap, no overlap, everything inside."),
        "failed": _("No network: nothing was changed. Please try again."),
    }
