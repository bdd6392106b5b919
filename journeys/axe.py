"""What axe-core says about a page, and whether it fits its screen."""

from functools import cache

from django.conf import settings
from playwright.sync_api import Page

# Nothing is fetched again for it: of all rules only the one about turned screens reads style sheets. Nor is anything
# worked out that we do not print: a third of the time went into finding selectors.
RUN = """async (contrast) => {
  const { violations } = await axe.run(document, {
    reporter: "no-passes", resultTypes: ["violations"], selectors: false, preload: false,
    rules: { "color-contrast": { enabled: contrast } },
  });
  return violations.map(({ id, impact, help, nodes }) =>
    `${id} (${impact}): ${help}: ` + nodes.slice(0, 4).map((node) => node.html.slice(0, 160)).join(" … "));
}"""
# Two frames: what follows the size of the window has followed. A page that draws nothing new may get no frame at all.
LAID_OUT = """() => Promise.race([
  new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  new Promise((done) => setTimeout(done, 1000)),
])"""
TOO_WIDE = """async () => {
  await (LAID_OUT)();
  const page = document.scrollingElement;
  if (page.scrollWidth <= innerWidth) return "";
  const wide = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
  return `${page.scrollWidth} in ${innerWidth}: ` + wide.slice(-3).map((one) => one.outerHTML.slice(0, 120)).join(" … ");
}""".replace("LAID_OUT", LAID_OUT)


@cache
def _script() -> str:
    return (settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js").read_text()


def violations(page: Page, *, contrast: bool = True) -> list[str]:
    """What axe-core finds wrong with the page as it stands (evaluated from outside, so the page's policy stays).

    Contrast is the half of its work, and the same at every size.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_script())
    found: list[str] = page.evaluate(RUN, contrast)
    return found


def too_wide(page: Page) -> str:
    """What makes the page wider than the screen, once it is laid out; empty when nothing does."""
    said: str = page.evaluate(TOO_WIDE)
    return said
