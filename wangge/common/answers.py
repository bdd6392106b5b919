"""Answers that are made once, kept compressed, and re-asked cheaply."""

import gzip
import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers


def packed(content: bytes) -> tuple[str, bytes]:
    """The content's ETag and the content compressed, as it can be kept."""
    return f'"{hashlib.sha256(content).hexdigest()[:24]}"', gzip.compress(content, 6, mtime=0)


def answer(request: HttpRequest, stored: tuple[str, bytes], media_type: str, **cache: object) -> HttpResponse:
    """Answer with what `packed` gave, compressed for whoever takes it; 304 when it is known.

    `cache` are the directives of Cache-Control, such as `public=True, max_age=300`.
    """
    etag, compressed = stored
    response = get_conditional_response(request, etag=etag) or _full(request, compressed, media_type)
    response["ETag"] = etag
    patch_cache_control(response, **cache)
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _full(request: HttpRequest, compressed: bytes, media_type: str) -> HttpResponse:
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(compressed, content_type=media_type, headers={"Content-Encoding": "gzip"})
    return HttpResponse(gzip.decompress(compressed), content_type=media_type)
