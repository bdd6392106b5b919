"""What the registers show on the map."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.common.digits import whole_number
from wangge.common.refusals import Refused
from wangge.common.tiles import MEDIA_TYPE, serve_own, tile_or_404
from wangge.registry import tiles
from wangge.registry.facilities.permissions import facilities_in_sight, may_look
from wangge.registry.models import Building
from wangge.registry.queries import building_shapes
from wangge.territory import geojson

WIDEST_DEGREES = 0.1  # about ten kilometres; buildings are not drawn further out
KEPT_SECONDS = 300


@require_safe
def buildings(request: HttpRequest) -> HttpResponse:
    """Footprints in a `bbox`, with name and floors."""
    try:
        box = geojson.parse_box(request.GET.get("bbox", ""))
        if box is None or max(box[2] - box[0], box[3] - box[1]) > WIDEST_DEGREES:
            raise Refused(_("Buildings are given for a box of at most 0.1 degrees."), field="bbox")
    except Refused as refused:
        return geojson.refusal(refused)
    return geojson.serve(request, f"buildings {box}", lambda: building_shapes(box), kept=KEPT_SECONDS)


@require_safe
def building_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """Footprints as a vector tile; in the finest ones every floor is a shape of its own."""
    tile = tile_or_404(z, x, y)
    key = f"building tile {tile}"
    return geojson.serve(
        request, key, lambda: tiles.buildings(tile), kept=KEPT_SECONDS, media_type=MEDIA_TYPE
    )


@require_safe
def building_card(request: HttpRequest, pk: int) -> HttpResponse:
    """What the map says of a building, and its floors to choose from; `floor` is the chosen one."""
    building = get_object_or_404(
        Building.objects.defer("footprint", "grid__boundary").select_related("grid"), pk=pk
    )
    floor = whole_number(request.GET.get("floor", "")) or 0
    said = {
        "building": building,
        "floors": range(1, building.floors + 1),
        "floor": floor if floor <= building.floors else 0,
    }
    return render(request, "registry/_building.html", said)


@require_safe
@login_required
def facility_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """Facilities as a vector tile, those that the reader finds in the register too."""
    tile = tile_or_404(z, x, y)
    if not may_look(request.user):
        raise Http404
    return serve_own(request, lambda: tiles.facilities(tile, request.user))


@require_safe
@login_required
def facility_card(request: HttpRequest, pk: int) -> HttpResponse:
    """What the map says of a facility; one that the reader does not find in the register is not there."""
    known = facilities_in_sight(request.user).select_related("facility_class", "unit", "grid")
    facility = get_object_or_404(known.defer("grid__boundary"), pk=pk)
    response = render(request, "registry/_facility.html", {"facility": facility})
    patch_cache_control(response, private=True, no_store=True)
    return response
