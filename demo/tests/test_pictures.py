"""Drawn photographs: small, quick, the same every time, and different before and after."""

from __future__ import annotations

import io
import time
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PIL import Image, ImageStat

from demo.pictures import SCENES, picture
from demo.texts import TEMPLATES

NOON = datetime(2026, 11, 23, 12, 5, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_a_scene_shows_something_and_something_else_afterwards(scene: str) -> None:
    before, after = picture(scene, 3), picture(scene, 3, after=True)
    assert 8_000 < len(before) < 120_000
    image = opened(before)
    assert image.size == (640, 480)
    assert max(ImageStat.Stat(image).stddev) > 8
    difference = np.abs(np.asarray(image, dtype=int) - np.asarray(opened(after), dtype=int))
    assert difference.mean() > 1


def test_every_template_has_a_picture() -> None:
    assert {template.scene for template in TEMPLATES} <= set(SCENES)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_picture() -> None:
    assert picture("pothole", 5) == picture("pothole", 5)
    assert picture("pothole", 5) != picture("pothole", 6)


def test_time_and_place_are_in_the_exif_data_when_given() -> None:
    exif = Image.open(io.BytesIO(picture("bin", 1, at=NOON, lon=118.9349089, lat=32.8919688))).getexif()
    assert exif.get_ifd(0x8769)[0x9003] == "2026:11:23 12:05:09"
    place = exif.get_ifd(0x8825)
    degrees, minutes, seconds = (float(part) for part in place[4])
    assert degrees + minutes / 60 + seconds / 3600 == pytest.approx(118.9349089, abs=2e-6)
    assert (place[1], place[3]) == ("N", "E")
    assert not Image.open(io.BytesIO(picture("bin", 1))).getexif().get_ifd(0x8825)


def test_pictures_taken_at_night_are_dark() -> None:
    night = NOON.replace(hour=21)
    brightness = [
        ImageStat.Stat(opened(picture("parking", 2, at=at)).convert("L")).mean[0] for at in (NOON, night)
    ]
    assert brightness[1] < 0.65 * brightness[0]


def test_a_picture_takes_a_few_milliseconds() -> None:
    picture("stall", 0)
    begun = time.process_time()
    for seed in range(20):
        picture("stall", seed)
    assert (time.process_time() - begun) / 20 < 0.03
