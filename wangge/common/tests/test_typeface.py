"""What is printed carries its Chinese characters with it, where the machine has them."""

from io import BytesIO
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from wangge.common import typeface as module
from wangge.common.typeface import EMBEDDED, NAMED, font_file, typeface


@pytest.fixture(autouse=True)
def anew():
    typeface.cache_clear()
    yield
    typeface.cache_clear()


def printed() -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.setFont(typeface(), 12)
    canvas.drawString(10, 10, "网格")
    canvas.save()
    return out.getvalue()


@pytest.mark.skipif(font_file() is None, reason="no TrueType font with Chinese characters here")
def test_the_characters_are_in_the_file() -> None:
    assert typeface() == EMBEDDED
    made = printed()
    assert b"FontFile2" in made
    assert len(made) < 100_000, "the characters that are used, not all of them"


def test_without_one_the_typeface_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KNOWN", ())
    assert typeface() == NAMED
    assert b"STSong" in printed()


def test_a_file_that_is_no_font_is_passed_over(settings, tmp_path: Path) -> None:
    settings.PRINT_FONT = str(tmp_path / "a.ttf")
    assert font_file() is None
    (tmp_path / "a.ttf").write_bytes(b"no font")
    assert typeface() == NAMED
