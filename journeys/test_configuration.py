"""Somebody who is no programmer changes a limit: draft, dry run, publication; a spreadsheet goes out and comes in again."""

from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page, expect

from journeys import town
from journeys.browser import House
from journeys.roads import case_at
from journeys.screenshots import shot
from wangge.cases.models import ConfigVersion, FilingCondition
from wangge.cases.workflow import Stage

LAMP = "01037"


def _begin(page: Page, title: str) -> None:
    page.goto("/administration/accounts/")
    page.locator(".wg-tabs a[href$='/configuration/']").click()
    page.locator("#id_title").fill(title)
    page.locator("form:has(#id_title) button").click()
    expect(page.locator("h1")).to_have_text(title)


def test_an_administrator_shortens_a_limit_tries_it_and_publishes_it(house: House) -> None:
    case, _told = case_at(Stage.FILED, town.spot(60), "试运行的路灯")
    condition = case.condition
    assert condition is not None
    page = house.person(town.SYSTEM_ADMIN)
    _begin(page, "路灯三天修好")
    page.locator(".wg-table-links a[href$='/conditions/']").click()
    page.locator("[name=q]").fill(f"{case.matter.code} {condition.text}")
    page.locator("form[role=search] button").click()
    page.locator("tbody tr a").first.click()
    page.locator("#id_limit").fill("尽快")
    page.locator("main form .btn-primary").click()
    expect(page.locator("#id_limit_error")).to_be_visible()
    expect(page.locator("#id_limit")).to_have_value("尽快")
    page.locator("#id_limit").fill("7工作日")
    page.locator("main form .btn-primary").click()
    page.locator(".wg-crumbs a").nth(1).click()
    expect(page.locator(".wg-changes ins")).to_have_text("7工作日")

    page.locator("form[action$='/trial/'] button").click()
    expect(page.locator(".wg-trial")).to_be_visible()
    shot(page, "configuration-draft")
    page.locator(".wg-trial a[href*='other_limit']").click()
    expect(page.locator("tbody")).to_contain_text(case.number)
    shot(page, "configuration-trial")
    page.go_back()
    page.locator("#id_note").fill("路灯所人手不足，经会议同意")
    page.locator("form:has(#id_note) button").click()
    expect(page.locator("form:has(#id_note)")).to_have_count(0)

    condition = FilingCondition.objects.get(pk=condition.pk)
    assert (condition.limit_kind, condition.limit_amount) == ("working_days", Decimal(7))
    version = ConfigVersion.objects.latest("number")
    assert version.note == "路灯所人手不足，经会议同意"
    case.refresh_from_db()
    assert case.limit_amount != 7
    page.locator("a[href*='/versions/']").click()
    expect(page.locator(".wg-changes")).to_contain_text("7工作日")


def test_a_spreadsheet_goes_out_and_comes_in_again(house: House, tmp_path: Path) -> None:
    page = house.person(town.SYSTEM_ADMIN)
    _begin(page, "导出再导入")
    with page.expect_download() as download:
        page.locator("form[action$='/export/'] button").click()
    kept = tmp_path / "配置.xlsx"
    download.value.save_as(kept)
    page.locator("a[href$='/import/']").click()
    page.locator("#id_file").set_input_files(kept)
    page.locator("main form .btn-primary").click()
    expect(page.locator(".wg-messages")).to_be_visible()
    expect(page.locator(".wg-changes li")).to_have_count(0)

    bad = tmp_path / "环节时限.csv"
    bad.write_text("环节,时限\n核实,尽快\n", encoding="utf-8-sig")
    page.locator("a[href$='/import/']").click()
    page.locator("#id_file").set_input_files(bad)
    page.locator("main form .btn-primary").click()
    expect(page.locator("section:has(#faults) tbody tr")).to_have_count(1)
