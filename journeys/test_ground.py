"""The story everything stands on: a fallen lamp, from a resident's telephone to the resident's rating."""

from io import BytesIO

import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from journeys import town
from journeys.acts import (
    LAMP,
    begin,
    find_place,
    go_on,
    open_at_desk,
    photo,
    report_of,
    say_what,
    send,
    send_report,
    take,
    work,
)
from journeys.browser import PHONE, House
from journeys.screenshots import shot
from wangge.cases.models import Case, Rating, Report
from wangge.cases.workflow import Stage
from wangge.registry.models import Building

WORDS = "小区门口的路灯杆倒了，晚上一片漆黑，老人走路不安全。"


def test_a_fallen_lamp_is_reported_verified_filed_dispatched_mended_twice_checked_closed_and_rated(
    house: House,
) -> None:
    resident, spot = house.visitor(PHONE), town.spot(0)
    code = _report(resident, spot)
    report = report_of(code)

    _verify_first(house.person(town.ACCEPTOR), report)
    _confirm_on_the_spot(house.person(town.GRID_WORKER, PHONE), report)
    case = _file(house.person(town.DUTY_CHIEF), report)
    _dispatch(house.person(town.DISPATCHER), case)
    clerk = house.person(town.CLERK)
    _accept_and_finish(clerk, case, "已扶正灯杆，恢复照明。")
    _check(house.person(town.neighbour(), PHONE), case, mended=False)
    _finish_again(clerk, case)
    _check(house.person(town.neighbour(), PHONE), case, mended=True)
    _close(house.person(town.DUTY_CHIEF), case)
    _follow_and_rate(resident, code)

    case.refresh_from_db()
    assert case.stage == Stage.CLOSED
    rating = Rating.objects.get(report=report)
    assert (rating.solved, rating.result, rating.attitude) == (True, 3, 2)


def _report(page: Page, spot: Building) -> str:
    page.goto("/")
    expect(page.locator(".map-drawn canvas")).to_be_visible()
    shot(page, "resident-home")
    page.locator("a[href$='start=photo']").click()
    page.locator("input[name=photos]").set_input_files(photo("路灯.jpg", "lamp_fallen"))
    find_place(page, spot)
    shot(page, "resident-report-1")
    go_on(page)
    say_what(page, "路灯")
    shot(page, "resident-report-2")
    go_on(page)
    page.locator("#id_text").fill(WORDS)
    page.locator("[data-questions] select").select_option(index=1)
    shot(page, "resident-report-3")
    code = send_report(page)
    expect(page.locator(".rs-qr svg")).to_be_visible()
    assert _read_back(page.locator(".rs-qr").screenshot()).endswith(f"/m/{code}/")
    shot(page, "resident-received")
    report = report_of(code)
    assert (report.address, report.matter.code) == (spot.address, LAMP)  # type: ignore[union-attr]
    return code


def _read_back(picture: bytes) -> str:
    """What a QR code on the screen says to a telephone's camera."""
    return zxingcpp.read_barcodes(Image.open(BytesIO(picture)))[0].text


def _verify_first(page: Page, report: Report) -> None:
    open_at_desk(page, report, "received")
    shot(page, "desk-report")
    take(page, "verify", note="请看是否影响通行")
    work()


def _confirm_on_the_spot(page: Page, report: Report) -> None:
    page.goto("/tasks/")
    shot(page, "tasks")
    page.locator(f"a[href='/tasks/{report.tasks.get(done_at=None).pk}/']").first.click()
    page.locator("input[name=photos]").set_input_files(photo("现场.jpg", "lamp_fallen"))
    page.locator("#note").fill("灯杆倒在人行道上，已放警示桩。")
    page.locator("button[name=outcome].fw-good").click()
    page.wait_for_url("**/tasks/")
    report.refresh_from_db()
    assert report.stage == Stage.RECEIVED


def _file(page: Page, report: Report) -> Case:
    open_at_desk(page, report, "verified")
    form = begin(page, "file")
    form.locator("[name='condition']").first.check()
    shot(page, "desk-filing")
    send(page)
    report.refresh_from_db()
    assert report.case is not None
    return report.case


def _dispatch(page: Page, case: Case) -> None:
    open_at_desk(page, case, "filed")
    form = begin(page, "dispatch")
    expect(form.locator(".wg-why")).to_contain_text("路灯管理所")
    shot(page, "desk-dispatch")
    send(page)


def _accept_and_finish(page: Page, case: Case, result: str) -> None:
    page.goto("/unit/")
    shot(page, "unit")
    page.locator(".wg-unit-row", has_text=case.number).locator("button").click()
    page.locator(f"[data-row='case/{case.number}']").click()
    form = begin(page, "finish")
    form.locator("[name='result']").fill(result)
    form.locator("[name='photos']").set_input_files(photo("处置后.jpg", "lamp_fallen", after=True))
    shot(page, "unit-result")
    send(page)
    work()


def _finish_again(page: Page, case: Case) -> None:
    page.goto(f"/cases/{case.number}/")
    take(
        page,
        "finish",
        result="更换了灯泡和镇流器，夜间试灯正常。",
        photos=photo("返工后.jpg", "lamp_fallen", after=True),
    )
    work()


def _check(page: Page, case: Case, *, mended: bool) -> None:
    page.goto("/tasks/")
    page.locator(f".fw-card[data-task='{_task_of(case)}']").evaluate(
        "card => card.closest('details')?.setAttribute('open', '')"
    )
    page.locator(f".fw-card[data-task='{_task_of(case)}']").click()
    if mended:
        shot(page, "task-check")
    page.locator("input[name=photos]").set_input_files(photo("核查.jpg", "lamp_fallen", after=True))
    if not mended:
        page.locator("#note").fill("灯杆扶正了，但晚上仍然不亮。")
    page.locator(f"button[name=outcome].{'fw-good' if mended else 'fw-bad'}").click()
    page.wait_for_url("**/tasks/")
    case.refresh_from_db()
    assert case.stage == (Stage.PASSED if mended else Stage.HANDLING)


def _task_of(case: Case) -> str:
    return str(case.tasks.get(done_at=None).pk)


def _close(page: Page, case: Case) -> None:
    work()
    open_at_desk(page, case, "passed")
    shot(page, "desk-case")
    take(page, "close", answer="路灯已修好，感谢您的反映。")


def _follow_and_rate(page: Page, code: str) -> None:
    page.goto("/")
    page.locator("#code").fill(f"{code[:5].lower()} {code[5:].lower()}")
    page.locator("form.rs-code button").click()
    expect(page.locator("main")).to_contain_text("路灯已修好")
    shot(page, "resident-follow")
    for name, value in (("solved", "yes"), ("result", "3"), ("attitude", "2")):
        page.locator(f"input[name={name}][value='{value}']").check(force=True)
    page.locator(".rs-rating button[type=submit]").click()
    expect(page.locator("main .alert").first).to_be_visible()
