"""Two people at one matter: who is here, who was faster, and no typed word lost."""

import re

from playwright.sync_api import Page, expect

from journeys import town
from journeys.acts import begin, open_at_desk, send
from journeys.browser import House
from journeys.roads import case_at, person
from journeys.screenshots import shot
from wangge.audit.models import Event
from wangge.cases.models import Case
from wangge.cases.workflow import Stage

NOTE, REMARK = "灯杆在绿化带里面，请带登高车。", "已电话告知路灯所。"
SOON = 25_000  # two rounds of asking, on a busy machine


def test_colleagues_see_each_other_at_a_matter_and_in_the_list(house: House) -> None:
    case, _told = case_at(Stage.FILED, town.spot(60))
    other = town.colleague(town.DISPATCHER)
    first, second = house.person(town.DISPATCHER), house.person(other)
    open_at_desk(first, case, "filed")
    open_at_desk(second, case, "filed")

    expect(first.locator("#matter [data-here]")).to_contain_text(person(other).name, timeout=SOON)
    expect(first.locator(f"[data-row='case/{case.number}'] .wg-dot")).to_contain_text(person(other).name)
    shot(first, "desk-presence")

    second.goto("/desk/?queue=late")  # leaving says so
    expect(first.locator("#matter [data-here]")).to_be_hidden(timeout=SOON)
    expect(first.locator(f"[data-row='case/{case.number}'] .wg-dot")).to_have_count(0)


def test_who_types_hears_that_somebody_was_faster_and_keeps_the_words(house: House) -> None:
    case, _told = case_at(Stage.FILED, town.spot(61))
    chief, dispatcher = house.person(town.DUTY_CHIEF), house.person(town.DISPATCHER)
    open_at_desk(chief, case, "filed")
    begin(chief, "correct").locator("[name=note]").fill(NOTE)
    chief.locator("#comment").fill(REMARK)

    open_at_desk(dispatcher, case, "filed")
    begin(dispatcher, "dispatch")
    send(dispatcher)

    told = chief.locator("#matter [data-moved]")
    expect(told).to_be_visible(timeout=SOON)
    expect(told).to_contain_text(person(town.DISPATCHER).name)
    shot(chief, "case-moved")
    told.locator("[data-show-anew]").click()
    case.refresh_from_db()
    expect(chief.locator(f"#matter[data-seq='{case.event_seq}']")).to_be_visible()
    expect(chief.locator("#step [name=note]")).to_have_value(NOTE)
    expect(chief.locator("#comment")).to_have_value(REMARK)
    expect(told).to_be_hidden()
    chief.locator("form.wg-comment button[type=submit]").click()
    expect(chief.locator("#matter .wg-just-taken")).to_be_visible()
    case.refresh_from_db()
    assert _last_note(case) == REMARK


def _last_note(case: Case) -> str:
    return str(Event.objects.filter(subject_id=case.pk).latest("seq").payload.data["note"])


def test_what_was_typed_survives_a_reload_and_goes_when_sent_or_thrown_away(house: House) -> None:
    case, _told = case_at(Stage.FILED, town.spot(62))
    page = house.person(town.DISPATCHER)
    page.goto(f"/cases/{case.number}/")
    begin(page, "dispatch").locator("[name=note]").fill(NOTE)
    page.reload()
    form = begin(page, "dispatch")
    expect(form.locator("[name=note]")).to_have_value(NOTE)
    expect(form.locator("[data-restored]")).to_be_visible()

    form.locator("[data-discard]").click()
    expect(form.locator("[name=note]")).to_have_value("")
    form.locator("[name=note]").fill(NOTE)
    send(page)
    assert _kept(page) == []


def test_whoever_sits_down_next_at_the_machine_finds_nothing(house: House) -> None:
    case, _told = case_at(Stage.FILED, town.spot(63))
    page = house.person(town.DISPATCHER)
    page.goto(f"/cases/{case.number}/")
    begin(page, "dispatch").locator("[name=note]").fill(NOTE)
    assert len(_kept(page)) == 1

    page.locator("details[data-menu] summary").last.click()
    page.locator("form[data-signs-out] button").click()
    page.wait_for_url("**/signin/**")
    assert _kept(page) == []


def test_what_was_sent_after_the_session_ended_comes_back_after_signing_in(house: House) -> None:
    case, _told = case_at(Stage.FILED, town.spot(64))
    account = person(town.DISPATCHER)
    account.set_password("Zhe-shi-mima-2026")
    account.password_changed_at = town.now()
    account.save()
    page = house.person(town.DISPATCHER)
    page.goto(f"/cases/{case.number}/")
    begin(page, "dispatch").locator("[name=note]").fill(NOTE)
    page.context.clear_cookies(name="sessionid")
    page.evaluate("localStorage.clear()")  # this time the server alone keeps the words
    page.locator("#step form .wg-step-foot .btn-primary").click()

    page.wait_for_url(re.compile("/signin/"))
    page.locator("[name=username]").fill(town.DISPATCHER)
    page.locator("[name=password]").fill("Zhe-shi-mima-2026")
    page.locator("form:has([name=password]) .btn-primary").click()
    page.wait_for_url(f"**/cases/{case.number}/dispatch/")
    expect(page.locator("#step [name=note]")).to_have_value(NOTE)
    expect(page.locator("#step .alert-warning")).to_be_visible()
    shot(page, "words-kept")
    send(page)
    case.refresh_from_db()
    assert case.stage == Stage.DISPATCHED


def _kept(page: Page) -> list[str]:
    keys: list[str] = page.evaluate(
        "Object.keys(localStorage).filter((one) => one.startsWith('wangge.words.'))"
    )
    return keys
