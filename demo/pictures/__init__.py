"""Photographs of matters, drawn by code: the same scene, seed and state give the same bytes.

No fonts, no files, no people: what is wrong, and the same place afterwards.
"""

from __future__ import annotations

import io
import random
from datetime import datetime

from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from . import ground_scenes, park_scenes, street_scenes, yard_scenes
from .canvas import Canvas

SCENES = {**street_scenes.SCENES, **ground_scenes.SCENES, **yard_scenes.SCENES, **park_scenes.SCENES}
_LIGHT_OF = {"lamp_out": "night", "noise": "evening", "person": "night", "snow": "snow", "flood": "rain"}
_DAYLIGHT = ("clear", "clear", "hazy", "overcast", "evening", "rain")
_DATE_TIME_ORIGINAL, _EXIF_IFD, _GPS_IFD = 0x9003, 0x8769, 0x8825


def picture(
    scene: str,
    seed: int,
    *,
    after: bool = False,
    at: datetime | None = None,
    lon: float | None = None,
    lat: float | None = None,
) -> bytes:
    """A JPEG of 640 × 480 pixels; with `at`, and a WGS84 point in degrees, in its EXIF data where given.

    The picture after the matter was settled shows the same place: give it the same seed. KeyError for a scene
    that is not in `SCENES`.
    """
    draw = SCENES[scene]
    light = _LIGHT_OF.get(scene) or _light(random.Random(f"{scene}-{seed}-{after}-light"), at)
    canvas = Canvas(random.Random(f"{scene}-{seed}"), light)
    draw(canvas, after)
    image = canvas.finished()
    if random.Random(f"{scene}-{seed}-side").random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82, exif=_exif(at, lon, lat))
    return out.getvalue()


def _light(rng: random.Random, at: datetime | None) -> str:
    """Daylight by the hour, if the hour is known."""
    if at is not None and (at.hour >= 19 or at.hour < 6):
        return "night"
    if at is not None and at.hour >= 17:
        return "evening"
    return rng.choice(_DAYLIGHT)


def _exif(at: datetime | None, lon: float | None, lat: float | None) -> bytes:
    exif = Image.Exif()
    if at is not None:
        stamp = at.strftime("%Y:%m:%d %H:%M:%S")
        exif[0x0132] = stamp
        exif.get_ifd(_EXIF_IFD)[_DATE_TIME_ORIGINAL] = stamp
    if lon is not None and lat is not None:
        place = exif.get_ifd(_GPS_IFD)
        place[1], place[2] = "N" if lat >= 0 else "S", _degrees(abs(lat))
        place[3], place[4] = "E" if lon >= 0 else "W", _degrees(abs(lon))
    return exif.tobytes()


def _degrees(value: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    """Degrees, minutes and seconds to a hundredth of a second (30 cm)."""
    hundredths = round(value * 360_000)
    minutes, seconds = divmod(hundredths, 6_000)
    degrees, minutes = divmod(minutes, 60)
    return IFDRational(degrees, 1), IFDRational(minutes, 1), IFDRational(seconds, 100)
