"""The tree of areas on any day, the life of one area, and which grid a point was in."""

from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.accounts.access import signed_in
from wangge.common.refusals import Refused
from wangge.territory import history, lookup, queries
from wangge.territory.changes import permissions
from wangge.territory.coordinates import CRS, to_wgs84
from wangge.territory.levels import RANK
from wangge.territory.models import Area, UnitGrid


@login_required
@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """The top of the tree on a day, or what was searched for."""
    day, words = _day(request), request.GET.get("q", "").strip()
    top = history.areas_on(day).filter(parent_then=None)
    page: dict[str, Any] = {
        **_common(request, day),
        "words": words,
        "found": queries.search_areas(words),
        "children": _rows(top),
    }
    return render(request, "territory/tree/tree.html", page)


@login_required
@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    """One area: where it lay on a day, what lay in it, and its life."""
    shown, day = get_object_or_404(Area.objects.select_related("parent"), code=code), _day(request)
    around = history.around_on(shown.pk, day)
    children = _rows(history.areas_on(day).filter(parent_then=shown.pk))
    page: dict[str, Any] = {
        **_common(request, day),
        "area": shown,
        "holds": bool(around),
        "around": around[:-1],
        "name": around[-1].name if around else shown.name,
        "children": children,
        "child_level": children[0].level if children else "",
        "life": history.stretches(shown),
        "followers": history.followers(shown),
        "unit_grids": shown.unit_grids.filter(history.held_on(day)).count(),
        "may_change": shown.valid_to is None and permissions.may_plan(signed_in(request), shown),
    }
    return render(request, "territory/tree/area.html", page)


def _rows(areas: Any) -> list[Any]:
    return sorted(areas, key=lambda area: (RANK[area.level], area.code))


@login_required
@require_safe
def where(request: HttpRequest) -> HttpResponse:
    """Which grid a point was in on a day."""
    given = {name: request.GET.get(name, "") for name in ("lon", "lat")}
    day, crs = _day(request), request.GET.get("crs", CRS.WGS84.value)
    page: dict[str, Any] = {
        **_common(request, day),
        **given,
        "crs": crs,
        "systems": [(c.value, c.name) for c in CRS],
    }
    if any(given.values()):
        try:
            page |= _found(given["lon"], given["lat"], crs, day)
        except Refused as refused:
            page["refusal"] = str(refused)
    return render(request, "territory/tree/where.html", page, status=422 if "refusal" in page else 200)


def _found(lon: str, lat: str, crs: str, day: date) -> dict[str, Any]:
    try:
        x, y = to_wgs84(float(lon), float(lat), CRS(crs))
    except ValueError:
        raise Refused(
            _("Please give longitude and latitude in degrees: 118.905 and 32.905."), field="lon"
        ) from None
    if not (abs(x) <= 180 and abs(y) <= 90):
        raise Refused(_("Longitude comes first, then latitude, both in degrees."), field="lon")
    found = lookup.place_on(x, y, day)
    around = history.around_on(found.grid_id, day) if found and found.grid_id else []
    unit_grid = UnitGrid.objects.filter(pk=found.unit_grid_id or 0).first() if found else None
    return {
        "asked": True,
        "around": around,
        "grid": around[-1] if around else None,
        "unit_grid": unit_grid,
        "x": x,
        "y": y,
    }


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate()


def _common(request: HttpRequest, day: date) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "day": day,
        "today": today,
        "is_past": day != today,
        "plans": permissions.plans_somewhere(signed_in(request)),
    }
