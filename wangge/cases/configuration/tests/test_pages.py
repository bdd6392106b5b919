"""The system administrator's pages: who may, from a draft to a version by forms only, and what is kept when refused."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wangge.accounts.models import Account, AdminRole
from wangge.accounts.tests.people import administrator
from wangge.audit.models import AccessEntry
from wangge.cases import actions
from wangge.cases.configuration import drafts, versions
from wangge.cases.configuration.tests.conftest import row_of, wanted_of
from wangge.cases.configuration.tests.test_sheets import HEADINGS, LAMP_ROW
from wangge.cases.models import ConfigDraft, ConfigVersion
from wangge.cases.tests.cast import Cast
from wangge.cases.tests.screens import at_desk, words_of

ROW = "01037|2"


@pytest.fixture
def browser(admin: Account) -> Client:
    return at_desk(admin)


def page(name: str, *given: object) -> str:
    return reverse(f"cases:{name}", args=given)


def row_page(draft: ConfigDraft, table: str, key: str = "") -> str:
    return page("config_row", draft.pk, table) + (f"?key={key}" if key else "")


def shown(browser: Client, url: str) -> dict[str, str]:
    """What a row's form shows, as a browser would send it back."""
    form = browser.get(url).context["form"]
    said = {"seen": str(browser.get(url).context["seen"])}
    for field in form:
        value = field.value()
        if value is True:
            said[field.name] = "on"
        elif value:
            said[field.name] = value
    return said


def pages(draft: ConfigDraft) -> list[str]:
    return [
        page("configuration"), page("config_table", "classes"), page("config_draft", draft.pk),
        page("config_draft_table", draft.pk, "duty"), row_page(draft, "conditions", ROW), row_page(draft, "rungs"),
        page("config_upload", draft.pk),
    ]  # fmt: skip


def test_a_class_is_read_and_found_by_its_name_not_only_by_its_code(browser: Client) -> None:
    said = words_of(browser.get(page("config_table", "conditions") + "?q=路灯异常"))
    assert "01037 路灯异常" in said
    assert "01001" not in said


def test_only_the_system_administrator_opens_them(cast: Cast, draft: ConfigDraft, browser: Client) -> None:
    for address in pages(draft):
        assert browser.get(address).status_code == 200, address
    audit = administrator(AdminRole.AUDIT, "audit", "审计员")
    for person in [*cast.everyone.values(), audit]:
        theirs = at_desk(person)
        for address in pages(draft):
            assert theirs.get(address).status_code == 403, (person, address)
    assert Client().get(pages(draft)[0]).status_code == 302


def test_from_a_draft_to_a_version_by_forms_only(cast: Cast, browser: Client) -> None:
    now = timezone.now() - timedelta(hours=1)
    case = actions.file_report(cast.report(at=now), condition=cast.condition, by=cast.duty_chief, at=now)
    made = browser.post(page("configuration"), {"title": "路灯一个工作日"})
    draft = ConfigDraft.objects.get()
    assert made["Location"] == page("config_draft", draft.pk)
    url = row_page(draft, "conditions", ROW)
    assert browser.post(url, {**shown(browser, url), "limit": "1工作日"}).status_code == 302
    refused = browser.post(page("config_draft", draft.pk), {"note": "会议决定"})
    assert refused.status_code == 422
    assert "试运行" in words_of(refused)
    assert "会议决定" in refused.content.decode()
    assert "3. 试运行" in words_of(browser.get(page("config_draft", draft.pk)))
    browser.post(page("config_trial", draft.pk))
    listed = browser.get(page("config_trial", draft.pk) + "?what=other_limit")
    assert case.number in words_of(listed)
    assert "人民路" not in words_of(listed)  # no address, no words of the reporter
    done = browser.post(page("config_draft", draft.pk), {"note": "会议决定"}, follow=True)
    assert "第 2 版" in words_of(done)
    assert row_of("conditions", ROW)["limit"] == ["working_days", "1"]
    published = words_of(browser.get(page("config_draft", draft.pk)))
    assert "1 件案卷" in published
    assert not re.search(r"\d\. 试运行", published), "what is over has no steps"
    version = browser.get(page("config_version", 2))
    assert "会议决定" in words_of(version)
    assert "2工作日" in words_of(version)
    browser.post(page("config_version", 1))
    assert wanted_of(ConfigDraft.objects.latest("pk"))["limit"] == ["working_days", "2"]


def test_a_refused_row_keeps_what_was_typed(draft: ConfigDraft, browser: Client) -> None:
    url = row_page(draft, "conditions", ROW)
    refused = browser.post(url, {**shown(browser, url), "limit": "尽快", "text": "路灯彻底不亮"})
    assert refused.status_code == 422
    assert "尽快" in refused.content.decode()
    assert "路灯彻底不亮" in refused.content.decode()
    assert not draft.changes.exists()


def test_the_second_editor_is_told_and_keeps_the_own_words(
    draft: ConfigDraft, browser: Client, colleague: Account
) -> None:
    url, other = row_page(draft, "limits", "accept"), at_desk(colleague)
    mine, theirs = shown(browser, url), shown(other, url)
    other.post(url, {**theirs, "limit": "1工作时"})
    refused = browser.post(url, {**mine, "limit": "3工作时"})
    assert refused.status_code == 422
    assert "管理员小钱" in words_of(refused)
    assert "3工作时" in refused.content.decode()
    assert wanted_of(draft)["limit"] == ["working_hours", "1"]


def test_a_row_is_added_listed_and_taken_back(cast: Cast, draft: ConfigDraft, browser: Client) -> None:
    assert cast.water.code
    said = {"area": "990101 东区", "unit_role": "Water supply", "unit": "WATER", "hours": "18:00-8:00"}
    assert browser.post(row_page(draft, "duty"), said).status_code == 302
    listing = page("config_draft_table", draft.pk, "duty")
    assert "18:00-08:00" in words_of(browser.get(listing + "?changed=1&q=自来水"))
    assert "18:00-08:00" not in words_of(browser.get(page("config_table", "duty")))
    key = draft.changes.get().key
    browser.post(page("config_deed", draft.pk, "duty", "return"), {"key": key})
    assert not draft.changes.exists()


def upload(browser: Client, draft: ConfigDraft, *rows: list[str]) -> object:
    written = io.StringIO()
    csv.writer(written).writerows([HEADINGS, *rows])
    file = SimpleUploadedFile("立案条件.csv", written.getvalue().encode("utf-8-sig"))
    return browser.post(page("config_upload", draft.pk), {"file": file})


def test_a_sheet_is_looked_at_then_taken_over(draft: ConfigDraft, browser: Client) -> None:
    answer = upload(browser, draft, LAMP_ROW)
    kept = draft.imports.get()
    assert answer.url == page("config_import", draft.pk, kept.pk)  # type: ignore[attr-defined]
    assert "城管局" in words_of(browser.get(page("config_import", draft.pk, kept.pk)))
    assert not draft.changes.exists()
    browser.post(page("config_import", draft.pk, kept.pk))
    assert draft.changes.count() == 1
    assert AccessEntry.objects.filter(act="configuration_imported").count() == 1


def test_a_bad_sheet_is_refused_with_its_lines_and_nothing_is_stored(
    draft: ConfigDraft, browser: Client
) -> None:
    answer = upload(browser, draft, LAMP_ROW, [*LAMP_ROW[:6], "尽快", "没有这个单位", ""])
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "没有这个单位" in words_of(answer)
    assert "尽快" in words_of(answer)
    assert not draft.imports.exists()
    assert not draft.changes.exists()


def test_an_export_is_a_spreadsheet_and_stands_in_the_access_log(browser: Client) -> None:
    book = browser.post(page("config_export"))
    assert book.content[:2] == b"PK"
    sheet = browser.post(page("config_export"), {"table": "limits"})
    assert sheet["Content-Type"].startswith("text/csv")
    assert AccessEntry.objects.filter(act="configuration_exported").count() == 2


def test_a_draft_given_up_or_published_offers_nothing_to_press(draft: ConfigDraft, browser: Client) -> None:
    browser.post(page("config_end", draft.pk))
    shown_page = browser.get(page("config_draft", draft.pk)).content.decode()
    assert page("config_upload", draft.pk) not in shown_page
    assert "从未试运行" in shown_page
    assert "没有改动" in shown_page
    assert "3. " not in shown_page
    assert browser.post(page("config_trial", draft.pk)).status_code == 409


def test_unknown_tables_rows_and_versions_are_not_found(draft: ConfigDraft, browser: Client) -> None:
    for address in (
        page("config_table", "nothing"), row_page(draft, "limits", "nothing"), page("config_version", 99),
        page("config_draft", 10**6), page("config_trial", draft.pk),
    ):  # fmt: skip
        assert browser.get(address).status_code == 404, address


def test_a_case_shows_the_version_it_was_filed_with(cast: Cast) -> None:
    version = versions.note_outside_changes(at=timezone.now())
    case = cast.file(cast.report())
    told = words_of(at_desk(cast.duty_chief).get(f"/cases/{case.number}/"))
    assert f"第 {version.number} 版（立案时）" in told


def test_keeping_the_drafts_row(draft: ConfigDraft, browser: Client, admin: Account) -> None:
    url = row_page(draft, "limits", "accept")
    browser.post(url, {**shown(browser, url), "limit": "1工作时"})
    other = drafts.open_draft("另一份", by=admin, at=timezone.now())
    url = row_page(other, "limits", "accept")
    browser.post(url, {**shown(browser, url), "limit": "2工作时"})
    browser.post(page("config_trial", other.pk))
    browser.post(page("config_draft", other.pk), {"note": "先行"})
    assert ConfigVersion.objects.count() == 2
    assert "其间已另行发布" in words_of(browser.get(page("config_draft", draft.pk)))
    browser.post(page("config_deed", draft.pk, "limits", "keeping"), {"key": "accept"})
    assert "其间已另行发布" not in words_of(browser.get(page("config_draft", draft.pk)))


@pytest.mark.parametrize("noun", ["removal", "return", "keeping"])
def test_a_deed_on_a_row_that_is_not_there_says_so(draft: ConfigDraft, browser: Client, noun: str) -> None:
    answer = browser.post(page("config_deed", draft.pk, "duty", noun), {"key": "nobody|nothing"})
    assert answer.status_code == 409
    assert "可能已被" in words_of(answer)
    assert not draft.changes.exists()


def test_nothing_decided_is_no_decision_to_take_back(draft: ConfigDraft, browser: Client) -> None:
    answer = browser.post(page("config_indecision", draft.pk))
    assert answer.status_code == 409
    assert not AccessEntry.objects.filter(act="configuration_undecided").exists()
