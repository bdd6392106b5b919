from collections.abc import Iterator

import pytest
from django.utils import translation

from wangge.attachments.models import Kind
from wangge.attachments.receiving import MAX_BYTES, Received, clean_name, receive
from wangge.attachments.store import LocalStore
from wangge.attachments.tests import samples


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def receive_one(content: bytes, name: str = "photo.jpg") -> Received:
    return receive([samples.upload(content, name)])


@pytest.mark.parametrize(
    ("content", "kind", "media_type"),
    [
        (samples.jpeg(), Kind.PHOTO, "image/jpeg"),
        (samples.HEIC, Kind.PHOTO, "image/jpeg"),
        (samples.encoded(samples.picture(mode="RGBA"), "PNG"), Kind.PHOTO, "image/webp"),
        (samples.encoded(samples.picture(), "WEBP"), Kind.PHOTO, "image/jpeg"),
        (samples.wav(), Kind.AUDIO, "audio/wav"),
        (b"ID3\x04" + b"\0" * 200, Kind.AUDIO, "audio/mpeg"),
        (b"#!AMR\n" + b"\0" * 200, Kind.AUDIO, "audio/amr"),
        (b"OggS\0\2" + b"\0" * 22 + b"OpusHead" + b"\0" * 100, Kind.AUDIO, "audio/ogg"),
        (samples.mp4(b"soun"), Kind.AUDIO, "audio/mp4"),
        (samples.webm(b"A_OPUS"), Kind.AUDIO, "audio/webm"),
        (samples.PDF, Kind.DOCUMENT, "application/pdf"),
    ],
    ids=["jpeg", "heic", "png", "webp", "wav", "mp3", "amr", "ogg", "sound in mp4", "sound in webm", "pdf"],
)
def test_a_file_is_recognised_by_its_bytes_whatever_its_name(
    content: bytes, kind: Kind, media_type: str
) -> None:
    received = receive_one(content, "wrongly-named.exe")
    assert not received.refused
    assert (received.kept[0].kind, received.kept[0].media_type) == (kind, media_type)


@pytest.mark.parametrize(
    "content",
    [
        samples.EXECUTABLE,
        samples.SVG,
        samples.HTML,
        b"PK\x03\x04" + b"\0" * 300,
        b"just words",
        samples.encoded(samples.picture(), "GIF"),
        samples.encoded(samples.picture(), "AVIF"),
        samples.encoded(samples.picture(), "TIFF"),
        samples.PDF[:-10],
    ],
    ids=["executable", "svg", "html", "zip", "text", "gif", "avif", "tiff", "half a pdf"],
)
def test_anything_else_is_refused_in_words_whatever_its_name(store: LocalStore, content: bytes) -> None:
    received = receive_one(content, "photo.jpg")
    assert received.kept == []
    assert received.refused == [
        ("photo.jpg", "This is not a photo (JPEG, HEIC, PNG, WebP), a recording or a PDF.")
    ]
    assert list(store.digests()) == []


@pytest.mark.parametrize(
    "content",
    [samples.mp4(b"vide", b"soun"), samples.mp4(b"vide"), samples.webm(b"A_OPUS", b"V_VP8")],
    ids=["mp4", "silent mp4", "webm"],
)
def test_a_film_is_refused_and_photos_are_asked_for(content: bytes) -> None:
    assert "Videos" in receive_one(content, "film.mp4").refused[0][1]


def test_an_empty_file_is_refused() -> None:
    assert receive_one(b"", "nothing.jpg").refused == [("nothing.jpg", "This file is empty.")]


def test_a_file_too_large_is_refused_before_it_is_read() -> None:
    huge = samples.upload(b"RIFF", "huge.wav")
    huge.size = MAX_BYTES + 1
    assert receive([huge]).refused == [("huge.wav", "This file is larger than 20 MB.")]
    assert huge.tell() == 0


def test_a_photo_may_have_fifteen_megabytes_and_no_more() -> None:
    padded = samples.jpeg() + b"\0" * 15 * 1024 * 1024
    assert receive_one(padded).refused == [("photo.jpg", "This file is larger than 15 MB.")]


def test_of_two_photos_the_good_one_is_kept_and_the_broken_one_named(store: LocalStore) -> None:
    broken = samples.noisy_jpeg()[:20_000]
    received = receive([samples.upload(broken, "broken.jpg"), samples.upload(samples.jpeg(), "good.jpg")])
    assert [file.name for file in received.kept] == ["good.jpg"]
    assert [name for name, _message in received.refused] == ["broken.jpg"]
    assert "damaged" in received.refused[0][1]


def test_of_a_hundred_files_nine_are_kept_and_each_other_one_is_named() -> None:
    received = receive([samples.upload(samples.jpeg(), f"{number}.jpg") for number in range(100)])
    assert [file.name for file in received.kept] == [f"{number}.jpg" for number in range(9)]
    assert [name for name, _message in received.refused] == [f"{number}.jpg" for number in range(9, 100)]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\zhang\\lamp.jpg", "lamp.jpg"),
        ("../../etc/passwd", "passwd"),
        ("路灯 坏了.HEIC", "路灯 坏了.HEIC"),
        ("a\r\nSet-Cookie: b.jpg", "aSet-Cookie: b.jpg"),
        ("lamp\u202egpj.exe", "lampgpj.exe"),
        ("长" * 300 + ".jpeg", "长" * 115 + ".jpeg"),
        ("\0", "unnamed"),
        ("", "unnamed"),
    ],
)
def test_a_name_is_made_safe_and_stays_recognisable(given: str, kept: str) -> None:
    assert clean_name(given) == kept
