"""The map's own ground, so that no outside map service is asked for anything."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wangge.common.refusals import Refused
from wangge.common.tiles import MEDIA_TYPE, tile_or_404
from wangge.territory import basemap, geojson, history, tiles
from wangge.territory.models import BaseFeature, Level

ALL_RANKS = 9


@require_safe
def base(request: HttpRequest) -> HttpResponse:
    """Base features of one `kind` (road, water, green, block, place) in a `bbox`, down to a `rank`."""
    try:
        kind = _one_of(request, "kind", list(BaseFeature.Kind.values))
        box = geojson.parse_box(request.GET.get("bbox", ""))
        rank = _rank(request.GET.get("rank", ""))
    except Refused as refused:
        return geojson.refusal(refused)
    key = f"base {basemap.version()} {kind} {box} {rank}"
    return geojson.serve(request, key, lambda: basemap.features(kind, box, rank))


@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """Boundaries of the areas in force of one `level` in a `bbox`."""
    try:
        level = _one_of(request, "level", list(Level.values))
        box = geojson.parse_box(request.GET.get("bbox", ""))
        if box is None and level in (Level.GRID, Level.MICRO):
            raise Refused(_("Grids are many: please give a box."), field="bbox")
    except Refused as refused:
        return geojson.refusal(refused)
    key = f"areas {basemap.version()} {timezone.localdate()} {get_language()} {level} {box}"
    return geojson.serve(request, key, lambda: basemap.areas(level, box), spoken=True)


@require_safe
def ground_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """Roads, water, green, blocks and names as one vector tile."""
    tile = tile_or_404(z, x, y)
    key = f"ground tile {basemap.version()} {tile}"
    return geojson.serve(request, key, lambda: tiles.ground(tile), media_type=MEDIA_TYPE)


@require_safe
def area_tile(request: HttpRequest, level: str, z: int, x: int, y: int) -> HttpResponse:
    """The areas of a level as a vector tile; `on` names a day other than today."""
    tile, day = tile_or_404(z, x, y), _day(request)
    if level not in Level.values:
        raise Http404
    key = f"area tile {basemap.version()} {day} {get_language()} {level} {tile}"
    return geojson.serve(
        request, key, lambda: tiles.areas(tile, level, day), spoken=True, media_type=MEDIA_TYPE
    )


@require_safe
def unit_grid_tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """The cells of city management as a vector tile; `on` names a day other than today."""
    tile, day = tile_or_404(z, x, y), _day(request)
    key = f"unit grid tile {basemap.version()} {day} {tile}"
    return geojson.serve(request, key, lambda: tiles.unit_grids(tile, day), media_type=MEDIA_TYPE)


def _day(request: HttpRequest) -> date:
    """The day asked about, told as the last one up to it on which anything changed: what is kept is kept once."""
    today = timezone.localdate()
    try:
        day = date.fromisoformat(request.GET["on"])
    except (KeyError, ValueError):
        return today
    return today if day >= today else history.turning_point(day) or date.min


def _one_of(request: HttpRequest, name: str, known: list[str]) -> str:
    value = request.GET.get(name, "")
    if value not in known:
        raise Refused(
            _("“%(name)s” is one of: %(known)s.") % {"name": name, "known": ", ".join(known)}, field=name
        )
    return value


def _rank(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 3 else ALL_RANKS
