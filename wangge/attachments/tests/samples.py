"""Files as people and machines send them, made on the spot; one real HEIC lies in `data/`."""

import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw
from PIL.ExifTags import GPS, IFD, Base

HEIC = (Path(__file__).parent / "data" / "resident.heic").read_bytes()

COLOURS: dict[str, tuple[tuple[int, ...] | int, str | int]] = {
    "RGB": ((200, 40, 40), "blue"),
    "RGBA": ((200, 40, 40, 90), "blue"),
    "L": (60, 200),
}

Degrees = tuple[float, float, float]


def upload(content: bytes, name: str = "photo.jpg") -> "ContentFile[bytes]":
    """What a form hands over."""
    return ContentFile(content, name=name)


def camera_notes(
    *,
    taken: str = "2026:11:20 08:15:30",
    offset: str = "",
    lat: Degrees | None = None,
    lon: Degrees | None = None,
    halves: str = "NE",
    orientation: int = 1,
) -> Image.Exif:
    """EXIF as a phone writes it."""
    exif = Image.Exif()
    exif[Base.Model] = "Telephone 9"
    exif[Base.Orientation] = orientation
    details: dict[int, Any] = exif.get_ifd(IFD.Exif)
    details[Base.DateTimeOriginal] = taken
    if offset:
        details[Base.OffsetTimeOriginal] = offset
    if lat and lon:
        exif.get_ifd(IFD.GPSInfo).update(
            {
                GPS.GPSLatitudeRef: halves[0],
                GPS.GPSLatitude: lat,
                GPS.GPSLongitudeRef: halves[1],
                GPS.GPSLongitude: lon,
            }
        )
    return exif


def picture(width: int = 400, height: int = 300, mode: str = "RGB") -> Image.Image:
    """A picture whose upper left quarter is another colour, so that turning it shows."""
    ground, patch = COLOURS[mode]
    image = Image.new(mode, (width, height), ground)
    ImageDraw.Draw(image).rectangle((0, 0, width // 2, height // 2), patch)
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(width: int = 400, height: int = 300, **options: Any) -> bytes:
    return encoded(picture(width, height), **options)


def noisy_jpeg(width: int = 900, height: int = 700) -> bytes:
    """A JPEG long enough to be cut in the middle."""
    return encoded(Image.effect_noise((width, height), 90).convert("RGB"))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that claims to be enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def wav(seconds: int = 1) -> bytes:
    data = b"\x80" * 8000 * seconds
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def mp4(*handlers: bytes) -> bytes:
    """An MP4 skeleton with one track for each handler (`soun`, `vide`)."""
    tracks = b"".join(b"\0\0\0\x21hdlr" + b"\0" * 8 + handler + b"\0" * 13 for handler in handlers)
    return b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0\0\x01\0moov" + tracks + b"\0" * 64


def webm(*codecs: bytes) -> bytes:
    """A WebM skeleton with one track for each codec (`A_OPUS`, `V_VP8`)."""
    return (
        b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + b"\0" * 30 + b"".join(codecs) + b"\0" * 64
    )


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
EXECUTABLE = b"MZ\x90\x00" + b"\0" * 60 + b"PE\0\0" + b"\0" * 400
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(1)</script></html>"
