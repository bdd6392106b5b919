"""Showing files and asking for them, the same way on every page."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.utils.translation import gettext as _

from wangge.attachments import images, receiving
from wangge.attachments.models import Attachment

register = template.Library()

PHOTOS = "image/jpeg,image/png,image/webp,image/heic,image/heif"
EVERYTHING = f"{PHOTOS},audio/*,application/pdf"


@register.inclusion_tag("attachments/_photos.html")
def photos(attachments: Iterable[Attachment]) -> dict[str, Any]:
    """Show photos as a row of thumbnails, then recordings and documents."""
    shown = list(attachments)
    return {
        "photos": [a for a in shown if a.is_photo and not a.sealed],
        "others": [a for a in shown if not a.is_photo and not a.sealed],
        "sealed": sum(a.sealed for a in shown),
    }


@register.inclusion_tag("attachments/_upload.html")
def upload_field(
    name: str = "files",
    label: str = "",
    refused: Sequence[tuple[str, str]] = (),
    photos_only: bool = False,
    required: bool = False,
) -> dict[str, Any]:
    """Ask for files; `refused` are the (file name, message) pairs of the attempt before."""
    return {
        "name": name,
        "label": label or _("Photos"),
        "refused": refused,
        "accept": PHOTOS if photos_only else EVERYTHING,
        "photos_only": photos_only,
        "required": required,
        "max_files": receiving.MAX_FILES,
        "max_bytes": images.MAX_BYTES if photos_only else receiving.MAX_BYTES,
        "photo_megabytes": images.MAX_BYTES // receiving.MEGABYTE,
        "max_megabytes": (images.MAX_BYTES if photos_only else receiving.MAX_BYTES) // receiving.MEGABYTE,
    }
