"""Residents whose telephone, photo, patience or coordinates are not perfect."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from journeys import town
from journeys.acts import (
    another_one,
    asked_whether_it_is_the_same,
    code_on,
    find_place,
    go_on,
    have_questions,
    photo,
    report_of,
    say_what,
    send_report,
    work,
)
from journeys.browser import DESK, PHONE, House
from journeys.roads import person
from wangge.attachments.queries import attachments_of
from wangge.cases import actions
from wangge.cases.models import Rating, Report
from wangge.territory.coordinates import CRS, from_wgs84, metres_between

RUBBISH = "06010"  # exposed rubbish: nothing more is asked
FAR_OUTSIDE = (118.2, 32.2)


def _fill(page: Page, number: int, words: str) -> None:
    """Everything but the last button."""
    page.goto("/report/")
    find_place(page, town.spot(number))
    go_on(page)
    say_what(page, "暴露垃圾", RUBBISH)
    go_on(page)
    page.locator("#id_text").fill(words)


def _send(page: Page) -> None:
    page.locator("[data-send]").click()


def test_pressing_send_twice_makes_one_report(house: House) -> None:
    page, words = house.visitor(PHONE), "垃圾堆在路口两天了，连按了两下提交。"
    _fill(page, 1, words)
    page.locator("[data-send]").dblclick()
    if asked_whether_it_is_the_same(page):
        another_one(page).dblclick()
    code_on(page)
    assert Report.objects.filter(text=words).count() == 1


def test_without_a_connection_the_words_stay_are_said_to_stay_and_come_back_after_a_reload(
    house: House,
) -> None:
    page, words = house.visitor(PHONE), "信号不好的地方也有垃圾。"
    _fill(page, 2, words)
    page.context.set_offline(True)
    _send(page)
    expect(page.locator("[data-said]")).not_to_be_empty()
    expect(page.locator("#id_text")).to_have_value(words)
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#id_text")).to_have_value(words)
    expect(page.locator("#id_address")).to_have_value(town.spot(2).address)
    expect(page.locator("[data-said] button")).to_be_visible()
    go_on(page)
    go_on(page)
    assert report_of(send_report(page)).text == words


def test_without_scripts_a_resident_reports_follows_and_rates(house: House) -> None:
    page, spot = house.visitor(PHONE, java_script_enabled=False), town.spot(3)
    page.goto("/")
    page.locator("a[href$='start=words']").click()
    page.locator("#id_text").fill("没有脚本的手机也能上报垃圾。")
    page.locator("#id_q").fill(spot.address)
    page.locator("button[name=find]").click()
    page.get_by_label(spot.address).first.check()
    page.locator("#id_matter").select_option(RUBBISH)
    _send(page)
    # Without scripts the questions of the class come with the answer; nothing that was said is lost.
    expect(page.locator("[data-questions] select").first).to_be_visible()
    code = send_report(page)
    report = report_of(code)
    assert (report.address, report.matter_id is not None) == (spot.address, True)

    page.locator(f"a[href='/m/{code}/']").first.click()
    expect(page.locator("h1")).to_be_visible()
    page.locator("#id_words").fill("又多了两袋。")
    page.locator("form[action$='/additions/'] button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("又多了两袋。")

    actions.answer_report(report, answer="已清运。", by=person(town.ACCEPTOR))
    work()
    page.reload()
    expect(page.locator("main")).to_contain_text("已清运。")
    for name, value in (("solved", "no"), ("result", "1"), ("attitude", "3")):
        page.locator(f"input[name={name}][value='{value}']").check(force=True)
    page.locator(".rs-rating button[type=submit]").click()
    expect(page.locator("main .alert").first).to_be_visible()
    assert Rating.objects.get(report=report).solved is False


def test_a_bad_photo_is_named_and_the_good_one_is_kept(house: House) -> None:
    page = house.visitor(PHONE)
    _fill(page, 4, "一张照片坏了。")
    bad: FilePayload = {"name": "坏照片.jpg", "mimeType": "image/jpeg", "buffer": b"this is no photograph"}
    page.locator("input[name=photos]").set_input_files([bad, photo("好照片.jpg", "garbage")])
    _send(page)
    expect(page.locator("main")).to_contain_text("坏照片.jpg")
    if asked_whether_it_is_the_same(page):
        another_one(page).click()
    report = report_of(code_on(page))
    assert [file.name for file in attachments_of("report", [report.pk])[report.pk]] == ["好照片.jpg"]


def _by_coordinates(page: Page, lon: float, lat: float, crs: CRS) -> Report:
    page.goto("/report/")
    page.locator("fieldset[data-step=where] summary", has_text="坐标").click()
    page.locator("#id_crs").select_option(crs.value)
    page.locator("#id_lon").fill(f"{lon:.6f}")
    page.locator("#id_lat").fill(f"{lat:.6f}")
    go_on(page)
    say_what(page, "暴露垃圾", RUBBISH)
    go_on(page)
    page.locator("#id_text").fill("按坐标上报。")
    return report_of(send_report(page))


@pytest.mark.parametrize("crs", [CRS.GCJ02, CRS.BD09])
def test_coordinates_of_another_map_land_where_they_were_meant(house: House, crs: CRS) -> None:
    spot = town.spot(5 if crs == CRS.GCJ02 else 6)
    report = _by_coordinates(house.visitor(DESK), *from_wgs84(spot.lon, spot.lat, crs), crs)
    assert report.lon is not None
    assert report.lat is not None
    assert metres_between(report.lon, report.lat, spot.lon, spot.lat) < 1
    assert report.current_grid_id == town.grid().pk


def test_a_point_outside_every_grid_is_kept_and_goes_to_the_nearest_desk(house: House) -> None:
    page = house.visitor(PHONE)
    report = _by_coordinates(page, *FAR_OUTSIDE, CRS.WGS84)
    assert report.locating == "nearest"
    assert (report.lon, report.lat) == FAR_OUTSIDE
    expect(page.locator("main .rs-note").first).to_be_visible()
    desk = house.person(town.ACCEPTOR)
    desk.goto("/desk/?queue=received")
    expect(desk.locator(f"[data-row='report/{report.number}']")).to_be_visible()


def test_a_place_is_chosen_and_a_report_sent_with_keys_alone(house: House) -> None:
    page, spot = house.visitor(DESK), town.spot(7)
    page.goto("/report/")
    _tab_to(page, "[data-place-search]")
    page.keyboard.type(spot.address)
    expect(page.get_by_label(spot.address).first).to_be_visible()
    _tab_to(page, "input[name=found]")
    page.keyboard.press("Space")
    expect(page.locator("#id_address")).to_have_value(spot.address)
    _tab_to(page, "fieldset[data-step=where] .rs-turn .btn-primary")
    page.keyboard.press("Enter")
    _tab_to(page, "#id_class_search")
    page.keyboard.type("暴露垃圾")
    expect(page.locator(f"[data-suggestions] [data-code='{RUBBISH}']")).to_be_visible()
    _tab_to(page, f"[data-suggestions] [data-code='{RUBBISH}']")
    page.keyboard.press("Enter")
    have_questions(page)
    _tab_to(page, "fieldset[data-step=what] .rs-turn .btn-primary")
    page.keyboard.press("Enter")
    _tab_to(page, "#id_text")
    page.keyboard.type("只用键盘。")
    _tab_to(page, "[data-send]")
    page.keyboard.press("Enter")
    if asked_whether_it_is_the_same(page):
        _tab_to(page, "button[name=same_as][value=new]")
        page.keyboard.press("Enter")
    assert report_of(code_on(page)).address == spot.address


def _tab_to(page: Page, selector: str) -> None:
    """Go on with Tab until it has the focus; what cannot be reached so does not exist for many people."""
    wanted = f"document.activeElement?.matches({selector!r})"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(wanted):
            return
    raise AssertionError(f"Tab never reached {selector}")


def test_a_place_is_found_and_chosen_by_keys_alone_and_a_slip_of_the_hand_is_understood(house: House) -> None:
    page, spot = house.visitor(DESK), town.spot(6)
    page.goto("/report/")
    search = page.locator("[data-place-search]")
    search.focus()
    page.keyboard.insert_text(spot.address.replace("号", " 号 "))
    expect(page.locator("[data-places] label").first).to_contain_text(spot.address)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.locator("#id_address")).to_have_value(spot.address)
    page.keyboard.press("Escape")
    expect(search).to_be_focused()


def test_an_address_in_words_only_is_guessed_and_the_resident_says_which(house: House) -> None:
    page, spot = house.visitor(PHONE), town.spot(7)
    page.goto("/report/")
    page.locator("#id_address").fill(f"{spot.address}旁边")
    go_on(page)
    say_what(page, "暴露垃圾", RUBBISH)
    go_on(page)
    page.locator("#id_text").fill("只写了地址，没有选地图。")
    _send(page)
    page.get_by_label(spot.address).first.check()
    go_on(page)
    go_on(page)
    report = report_of(send_report(page))
    assert report.lon == pytest.approx(spot.lon, abs=1e-5)
