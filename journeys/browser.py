"""Chromium, kept off the network, and the pages people have open in it."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect

from journeys.databases import using
from wangge.accounts.models import Account

# Parts of the browser's own frame that newer ones draw as pages: each window would have a second page to draw, for nobody.
FRAME = (
    "InitialWebUI", "WebUIReloadButton", "WebUIBackForwardButton", "WebUIHomeButton", "WebUIToolbar", "WebUILocationBar",
    "WebUISplitTabsButton", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
)  # fmt: skip
# A process that is started ahead for a page that may come: each window would start two.
PROCESSES = ("SpareRendererForSitePerProcess",)
NAMES = (
    "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
)  # fmt: skip
FLAGS = (
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--disable-quic", "--disable-dev-shm-usage", "--lang=zh-CN",
    f"--disable-features={','.join(('Translate', 'OptimizationHints', 'MediaRouter', *PROCESSES, *FRAME))}",
    # Whatever it still wants to ask for: there is nobody but this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
PATIENCE_MS = 15_000
SERVER_SAID = (
    "Failed to load resource"  # an answer of 4xx may be what the story is about; 5xx is watched apart
)


@dataclass(frozen=True)
class Screen:
    """A size people look at, in CSS pixels."""

    name: str
    width: int
    height: int
    touch: bool = False


PHONE = Screen("phone", 390, 844, touch=True)
DESK = Screen("desk", 1440, 900)
WALL = Screen("wall", 1920, 1080)
SCREENS = (PHONE, DESK, WALL)


def launch(playwright: Playwright) -> Browser:
    """Start the machine's Chromium: CHROMIUM, else the first on PATH."""
    named = os.environ.get("CHROMIUM")
    path = shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium on this machine: install it or name it in CHROMIUM")
    expect.set_options(timeout=PATIENCE_MS)
    # Chromium's own sandbox cannot be had by root, and what we show it is ours.
    alone = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return playwright.chromium.launch(executable_path=path, args=[*FLAGS, *alone])


@dataclass
class House:
    """Who has which page open in one story; `faults` is what went wrong in any of them unseen."""

    browser: Browser
    site: str
    database: str
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def visitor(self, screen: Screen = PHONE, *, language: str = "", **more: object) -> Page:
        """A page of somebody who is not signed in, at the size of a screen."""
        context = self._context(screen, **more)
        if language:
            self._cookie(context, "language", language)
        return self._watched(context)

    def person(self, username: str, screen: Screen = DESK, *, language: str = "", **more: object) -> Page:
        """A page of somebody who is signed in."""
        page = self.visitor(screen, language=language, **more)
        with using(self.database):
            self._cookie(page.context, "sessionid", session_of(username))
        return page

    def open(self, username: str, screen: Screen = DESK, *, language: str = "") -> Page:
        """A page of that person, or of a visitor where no name is given."""
        return (
            self.person(username, screen, language=language)
            if username
            else self.visitor(screen, language=language)
        )

    def _context(self, screen: Screen, **more: object) -> BrowserContext:
        context = new_window(self.browser, self.site, screen, **more)
        self.contexts.append(context)
        return context

    def _cookie(self, context: BrowserContext, name: str, value: str) -> None:
        context.add_cookies([{"name": name, "value": value, "url": self.site}])

    def _watched(self, context: BrowserContext) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._heard(page, message))
        page.on(
            "response",
            lambda answer: (
                self.faults.append(f"{answer.url}: {answer.status}") if answer.status >= 500 else None
            ),
        )
        return page

    def _heard(self, page: Page, message: ConsoleMessage) -> None:
        if message.type == "error" and SERVER_SAID not in message.text:
            self.faults.append(f"{page.url}: {message.text}")

    def close(self) -> None:
        """Close every page."""
        while self.contexts:
            self.contexts.pop().close()

    def answer_for_faults(self) -> None:
        """Fail where a page complained since this was last asked."""
        said, self.faults = self.faults, []
        assert not said, "\n".join(said)


def new_window(browser: Browser, site: str, screen: Screen, **more: object) -> BrowserContext:
    """A browser that knows nobody yet."""
    context = browser.new_context(
        base_url=site,
        viewport={"width": screen.width, "height": screen.height},
        has_touch=screen.touch,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        service_workers="block",
        **more,  # type: ignore[arg-type]
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


@contextlib.contextmanager
def open_house(browser: Browser, site: str, database: str) -> Iterator[House]:
    """A house for one story; at its end no page may have complained."""
    house = House(browser, site, database)
    try:
        yield house
    finally:
        house.close()
    house.answer_for_faults()


def session_of(username: str) -> str:
    """Sign somebody in without the form (which has a story of its own) and return the session."""
    client = Client()
    client.force_login(
        Account.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client.cookies["sessionid"].value
