"""Which language a page speaks: its own words, apart from what people wrote and named."""

from functools import cache

from babel.messages.pofile import read_po
from django.conf import settings
from playwright.sync_api import Page

# Words a reader sees or hears; what belongs to another language on purpose says so itself.
SPOKEN = """() => {
  const said = new Set();
  const skip = "script, style, noscript, code, kbd, template, [lang]:not(html), .map-ground, datalist, .wg-secret";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.parentElement.closest(skip)) said.add(node.textContent.replace(/\\s+/g, " ").trim());
  }
  for (const name of ["aria-label", "placeholder", "title", "alt"])
    for (const one of document.querySelectorAll(`[${name}]`))
      if (!one.closest(skip)) said.add(one.getAttribute(name).replace(/\\s+/g, " ").trim());
  said.delete("");
  return [...said];
}"""


def words_of(page: Page) -> set[str]:
    """Every text on the page, one by one."""
    return set(page.evaluate(SPOKEN))


def english_in(page: Page) -> set[str]:
    """English words of ours on a Chinese page."""
    return {text for text in words_of(page) if text in _pairs()[0]}


def chinese_in(page: Page) -> set[str]:
    """Chinese words of ours on an English page."""
    return {text for text in words_of(page) if text in _pairs()[1]}


@cache
def _pairs() -> tuple[frozenset[str], frozenset[str]]:
    """All messages of ours: in English, and in Chinese; those that are alike in both say nothing."""
    english, chinese = set(), set()
    for path in sorted(settings.BASE_DIR.glob("wangge/*/locale/zh_Hans/LC_MESSAGES/django.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if (
                    message.id
                    and isinstance(message.id, str)
                    and message.string
                    and message.string != message.id
                ):
                    english.add(message.id)
                    chinese.add(str(message.string))
    return frozenset(english), frozenset(chinese)
