"""Serving files: one address for each file and size, checked before a byte is read."""

import os
import re
from pathlib import Path
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from wangge.attachments.models import Attachment, Kind, Size
from wangge.attachments.permissions import may_see
from wangge.attachments.store import local_store

# A published file never changes, but it may be taken back: no copy out there is used for longer than an hour.
PUBLIC = "public, max-age=3600, immutable"
PRIVATE = "private, no-cache"

ENDINGS = {
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "application/pdf": ".pdf",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/aac": ".aac",
    "audio/wav": ".wav",
    "audio/ogg": ".ogg",
    "audio/webm": ".webm",
    "audio/amr": ".amr",
}

RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@require_safe
def file(request: HttpRequest, attachment_id: UUID, size: str) -> HttpResponse:
    """Answer with one file in one size; 404 whether it does not exist or is not for this person."""
    attachment = get_object_or_404(Attachment, pk=attachment_id)
    if not (attachment.is_public or may_see(request.user, attachment)):
        raise Http404
    return serve(request, attachment, Size(size))


def serve(request: HttpRequest, attachment: Attachment, size: Size) -> HttpResponse:
    """Answer with one file in one size to somebody of whom the caller knows that they may see it."""
    digest = attachment.digest(size)
    if not digest:
        raise Http404
    response = get_conditional_response(request, etag=f'"{digest}"') or _content(request, attachment, digest)
    return _with_headers(response, attachment, digest)


def _content(request: HttpRequest, attachment: Attachment, digest: str) -> HttpResponse:
    """Answer with the whole file or the part that is asked for; at most 20 MB, most often a tenth of one."""
    try:
        with local_store().open(digest) as stored:
            size = os.fstat(stored.fileno()).st_size
            part = _range(request, digest, size)
            first, last = part or (0, size - 1)
            if first > last:
                return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
            stored.seek(first)
            response = HttpResponse(stored.read(last - first + 1), content_type=attachment.media_type)
    except FileNotFoundError as missing:
        raise Http404 from missing
    if part:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _range(request: HttpRequest, digest: str, size: int) -> tuple[int, int] | None:
    """Return the first and last byte when one part is asked for; iPhones play no sound without it."""
    if request.headers.get("If-Range", f'"{digest}"') != f'"{digest}"':
        return None
    match = RANGE.fullmatch(request.headers.get("Range", ""))
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        return max(size - int(last), 0), size - 1
    return int(first), min(int(last or size), size - 1)


def _with_headers(response: HttpResponse, attachment: Attachment, digest: str) -> HttpResponse:
    response["ETag"] = f'"{digest}"'
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = PUBLIC if attachment.is_public else PRIVATE
    if not attachment.is_public:
        patch_vary_headers(response, ["Cookie"])
    # A PDF may carry scripts and forms: it is saved, never opened on our own address.
    saved = attachment.kind == Kind.DOCUMENT
    response["Content-Disposition"] = content_disposition_header(saved, _file_name(attachment)) or "inline"
    return response


def _file_name(attachment: Attachment) -> str:
    """Name the file by what it is now; the name a resident gave it may name people, and is not for the public."""
    stem = str(attachment.pk) if attachment.is_public else Path(attachment.name).stem
    return f"{stem}{ENDINGS.get(attachment.media_type, '')}"
