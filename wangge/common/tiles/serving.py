"""Tiles as answers."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

from wangge.common.answers import answer, packed
from wangge.common.tiles.grid import Tile, read_tile

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"


def tile_or_404(z: int, x: int, y: int) -> Tile:
    """The tile of an address; Http404 where there is none."""
    tile = read_tile(z, x, y)
    if tile is None:
        raise Http404
    return tile


def serve_own(request: HttpRequest, make: Callable[[], bytes]) -> HttpResponse:
    """Answer with a tile that only this reader may have: kept by nobody between, asked again each time by the browser."""
    return answer(request, packed(make()), MEDIA_TYPE, private=True, no_cache=True)
