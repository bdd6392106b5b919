"""Photos: from whatever a phone sends to a clean picture in three sizes, with the place and time it was taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from io import BytesIO
from math import isfinite
from re import fullmatch
from threading import BoundedSemaphore
from typing import Any

import pi_heif
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps
from PIL.ExifTags import GPS, IFD, Base

from wangge.common.refusals import Refused

MAX_BYTES = 15 * 1024 * 1024
# Today's largest phone photos have 64 million pixels (9248 × 6936). A JPEG is shrunk while it is decoded; anything
# else needs four bytes for each pixel first, and a file of a few kilobytes can claim them all.
MAX_PIXELS = {"JPEG": 65_000_000}
MAX_PIXELS_UNSHRUNK = 25_000_000
MAX_SIDE = 20_000  # panoramas are long
FULL, MEDIUM, THUMB = 2560, 1280, 320  # longest side in pixels
QUALITY = 85
BAND = 256  # rows of a smaller picture made at a time
LOBES = 3  # how far Lanczos looks around, in pixels of the smaller picture

# A process opens two pictures at a time, however many are sent: the rest wait, and memory stays bounded.
_opening = BoundedSemaphore(2)

# What `filetype` says → the one Pillow decoder that may touch the bytes.
DECODERS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/apng": "PNG",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
}

Box = tuple[int, int, int, int]

pi_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = MAX_PIXELS["JPEG"]


@dataclass(frozen=True)
class Picture:
    """A picture without any metadata; `width` and `height` in pixels of the full size, right way up."""

    media_type: str
    width: int
    height: int
    full: bytes
    medium: bytes
    thumb: bytes


@dataclass(frozen=True)
class Taken:
    """What the camera says: an aware moment in UTC, and WGS84 degrees; None where it does not say."""

    at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


def read_photo(content: bytes, *, sniffed: str, zone: tzinfo) -> tuple[Picture, Taken]:
    """Turn an uploaded photo into a clean picture and what its camera said of place and time.

    `sniffed` is a key of DECODERS; `zone` is used where the camera noted a time without an offset.
    Raises Refused for a picture that is too large, broken or hostile.
    """
    decoder = DECODERS[sniffed]
    with _opening:
        image = _opened(content, decoder)
        _refuse_oversize(image, decoder)
        try:
            return _cleaned(image), _taken(image, zone)
        # Hostile bytes make decoders raise anything from struct.error to MemoryError; here all of it is caught.
        except Exception as broken:
            raise _damaged() from broken


def blurred(content: bytes, boxes: Sequence[Box]) -> Picture:
    """Make boxes (left, top, right, bottom in pixels) of one of our own stored pictures unrecognisable.

    Each box keeps nine averages of what was there: a drawn-out blur can be computed back, an average cannot.
    Raises Refused when no box lies on the picture.
    """
    image = Image.open(BytesIO(content), formats=["JPEG", "WEBP"])
    image.load()
    on_picture = [box for box in (_clipped(box, image) for box in boxes) if box]
    if not on_picture:
        raise Refused(_("Please mark at least one part of a photo."))
    for left, top, right, bottom in on_picture:
        averages = image.crop((left, top, right, bottom)).resize((3, 3), Image.Resampling.BOX)
        image.paste(averages.resize((right - left, bottom - top), Image.Resampling.BILINEAR), (left, top))
    image.info = {}
    return _in_sizes(image)


def _clipped(box: Box, image: Image.Image) -> Box | None:
    left, top, right, bottom = (
        max(box[0], 0),
        max(box[1], 0),
        min(box[2], image.width),
        min(box[3], image.height),
    )
    return (left, top, right, bottom) if left < right and top < bottom else None


def _opened(content: bytes, decoder: str) -> Image.Image:
    """Read the header only; nothing is decoded yet."""
    try:
        return Image.open(BytesIO(content), formats=[decoder])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _too_many_pixels(decoder) from bomb
    except Exception as broken:
        raise _damaged() from broken


def _refuse_oversize(image: Image.Image, decoder: str) -> None:
    width, height = image.size
    if width * height > _most_pixels(decoder):
        raise _too_many_pixels(decoder)
    if max(width, height) > MAX_SIDE:
        raise Refused(
            _("A side of this picture is longer than %(pixels)d pixels. Please send a smaller one.")
            % {"pixels": MAX_SIDE}
        )


def _most_pixels(decoder: str) -> int:
    return MAX_PIXELS.get(decoder, MAX_PIXELS_UNSHRUNK)


def _too_many_pixels(decoder: str) -> Refused:
    return Refused(
        _("This picture has more than %(millions)d million pixels. Please send a smaller one, or as JPEG.")
        % {"millions": _most_pixels(decoder) // 1_000_000}
    )


def _damaged() -> Refused:
    return Refused(_("This photo is damaged or incomplete. Please take or choose it again."))


def _cleaned(image: Image.Image) -> Picture:
    # A JPEG can be decoded at a half, a quarter or an eighth of its size: a tenth of the time and memory.
    image.draft("RGB", _fitting(image, FULL))
    image.load()
    # Colours are converted and pictures turned faster when small; palettes cannot be shrunk before they are colours.
    small = _within(image, FULL) if image.mode in {"L", "RGB", "RGBA", "CMYK"} else image
    return _in_sizes(_within(_plain(_upright(small)), FULL))


def _in_sizes(full: Image.Image) -> Picture:
    medium = _within(full, MEDIUM)
    return Picture(
        media_type="image/webp" if full.mode == "RGBA" else "image/jpeg",
        width=full.width,
        height=full.height,
        full=_encoded(full),
        medium=_encoded(medium),
        thumb=_encoded(_within(medium, THUMB)),
    )


def _upright(image: Image.Image) -> Image.Image:
    """Turn the picture the way the phone was held; a spoiled note about that does not spoil the photo."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        return image


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels as 8-bit sRGB, with transparency only where something is transparent, and nothing else."""
    if image.mode.startswith("I;16") or image.mode == "I":
        image = image.point(lambda value: value / 256).convert("L")
    plain = image.convert("RGBA") if image.has_transparency_data else image
    if plain.mode == "RGBA" and plain.getchannel("A").getextrema() == (255, 255):
        plain = plain.convert("RGB")
    if plain.mode != "RGBA":
        plain = _in_srgb(plain).convert("RGB")
    plain.info = {}
    return plain


def _in_srgb(image: Image.Image) -> Image.Image:
    """Apply the colour profile (phones use Display P3), because it is stripped with everything else."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "CMYK"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return image  # a broken profile spoils the colours a little, not the photo
    return converted or image


def _within(image: Image.Image, side: int) -> Image.Image:
    """Return the image with its longest side at most `side` pixels; never enlarged, and never copied whole."""
    if max(image.size) <= side:
        return image
    width, height = _fitting(image, side)
    smaller = Image.new(image.mode, (width, height))
    for top in range(0, height, BAND):
        bottom = min(top + BAND, height)
        smaller.paste(_band(image, width, top, bottom, image.height / height), (0, top))
    smaller.info = dict(image.info)
    return smaller


def _band(image: Image.Image, width: int, top: int, bottom: int, scale: float) -> Image.Image:
    """Return the rows `top` to `bottom` of the smaller picture; Pillow would first copy all of one with transparency."""
    above = max(int((top - LOBES) * scale), 0)
    below = min(int((bottom + LOBES) * scale) + 1, image.height)
    rows = image.crop((0, above, image.width, below))
    part = (0, top * scale - above, image.width, min(bottom * scale - above, rows.height))
    return rows.resize((width, bottom - top), Image.Resampling.LANCZOS, box=part)


def _fitting(image: Image.Image, side: int) -> tuple[int, int]:
    """Return width and height of the image when its longest side is `side`, at least one pixel each."""
    longest = max(image.size)
    return max(round(image.width * side / longest), 1), max(round(image.height * side / longest), 1)


def _encoded(image: Image.Image) -> bytes:
    out = BytesIO()
    if image.mode == "RGBA":
        image.save(out, "WEBP", quality=QUALITY)
    else:
        image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _taken(image: Image.Image, zone: tzinfo) -> Taken:
    """Read the camera's notes; unreadable notes are no notes."""
    try:
        exif = image.getexif()
        lon, lat = _place(exif.get_ifd(IFD.GPSInfo))
        return Taken(at=_moment(exif.get_ifd(IFD.Exif), zone), lon=lon, lat=lat)
    except Exception:
        return Taken()


def _moment(details: dict[int, Any], zone: tzinfo) -> datetime | None:
    try:
        local = datetime.strptime(str(details[Base.DateTimeOriginal]).strip("\0 "), "%Y:%m:%d %H:%M:%S")
        offset = _offset(str(details.get(Base.OffsetTimeOriginal, "")))
        return local.replace(tzinfo=offset or zone).astimezone(UTC)
    except (KeyError, ValueError, OverflowError):
        return None


def _offset(text: str) -> tzinfo | None:
    """Read "+08:00" as EXIF 2.31 writes it."""
    match = fullmatch(r"([+-])(\d\d):(\d\d)", text.strip("\0 "))
    if not match:
        return None
    sign, hours, minutes = match.groups()
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-ahead if sign == "-" else ahead)


def _place(gps: dict[int, Any]) -> tuple[float | None, float | None]:
    """Return lon, lat in WGS84 degrees, which EXIF prescribes; both or neither."""
    try:
        lon = _degrees(gps[GPS.GPSLongitude], gps[GPS.GPSLongitudeRef], negative="W")
        lat = _degrees(gps[GPS.GPSLatitude], gps[GPS.GPSLatitudeRef], negative="S")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None, None
    # Cameras without a fix write zeros, or 0/0, which is not a number.
    real = isfinite(lon) and isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90 and (lon, lat) != (0, 0)
    return (lon, lat) if real else (None, None)


def _degrees(parts: tuple[Any, Any, Any], half: str, *, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    return -value if str(half).strip("\0 ").upper() == negative else value
