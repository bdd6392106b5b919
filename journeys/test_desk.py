"""The desk: faster colleagues, strangers, keys, and what other systems send."""

from playwright.sync_api import Page, expect

from journeys import town
from journeys.acts import begin, open_at_desk, send
from journeys.browser import DESK, PHONE, House
from journeys.roads import case_at, person, reported
from journeys.screenshots import shot
from wangge.attachments.queries import attachments_of
from wangge.cases.models import Clock
from wangge.cases.workflow import Stage, steps_of
from wangge.intake import keys

NOTE = "请带登高车，灯杆在绿化带里面。"


def test_the_slower_of_two_dispatchers_learns_who_was_faster_and_keeps_what_was_typed(house: House) -> None:
    case, _told = case_at(Stage.FILED, town.spot(10))
    slow, fast = house.person(town.DISPATCHER), house.person(town.colleague(town.DISPATCHER))
    open_at_desk(slow, case, "filed")
    begin(slow, "dispatch").locator("[name=note]").fill(NOTE)

    open_at_desk(fast, case, "filed")
    begin(fast, "dispatch")
    send(fast)

    slow.locator("#step form .wg-step-foot .btn-primary").click()
    said = slow.locator("#step [role=alert]").first
    expect(said).to_contain_text(person(town.colleague(town.DISPATCHER)).name)
    expect(said.locator("time").first).to_be_visible()
    expect(slow.locator("#step textarea")).to_have_value(NOTE)


# What is only ever sent to says so of every number alike.
HIDDEN = (403, 404, 405)


def test_a_stranger_sees_nothing_of_a_matter_anywhere(house: House) -> None:
    case, told = case_at(Stage.CHECKING, town.spot(11), text="外区的人不该看到的路灯")
    stranger = house.person(town.stranger())
    addresses = [
        f"/cases/{case.number}/",
        *(f"/cases/{case.number}/{step.noun}/" for step in steps_of("case")),
        *(f"/cases/{case.number}/clocks/{clock.pk}/" for clock in Clock.objects.filter(case=case)),
        f"/reports/{told.report.number}/",
        f"/reports/{told.report.number}/contact/",
        *(f"/reports/{told.report.number}/{step.noun}/" for step in steps_of("report")),
        *(f"/tasks/{task.pk}/" for task in case.tasks.all()),
        *(f"/files/{file.pk}/full" for file in attachments_of("case", [case.pk])[case.pk]),
    ]
    seen = {address: stranger.request.get(address).status for address in addresses}
    assert {address: status for address, status in seen.items() if status not in HIDDEN} == {}
    assert all(
        seen[address] in (404, 405)
        for address in addresses
        if address.startswith(("/cases", "/reports", "/files"))
    )

    stranger.goto(f"/desk/?queue=all&q={case.number}")
    expect(stranger.locator(".wg-list")).to_be_visible()
    expect(stranger.locator("[data-row]")).to_have_count(0)
    stranger.goto(f"/cases/{case.number}/")
    expect(stranger.locator("body")).not_to_contain_text(case.number)


def test_on_a_phone_the_open_list_is_in_sight_among_the_others(house: House) -> None:
    page = house.person(town.OVERSEER, PHONE)
    page.goto("/desk/")
    expect(page.locator(".wg-queues [aria-current]")).to_be_in_viewport(ratio=1)


def test_the_desk_is_worked_with_keys_alone(house: House) -> None:
    reported(town.spot(12), "键盘受理的路灯")
    page = house.person(town.DUTY_CHIEF)
    page.goto("/desk/?queue=received")
    first, second = page.locator("[data-row]").nth(0), page.locator("[data-row]").nth(1)
    expect(first).to_be_focused()
    page.keyboard.press("j")
    expect(second).to_be_focused()
    page.keyboard.press("k")
    expect(first).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog#keys")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("[data-desk-search]")).to_be_focused()


def test_a_report_is_found_filed_and_dispatched_with_keys_alone(house: House) -> None:
    report = reported(town.spot(13), "键盘立案的路灯").report
    chief = house.person(town.DUTY_CHIEF)
    chief.goto("/desk/?queue=received")
    chief.keyboard.press("/")
    chief.keyboard.type(str(report.number))
    chief.keyboard.press("Enter")
    _open_with_enter(chief, f"report/{report.number}")
    chief.keyboard.press("f")
    expect(chief.locator("#step form")).to_be_visible()
    expect(chief.locator("#step form [data-class-search]")).to_be_focused()
    _tab_into(chief, "condition")
    chief.keyboard.press("Space")
    chief.keyboard.press("Control+Enter")
    expect(chief.locator("#matter .wg-just-taken")).to_be_visible()
    report.refresh_from_db()
    assert report.case is not None

    dispatcher = house.person(town.DISPATCHER)
    dispatcher.goto(f"/desk/?queue=filed&q={report.case.number}")
    _open_with_enter(dispatcher, f"case/{report.case.number}")
    dispatcher.keyboard.press("d")
    expect(dispatcher.locator("#step form")).to_be_visible()
    _settle(dispatcher)
    dispatcher.keyboard.press("Control+Enter")
    expect(dispatcher.locator("#matter .wg-just-taken")).to_be_visible()
    report.case.refresh_from_db()
    assert report.case.stage == Stage.DISPATCHED


def _open_with_enter(page: Page, row: str) -> None:
    expect(page.locator(f"[data-row='{row}']")).to_be_visible()
    page.locator("body").press("j")
    expect(page.locator(f"[data-row='{row}']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f"#matter[data-matter='{row}']")).to_be_visible()
    _settle(page)


def _settle(page: Page) -> None:
    """Wait until what has come is alive: before that, the key of a step leads to a page of its own."""
    expect(page.locator(".htmx-added, .htmx-settling, .htmx-swapping")).to_have_count(0)
    page.wait_for_load_state()


def _tab_into(page: Page, name: str) -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement?.name === {name!r}"):
            return
    raise AssertionError(f"Tab never reached {name}")


def test_what_another_system_posts_over_open311_appears_at_the_desk(house: House) -> None:
    spot, key = town.spot(14), keys.create_key("热线", at=town.now())
    answer = house.visitor(DESK).request.post(
        "/open311/v2/requests.json",
        form={
            "api_key": key,
            "service_code": "06010",
            "lat": str(spot.lat),
            "long": str(spot.lon),
            "description": "热线转来：路口有一堆垃圾",
        },
    )
    assert answer.ok, answer.text()
    [posted] = answer.json()
    desk = house.person(town.ACCEPTOR)
    desk.goto("/desk/?queue=received")
    row = desk.locator(f"[data-row='report/{posted['service_request_id']}']")
    expect(row).to_contain_text("热线转来")
    row.click()
    expect(desk.locator("#matter")).to_contain_text("热线转来：路口有一堆垃圾")


def test_a_deadline_is_explained_line_by_line(house: House) -> None:
    case, _told = case_at(Stage.HANDLING, town.spot(15))
    page = house.person(town.DUTY_CHIEF)
    open_at_desk(page, case, "handling")
    page.locator("#matter a[href*='/clocks/']").first.click()
    expect(page.locator("table, .wg-sums, .wg-facts").first).to_be_visible()
    shot(page, "explain-deadline")


def test_on_a_telephone_a_line_of_the_desk_opens_as_a_page_of_its_own(house: House) -> None:
    report = reported(town.spot(16), "手机上打开的路灯").report
    page = house.person(town.ACCEPTOR, PHONE)
    page.goto(f"/desk/?queue=received&q={report.number}")
    page.locator(f"[data-row='report/{report.number}']").click()
    page.wait_for_url(f"**/reports/{report.number}/")
    expect(page.locator("h1")).to_be_visible()
