"""GeoJSON answers of the map: made once for each version of the data, kept compressed, and re-asked cheaply."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from wangge.common.answers import answer, packed
from wangge.common.refusals import Refused

Box = tuple[float, float, float, float]  # west, south, east, north in WGS84 degrees

DECIMALS = 6  # about 10 cm, finer than a pixel at any zoom
KEPT_SECONDS = 3600
MEDIA_TYPE = "application/geo+json"


def parse_box(text: str) -> Box | None:
    """Read `west,south,east,north` in WGS84 degrees; None for no box, Refused for half or nonsense."""
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        west = south = east = north = float("nan")
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise Refused(_("A box is west,south,east,north in degrees."), field="bbox")
    return west, south, east, north


def collection(stored: Sequence[bytes], properties: Iterable[Mapping[str, Any]]) -> bytes:
    """A feature collection of WKB shapes in WGS84 degrees and their properties, in the same order."""
    shapes = shapely.transform(shapely.from_wkb(list(stored)), lambda degrees: np.round(degrees, DECIMALS))
    features = (
        f'{{"type":"Feature","properties":{json.dumps(said, ensure_ascii=False)},"geometry":{shape}}}'
        for shape, said in zip(shapely.to_geojson(shapes), properties, strict=True)
    )
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'.encode()


def points(places: Iterable[tuple[float, float, Mapping[str, Any]]]) -> bytes:
    """A feature collection of points: longitude, latitude (WGS84 degrees) and properties."""
    features = [
        {
            "type": "Feature",
            "properties": said,
            "geometry": {"type": "Point", "coordinates": [round(lon, DECIMALS), round(lat, DECIMALS)]},
        }
        for lon, lat, said in places
    ]
    content = {"type": "FeatureCollection", "features": features}
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def serve(
    request: HttpRequest,
    key: str,
    make: Callable[[], bytes],
    *,
    kept: int = KEPT_SECONDS,
    fresh: int = 300,
    spoken: bool = False,
    media_type: str = MEDIA_TYPE,
) -> HttpResponse:
    """Answer with what `make` gives, made at most once in `kept` seconds for each key; 304 when it is known.

    Browsers use it for `fresh` seconds without asking. The key must name everything the content depends on.
    What is `spoken` in the reader's language is kept apart by the cookie that names it.
    """
    kept_key = "geojson:" + hashlib.sha256(key.encode()).hexdigest()
    stored: tuple[str, bytes] | None = cache.get(kept_key) if kept else None
    if stored is None:
        stored = packed(make())
        cache.set(kept_key, stored, kept)
    response = answer(request, stored, media_type, public=True, max_age=fresh)
    patch_vary_headers(response, ["Cookie"] if spoken else [])
    return response


def refusal(refused: Refused) -> JsonResponse:
    """What a program is told instead of a map."""
    return JsonResponse({"error": str(refused), "field": refused.field}, status=400)
