"""Pictures for the manual: kept only when asked for (`make screenshots`)."""

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from journeys.axe import LAID_OUT

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "manual" / "images"
COLOURS = (256, 64, 32, 16)
MOST_BYTES = 300_000
ADDRESS = "https://wangge.example"  # what codes and links on the pictures lead to


def wanted() -> bool:
    """Tell whether this run draws the manual's pictures."""
    return os.environ.get("WANGGE_SCREENSHOTS") == "1"


def shot(page: Page, name: str) -> None:
    """Keep what the person sees at this moment as docs/manual/images/NAME.png."""
    if not wanted():
        return
    page.wait_for_load_state("networkidle")
    page.evaluate("() => document.fonts.ready.then(() => null)")
    page.evaluate(LAID_OUT)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.png").write_bytes(_small(page.screenshot(animations="disabled")))


def _small(png: bytes) -> bytes:
    """The same picture in at most 300 KB: as it is, else in as many colours as fit."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    drawn = _encoded(image)
    for colours in COLOURS:
        if len(drawn) <= MOST_BYTES:
            break
        drawn = _encoded(image.quantize(colours, dither=Image.Dither.NONE))
    return drawn


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()
