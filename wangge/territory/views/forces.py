"""Forces: what is covered and what is not, and who serves in one area."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.messages import error, success
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.accounts.access import signed_in
from wangge.accounts.models import AdminRole
from wangge.common.forms import refusals_in
from wangge.common.refusals import Refused
from wangge.territory import tables_out
from wangge.territory.forces import permissions, sheets
from wangge.territory.forces.coverage import BY_NAME, MOST_GRIDS, Coverage, table
from wangge.territory.forces.posts import add_force, end_force, give_phone
from wangge.territory.forces.reading import forces_at, posts_at
from wangge.territory.forms import ForceForm, PhoneForm
from wangge.territory.models import Area, ForcePost, Level, Post

P = ParamSpec("P")
PER_PAGE = 50
LONGEST = 100
WIDEST = 50  # what a reader may call too many grids for one worker


def for_lookers(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Open a view to whoever sees the forces of any area."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not permissions.may_look(signed_in(request)):
            raise PermissionDenied(
                _(
                    "This is for grid leads, duty chiefs, overseers and leaders, and the security administrator."
                )
            )
        return view(request, *args, **kwargs)

    return login_required(guarded)


def seen_area(request: HttpRequest, pk: object) -> Area:
    """The area with this id, where the person sees the forces; what is not seen does not exist."""
    if not str(pk).isascii() or not str(pk).isdigit():
        raise Http404
    areas = Area.objects.filter(permissions.seen(signed_in(request)), valid_to=None).select_related("parent")
    return get_object_or_404(areas.defer("boundary"), pk=int(str(pk)))


@for_lookers
@require_safe
def forces(request: HttpRequest) -> HttpResponse:
    """Show what is covered, by street and community; as CSV or XLSX on demand."""
    coverage, words, gaps = _coverage(request), _words(request), request.GET.get("gaps", "")
    gaps = gaps if gaps in BY_NAME else ""
    rows = coverage.rows(words, gaps)
    kind = request.GET.get("as", "")
    if kind in tables_out.KINDS:
        cells = table(rows if words or gaps else [*rows, coverage.total()])
        name = f"forces-{coverage.today}"
        return tables_out.answer_with(
            kind, cells, name=name, by=signed_in(request), act="forces_exported", subject="forces"
        )
    page = {
        "coverage": coverage,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "total": None if words or gaps else coverage.total(),  # of everything, not of some rows
        "columns": tuple(BY_NAME.values()),
        "words": words,
        "gaps": gaps,
    }
    return render(request, "territory/forces/coverage.html", page)


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:LONGEST]


def _coverage(request: HttpRequest) -> Coverage:
    given = request.GET.get("area", "")
    most = request.GET.get("most", "")
    return Coverage(
        signed_in(request),
        timezone.localdate(),
        seen_area(request, given) if given else None,
        min(max(int(most), 1), WIDEST) if most.isascii() and most.isdigit() and len(most) < 4 else MOST_GRIDS,
    )


@for_lookers
@require_safe
def behind(request: HttpRequest) -> HttpResponse:
    """List the grids or posts behind one number of the report."""
    measure = BY_NAME.get(request.GET.get("what", ""))
    if measure is None:
        raise Http404
    coverage = _coverage(request)
    words = _words(request)
    found = Paginator(coverage.behind(measure.name, words), PER_PAGE).get_page(request.GET.get("page"))
    lines = coverage.lines(measure.name, found.object_list)
    page = {"coverage": coverage, "measure": measure, "page": found, "lines": lines, "words": words}
    return render(request, "territory/forces/behind.html", page)


@for_lookers
def area(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who serves in an area; a form adds one of the forces."""
    found = seen_area(request, pk)
    form = ForceForm(request.POST or None, initial={"starts_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid() and _add(request, found, form):
        success(request, _("Written down."))
        return redirect("territory:forces_of", pk)
    return render(
        request,
        "territory/forces/area.html",
        _area_page(request, found, form),
        status=422 if form.errors else 200,
    )


def _area_page(request: HttpRequest, found: Area, form: ForceForm) -> dict[str, Any]:
    today, by = timezone.localdate(), signed_in(request)
    return {
        "area": found,
        "held": posts_at(found, today),
        "forces": forces_at(found, today),
        "form": form,
        "today": today,
        "may_manage": permissions.manages(by, found.path),
        "may_assign": by.admin_role == AdminRole.SECURITY,
        "is_grid": found.level == Level.GRID,
    }


def _add(request: HttpRequest, found: Area, form: ForceForm) -> bool:
    given = dict(form.cleaned_data)
    with refusals_in(form):
        add_force(found, account=given.pop("username"), **given, by=signed_in(request), at=timezone.now())
    return not form.errors


@for_lookers
@require_POST
def force_ending(request: HttpRequest, pk: int) -> HttpResponse:
    """One of the forces no longer serves here."""
    post = get_object_or_404(
        ForcePost.objects.filter(permissions.seen(signed_in(request), "area__path")), pk=pk
    )
    end_force(post, by=signed_in(request), at=timezone.now())
    success(request, _("The post ends today."))
    return redirect("territory:forces_of", post.area_id)


@for_lookers
@require_POST
def phone(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the telephone of a post."""
    post = get_object_or_404(Post.objects.filter(permissions.seen(signed_in(request), "area__path")), pk=pk)
    form = PhoneForm(request.POST)
    if form.is_valid():
        give_phone(post, phone=form.cleaned_data["phone"], by=signed_in(request), at=timezone.now())
        success(request, _("Saved."))
    else:
        error(request, str(form.errors["phone"][0]))
    return redirect("territory:forces_of", post.area_id)


@for_lookers
@require_safe
def plates(request: HttpRequest) -> HttpResponse:
    """The plates of the grids of an area, to be printed, cut and put up."""
    found = seen_area(request, request.GET.get("area", ""))
    grids = list(
        Area.objects.filter(path__startswith=found.path, level=Level.GRID, valid_to=None)
        .select_related("parent__parent")
        .defer("boundary", "parent__boundary", "parent__parent__boundary")
        .order_by("code")[: sheets.MOST + 1]
    )
    if len(grids) > sheets.MOST:
        raise Refused(
            _("That is more than %(most)d plates. Choose a street or community.") % {"most": sheets.MOST}
        )
    items = [
        sheets.Plate(grid.name, _within(grid), grid.code, address(request, "intake:grid", grid.code))
        for grid in grids
    ]
    return pdf(sheets.plates(items, site=site()), f"plates-{found.code}")


def _within(grid: Area) -> str:
    community = grid.parent
    street = community.parent if community else None
    return " · ".join(area.name for area in (street, community) if area)


def site() -> str:
    """What this installation calls itself."""
    return settings.INSTALLATION_NAME or _("Neighbourhood service grid")


def address(request: HttpRequest, name: str, *arguments: str) -> str:
    """A public address in full, as it is printed."""
    path = reverse(name, args=arguments)
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)


def pdf(content: bytes, name: str) -> HttpResponse:
    """A sheet to print."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}.pdf"'},
    )
