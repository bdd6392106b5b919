"""The typeface of what we print as PDF: one of the machine's with Chinese characters, put into the file itself.

A file that only names its typeface shows blank places wherever a viewer or a print shop does not have it. We ship no font:
Debian's `fonts-wqy-microhei` is enough. Only outlines of TrueType can be put in, which most Noto and Source Han files
are not.
"""

from functools import cache
from pathlib import Path

from django.conf import settings

EMBEDDED, NAMED = "Printed", "STSong-Light"
# What systems install, the best to read first.
KNOWN = (
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/wqy-microhei/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
    "/Library/Fonts/Arial Unicode.ttf",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
)


def font_file() -> Path | None:
    """The file whose characters are put into PDFs; None where there is none."""
    wanted = (settings.PRINT_FONT,) if settings.PRINT_FONT else KNOWN
    return next((path for path in map(Path, wanted) if path.is_file()), None)


@cache
def typeface() -> str:
    """The name under which reportlab knows the typeface; read once, for a file has ten thousand characters."""
    # Read when wanted: what draws sheets takes a while to load, and most processes never draw one.
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFError, TTFont

    if (path := font_file()) is not None:
        try:
            registerFont(TTFont(EMBEDDED, str(path)))
        except TTFError:
            pass  # named, as if there were none; `wangge doctor` says so
        else:
            return EMBEDDED
    registerFont(UnicodeCIDFont(NAMED))
    return NAMED
