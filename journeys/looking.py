"""One window in which page after page is looked at, by one person after another: looks leave nothing behind."""

import urllib.error
import urllib.request

from django.utils.encoding import iri_to_uri
from playwright.sync_api import Page, Response

from journeys.browser import DESK, House, Screen, session_of
from journeys.databases import using
from journeys.pages import NOBODY

SECONDS = 60

# Without a graphics card each new size of a map takes seconds to draw, and a map is only looked at for what lies around it.
LET_MAPS_REST = """() => {
  for (const canvas of document.querySelectorAll("canvas.maplibregl-canvas"))
    canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context")?.loseContext();
}"""


class Keys:
    """The sessions of people who stay signed in as long as looks are taken."""

    def __init__(self, database: str) -> None:
        self.database = database
        self._known: dict[str, str] = {NOBODY: ""}

    def of(self, who: str) -> str:
        """Return the session of that person; of a visitor, none."""
        if who not in self._known:
            with using(self.database):
                self._known[who] = session_of(who)
        return self._known[who]


class Caller:
    """Asks for pages without a browser, only for how they answer."""

    def __init__(self, site: str, database: str) -> None:
        self.site, self._keys = site, Keys(database)

    def status(self, address: str, who: str) -> int:
        """Return the status with which the server answers that person, or a visitor where no name is given."""
        told = {"Cookie": f"language=zh-hans; sessionid={self._keys.of(who)}"}
        asked = urllib.request.Request(f"{self.site}{iri_to_uri(address)}", headers=told)
        try:
            with urllib.request.urlopen(asked, timeout=SECONDS) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code


class Window:
    """The page that is kept: a new one is a process of its own, and a new size is all drawn anew."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.page: Page = house.visitor(DESK)
        self._size = DESK
        self._keys = Keys(house.database)

    def open(self, address: str, who: str, language: str) -> Response:
        """Open an address in a language as that person, or as a visitor where no name is given."""
        context = self.page.context
        context.clear_cookies()
        for name, value in {"language": language, "sessionid": self._keys.of(who)}.items():
            if value:
                context.add_cookies([{"name": name, "value": value, "url": self.house.site}])
        answer = self.page.goto(address)
        assert answer is not None
        self.page.evaluate(LET_MAPS_REST)
        return answer

    def resize(self, size: Screen) -> None:
        """Make it as large as that screen."""
        if size != self._size:
            self.page.set_viewport_size({"width": size.width, "height": size.height})
            self._size = size
