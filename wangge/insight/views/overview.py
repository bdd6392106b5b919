"""The overview at a desk, and the wall that is read from eight metres."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from wangge.insight.measures import Look
from wangge.insight.queries.addresses import read_look
from wangge.insight.queries.areas import places, trail
from wangge.insight.queries.figures import figures
from wangge.insight.queries.ticker import closed_lately
from wangge.insight.views.looking import lookers_only, unless_known
from wangge.territory.models import Level


@require_safe
@lookers_only
@unless_known
def overview(request: HttpRequest, look: Look) -> HttpResponse:
    """First numbers of an area; every one opens its list."""
    return render(request, "insight/overview.html", _page(request, look, in_company=False))


@require_safe
@lookers_only
@unless_known
def wall(request: HttpRequest, look: Look) -> HttpResponse:
    """The same numbers on a large screen, dark, with the map in the middle; nobody's name appears."""
    page = _page(request, look, in_company=True)
    narrowed = f"?area={page['area'].pk}" if page["area"] else ""
    drawn = {
        "theme": "dark",
        "points_url": reverse("insight:points") + narrowed,
        "areas_drawn": Level.GRID if narrowed else Level.STREET,
    }
    return render(request, "insight/wall.html", {**page, **drawn})


def _page(request: HttpRequest, look: Look, *, in_company: bool) -> dict[str, Any]:
    look, area = read_look(request.GET, look)
    look = look.at(day=None, only_there=False)  # an overview is of now, and of everything inside
    counted = figures(look)
    return {
        "look": look,
        "area": area,
        "trail": trail(look, area),
        "figures": counted,
        "places": places(look, counted.by_path),
        "ticker": closed_lately(look, in_company=in_company),
    }
