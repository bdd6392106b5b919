"""The designer of grids: what is wanted, how far it is, proposals side by side, moved by hand, turned into a draft."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.messages import error, success
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from wangge.accounts.access import signed_in
from wangge.accounts.models import Role
from wangge.common.forms import put_refusal
from wangge.common.refusals import Refused
from wangge.territory.changes import permissions
from wangge.territory.designer import adjusting, asking, comparing, drafts, picture, running
from wangge.territory.designer.forms import DesignForm, DraftForm, MoveForm
from wangge.territory.designer.keeping import Site
from wangge.territory.designer.models import DesignPart, GridDesign, GridProposal
from wangge.territory.designer.proposing import METHODS
from wangge.territory.models import Area, GridKind, Level
from wangge.territory.scopes import Person, scope_of

PER_PAGE = 30
LEVELS = (Level.COUNTY, Level.STREET, Level.COMMUNITY)


def _in_sight(person: Person) -> QuerySet[GridDesign]:
    """Designs are seen by those who may re-organise the area."""
    own: Q = scope_of(person).within("within__path", {Role.TERRITORY})
    return GridDesign.objects.filter(own).select_related("within", "made_by", "change")


def _own(request: HttpRequest, pk: UUID) -> GridDesign:
    return get_object_or_404(_in_sight(signed_in(request)), pk=pk)


def _demand_planner(request: HttpRequest) -> None:
    if not permissions.plans_somewhere(signed_in(request)):
        raise PermissionDenied(_("This is for territory administrators."))


@login_required
@require_safe
def designs(request: HttpRequest) -> HttpResponse:
    """List the designs of the areas that a person may re-organise."""
    _demand_planner(request)
    page = Paginator(_in_sight(signed_in(request)), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "territory/design/designs.html", {"page": page})


@login_required
def new_design(request: HttpRequest) -> HttpResponse:
    """Ask for a design."""
    _demand_planner(request)
    form = DesignForm(
        request.POST or None, request.FILES or None, areas=_areas(request), initial={"within": request.GET.get("within", "")}
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            design = asking.begin(
                form.cleaned_data["within"], form.wish(), by=signed_in(request), at=timezone.now()
            )
            return redirect("territory:design", design.pk)
        except Refused as refused:
            _put(form, refused)
    return render(request, "territory/design/new.html", {"form": form}, status=422 if form.errors else 200)


def _areas(request: HttpRequest) -> QuerySet[Area]:
    own = permissions.areas_of(signed_in(request))
    return Area.objects.filter(own, level__in=LEVELS, valid_to=None).defer("boundary").order_by("code")


def _put(form: Any, refused: Refused) -> None:
    put_refusal(form, refused)
    for one in getattr(refused, "errors", ()):
        form.add_error("file", str(one))


# -- How far it is, and what came of it -------------------------------------------------------------------


@login_required
@never_cache
@require_safe
def design(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how far a design is, or its proposals side by side for one of its communities."""
    shown = _own(request, pk)
    if "HX-Request" in request.headers:
        return _progress(request, shown)
    page: dict[str, Any] = {"design": shown, "parts": _parts(shown)}
    if shown.is_working and not running.is_silent(shown, timezone.now()):
        return render(request, "territory/design/progress.html", page)
    return render(request, "territory/design/design.html", page | _compared(request, shown))


def _progress(request: HttpRequest, shown: GridDesign) -> HttpResponse:
    """The part of the page that renews itself; when there is more to see, the page is loaded whole."""
    silent = running.is_silent(shown, timezone.now())
    response = render(request, "territory/design/_progress.html", {"design": shown})
    if silent or not shown.is_working:
        response["HX-Refresh"] = "true"
    return response


def _parts(shown: GridDesign) -> list[DesignPart]:
    found = shown.parts.defer("ground", "barriers", "blocks", "shapes").select_related("community")
    return list(found)


def _part(request: HttpRequest, shown: GridDesign) -> DesignPart:
    parts = shown.parts.select_related("community", "design")
    asked = parts.filter(community__code=request.GET.get("in", "")).first()
    found = asked or parts.first()
    if found is None:
        raise Http404
    return found


def _compared(
    request: HttpRequest, shown: GridDesign, drafted: tuple[str, DraftForm] | None = None
) -> dict[str, Any]:
    columns = [column for column in comparing.columns_of(shown) if column.proposals]
    part = _part(request, shown)
    site = Site(part)
    sheets = [_sheet(site, column, proposal) for column in columns if (proposal := column.of(part))]
    for sheet in sheets:
        method = sheet["column"].method
        sheet["form"] = (
            drafted[1] if drafted and drafted[0] == method else _draft_form(sheet["column"], shown)
        )
    return {
        "columns": columns,
        "table": [
            {"label": line.label, "says": line.says, "cells": zip(columns, line.cells, strict=True)}
            for line in comparing.table([column.worth for column in columns], shown.low, shown.high)
        ],
        "part": part,
        "sheets": sheets,
        "scenery": picture.scenery(site),
        **_today(site),
    }


def _draft_form(column: comparing.Column, shown: GridDesign) -> DraftForm | None:
    if not column.is_whole or shown.is_working:
        return None
    return DraftForm(initial={"title": shown.title}, auto_id=f"{column.method}_%s")


def _sheet(site: Site, column: comparing.Column, proposal: GridProposal) -> dict[str, Any]:
    design = site.part.design
    proposal.part = site.part
    return {
        "column": column,
        "proposal": proposal,
        "patches": picture.patches(site, proposal),
        "worth": comparing.Worth([proposal.measures]),
        "grids": comparing.grids_of(proposal, design.low, design.high),
        "remarks": comparing.remarks_of(proposal),
    }


def _today(site: Site) -> dict[str, list[picture.Path]]:
    """Today's grids of a community: those that a design would change, and those that stay."""
    grids = Area.objects.filter(parent=site.part.community, level=Level.GRID, valid_to=None)
    drawn = grids.exclude(boundary=None).order_by("code").values_list("kind", "boundary")
    found: dict[str, list[bytes]] = {"today": [], "kept": []}
    for kind, boundary in drawn:
        found["kept" if kind == GridKind.DEDICATED else "today"].append(bytes(boundary or b""))
    return {name: picture.outlines(site, name, shapes) for name, shapes in found.items()}


# -- Moved by hand ----------------------------------------------------------------------------------------


def _proposal(request: HttpRequest, pk: UUID, method: str) -> GridProposal:
    shown = _own(request, pk)
    part = _part(request, shown)
    found = GridProposal.objects.filter(part=part, method=method).first()
    if found is None:
        raise Http404
    part.design, found.part = shown, part
    return found


@login_required
def adjust(request: HttpRequest, pk: UUID, method: str) -> HttpResponse:
    """Move blocks of one proposal to neighbouring grids, by the form or on the map, which fills it."""
    proposal = _proposal(request, pk, method)
    site = Site(proposal.part)
    form = _move_form(request.POST or None, site, proposal)
    status = 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            adjusting.move(proposal, given["blocks"], given["into"], _hand(request, given["seen"]))
            return _moved(request, proposal)
        except Refused as refused:
            proposal = _proposal(request, pk, method)  # as it is now: somebody may have been faster
            form = _move_form(_looked_at_again(request, proposal), site, proposal)
            _put(form, refused)
    if form.errors:
        status = 422
    return render(request, _template(request), _adjusted(proposal, form, site), status=status)


def _move_form(given: QueryDict | None, site: Site, proposal: GridProposal) -> MoveForm:
    grids = len(proposal.measures["households"])
    named: list[tuple[str, list[tuple[int, str]]]] = [
        (_("Grid %(number)s") % {"number": number}, []) for number in range(1, grids + 1)
    ]
    for at, (block, label) in enumerate(zip(site.blocks, proposal.labels, strict=True)):
        named[label][1].append(
            (at, _("%(key)s · %(households)s") % {"key": block.key, "households": block.households})
        )
    return MoveForm(given, blocks=named, grids=grids, initial={"seen": proposal.revision})


def _looked_at_again(request: HttpRequest, proposal: GridProposal) -> QueryDict:
    """What was typed, with the revision that is looked at now."""
    typed = request.POST.copy()
    typed["seen"] = str(proposal.revision)
    return typed


def _hand(request: HttpRequest, seen: int | None = None) -> adjusting.Hand:
    return adjusting.Hand(signed_in(request), timezone.now(), seen)


def _template(request: HttpRequest) -> str:
    return f"territory/design/{'_adjust' if 'HX-Request' in request.headers else 'adjust'}.html"


def _adjusted(proposal: GridProposal, form: MoveForm, site: Site) -> dict[str, Any]:
    part, design = proposal.part, proposal.part.design
    return {
        "design": design,
        "part": part,
        "proposal": proposal,
        "method": METHODS[proposal.method],
        "form": form,
        "grids": comparing.grids_of(proposal, design.low, design.high),
        "table": comparing.table([comparing.Worth([proposal.measures])], design.low, design.high),
        "remarks": comparing.remarks_of(proposal),
        "picture": {"patches": picture.patches(site, proposal), "scenery": picture.scenery(site)},
    }


def _moved(request: HttpRequest, proposal: GridProposal) -> HttpResponse:
    """Back to the page; a part that htmx asked for is drawn anew and tells the map so."""
    if "HX-Request" not in request.headers:
        return redirect(_address(proposal))
    again = GridProposal.objects.select_related("part__design__within", "part__community").get(pk=proposal.pk)
    site = Site(again.part)
    page = _adjusted(again, _move_form(None, site, again), site)
    response = render(request, "territory/design/_adjust.html", page)
    response["HX-Trigger"] = "wangge:moved"
    return response


def _address(proposal: GridProposal) -> str:
    address = reverse("territory:design_adjust", args=[proposal.part.design_id, proposal.method])
    return f"{address}?in={proposal.part.community.code}"


@login_required
@require_POST
def take_back(request: HttpRequest, pk: UUID, method: str) -> HttpResponse:
    """Undo the last move."""
    proposal = _proposal(request, pk, method)
    try:
        adjusting.take_back(proposal, _hand(request, _seen(request)))
    except Refused as refused:
        error(request, str(refused))
    return redirect(_address(proposal))


def _seen(request: HttpRequest) -> int:
    """The revision that was on the page, 0 where none is told: there is no such one."""
    told = request.POST.get("seen", "")
    return int(told) if told.isdecimal() and len(told) < 10 else 0


@login_required
@never_cache
@require_safe
def shapes(request: HttpRequest, pk: UUID, method: str) -> JsonResponse:
    """Grids and blocks of a proposal for the map: GeoJSON in WGS84."""
    proposal = _proposal(request, pk, method)
    return JsonResponse(picture.for_map(Site(proposal.part), proposal))


# -- What a person does with it -----------------------------------------------------------------------------


@login_required
@require_POST
def calling_off(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop the work; what is worked out stays."""
    return _done(request, pk, asking.call_off)


@login_required
@require_POST
def starting_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go on with what failed or was called off."""
    return _done(request, pk, asking.start_again)


def _done(request: HttpRequest, pk: UUID, act: Any) -> HttpResponse:
    try:
        act(_own(request, pk), by=signed_in(request), at=timezone.now())
    except Refused as refused:
        error(request, str(refused))
    return redirect("territory:design", pk)


@login_required
@require_POST
def drafting(request: HttpRequest, pk: UUID, method: str) -> HttpResponse:
    """Turn the proposals of a method into the draft of a change."""
    shown = _own(request, pk)
    form = DraftForm(request.POST, auto_id=f"{method}_%s")
    if method not in shown.methods:
        raise Http404
    if form.is_valid():
        given = form.cleaned_data
        try:
            change = drafts.into_draft(
                shown, method, title=given["title"], on=given["in_force_on"], by=signed_in(request), at=timezone.now()
            )  # fmt: skip
            success(request, _("The draft is there. Look at what it touches, then propose it."))
            return redirect("territory:change", change.pk)
        except Refused as refused:
            _put(form, refused)
    page = {"design": shown, "parts": _parts(shown), **_compared(request, shown, (method, form))}
    return render(request, "territory/design/design.html", page, status=422)
