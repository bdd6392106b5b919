"""What people do again and again in the stories: report, open a matter, take a step."""

import re
from typing import Any

from playwright.sync_api import FilePayload, Locator, Page, expect

from demo.pictures import picture
from wangge.audit.relay import relay_all
from wangge.cases.models import Case, Report
from wangge.common.sealing import fingerprint
from wangge.registry.models import Building

LAMP = "01037"


def photo(name: str, scene: str = "lamp_out", *, seed: int = 7, after: bool = False) -> FilePayload:
    """A photograph as a telephone would send it."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture(scene, seed, after=after)}


def work() -> None:
    """Do what the worker process would do by now: pass on what happened to whoever listens."""
    while relay_all():
        pass


# -- Residents ----------------------------------------------------------------------------------------------


def go_on(page: Page) -> None:
    """To the next of the three steps."""
    page.locator("fieldset:not([hidden]) .rs-turn .btn-primary").click()


def find_place(page: Page, spot: Building) -> None:
    """Type an address and choose it from the list."""
    page.locator("[data-place-search]").fill(spot.address)
    page.get_by_label(spot.address).first.check()
    expect(page.locator("#id_address")).to_have_value(spot.address)


def say_what(page: Page, words: str, matter: str = LAMP) -> None:
    """Describe it in a word and take the suggestion."""
    page.locator("#id_class_search").fill(words)
    page.locator(f"[data-suggestions] [data-code='{matter}']").click()
    expect(page.locator("#id_matter")).to_have_value(matter)
    have_questions(page)


def have_questions(page: Page) -> None:
    """Wait for the questions of the class just chosen; who sends before they are there is asked them by the server."""
    expect(page.locator("[data-questions]")).not_to_have_attribute("aria-busy", "true")


def send_report(page: Page) -> str:
    """Press send; where similar matters are shown, say that this is another one; return the secret code."""
    page.locator("[data-send]").click()
    if asked_whether_it_is_the_same(page):
        another_one(page).click()
    return code_on(page)


def asked_whether_it_is_the_same(page: Page) -> bool:
    """Tell whether, after sending, similar matters nearby are shown before it is received."""
    expect(page.locator("output.rs-secret").or_(another_one(page))).to_be_visible()
    return another_one(page).is_visible()


def another_one(page: Page) -> Locator:
    """The button that says so."""
    return page.locator("button[name=same_as][value=new]")


def code_on(page: Page) -> str:
    """The secret code on the page that says it was received."""
    expect(page.locator("output.rs-secret")).to_be_visible()
    return re.sub(r"\s", "", page.locator("output.rs-secret").inner_text())


def report_of(code: str) -> Report:
    """What the code belongs to."""
    return Report.objects.select_related("case").get(code_hash=fingerprint(code))


# -- Desk and unit --------------------------------------------------------------------------------------------


def open_at_desk(page: Page, subject: Report | Case, queue: str) -> Locator:
    """Open a matter from a queue of the desk."""
    kind = "case" if isinstance(subject, Case) else "report"
    if "/desk/" not in page.url:
        page.goto("/desk/")
    page.locator(f"[data-queue='{queue}']").click()
    page.locator(f"[data-row='{kind}/{subject.number}']").click()
    matter = page.locator(f"#matter[data-matter='{kind}/{subject.number}']")
    expect(matter).to_be_visible()
    return matter


def begin(page: Page, verb: str) -> Locator:
    """Press the button of a step; return the form that opens."""
    page.wait_for_load_state()  # before its script is there, the button leads to a page of its own
    page.locator(f"#matter [data-step='{verb}']").click()
    form = page.locator("#step form")
    expect(form).to_be_visible()
    return form


def send(page: Page) -> None:
    """Send the open form and wait until the matter says that the step was taken."""
    page.locator("#step form .wg-step-foot .btn-primary").click()
    expect(page.locator("#matter .wg-just-taken")).to_be_visible()


def take(page: Page, verb: str, **words: Any) -> None:
    """Take a step, filling the fields named."""
    form = begin(page, verb)
    for name, value in words.items():
        field = form.locator(f"[name='{name}']")
        if name == "photos":
            field.set_input_files(value)
        else:
            field.fill(value)
    send(page)
