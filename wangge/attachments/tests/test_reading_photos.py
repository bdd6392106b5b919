import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageCms

from wangge.attachments import images
from wangge.attachments.images import Picture, Taken
from wangge.attachments.tests import samples
from wangge.common.refusals import Refused

SHENZHEN = ZoneInfo("Asia/Shanghai")
METADATA = [b"Exif", b"Telephone", b"http://ns.adobe.com", b"GPS", b"2026:11:20", b"ICC_PROFILE", b"secret"]


def read(content: bytes, sniffed: str = "image/jpeg") -> tuple[Picture, Taken]:
    return images.read_photo(content, sniffed=sniffed, zone=SHENZHEN)


def decoded(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def colour(content: bytes, x: float, y: float) -> str:
    """Which channel is strongest at a place given in parts of the width and height."""
    image = decoded(content).convert("RGB")
    pixel = image.getpixel((int(x * image.width), int(y * image.height)))
    assert isinstance(pixel, tuple)
    return ("red", "green", "blue")[pixel.index(max(pixel))]


def test_place_and_time_are_read_and_nothing_of_them_stays_in_any_size() -> None:
    exif = samples.camera_notes(offset="+09:00", lat=(22, 32, 30.0), lon=(114, 3, 36.0))
    picture, taken = read(
        samples.jpeg(2000, 1500, exif=exif, comment=b"secret", xmp=b"<x:xmpmeta>secret</x:xmpmeta>")
    )
    assert taken.at == datetime(2026, 11, 19, 23, 15, 30, tzinfo=UTC)
    assert taken.lon == pytest.approx(114.06, abs=1e-6)
    assert taken.lat == pytest.approx(22.541667, abs=1e-6)
    for content in (picture.full, picture.medium, picture.thumb):
        assert not [mark for mark in METADATA if mark in content]
        assert not decoded(content).getexif()


def test_a_time_without_offset_is_local_to_the_installation() -> None:
    _picture, taken = read(samples.jpeg(exif=samples.camera_notes()))
    assert taken == Taken(at=datetime(2026, 11, 20, 0, 15, 30, tzinfo=UTC))


def test_south_and_west_are_negative() -> None:
    exif = samples.camera_notes(lat=(33, 27, 0.0), lon=(70, 40, 0.0), halves="SW")
    _picture, taken = read(samples.jpeg(exif=exif))
    assert taken.lon == pytest.approx(-70.6667, abs=1e-4)
    assert taken.lat == pytest.approx(-33.45)


@pytest.mark.parametrize(
    ("lat", "lon"),
    [((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)), ((95.0, 0.0, 0.0), (114.0, 0.0, 0.0))],
    ids=["no fix: all zeros", "beyond the pole"],
)
def test_an_impossible_place_is_no_place(lat: samples.Degrees, lon: samples.Degrees) -> None:
    _picture, taken = read(samples.jpeg(exif=samples.camera_notes(lat=lat, lon=lon)))
    assert (taken.lon, taken.lat) == (None, None)


@pytest.mark.parametrize("noted", ["0000:00:00 00:00:00", "yesterday", "2026:02:30 10:00:00"])
def test_an_impossible_time_is_no_time_and_the_photo_is_kept(noted: str) -> None:
    picture, taken = read(samples.jpeg(exif=samples.camera_notes(taken=noted)))
    assert taken.at is None
    assert (picture.width, picture.height) == (400, 300)


def test_spoiled_camera_notes_do_not_spoil_the_photo() -> None:
    content = samples.jpeg(exif=samples.camera_notes(lat=(22, 0, 0.0), lon=(114, 0, 0.0)))
    at = content.index(b"Exif\0\0") + 6
    picture, taken = read(content[:at] + b"\xff" * 60 + content[at + 60 :])
    assert taken == Taken()
    assert (picture.width, picture.height) == (400, 300)


def test_a_photo_taken_sideways_stands_upright() -> None:
    picture, _taken = read(samples.jpeg(400, 300, exif=samples.camera_notes(orientation=6)))
    assert (picture.width, picture.height) == (300, 400)
    assert colour(picture.full, 0.75, 0.25) == "blue"  # upper left went to upper right
    assert colour(picture.full, 0.25, 0.25) == "red"


def test_three_sizes_are_made_and_nothing_is_enlarged() -> None:
    large, _ = read(samples.jpeg(4000, 3000))
    assert [decoded(c).size for c in (large.full, large.medium, large.thumb)] == [
        (2560, 1920),
        (1280, 960),
        (320, 240),
    ]
    small, _ = read(samples.jpeg(200, 100))
    assert [decoded(c).size for c in (small.full, small.medium, small.thumb)] == [(200, 100)] * 3


def test_a_heic_from_an_iphone_becomes_an_upright_jpeg_with_its_place_and_time() -> None:
    picture, taken = read(samples.HEIC, "image/heic")
    assert picture.media_type == "image/jpeg"
    assert (picture.width, picture.height) == (32, 48)
    assert colour(picture.full, 0.75, 0.25) == "blue"
    assert taken.at == datetime(2026, 11, 20, 0, 15, 30, tzinfo=UTC)
    assert taken.lon == pytest.approx(114.06)
    assert not decoded(picture.full).getexif()


def test_a_drawing_keeps_its_transparency_and_a_screenshot_without_any_becomes_a_jpeg() -> None:
    drawing, _ = read(samples.encoded(samples.picture(mode="RGBA"), "PNG"), "image/png")
    assert drawing.media_type == "image/webp"
    assert decoded(drawing.thumb).mode == "RGBA"
    solid = samples.picture().convert("RGBA")
    screenshot, _ = read(samples.encoded(solid, "PNG"), "image/png")
    assert screenshot.media_type == "image/jpeg"


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "I;16", "LA"])
def test_every_way_of_storing_pixels_becomes_a_plain_picture(mode: str) -> None:
    kind, sniffed = ("JPEG", "image/jpeg") if mode == "CMYK" else ("PNG", "image/png")
    grey = samples.picture(3000, 2000, "L")
    image = (
        grey.convert("I").point(lambda v: v * 257).convert("I;16") if mode == "I;16" else grey.convert(mode)
    )
    picture, _taken = read(samples.encoded(image, kind), sniffed)
    assert decoded(picture.full).mode == "RGB"
    light, dark = (decoded(picture.full).getpixel(at) for at in [(100, 100), (2000, 1500)])
    assert isinstance(light, tuple)
    assert isinstance(dark, tuple)
    assert light > dark


def test_webp_and_two_in_one_jpegs_of_phones_are_taken() -> None:
    webp, _ = read(samples.encoded(samples.picture(), "WEBP"), "image/webp")
    pair, _ = read(
        samples.encoded(samples.picture(), "MPO", save_all=True, append_images=[samples.picture()])
    )
    assert webp.media_type == pair.media_type == "image/jpeg"


def test_the_colour_profile_is_applied_before_it_is_stripped() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # With red's and blue's primaries exchanged, what is stored as red is meant as blue.
    exchanged = srgb.replace(b"rXYZ", b"xxxx").replace(b"bXYZ", b"rXYZ").replace(b"xxxx", b"bXYZ")
    picture, _ = read(samples.jpeg(icc_profile=exchanged))
    assert b"ICC_PROFILE" not in picture.full
    assert colour(picture.full, 0.75, 0.75) == "blue"


@pytest.mark.parametrize(
    ("size", "limit"),
    [
        ((50_000, 50_000), "25 million"),
        ((10_000, 10_000), "25 million"),
        ((5001, 5000), "25 million"),
        ((60_000, 10), "20000 pixels"),
    ],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_bomb_is_refused_before_it_is_decoded_and_told_the_limit(size: tuple[int, int], limit: str) -> None:
    content = samples.bomb(*size)
    assert len(content) < 1000
    with translation.override("en"), pytest.raises(Refused, match=limit):
        read(content, "image/png")


def test_a_jpeg_may_be_larger_because_it_is_shrunk_while_it_is_decoded() -> None:
    large, _ = read(samples.encoded(Image.new("L", (6000, 5000), 90), "JPEG"))
    assert (large.width, large.height) == (2560, 2133)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "CMYK"])
def test_shrinking_in_bands_leaves_no_seams(mode: str) -> None:
    image = Image.merge(mode, [Image.effect_noise((700, 1900), 20)] * len(Image.new(mode, (1, 1)).getbands()))
    smaller = images._within(image, 1280)
    at_once = image.resize(smaller.size, Image.Resampling.LANCZOS)
    assert smaller.height == 1280
    # Ink by ink, since a conversion to RGB multiplies what was rounded; under little opacity it is rounded twice.
    extrema: list[Any] = [band.getextrema() for band in ImageChops.difference(smaller, at_once).split()]
    high = max(most for _least, most in extrema)
    assert high <= (8 if mode == "RGBA" else 3)


def test_a_process_opens_no_more_than_two_pictures_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    under_way, most, counting = 0, 0, threading.Lock()
    clean = images._cleaned

    def watched(image: Image.Image) -> Picture:
        nonlocal under_way, most
        with counting:
            under_way += 1
            most = max(most, under_way)
        time.sleep(0.05)
        try:
            return clean(image)
        finally:
            with counting:
                under_way -= 1

    monkeypatch.setattr(images, "_cleaned", watched)
    with ThreadPoolExecutor(6) as pool:
        assert len(list(pool.map(read, [samples.jpeg(40, 30)] * 6))) == 6
    assert most == 2


@pytest.mark.parametrize("part", [0.2, 0.6, 0.95])
def test_a_photo_cut_off_on_the_way_is_refused(part: float) -> None:
    content = samples.noisy_jpeg()
    with pytest.raises(Refused):
        read(content[: int(len(content) * part)])


def test_a_heic_cut_off_on_the_way_is_refused() -> None:
    with pytest.raises(Refused):
        read(samples.HEIC[:-60], "image/heic")


@given(
    st.integers(0, 10_000),
    st.binary(min_size=1, max_size=40),
    st.sampled_from(["JPEG", "PNG", "WEBP", "HEIF"]),
)
@settings(max_examples=60)
def test_whatever_the_bytes_are_the_answer_is_a_picture_or_a_refusal(
    at: int, junk: bytes, decoder: str
) -> None:
    sniffed = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "HEIF": "image/heic"}[decoder]
    content = samples.HEIC if decoder == "HEIF" else samples.encoded(samples.picture(60, 40), decoder)
    at %= len(content)
    try:
        picture, _taken = read(content[:at] + junk + content[at + len(junk) :], sniffed)
    except Refused:
        return
    assert decoded(picture.thumb).width > 0


def test_boxes_are_made_unrecognisable_in_every_size_and_the_rest_stays() -> None:
    stripes = Image.new("RGB", (600, 400), "white")
    for x in range(0, 600, 4):
        stripes.paste("black", (x, 0, x + 2, 400))
    blurred = images.blurred(samples.encoded(stripes, quality=95), [(100, 100, 300, 300), (-5, -5, 0, 0)])
    for content in (blurred.full, blurred.medium):
        grey = decoded(content).convert("L")
        inside, outside = (
            grey.crop((110, 110, 290, 290)).getextrema(),
            grey.crop((310, 0, 600, 400)).getextrema(),
        )
        assert float(inside[1]) - float(inside[0]) < 40  # type: ignore[arg-type]
        assert float(outside[1]) - float(outside[0]) > 200  # type: ignore[arg-type]


def test_a_box_beside_the_picture_is_refused() -> None:
    with pytest.raises(Refused):
        images.blurred(samples.jpeg(), [(500, 500, 600, 600)])
