"""Pictures for the manual: kept only when asked for (`make screenshots`)."""

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "manual" / "images"
COLOURS = 256
QUIET = "() => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))"


def wanted() -> bool:
    """Tell whether this run draws the manual's pictures."""
    return os.environ.get("WANGGE_SCREENSHOTS") == "1"


def shot(page: Page, name: str) -> None:
    """Keep what the person sees at this moment as docs/manual/images/NAME.png, in 256 colours."""
    if not wanted():
        return
    page.wait_for_load_state("networkidle")
    page.evaluate(QUIET)
    FOLDER.mkdir(parents=True, exist_ok=True)
    image = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
