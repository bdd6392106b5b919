"""The one map: at a desk, on a wall, and the parts of it that are asked for later."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from wangge.accounts.models import Role, Unit
from wangge.cases.map import Asked, Lens, State, counting
from wangge.cases.models import MatterGroup
from wangge.insight.measures import Look
from wangge.insight.permissions import may_look
from wangge.insight.queries.figures import figures
from wangge.insight.queries.map import listed, people_of, search
from wangge.insight.views.looking import lookers_only, unless_known
from wangge.territory import basemap
from wangge.territory.models import Level
from wangge.territory.scopes import scope_of

View = Callable[[HttpRequest, Lens], HttpResponse]
DAYS_BACK = 365  # how far the slider reaches


def for_the_map(view: View) -> Callable[[HttpRequest], HttpResponse]:
    """Let in whoever holds a post, with what they look at; nothing of it is kept on the way."""

    @require_safe
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not scope_of(request.user).has(*Role):
            raise Http404
        response = view(request, Lens.of(request.user, timezone.now(), request.GET))
        patch_cache_control(response, private=True, no_cache=True)
        return response

    return guarded


@for_the_map
def one_map(request: HttpRequest, lens: Lens) -> HttpResponse:
    """Everything on one map, and beside it the same as a list."""
    words = request.GET.get("q", "")
    page = {
        **_list(request, lens),
        **_drawn(lens),
        "words": words,
        "found": search(words, lens),
        "states": [(str(state), state.label) for state in State],
        "groups": [(group.code, str(group)) for group in MatterGroup.objects.all()],
        "units": Unit.objects.filter(closed_on=None, duty_rows__isnull=False).distinct().order_by("name"),
        "days_back": DAYS_BACK,
        "may_wall": may_look(request.user),
    }
    return render(request, "insight/map.html", page)


@for_the_map
def map_list(request: HttpRequest, lens: Lens) -> HttpResponse:
    """The list beside the map, after a filter has changed."""
    return render(request, "insight/_map_list.html", _list(request, lens))


@for_the_map
def map_search(request: HttpRequest, lens: Lens) -> HttpResponse:
    """What was found for words."""
    words = request.GET.get("q", "")
    return render(request, "insight/_map_found.html", {"words": words, "found": search(words, lens)})


@for_the_map
def map_area(request: HttpRequest, lens: Lens) -> HttpResponse:
    """The card of an area: its name and code, who works there, how much is open."""
    key = request.GET.get("area", "")
    if lens.area is None or lens.area.valid_to is not None or not key:
        raise Http404
    open_there = Lens(lens.person, lens.now, Asked(area=key), lens.area)
    return render(
        request,
        "insight/_map_area.html",
        {
            "area": lens.area,
            "people": people_of(lens.area, timezone.localdate(lens.now)),
            "open": counting.total(open_there),
            "url": open_there.asked.address(),
        },
    )


@require_safe
@lookers_only
@unless_known
def map_wall(request: HttpRequest, look: Look) -> HttpResponse:
    """The map in 3D on a large screen, dark, with the figures of the overview; nobody's name appears."""
    lens = Lens.of(request.user, look.now, request.GET)
    part = look.at(path=lens.area.path) if lens.area else look
    page = {**_drawn(lens), "look": look, "figures": figures(part), "area": lens.area, "theme": "dark"}
    return render(request, "insight/map_wall.html", page)


def _list(request: HttpRequest, lens: Lens) -> dict[str, Any]:
    return {
        "lens": lens,
        "asked": lens.asked,
        "listed": listed(lens, request.GET.get("page", "")),
        "without_area": lens.asked.address(area=""),
        "without_near": lens.asked.address(near=None),
        "with_place": lens.asked.address(place=""),
    }


def _drawn(lens: Lens) -> dict[str, Any]:
    """What the island needs: addresses of the tiles, the view to begin with, the outside map if there is one."""
    return {
        "bbox": ",".join(f"{side:.6f}" for side in _view(lens)),
        "tiles": json.dumps(
            {
                "ground": _tiles("territory:ground_tile"),
                "areas": _tiles("territory:area_tile", Level.GRID),
                "unitGrids": _tiles("territory:unit_grid_tile"),
                "buildings": _tiles("registry:building_tile"),
                "facilities": _tiles("registry:facility_tile"),
                "cases": _tiles("cases:case_tile"),
            }
        ),
        "outside": _outside(),
    }


def _tiles(name: str, *levels: str) -> str:
    """The address of tiles with {z}, {x} and {y} to be filled in, and {level} where a level is given."""
    address = reverse(name, args=[*levels, 1, 2, 3]).replace("/1/2/3.mvt", "/{z}/{x}/{y}.mvt")
    return address.replace(f"/{levels[0]}/", "/{level}/") if levels else address


def _view(lens: Lens) -> tuple[float, float, float, float]:
    return (lens.area and basemap.extent_of(lens.area)) or basemap.extent()


def _outside() -> str:
    known = settings.OUTSIDE_MAP
    if known is None:
        return ""
    said = {
        "layers": known.layers,
        "archive": known.archive,
        "credit": known.credit,
        "approval": known.approval,
    }
    return json.dumps(said, ensure_ascii=False)
